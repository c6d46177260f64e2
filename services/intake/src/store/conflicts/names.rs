//! Every name of every matter as conflict checks look for it: one row a name, kept by whoever writes the matter.

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId};
use caseload_names::Name;

use super::super::read;
use super::column;
use crate::domain::conflict_match::MATCHER_VERSION;
use crate::domain::matter::ConflictName;
use crate::error::IntakeError;

/// Parts what one name's row has several of, in a text: no name and no block has it.
pub(super) const PART: &str = "\u{1f}";

/// Writes the names of a matter in the place of those that it had, in one statement: there may be thousands.
pub(crate) async fn write_names(
    tx: &mut Transaction,
    matter: MatterName,
    names: &[ConflictName],
) -> Result<(), IntakeError> {
    sqlx::query!(
        "delete from conflict_names where firm_id = $1 and matter_id = $2",
        matter.firm.0,
        matter.id.0,
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "insert into conflict_names (firm_id, matter_id, position, name, role, side, conflict_key, folded, blocks,
                                     matcher_version)
         select $1, $2, n.position, n.name, n.role, n.side, n.conflict_key, n.folded, string_to_array(n.blocks, $9),
                $10
         from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) with ordinality
             as n (name, role, side, conflict_key, folded, blocks, position)",
        matter.firm.0,
        matter.id.0,
        &column(names, |name| name.name.clone()),
        &column(names, |name| name.role.as_str().to_owned()),
        &column(names, |name| name.role.side().as_str().to_owned()),
        &column(names, |name| name.compared.key().to_owned()),
        &column(names, |name| name.compared.text().to_owned()),
        &column(names, |name| name.compared.blocks().join(PART)),
        PART,
        MATCHER_VERSION,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The names of a matter, in their order.
pub(crate) async fn names_of(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Vec<ConflictName>, IntakeError> {
    let rows = sqlx::query!(
        "select name, role from conflict_names where firm_id = $1 and matter_id = $2 order by position",
        matter.firm.0,
        matter.id.0,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            let compared = Name::of(&row.name).ok_or_else(|| {
                IntakeError::Damaged("a name without a letter or digit".to_owned())
            })?;
            Ok(ConflictName {
                role: read(&row.role)?,
                compared,
                name: row.name,
            })
        })
        .collect()
}

/// A matter whose names another version of the matcher wrote.
pub(crate) async fn written_by_another_matcher(
    tx: &mut Transaction,
) -> Result<Option<MatterName>, IntakeError> {
    let found = sqlx::query!(
        "select firm_id, matter_id from conflict_names where matcher_version < $1 order by matcher_version limit 1",
        MATCHER_VERSION,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.map(|row| MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id))))
}
