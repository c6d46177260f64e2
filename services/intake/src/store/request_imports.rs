//! Imports of requests, the parts of them that are done, and what was wrong.

mod spans;

use caseload_database::Transaction;
use caseload_domain::name::RequestImportName;
use caseload_domain::{FirmId, MatterId, RequestImportId};
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) use self::spans::{Done, done, forget_spools, insert_span, spool};
use super::{Keys, Page, read, sound};
use crate::domain::request_import::{ImportState, Problem, RequestImport};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    request_import_id: Uuid,
    principal: String,
    mode: String,
    format: String,
    state: String,
    held: bool,
    head: Option<Vec<u8>>,
    rows_read: i64,
    rows_refused: i64,
    requests_created: i64,
    tasks_created: i64,
    error_count: i64,
    last_line: i64,
    spans: i32,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
    end_time: Option<OffsetDateTime>,
}

impl TryFrom<Row> for RequestImport {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let state: ImportState = read(&row.state)?;
        let head = row.head.as_deref().map(TryInto::try_into);
        Ok(Self {
            name: RequestImportName::new(
                FirmId(row.firm_id),
                RequestImportId(row.request_import_id),
            ),
            principal: row.principal,
            mode: read(&row.mode)?,
            format: read(&row.format)?,
            state: if state == ImportState::Running && !row.held {
                ImportState::Interrupted
            } else {
                state
            },
            head: sound(head.transpose())?,
            rows_read: row.rows_read,
            rows_refused: row.rows_refused,
            requests_created: row.requests_created,
            tasks_created: row.tasks_created,
            error_count: row.error_count,
            last_line: row.last_line,
            spans: row.spans,
            create_time: row.create_time,
            update_time: row.update_time,
            end_time: row.end_time,
        })
    }
}

/// The name of the lease under which a stream brings an import's rows.
pub(crate) fn lease(import: RequestImportName) -> String {
    format!("request-import/{}", import.id)
}

/// The imports of one firm, or of every firm that the scope shows.
pub(crate) async fn page(
    tx: &mut Transaction,
    firm: Option<FirmId>,
    page: Page,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "select firm_id, request_import_id from request_imports
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or request_import_id > $2)
         order by request_import_id limit $3",
        firm.map(Uuid::from),
        page.after,
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.request_import_id))
    .collect())
}

pub(crate) async fn load(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<Vec<RequestImport>, IntakeError> {
    sqlx::query_as!(
        Row,
        r#"select i.firm_id, i.request_import_id, i.principal, i.mode, i.format, i.state, i.head, i.rows_read,
                  i.rows_refused, i.requests_created, i.tasks_created, i.error_count, i.last_line, i.spans,
                  i.create_time, i.update_time, i.end_time,
                  exists (select from lease l where l.name = 'request-import/' || i.request_import_id
                                                and l.expire_time > clock_timestamp()) as "held!"
           from unnest($1::uuid[], $2::uuid[]) as k (firm_id, request_import_id)
           join request_imports i using (firm_id, request_import_id) order by i.request_import_id"#,
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One import; not found when the scope does not show it.
pub(crate) async fn get(
    tx: &mut Transaction,
    name: RequestImportName,
) -> Result<RequestImport, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One import, held for the transaction.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: RequestImportName,
) -> Result<RequestImport, IntakeError> {
    sqlx::query_scalar!(
        "select request_import_id from request_imports where firm_id = $1 and request_import_id = $2
         for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

/// Puts a new import in, unless its caller has one under the request id; answers the one that is there, and whether it
/// is new.
pub(crate) async fn insert(
    tx: &mut Transaction,
    import: &RequestImport,
    request_id: Uuid,
) -> Result<(RequestImportName, bool), IntakeError> {
    let firm = import.name.firm;
    let inserted = sqlx::query!(
        "insert into request_imports (firm_id, request_import_id, principal, request_id, mode, format, create_time,
                                      update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict on constraint request_imports_taken do nothing",
        firm.0,
        import.name.id.0,
        import.principal,
        request_id,
        import.mode.as_str(),
        import.format.as_str(),
        import.create_time,
    )
    .execute(tx.connection())
    .await?
    .rows_affected();
    let id = sqlx::query_scalar!(
        "select request_import_id from request_imports where firm_id = $1 and principal = $2 and request_id = $3",
        firm.0,
        import.principal,
        request_id,
    )
    .fetch_one(tx.connection())
    .await?;
    let name = RequestImportName::new(firm, RequestImportId(id));
    Ok((name, inserted == 1))
}

/// Writes what is durable of an import that is held.
pub(crate) async fn save(tx: &mut Transaction, import: &RequestImport) -> Result<(), IntakeError> {
    let state = match import.state {
        ImportState::Interrupted => ImportState::Running,
        state => state,
    };
    sqlx::query!(
        "update request_imports set state = $3, head = $4, rows_read = $5, rows_refused = $6, requests_created = $7,
                                    tasks_created = $8, error_count = $9, last_line = $10, spans = $11,
                                    update_time = $12, end_time = $13
         where firm_id = $1 and request_import_id = $2",
        import.name.firm.0,
        import.name.id.0,
        state.as_str(),
        import.head.as_ref().map(<[u8; 16]>::as_slice),
        import.rows_read,
        import.rows_refused,
        import.requests_created,
        import.tasks_created,
        import.error_count,
        import.last_line,
        import.spans,
        import.update_time,
        import.end_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Puts on file what is wrong, after what is there.
pub(crate) async fn insert_problems(
    tx: &mut Transaction,
    import: &mut RequestImport,
    problems: &[Problem],
) -> Result<(), IntakeError> {
    let lines: Vec<i64> = problems.iter().map(|problem| problem.line).collect();
    let fields: Vec<String> = problems.iter().map(|it| it.field.clone()).collect();
    let messages: Vec<String> = problems.iter().map(|it| it.why.clone()).collect();
    sqlx::query!(
        "insert into request_import_errors (firm_id, request_import_id, position, line, field, message)
         select $1, $2, $3 + p.at, p.line, p.field, p.message
         from unnest($4::bigint[], $5::text[], $6::text[]) with ordinality as p (line, field, message, at)",
        import.name.firm.0,
        import.name.id.0,
        import.error_count,
        &lines,
        &fields,
        &messages,
    )
    .execute(tx.connection())
    .await?;
    import.error_count += sound(i64::try_from(problems.len()))?;
    Ok(())
}

/// What was wrong, in the order in which it was found, each with its place in it.
pub(crate) async fn problems(
    tx: &mut Transaction,
    import: RequestImportName,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Problem)>, IntakeError> {
    Ok(sqlx::query!(
        "select position, line, field, message from request_import_errors
         where firm_id = $1 and request_import_id = $2 and position > $3 order by position limit $4",
        import.firm.0,
        import.id.0,
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| {
        let problem = Problem {
            line: row.line,
            field: row.field,
            why: row.message,
        };
        (row.position, problem)
    })
    .collect())
}

/// The matters that a client knows under a number, two at most.
pub(crate) async fn numbered(
    tx: &mut Transaction,
    firm: FirmId,
    number: &str,
) -> Result<Vec<MatterId>, IntakeError> {
    Ok(sqlx::query_scalar!(
        "select matter_id from matters
         where firm_id = $1 and client_matter_number = $2 and client_matter_number <> '' limit 2",
        firm.0,
        number,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(MatterId)
    .collect())
}

/// Marks a place in the transaction to come back to.
pub(crate) async fn mark(tx: &mut Transaction) -> Result<(), IntakeError> {
    sqlx::raw_sql("savepoint import")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Undoes what was done since the last mark, and forgets the mark.
pub(crate) async fn back_to_mark(tx: &mut Transaction) -> Result<(), IntakeError> {
    sqlx::raw_sql("rollback to savepoint import; release savepoint import")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Forgets the last mark, and keeps what was done since.
pub(crate) async fn drop_mark(tx: &mut Transaction) -> Result<(), IntakeError> {
    sqlx::raw_sql("release savepoint import")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// An import as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: RequestImportName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(i) as "record!" from request_imports i where firm_id = $1 and request_import_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
