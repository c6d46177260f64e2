//! One stream of one import: from the header to the end, or to where it breaks.

use std::collections::VecDeque;
use std::time::Duration;

use caseload_database::Database;
use caseload_database::lease::Lease;
use caseload_domain::Scope;
use caseload_domain::name::RequestImportName;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::import_requests_request::Part;
use caseload_proto::status::{Reason, status, status_with};
use caseload_runtime::clock;
use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tonic::{Code, Status, Streaming};

use super::contract::{answer, error};
use super::of_lease;
use super::rows::Terms;
use super::source::{Brought, Source};
use super::units::{self, Undone};
use crate::domain::request_import::span::{Span, Spans, Taken};
use crate::domain::request_import::{
    Digest, ImportFormat, ImportMode, ImportState, MOST_BYTES, MOST_ROWS, Problem, RequestImport,
};
use crate::error::IntakeError;
use crate::store;
use crate::store::request_imports::Done;

/// How long the lease lasts without being renewed: how long an import waits after its server broke down.
const LEASE: Duration = Duration::from_secs(30);
/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(8);
/// How often, and with which pause, a lease is asked for: the stream before may be about to give it back.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(200);
/// How much of a message is read at once.
const BYTES_AT_ONCE: usize = 16 * 1024;
const ROWS_AT_ONCE: usize = 100;
/// After so many rows the caller is told how far it is.
const TOLD_EACH: i64 = 500;
/// The most problems of one answer.
const TOLD_AT_ONCE: usize = 500;
/// The most problems that wait for the caller to read; then it is waited for.
const UNTOLD: usize = 2_000;
/// How many parts of what is done are read at once.
const DONE_AT_ONCE: i64 = 50;
/// How often a part is tried when others are in its way.
const ATTEMPTS: usize = 5;

/// One stream of one import.
pub(super) struct Session {
    db: Database,
    scope: Scope,
    lease: Lease,
    renewed: Instant,
    act: Act,
    import: RequestImport,
    terms: Terms,
    spans: Spans,
    /// The rows that were done before, as far as they are read; and how many parts of them.
    done: VecDeque<(Digest, i64)>,
    done_spans: i32,
    /// Parts that were done when the stream began.
    before: i32,
    skipped: i64,
    taken: i64,
    bytes: usize,
    answers: mpsc::Sender<Result<v1::ImportRequestsResponse, Status>>,
    untold: Vec<v1::RequestImportError>,
    told_at: i64,
}

type Answers = mpsc::Receiver<Result<v1::ImportRequestsResponse, Status>>;

/// Takes the lease of an import, or says that another stream has it.
pub(super) async fn take(db: &Database, import: RequestImportName) -> Result<Lease, Status> {
    let name = store::request_imports::lease(import);
    for _ in 0..TRIES {
        if let Some(lease) = Lease::take(db, &name, LEASE).await.map_err(of_lease)? {
            return Ok(lease);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(under_way())
}

/// Another stream imports under the same request id.
pub(super) fn under_way() -> Status {
    let message = "another stream imports under this request_id; send it again later";
    status(Code::Aborted, Reason::new("IMPORT_UNDER_WAY"), message)
}

fn reused(line: i64, message: &str) -> Status {
    let code = Code::FailedPrecondition;
    let line = [("line", line.to_string())];
    status_with(code, Reason::REQUEST_ID_REUSED, message, line)
}

fn unfinished() -> Status {
    let message = "the stream ended without the end message; send the same rows again under the same request_id";
    let reason = Reason::new("IMPORT_INTERRUPTED");
    status(Code::FailedPrecondition, reason, message)
}

fn out_of_turn(field: &str, why: &str) -> Status {
    let mut violations = caseload_proto::parse::Violations::new();
    violations.add(field, why);
    violations
        .finish::<()>(None)
        .err()
        .unwrap_or_else(unfinished)
}

impl Session {
    pub(super) fn new(
        db: Database,
        scope: Scope,
        lease: Lease,
        act: Act,
        import: RequestImport,
        terms: Terms,
    ) -> (Self, Answers) {
        let (answers, receiver) = mpsc::channel(4);
        let session = Self {
            db,
            scope,
            lease,
            renewed: Instant::now(),
            act,
            before: import.spans,
            import,
            terms,
            spans: Spans::default(),
            done: VecDeque::new(),
            done_spans: 0,
            skipped: 0,
            taken: 0,
            bytes: 0,
            answers,
            untold: Vec::new(),
            told_at: 0,
        };
        (session, receiver)
    }

    /// Takes the stream to its end, or to where it breaks, and gives the lease back.
    pub(super) async fn run(mut self, stream: Streaming<v1::ImportRequestsRequest>) {
        let outcome = self.read(stream).await;
        if let Err(error) = self.lease.release().await {
            tracing::warn!(%error, "a lease could not be given back; it runs out");
        }
        if let Err(status) = outcome {
            tracing::info!(import = %self.import.name, code = ?status.code(), "an import stops before its end");
            // To nobody, when the caller has gone.
            self.answers.send(Err(status)).await.ok();
        }
    }

    async fn read(
        &mut self,
        mut stream: Streaming<v1::ImportRequestsRequest>,
    ) -> Result<(), Status> {
        let mut source = match self.terms.format {
            ImportFormat::Csv => Source::Csv(Box::default(), None),
            ImportFormat::Rows => Source::Rows(0),
        };
        let mut renewal = tokio::time::interval(RENEWAL);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.tell().await?;
        loop {
            let next = tokio::select! {
                next = stream.next() => next,
                _ = renewal.tick() => {
                    self.renew().await?;
                    continue;
                }
                () = self.answers.closed() => return Err(unfinished()),
            };
            // A stream that was cut looks like one that ended; only the end message ends an import.
            let part = next
                .transpose()
                .ok()
                .flatten()
                .ok_or_else(unfinished)?
                .part
                .ok_or_else(|| out_of_turn("part", "is required"))?;
            let over = match part {
                Part::Header(_) => return Err(out_of_turn("header", "is there twice")),
                Part::Chunk(chunk) if self.terms.format == ImportFormat::Csv => {
                    self.chunk(&mut source, &chunk).await?
                }
                Part::Rows(rows) if self.terms.format == ImportFormat::Rows => {
                    self.rows(&mut source, &rows.rows).await?
                }
                Part::Chunk(_) => return Err(out_of_turn("chunk", "is not of the format ROWS")),
                Part::Rows(_) => return Err(out_of_turn("rows", "is not of the format CSV")),
                Part::End(_) => return self.end(source).await,
            };
            if over {
                return Ok(());
            }
        }
    }

    /// Takes a chunk of a file, a little at a time: rows that are read take more room than their bytes.
    async fn chunk(&mut self, source: &mut Source, chunk: &[u8]) -> Result<bool, Status> {
        for bytes in chunk.chunks(BYTES_AT_ONCE) {
            let brought = source.feed(bytes, &self.terms);
            if self.bring(brought).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes rows, a few at a time.
    async fn rows(
        &mut self,
        source: &mut Source,
        rows: &[v1::RequestImportRow],
    ) -> Result<bool, Status> {
        for rows in rows.chunks(ROWS_AT_ONCE) {
            let brought = source.take(rows, &self.terms);
            if self.bring(brought).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes what a message brought. Answers whether the import has come to its end by it.
    async fn bring(&mut self, brought: Vec<Brought>) -> Result<bool, Status> {
        for next in brought {
            let over = match next {
                Brought::Head(digest, problems) => self.head(digest, problems).await?,
                Brought::Row(row) => self.row(*row).await?,
            };
            if over {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn head(&mut self, digest: Digest, problems: Vec<Problem>) -> Result<bool, Status> {
        match self.import.head {
            Some(before) if before != digest => {
                return Err(reused(
                    1,
                    "the header row is not the one that was sent before",
                ));
            }
            Some(_) => {}
            None => {
                let (lease, name) = (self.lease.clone(), self.import.name);
                self.import = self
                    .db
                    .run(self.scope, move |tx| {
                        Box::pin(units::keep_head(tx, lease, name, digest))
                    })
                    .await?;
            }
        }
        if problems.is_empty() {
            return Ok(false);
        }
        self.fail(problems).await?;
        Ok(true)
    }

    async fn row(&mut self, row: Taken) -> Result<bool, Status> {
        self.taken += 1;
        self.bytes = self.bytes.saturating_add(row.bytes);
        if let Some((digest, _)) = self.next_done().await? {
            if digest != row.digest {
                return Err(reused(
                    row.line,
                    "the row is not the one that was sent before",
                ));
            }
            self.skipped += 1;
            return Ok(false);
        }
        let over = if self.taken > MOST_ROWS {
            Some(format!(
                "is one row too many: an import has up to {MOST_ROWS}"
            ))
        } else if self.bytes > MOST_BYTES {
            Some("is more than an import may bring: 256 MiB".to_owned())
        } else {
            None
        };
        if let Some(why) = over {
            self.last().await?;
            self.fail(vec![Problem::new(row.line, "", &why)]).await?;
            return Ok(true);
        }
        if self.import.state.is_over() {
            return Err(reused(row.line, "the import ended before this row"));
        }
        if let Some(span) = self.spans.push(row) {
            self.step(span).await?;
        }
        Ok(false)
    }

    /// The next row that was done before the stream began.
    async fn next_done(&mut self) -> Result<Option<(Digest, i64)>, Status> {
        if self.done.is_empty() && self.done_spans < self.before {
            let (name, from) = (self.import.name, self.done_spans);
            let parts: Vec<Done> = self
                .db
                .run::<_, IntakeError, _>(self.scope, move |tx| {
                    Box::pin(store::request_imports::done(tx, name, from, DONE_AT_ONCE))
                })
                .await?;
            self.renew_in_time().await?;
            self.done_spans += i32::try_from(parts.len()).unwrap_or(i32::MAX);
            for part in parts {
                let last = part.last_line;
                self.done
                    .extend(part.digests.into_iter().map(|digest| (digest, last)));
            }
        }
        Ok(self.done.pop_front())
    }

    async fn end(&mut self, mut source: Source) -> Result<(), Status> {
        let rest = source.end(&self.terms);
        if self.bring(rest).await? {
            return Ok(());
        }
        let asks_alone = self.taken == 0 && self.import.state.is_over();
        if let (false, Some((_, line))) = (asks_alone, self.next_done().await?) {
            let message = "the rows end before the last that was sent before";
            return Err(reused(line, message));
        }
        if self.import.state.is_over() {
            return self.tell_all().await;
        }
        if !source.has_head() {
            return self
                .fail(vec![Problem::new(
                    1,
                    "",
                    "is no header row: the file is empty",
                )])
                .await;
        }
        self.last().await?;
        match self.import.mode {
            ImportMode::KeepGoodRows => self.close(ImportState::Succeeded, Vec::new()).await,
            ImportMode::AllOrNothing if self.import.error_count > 0 => {
                self.close(ImportState::Failed, Vec::new()).await
            }
            ImportMode::AllOrNothing => self.carry_out().await,
        }
    }

    /// Does the part that is not ended by another.
    async fn last(&mut self) -> Result<(), Status> {
        match self.spans.end() {
            Some(span) => self.step(span).await,
            None => Ok(()),
        }
    }

    async fn step(&mut self, span: Span) -> Result<(), Status> {
        if self.answers.is_closed() {
            return Err(unfinished());
        }
        self.renew_in_time().await?;
        let mut attempt = 1;
        let (import, problems) = loop {
            let (lease, act, name) = (self.lease.clone(), self.act(), self.import.name);
            let (terms, span) = (self.terms.clone(), span.clone());
            let done = self
                .db
                .run(self.scope, move |tx| {
                    Box::pin(units::step(tx, lease, act, name, terms, span))
                })
                .await;
            match done {
                Ok(done) => break done,
                Err(IntakeError::Database(caseload_database::DatabaseError::Contention))
                    if attempt < ATTEMPTS =>
                {
                    attempt += 1;
                }
                Err(error) => return Err(of_unit(error)),
            }
        };
        self.import = import;
        self.untold.extend(problems.iter().map(error));
        if !self.untold.is_empty() || self.import.rows_read - self.told_at >= TOLD_EACH {
            self.tell().await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self) -> Result<(), Status> {
        self.renew().await?;
        let (lease, act, name) = (self.lease.clone(), self.act(), self.import.name);
        let terms = self.terms.clone();
        let done = self
            .db
            .run(self.scope, move |tx| {
                Box::pin(units::carry_out(tx, lease, act, name, terms))
            })
            .await;
        match done {
            Ok(import) => {
                self.import = import;
                self.tell_all().await
            }
            Err(Undone::Moved(problems)) => self.close(ImportState::Failed, problems).await,
            Err(Undone::Error(error)) => Err(of_unit(error)),
        }
    }

    /// The import can't be read to its end. One that had come to this before is told as it is.
    async fn fail(&mut self, problems: Vec<Problem>) -> Result<(), Status> {
        if self.import.state.is_over() {
            self.tell_all().await
        } else {
            self.close(ImportState::Failed, problems).await
        }
    }

    async fn close(&mut self, state: ImportState, problems: Vec<Problem>) -> Result<(), Status> {
        self.renew_in_time().await?;
        self.untold.extend(problems.iter().map(error));
        let (lease, act, name) = (self.lease.clone(), self.act(), self.import.name);
        self.import = self
            .db
            .run(self.scope, move |tx| {
                Box::pin(units::close(tx, lease, act, name, state, problems))
            })
            .await
            .map_err(of_unit)?;
        self.tell_all().await
    }

    /// The same deed, now.
    fn act(&self) -> Act {
        Act {
            now: clock::now(),
            ..self.act.clone()
        }
    }

    async fn renew_in_time(&mut self) -> Result<(), Status> {
        if self.renewed.elapsed() >= RENEWAL {
            self.renew().await?;
        }
        Ok(())
    }

    async fn renew(&mut self) -> Result<(), Status> {
        self.lease.renew().await.map_err(of_lease)?;
        self.renewed = Instant::now();
        Ok(())
    }

    fn next_answer(&mut self) -> v1::ImportRequestsResponse {
        let count = self.untold.len().min(TOLD_AT_ONCE);
        v1::ImportRequestsResponse {
            request_import: Some(answer(&self.import)),
            errors: self.untold.drain(..count).collect(),
            skipped_rows: self.skipped,
        }
    }

    /// Tells how far it is, if the caller reads; who only sends is not waited for until very much is untold.
    async fn tell(&mut self) -> Result<(), Status> {
        let place = if self.untold.len() < UNTOLD {
            match self.answers.clone().try_reserve_owned() {
                Ok(place) => place,
                Err(_) => return Ok(()),
            }
        } else {
            let place = self.answers.clone().reserve_owned().await;
            place.map_err(|_| unfinished())?
        };
        self.told_at = self.import.rows_read;
        place.send(Ok(self.next_answer()));
        Ok(())
    }

    /// Tells all that is untold, and how it came out.
    async fn tell_all(&mut self) -> Result<(), Status> {
        loop {
            let whole = self.untold.len() <= TOLD_AT_ONCE;
            let mut told = self.next_answer();
            if !whole && let Some(import) = &mut told.request_import {
                // The last message alone says how it came out.
                import.set_state(v1::RequestImportState::Running);
                import.end_time = None;
            }
            let sent = self.answers.send(Ok(told)).await;
            sent.map_err(|_| unfinished())?;
            if whole {
                return Ok(());
            }
        }
    }
}

/// An error of a unit of work; a lost lease is another stream's.
fn of_unit(error: IntakeError) -> Status {
    match error {
        IntakeError::Database(error @ caseload_database::DatabaseError::LeaseLost(_)) => {
            of_lease(error)
        }
        error => error.into(),
    }
}
