//! What belongs to matters: external ids, parties, names as they are compared, screens.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{ConflictCheckId, ParalegalId, PartyId};
use uuid::Uuid;

use super::super::{Keys, position, read};
use crate::domain::matter::{ExternalId, Matter};
use crate::domain::party::Party;
use crate::error::IntakeError;

pub(super) async fn external_ids(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<ExternalId>>, IntakeError> {
    let mut of_matter: HashMap<Uuid, Vec<ExternalId>> = HashMap::new();
    for row in sqlx::query!(
        r#"select e.matter_id, e.source, e.external_id
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
         join matter_external_ids e using (firm_id, matter_id) order by e.source collate "C""#,
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        of_matter
            .entry(row.matter_id)
            .or_default()
            .push(ExternalId {
                source: row.source,
                id: row.external_id,
            });
    }
    Ok(of_matter)
}

pub(super) async fn parties(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<Party>>, IntakeError> {
    let mut of_matter: HashMap<Uuid, Vec<Party>> = HashMap::new();
    for row in sqlx::query!(
        "select p.matter_id, p.party_id, p.display_name, p.role, p.aliases
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
         join parties p using (firm_id, matter_id) order by p.position",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        of_matter.entry(row.matter_id).or_default().push(Party {
            id: Some(PartyId(row.party_id)),
            display_name: row.display_name,
            role: read(&row.role)?,
            aliases: row.aliases,
        });
    }
    Ok(of_matter)
}

pub(super) async fn screens(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<ParalegalId>>, IntakeError> {
    let mut of_matter: HashMap<Uuid, Vec<ParalegalId>> = HashMap::new();
    for row in sqlx::query!(
        "select s.matter_id, s.paralegal_id
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
         join matter_screens s using (firm_id, matter_id) order by s.paralegal_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        of_matter
            .entry(row.matter_id)
            .or_default()
            .push(ParalegalId(row.paralegal_id));
    }
    Ok(of_matter)
}

pub(super) async fn insert_parts(tx: &mut Transaction, matter: &Matter) -> Result<(), IntakeError> {
    let (firm, id) = (matter.name.firm.0, matter.name.id.0);
    for external in &matter.facts.external_ids {
        sqlx::query!(
            "insert into matter_external_ids (firm_id, source, external_id, matter_id) values ($1, $2, $3, $4)",
            firm,
            external.source,
            external.id,
            id,
        )
        .execute(tx.connection())
        .await?;
    }
    for (at, party) in matter.facts.parties.iter().enumerate() {
        let party_id = party
            .id
            .ok_or_else(|| IntakeError::Damaged("a party without an id".to_owned()))?;
        sqlx::query!(
            "insert into parties (firm_id, party_id, matter_id, position, display_name, role, aliases)
             values ($1, $2, $3, $4, $5, $6, $7)",
            firm,
            party_id.0,
            id,
            position(at)?,
            party.display_name,
            party.role.as_str(),
            &party.aliases,
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// Makes these the paralegals that a check keeps off the matter, in the place of those that any check named before.
pub(crate) async fn screen(
    tx: &mut Transaction,
    name: MatterName,
    check: ConflictCheckId,
    paralegals: &[ParalegalId],
) -> Result<(), IntakeError> {
    let ids: Vec<Uuid> = paralegals.iter().map(|id| id.0).collect();
    sqlx::query!(
        "delete from matter_screens where firm_id = $1 and matter_id = $2",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "insert into matter_screens (firm_id, matter_id, paralegal_id, conflict_check_id)
         select $1, $2, p.id, $3 from unnest($4::uuid[]) as p (id)",
        name.firm.0,
        name.id.0,
        check.0,
        &ids,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
