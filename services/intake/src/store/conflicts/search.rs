//! Finding names that are worth comparing, in the scope of every firm.

use std::collections::{BTreeSet, HashSet};

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId};
use caseload_names::Name;
use uuid::Uuid;

use super::super::read;
use super::column;
use super::names::PART;
use crate::domain::conflict_match::Candidate;
use crate::domain::matter::ConflictName;
use crate::domain::party::Side;
use crate::error::IntakeError;

/// The most locks that one transaction takes for its turn; the server has room for some thousands in all.
const MOST_LOCKS: usize = 128;
/// The lock that everyone has a share in, and that whoever would need too many of the others takes for themselves.
const ALL_NAMES: i64 = 0x6361_7365_6c6f_6164;

/// Waits until no other transaction compares or writes a name that may be like one of these, and keeps others waiting
/// until this one ends. So of two firms that come with near names at the same time, the second sees the first.
///
/// Names that are alike share a block, or have one key; the turn is of these.
pub(crate) async fn take_turn(
    tx: &mut Transaction,
    names: &[ConflictName],
) -> Result<(), IntakeError> {
    let turns: BTreeSet<String> = names
        .iter()
        .flat_map(|name| {
            let mut turns = name.compared.blocks();
            turns.push(name.compared.key().to_owned());
            turns
        })
        .collect();
    if turns.len() > MOST_LOCKS {
        sqlx::query!("select pg_advisory_xact_lock($1)", ALL_NAMES)
            .fetch_one(tx.connection())
            .await?;
        return Ok(());
    }
    sqlx::query!("select pg_advisory_xact_lock_shared($1)", ALL_NAMES)
        .fetch_one(tx.connection())
        .await?;
    let turns: Vec<String> = turns.into_iter().collect();
    // In one order for everyone, so that nobody waits in a circle.
    sqlx::query!(
        "select pg_advisory_xact_lock(k.lock) from (
             select distinct hashtextextended(turn, 0) as lock from unnest($1::text[]) as n (turn) order by 1) k",
        &turns,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(())
}

/// What names are looked for, and on which sides.
#[derive(Debug, Clone)]
pub(crate) struct Query<'a> {
    pub(crate) name: &'a Name,
    pub(crate) sides: Vec<Side>,
}

/// For each query, in their order, the names that are worth comparing with it, but those of one firm.
pub(crate) async fn candidates(
    tx: &mut Transaction,
    queries: &[Query<'_>],
    but_of: Option<FirmId>,
) -> Result<Vec<Vec<Candidate>>, IntakeError> {
    let sides = |query: &Query<'_>| {
        let sides: Vec<&str> = query.sides.iter().map(|side| side.as_str()).collect();
        sides.join(PART)
    };
    let rows = sqlx::query!(
        r#"select q.at as "at!", c.firm_id as "firm_id!", c.matter_id as "matter_id!", c.position as "position!",
                  c.name as "name!", c.role as "role!"
           from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
                    as q (key, folded, blocks, sides, at),
                lateral conflict_candidates(
                    q.key, q.folded, string_to_array(q.blocks, $5), string_to_array(q.sides, $5)) c
           where $6::uuid is null or c.firm_id <> $6"#,
        &column(queries, |query| query.name.key().to_owned()),
        &column(queries, |query| query.name.text().to_owned()),
        &column(queries, |query| query.name.blocks().join(PART)),
        &column(queries, sides),
        PART,
        but_of.map(Uuid::from),
    )
    .fetch_all(tx.connection())
    .await?;
    let mut found = vec![Vec::new(); queries.len()];
    for row in rows {
        let at = usize::try_from(row.at - 1).ok();
        let of_query = at.and_then(|at| found.get_mut(at));
        let of_query =
            of_query.ok_or_else(|| IntakeError::Damaged("a candidate of no query".to_owned()))?;
        of_query.push(Candidate {
            matter: MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)),
            position: row.position,
            role: read(&row.role)?,
            name: row.name,
        });
    }
    Ok(found)
}

/// Those of some matters that are the same proceeding as one.
pub(crate) async fn of_one_proceeding(
    tx: &mut Transaction,
    matter: MatterName,
    others: &BTreeSet<MatterName>,
) -> Result<HashSet<MatterName>, IntakeError> {
    let others: Vec<MatterName> = others.iter().copied().collect();
    Ok(sqlx::query!(
        "select o.firm_id, o.matter_id
         from unnest($3::uuid[], $4::uuid[]) as k (firm_id, matter_id)
         join matters o using (firm_id, matter_id)
         join matters m on m.proceeding_key = o.proceeding_key
         where m.firm_id = $1 and m.matter_id = $2 and m.proceeding_key <> ''",
        matter.firm.0,
        matter.id.0,
        &column(&others, |other| other.firm.0),
        &column(&others, |other| other.id.0),
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)))
    .collect())
}

/// Those of some matters that are closed.
pub(crate) async fn closed(
    tx: &mut Transaction,
    matters: &BTreeSet<MatterName>,
) -> Result<HashSet<MatterName>, IntakeError> {
    let matters: Vec<MatterName> = matters.iter().copied().collect();
    Ok(sqlx::query!(
        "select m.firm_id, m.matter_id from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
         join matters m using (firm_id, matter_id) where m.closed",
        &column(&matters, |matter| matter.firm.0),
        &column(&matters, |matter| matter.id.0),
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)))
    .collect())
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
