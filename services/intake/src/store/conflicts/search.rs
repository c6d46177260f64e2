//! Comparing the names of matters, in the scope of every firm.

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId};

use super::super::read;
use crate::domain::conflict::Collision;
use crate::domain::matter::ConflictName;
use crate::error::IntakeError;

/// Waits until no other transaction compares or writes any of these names, and keeps others waiting until this one ends.
/// So of two firms that come with one name at the same time, the second sees the first.
pub(crate) async fn take_turn(
    tx: &mut Transaction,
    names: &[ConflictName],
) -> Result<(), IntakeError> {
    let keys: Vec<String> = names
        .iter()
        .map(|name| name.key.as_str().to_owned())
        .collect();
    // In one order for everyone, so that nobody waits in a circle.
    sqlx::query!(
        "select pg_advisory_xact_lock(k.lock) from (
             select distinct hashtextextended(key, 0) as lock from unnest($1::text[]) as n (key) order by 1) k",
        &keys,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(())
}

/// The names of a matter that other firms' matters have on the opposite side.
pub(crate) async fn find(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Vec<Collision>, IntakeError> {
    sqlx::query!(
        r#"select n.name, n.role, o.firm_id, o.matter_id, o.name as other_name, o.role as other_role,
                  (m.proceeding_key <> '' and m.proceeding_key = om.proceeding_key) as "same_proceeding!"
           from conflict_names n
           join matters m on m.firm_id = n.firm_id and m.matter_id = n.matter_id
           join conflict_names o
               on o.conflict_key = n.conflict_key
              and o.side = case n.side when 'client' then 'adverse' when 'adverse' then 'client' end
              and o.firm_id <> n.firm_id
           join matters om on om.firm_id = o.firm_id and om.matter_id = o.matter_id
           where n.firm_id = $1 and n.matter_id = $2
           order by n.position, o.matter_id, o.position"#,
        matter.firm.0,
        matter.id.0,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| {
        Ok(Collision {
            party_name: row.name,
            party_role: read(&row.role)?,
            other_matter: MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)),
            other_name: row.other_name,
            other_role: read(&row.other_role)?,
            same_proceeding: row.same_proceeding,
        })
    })
    .collect()
}

/// The matters of other firms whose newest check found this one.
pub(crate) async fn found_by(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Vec<MatterName>, IntakeError> {
    Ok(sqlx::query!(
        "select distinct k.firm_id, k.matter_id from conflict_collisions c
         join conflict_checks k using (firm_id, conflict_check_id)
         where c.other_firm_id = $1 and c.other_matter_id = $2 and k.state <> 'superseded'",
        matter.firm.0,
        matter.id.0,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)))
    .collect())
}
