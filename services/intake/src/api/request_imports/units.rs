//! The units of work of `RequestImportService`.

use caseload_database::lease::Lease;
use caseload_database::{Database, DatabaseError, Transaction};
use caseload_domain::FirmId;
use caseload_domain::name::RequestImportName;
use caseload_events::{Act, Record};
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;

use super::contract::{Header, answer, error};
use super::making::make;
use super::rows::Terms;
use super::source::{from_spool, to_spool};
use crate::api::listing::Listing;
use crate::domain::request_import::span::Span;
use crate::domain::request_import::{Digest, ImportMode, ImportState, Problem, RequestImport};
use crate::error::{IntakeError, Refusal};
use crate::store::{self, Page};

pub(super) async fn get(
    tx: &mut Transaction,
    name: RequestImportName,
) -> Result<v1::RequestImport, IntakeError> {
    Ok(answer(&store::request_imports::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    firm: Option<FirmId>,
) -> Result<v1::ListRequestImportsResponse, IntakeError> {
    let mut keys = store::request_imports::page(tx, firm, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let imports = store::request_imports::load(tx, &keys).await?;
    Ok(v1::ListRequestImportsResponse {
        request_imports: imports.iter().map(answer).collect(),
        next_page_token,
    })
}

/// One page of what was wrong. Its rows have places and no ids, so the token keeps a place.
pub(super) async fn list_errors(
    tx: &mut Transaction,
    db: Database,
    listing: Listing<i64>,
    name: RequestImportName,
) -> Result<v1::ListRequestImportErrorsResponse, IntakeError> {
    store::request_imports::get(tx, name).await?;
    let Page { after, limit } = listing.page();
    let after = after.unwrap_or_default();
    let mut found = store::request_imports::problems(tx, name, after, limit).await?;
    let next_page_token = listing.cut_rows(&db, &mut found, |(position, _)| *position)?;
    Ok(v1::ListRequestImportErrorsResponse {
        errors: found.iter().map(|(_, problem)| error(problem)).collect(),
        next_page_token,
    })
}

/// Begins an import, or finds the one that its caller began under the same request id; and what its rows are read by.
pub(super) async fn open(
    tx: &mut Transaction,
    act: Act,
    principal: String,
    name: RequestImportName,
    header: Header,
    threshold: Score,
) -> Result<(RequestImport, Terms), IntakeError> {
    let firm = store::firms::get(tx, header.firm).await?;
    let suspended = firm.suspended.is_some();
    let import = RequestImport {
        name,
        principal,
        mode: header.mode,
        format: header.format,
        state: ImportState::Running,
        head: None,
        rows_read: 0,
        rows_refused: 0,
        requests_created: 0,
        tasks_created: 0,
        error_count: 0,
        last_line: 0,
        spans: 0,
        create_time: act.now,
        update_time: act.now,
        end_time: None,
    };
    let (name, new) = store::request_imports::insert(tx, &import, header.request_id).await?;
    if new {
        tell(tx, &act, name, None).await?;
    }
    let import = store::request_imports::get(tx, name).await?;
    if import.mode != header.mode || import.format != header.format {
        return Err(IntakeError::Database(DatabaseError::RequestIdReused));
    }
    if suspended && !import.state.is_over() {
        return Err(IntakeError::Refused(Refusal::FirmSuspended));
    }
    let terms = Terms {
        firm: header.firm,
        currency: firm.currency,
        zone: firm.profile.time_zone,
        format: header.format,
        threshold,
    };
    Ok((import, terms))
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    name: RequestImportName,
    before: Record,
) -> Result<(), IntakeError> {
    let after = store::request_imports::record(tx, name).await?;
    let (firm, resource) = (Some(name.firm), name.to_string());
    Ok(act.record(tx, firm, resource, before, after).await?)
}

/// Holds an import for the stream that has its lease.
async fn hold(
    tx: &mut Transaction,
    lease: &Lease,
    name: RequestImportName,
) -> Result<RequestImport, IntakeError> {
    lease.fence(tx).await?;
    store::request_imports::lock(tx, name).await
}

/// Keeps what tells the header row of the file from another.
pub(super) async fn keep_head(
    tx: &mut Transaction,
    lease: Lease,
    name: RequestImportName,
    head: Digest,
) -> Result<RequestImport, IntakeError> {
    let mut import = hold(tx, &lease, name).await?;
    import.head = Some(head);
    store::request_imports::save(tx, &import).await?;
    Ok(import)
}

/// Does a part: makes its request, or finds out whether it could be made where nothing is kept before the end.
pub(super) async fn step(
    tx: &mut Transaction,
    lease: Lease,
    act: Act,
    name: RequestImportName,
    terms: Terms,
    span: Span,
) -> Result<(RequestImport, Vec<Problem>), IntakeError> {
    let mut import = hold(tx, &lease, name).await?;
    let later = import.mode == ImportMode::AllOrNothing;
    let spool = later.then(|| to_spool(&span.rows));
    let key = span.key.as_deref();
    let fresh = store::request_imports::insert_span(tx, &import, &span, key, spool).await?;
    let (mut tasks, mut problems) = (0, Vec::new());
    if fresh {
        if later {
            store::request_imports::mark(tx).await?;
        }
        let made = make(tx, &act, &terms, &span).await?;
        if later {
            store::request_imports::back_to_mark(tx).await?;
        } else {
            import.requests_created += made.requests;
            import.tasks_created += made.tasks;
        }
        (tasks, problems) = (made.tasks, made.problems);
    } else {
        store::request_imports::insert_span(tx, &import, &span, None, None).await?;
        let why = "is the key of a request that ended before: the rows of one request stand together, not more than \
                   1000 of them and 8 MiB";
        problems.extend(span.rows.iter().map(|row| {
            let known = row.problems.first().filter(|_| row.key.is_none());
            let problem = || Problem::new(row.line, "request_key", why);
            known.cloned().unwrap_or_else(problem)
        }));
    }
    let rows = count(span.rows.len())?;
    import.spans += 1;
    import.rows_read += rows;
    import.rows_refused += rows - tasks;
    import.last_line = span.last_line();
    import.update_time = act.now;
    problems.sort_by_key(|problem| problem.line);
    store::request_imports::insert_problems(tx, &mut import, &problems).await?;
    store::request_imports::save(tx, &import).await?;
    Ok((import, problems))
}

fn count(rows: usize) -> Result<i64, IntakeError> {
    i64::try_from(rows).map_err(|why| IntakeError::Damaged(why.to_string()))
}

/// Why an import of all or nothing was not carried out.
#[derive(Debug)]
pub(super) enum Undone {
    /// What was good when it was read is good no longer.
    Moved(Vec<Problem>),
    /// Something else.
    Error(IntakeError),
}

impl From<IntakeError> for Undone {
    fn from(error: IntakeError) -> Self {
        Self::Error(error)
    }
}

impl From<DatabaseError> for Undone {
    fn from(error: DatabaseError) -> Self {
        Self::Error(error.into())
    }
}

/// Makes everything of an import of all or nothing, in one step.
pub(super) async fn carry_out(
    tx: &mut Transaction,
    lease: Lease,
    act: Act,
    name: RequestImportName,
    terms: Terms,
) -> Result<RequestImport, Undone> {
    let mut import = hold(tx, &lease, name).await?;
    for position in 0..import.spans {
        let (key, spool) = store::request_imports::spool(tx, name, position).await?;
        let rows = from_spool(&spool, &terms)
            .ok_or_else(|| IntakeError::Damaged("a kept row can't be read".to_owned()))?;
        let made = make(tx, &act, &terms, &Span::of(key, rows)).await?;
        if !made.problems.is_empty() {
            return Err(Undone::Moved(made.problems));
        }
        import.requests_created += made.requests;
        import.tasks_created += made.tasks;
    }
    Ok(end(tx, &act, import, ImportState::Succeeded).await?)
}

/// Ends an import, with what made it fail.
pub(super) async fn close(
    tx: &mut Transaction,
    lease: Lease,
    act: Act,
    name: RequestImportName,
    state: ImportState,
    problems: Vec<Problem>,
) -> Result<RequestImport, IntakeError> {
    let mut import = hold(tx, &lease, name).await?;
    store::request_imports::insert_problems(tx, &mut import, &problems).await?;
    end(tx, &act, import, state).await
}

async fn end(
    tx: &mut Transaction,
    act: &Act,
    mut import: RequestImport,
    state: ImportState,
) -> Result<RequestImport, IntakeError> {
    let before = store::request_imports::record(tx, import.name).await?;
    import.state = state;
    import.update_time = act.now;
    import.end_time = Some(act.now);
    store::request_imports::save(tx, &import).await?;
    store::request_imports::forget_spools(tx, import.name).await?;
    tell(tx, act, import.name, before).await?;
    Ok(import)
}
