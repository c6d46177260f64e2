//! Requests.

use caseload_database::Transaction;
use caseload_domain::name::RequestName;
use caseload_domain::{ConflictCheckId, FirmId, MatterId, RequestId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::words::{self, Sought};
use super::{Keys, Page, read, words_of};
use crate::domain::request::{Request, RequestFacts, RequestState};
use crate::domain::search::Query;
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    request_id: Uuid,
    matter_id: Uuid,
    title: String,
    description: String,
    supervising_attorney_id: Option<String>,
    state: String,
    close_reason: String,
    conflict_check_id: Option<Uuid>,
    conflict_state: Option<String>,
    submit_time: Option<OffsetDateTime>,
    accept_time: Option<OffsetDateTime>,
    end_time: Option<OffsetDateTime>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

impl TryFrom<Row> for Request {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let conflict_state = row.conflict_state.as_deref().map(read).transpose()?;
        Ok(Self {
            name: RequestName::new(FirmId(row.firm_id), RequestId(row.request_id)),
            matter: MatterId(row.matter_id),
            facts: RequestFacts {
                title: row.title,
                description: row.description,
                supervising_attorney_id: row.supervising_attorney_id,
            },
            state: read(&row.state)?,
            close_reason: row.close_reason,
            conflict: row
                .conflict_check_id
                .map(ConflictCheckId)
                .zip(conflict_state),
            submit_time: row.submit_time,
            accept_time: row.accept_time,
            end_time: row.end_time,
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

/// What a list of requests is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) states: Vec<RequestState>,
    pub(crate) query: Option<Query>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let states = words_of(&filter.states, RequestState::as_str);
    let sought = Sought::new(tx, filter.query.as_ref());
    Ok(sqlx::query!(
        "select r.firm_id, r.request_id from requests r
         left join request_words w on $6::text is not null and w.firm_id = r.firm_id and w.request_id = r.request_id
         where ($1::uuid is null or r.firm_id = $1) and ($2::uuid is null or r.request_id > $2)
           and ($3::uuid is null or r.matter_id = $3) and ($4::text[] is null or r.state = any($4))
           and ($6::text is null or w.words @@ $6::text::tsquery)
           and ($7::text is null or r.request_id = any(array(select requests_of_words($7::text::tsquery))))
         order by r.request_id limit $5",
        filter.firm.map(Uuid::from),
        page.after,
        filter.matter.map(Uuid::from),
        states.as_deref(),
        page.limit,
        sought.among_own,
        sought.among_all,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.request_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Request>, IntakeError> {
    sqlx::query_as!(
        Row,
        r#"select r.firm_id, r.request_id, r.matter_id, r.title, r.description, r.supervising_attorney_id, r.state,
                  r.close_reason, c.conflict_check_id as "conflict_check_id?", c.state as "conflict_state?",
                  r.submit_time, r.accept_time, r.end_time, r.version, r.create_time, r.update_time
           from unnest($1::uuid[], $2::uuid[]) as k (firm_id, request_id)
           join requests r using (firm_id, request_id)
           left join conflict_checks c
               on c.firm_id = r.firm_id and c.matter_id = r.matter_id and c.state <> 'superseded'
              and r.submit_time is not null
           order by r.request_id"#,
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One request; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: RequestName) -> Result<Request, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One request, held for the transaction. Whoever changes more than one task of it holds it first.
pub(crate) async fn lock(tx: &mut Transaction, name: RequestName) -> Result<Request, IntakeError> {
    sqlx::query_scalar!(
        "select request_id from requests where firm_id = $1 and request_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

pub(crate) async fn insert(tx: &mut Transaction, request: &Request) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into requests (firm_id, request_id, matter_id, title, description, supervising_attorney_id, state,
                               create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        request.name.firm.0,
        request.name.id.0,
        request.matter.0,
        request.facts.title,
        request.facts.description,
        request.facts.supervising_attorney_id,
        request.state.as_str(),
        request.create_time,
    )
    .execute(tx.connection())
    .await?;
    words::put_request(tx, request).await
}

/// Writes what can change of a request that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    request: &mut Request,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    request.version += 1;
    request.update_time = now;
    sqlx::query!(
        "update requests set title = $3, description = $4, supervising_attorney_id = $5, state = $6, close_reason = $7,
                             submit_time = $8, accept_time = $9, end_time = $10, version = $11, update_time = $12
         where firm_id = $1 and request_id = $2",
        request.name.firm.0,
        request.name.id.0,
        request.facts.title,
        request.facts.description,
        request.facts.supervising_attorney_id,
        request.state.as_str(),
        request.close_reason,
        request.submit_time,
        request.accept_time,
        request.end_time,
        request.version,
        request.update_time,
    )
    .execute(tx.connection())
    .await?;
    words::put_request(tx, request).await
}

/// A request as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: RequestName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(r) as "record!" from requests r where firm_id = $1 and request_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
