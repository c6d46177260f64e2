//! Conflict checks, what they found, and what officers decided.

mod findings;
mod names;
mod search;

use caseload_database::Transaction;
use caseload_domain::name::{ConflictCheckName, MatterName};
use caseload_domain::{ConflictCheckId, FirmId, MatterId};
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) use self::findings::{add_collisions, findings, resolve, still_there};
pub(crate) use self::names::{names_of, write_names, written_by_another_matcher};
pub(crate) use self::search::{Query, candidates, closed, found_by, of_one_proceeding, take_turn};
use super::{Keys, Page, read, words_of};
use crate::domain::conflict::{CheckState, ConflictCheck};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    conflict_check_id: Uuid,
    matter_id: Uuid,
    state: String,
    result: String,
    resolve_time: Option<OffsetDateTime>,
    waiver_expire_time: Option<OffsetDateTime>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

impl TryFrom<Row> for ConflictCheck {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        Ok(Self {
            firm: FirmId(row.firm_id),
            id: ConflictCheckId(row.conflict_check_id),
            matter: MatterId(row.matter_id),
            state: read(&row.state)?,
            result: read(&row.result)?,
            resolve_time: row.resolve_time,
            waiver_expire_time: row.waiver_expire_time,
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

/// One value of each of some things, as a statement takes a column of them.
fn column<T, V>(of: &[T], value: impl Fn(&T) -> V) -> Vec<V> {
    of.iter().map(value).collect()
}

/// What a list of checks is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) states: Vec<CheckState>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let states = words_of(&filter.states, CheckState::as_str);
    Ok(sqlx::query!(
        "select firm_id, conflict_check_id from conflict_checks
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or conflict_check_id > $2)
           and ($3::uuid is null or matter_id = $3) and ($4::text[] is null or state = any($4))
         order by conflict_check_id limit $5",
        filter.firm.map(Uuid::from),
        page.after,
        filter.matter.map(Uuid::from),
        states.as_deref(),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.conflict_check_id))
    .collect())
}

pub(crate) async fn load(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<Vec<ConflictCheck>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select c.firm_id, c.conflict_check_id, c.matter_id, c.state, c.result, c.resolve_time, c.waiver_expire_time,
                c.version, c.create_time, c.update_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, conflict_check_id)
         join conflict_checks c using (firm_id, conflict_check_id) order by c.conflict_check_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One check; not found when the scope does not show it.
pub(crate) async fn get(
    tx: &mut Transaction,
    name: ConflictCheckName,
) -> Result<ConflictCheck, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// The check of a matter that counts.
pub(crate) async fn current(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Option<ConflictCheck>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select firm_id, conflict_check_id, matter_id, state, result, resolve_time, waiver_expire_time, version,
                create_time, update_time
         from conflict_checks where firm_id = $1 and matter_id = $2 and state <> 'superseded'",
        matter.firm.0,
        matter.id.0,
    )
    .fetch_optional(tx.connection())
    .await?
    .map(TryInto::try_into)
    .transpose()
}

/// The check of a matter that counts, held for the transaction.
pub(crate) async fn lock_current(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Option<ConflictCheck>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select firm_id, conflict_check_id, matter_id, state, result, resolve_time, waiver_expire_time, version,
                create_time, update_time
         from conflict_checks where firm_id = $1 and matter_id = $2 and state <> 'superseded'
         for no key update",
        matter.firm.0,
        matter.id.0,
    )
    .fetch_optional(tx.connection())
    .await?
    .map(TryInto::try_into)
    .transpose()
}

/// Writes a check, without what it found.
pub(crate) async fn insert(tx: &mut Transaction, check: &ConflictCheck) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into conflict_checks (firm_id, conflict_check_id, matter_id, state, result, create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $6)",
        check.firm.0,
        check.id.0,
        check.matter.0,
        check.state.as_str(),
        check.result.as_str(),
        check.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A check whose waiver has ended.
pub(crate) async fn lapsed(
    tx: &mut Transaction,
    now: OffsetDateTime,
) -> Result<Option<MatterName>, IntakeError> {
    let found = sqlx::query!(
        "select firm_id, matter_id from conflict_checks
         where state = 'waived' and waiver_expire_time <= $1 order by waiver_expire_time limit 1",
        now,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.map(|row| MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id))))
}

/// Writes what can change of a check that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    check: &mut ConflictCheck,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    check.version += 1;
    check.update_time = now;
    sqlx::query!(
        "update conflict_checks
         set state = $3, resolve_time = $4, waiver_expire_time = $5, version = $6, update_time = $7
         where firm_id = $1 and conflict_check_id = $2",
        check.firm.0,
        check.id.0,
        check.state.as_str(),
        check.resolve_time,
        check.waiver_expire_time,
        check.version,
        check.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A check as the audit log keeps it: without what its firm may not see, for the log's row is the firm's.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: ConflictCheckName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(c) as "record!" from conflict_checks c where firm_id = $1 and conflict_check_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
