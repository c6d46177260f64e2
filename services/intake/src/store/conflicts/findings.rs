//! What checks found and what officers decided, which is of two firms: in the scope of every firm alone.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId, ParalegalId};
use caseload_names::Score;
use time::OffsetDateTime;
use uuid::Uuid;

use super::super::{Keys, read, sound};
use super::column;
use crate::domain::conflict::{Collision, ConflictCheck, Findings, Resolution, Waiver};
use crate::error::IntakeError;

/// Puts collisions to those that a check has, in one statement: a common name has many.
pub(crate) async fn add_collisions(
    tx: &mut Transaction,
    check: &ConflictCheck,
    collisions: &[&Collision],
) -> Result<(), IntakeError> {
    if collisions.is_empty() {
        return Ok(());
    }
    let same_proceeding = column(collisions, |collision| collision.same_proceeding);
    sqlx::query!(
        "insert into conflict_collisions (firm_id, conflict_check_id, position, party_name, party_role, other_firm_id,
                                          other_matter_id, other_name, other_role, same_proceeding, score, likeness)
         select $1, $2, n.position - 1 + (
                    select count(*) from conflict_collisions where firm_id = $1 and conflict_check_id = $2),
                n.party_name, n.party_role, n.other_firm_id, n.other_matter_id, n.other_name, n.other_role,
                n.same_proceeding, n.score, n.likeness
         from unnest($3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::boolean[],
                     $10::smallint[], $11::text[]) with ordinality
             as n (party_name, party_role, other_firm_id, other_matter_id, other_name, other_role, same_proceeding,
                   score, likeness, position)",
        check.firm.0,
        check.id.0,
        &column(collisions, |collision| collision.party_name.clone()),
        &column(collisions, |collision| collision.party_role.as_str().to_owned()),
        &column(collisions, |collision| collision.other_matter.firm.0),
        &column(collisions, |collision| collision.other_matter.id.0),
        &column(collisions, |collision| collision.other_name.clone()),
        &column(collisions, |collision| collision.other_role.as_str().to_owned()),
        &same_proceeding,
        &column(collisions, |collision| i16::from(collision.score.get())),
        &column(collisions, |collision| collision.likeness.as_str().to_owned()),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Which of a check's collisions, in their order, both matters have the names of still.
pub(crate) async fn still_there(
    tx: &mut Transaction,
    check: &ConflictCheck,
) -> Result<Vec<bool>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from conflict_names n
                          where n.firm_id = c.firm_id and n.matter_id = $3
                            and n.name = c.party_name and n.role = c.party_role)
              and exists (select from conflict_names n
                          where n.firm_id = c.other_firm_id and n.matter_id = c.other_matter_id
                            and n.name = c.other_name and n.role = c.other_role) as "there!"
           from conflict_collisions c where c.firm_id = $1 and c.conflict_check_id = $2 order by c.position"#,
        check.firm.0,
        check.id.0,
        check.matter.0,
    )
    .fetch_all(tx.connection())
    .await?)
}

/// Puts an officer's decision on record.
pub(crate) async fn resolve(
    tx: &mut Transaction,
    check: &ConflictCheck,
    resolution: &Resolution,
    resolved_by: &str,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    let waiver = resolution.waiver.as_ref();
    let screened: Vec<Uuid> = resolution.screened.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into conflict_resolutions (firm_id, conflict_check_id, position, decision, reason, resolved_by,
                                           resolve_time, waiver_scope, waiver_expire_time, screened_paralegals)
         select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9
         from conflict_resolutions where firm_id = $1 and conflict_check_id = $2",
        check.firm.0,
        check.id.0,
        resolution.decision.as_str(),
        resolution.reason,
        resolved_by,
        now,
        waiver.map(|waiver| waiver.scope.as_str()),
        waiver.and_then(|waiver| waiver.expire_time),
        &screened,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What only conflict officers see, by check.
pub(crate) async fn findings(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Findings>, IntakeError> {
    let mut of_check: HashMap<Uuid, Findings> = HashMap::new();
    for row in sqlx::query!(
        "select c.conflict_check_id, c.party_name, c.party_role, c.other_firm_id, c.other_matter_id, c.other_name,
                c.other_role, c.same_proceeding, c.score, c.likeness
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, conflict_check_id)
         join conflict_collisions c using (firm_id, conflict_check_id) order by c.position",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        let findings = of_check.entry(row.conflict_check_id).or_default();
        findings.collisions.push(Collision {
            party_name: row.party_name,
            party_role: read(&row.party_role)?,
            other_matter: MatterName::new(FirmId(row.other_firm_id), MatterId(row.other_matter_id)),
            other_name: row.other_name,
            other_role: read(&row.other_role)?,
            same_proceeding: row.same_proceeding,
            score: score(row.score)?,
            likeness: read(&row.likeness)?,
        });
    }
    for row in sqlx::query!(
        "select distinct on (r.firm_id, r.conflict_check_id) r.conflict_check_id, r.decision, r.reason, r.resolved_by,
                r.waiver_scope, r.waiver_expire_time, r.screened_paralegals
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, conflict_check_id)
         join conflict_resolutions r using (firm_id, conflict_check_id)
         order by r.firm_id, r.conflict_check_id, r.position desc",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        let resolution = Resolution {
            decision: read(&row.decision)?,
            reason: row.reason,
            waiver: row.waiver_scope.map(|scope| Waiver {
                scope,
                expire_time: row.waiver_expire_time,
            }),
            screened: row.screened_paralegals.into_iter().map(ParalegalId).collect(),
        };
        let findings = of_check.entry(row.conflict_check_id).or_default();
        findings.resolution = Some((resolution, row.resolved_by));
    }
    Ok(of_check)
}

fn score(stored: i16) -> Result<Score, IntakeError> {
    let score = Score::new(sound(u8::try_from(stored))?);
    score.ok_or_else(|| IntakeError::Damaged("a score over 100".to_owned()))
}
