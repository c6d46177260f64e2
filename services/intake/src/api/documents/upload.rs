//! Taking an upload in: a header, then chunks, which go to the store as they come.
//!
//! The upload is noted before its first byte is stored, and the note goes in the transaction that makes the object a
//! version. So whatever happens, each object of a store is a version's or an upload's; what comes to nothing is removed
//! at once where that can be, and by the sweep where it can't.

use caseload_database::Retry;
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::upload_document_request::Part;
use caseload_proto::parse::Violations;
use caseload_proto::status::{Reason, status};
use caseload_runtime::{Call, CancellationToken};
use tonic::{Code, Status, Streaming};
use tracing::Instrument as _;

use super::contract::{self, Header};
use super::{Documents, units};
use crate::domain::document::{MOST_CHUNK, Place, Tally};
use crate::error::IntakeError;
use crate::storage::{Store, Writing};
use crate::work::discard::discard;

type Parts = Streaming<v1::UploadDocumentRequest>;

/// Takes an upload in, and answers the document that comes of it.
pub(super) async fn upload(
    service: &Documents,
    call: &Call,
    mut parts: Parts,
) -> Result<v1::Document, Status> {
    let mut violations = Violations::new();
    let first = match parts.message().await?.and_then(|first| first.part) {
        Some(Part::Header(header)) => Some(header),
        Some(Part::Chunk(_)) | None => None,
    };
    let read = violations.required("header", first).and_then(|given| {
        let retry = call.retry(&mut violations, &given.request_id, &given);
        Some((contract::header(&mut violations, &given)?, retry))
    });
    let (header, retry) = violations.finish(read)?;
    let scope = call.scope(header.firm, header.target)?;
    if let Some(retry) = &retry
        && let Some(answer) = service.db.answered(retry).await?
    {
        return Ok(answer);
    }
    let upload = Upload {
        service: service.clone(),
        act: Act::from(call),
        paralegal: call.caller.paralegal(),
        scope,
        retry,
        header,
    };
    // In a task of its own: when the caller goes away, or may wait no longer, it is told and tidies up.
    let gone = CancellationToken::new();
    let told = gone.clone().drop_guard();
    let taken = tokio::spawn(upload.take(parts, gone).in_current_span()).await;
    drop(told);
    match taken {
        Ok(answer) => answer,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(broken_off()),
        },
    }
}

fn broken_off() -> Status {
    let message = "the upload broke off; nothing of it is left";
    status(Code::Cancelled, Reason::new("UPLOAD_BROKEN_OFF"), message)
}

struct Upload {
    service: Documents,
    act: Act,
    paralegal: Option<ParalegalId>,
    scope: Scope,
    retry: Option<Retry>,
    header: Header,
}

impl Upload {
    async fn take(self, parts: Parts, gone: CancellationToken) -> Result<v1::Document, Status> {
        let place = self.begin().await?;
        let (db, stores) = (self.service.db.clone(), self.service.stores.clone());
        let firm = self.header.firm;
        // A repeat that came at the same time may have been the one that counted; then this one came to nothing too.
        let repeated = self.retry.is_some();
        let taken = match self.store(&place, parts, gone).await {
            Ok(()) => self.finish(place.clone()).await,
            Err(refused) => Err(refused),
        };
        if taken.is_err() || repeated {
            discard(&db, &stores, firm, place).await;
        }
        taken
    }

    async fn begin(&self) -> Result<Place, Status> {
        let service = &self.service;
        let (stores, header) = (service.stores.clone(), self.header.clone());
        let (paralegal, limits, within) = (self.paralegal, service.limits, service.longest_upload);
        let noted = service.db.run(self.scope, move |tx| {
            Box::pin(units::begin(tx, stores, header, paralegal, limits, within))
        });
        Ok(noted.await?)
    }

    async fn finish(self, place: Place) -> Result<v1::Document, Status> {
        let Self {
            act,
            paralegal,
            header,
            ..
        } = self;
        let kept = self.service.db.run_once(self.scope, self.retry, move |tx| {
            Box::pin(units::finish(tx, act, header, paralegal, place))
        });
        Ok(kept.await?)
    }

    /// Stores the content as it comes, and answers once the whole is stored and is what was declared.
    async fn store(
        &self,
        place: &Place,
        parts: Parts,
        gone: CancellationToken,
    ) -> Result<(), Status> {
        let store: &Store = self.service.stores.of(place).map_err(IntakeError::from)?;
        let writing = store.write(self.header.firm, place).await;
        let mut writing = writing.map_err(IntakeError::from)?;
        let tally = Tally::new(self.header.content);
        let passed = tokio::select! {
            biased;
            () = gone.cancelled() => Err(broken_off()),
            passed = pass(tally, parts, &mut writing) => passed,
        };
        match passed {
            Ok(()) => Ok(writing.finish().await.map_err(IntakeError::from)?),
            Err(refused) => {
                if let Err(error) = writing.abort().await {
                    tracing::debug!(%error, "what was written of an upload is left to be removed");
                }
                Err(refused)
            }
        }
    }
}

/// Passes chunks on until there are no more.
async fn pass(mut tally: Tally, mut parts: Parts, writing: &mut Writing) -> Result<(), Status> {
    while let Some(message) = parts.message().await? {
        let chunk = match message.part {
            Some(Part::Chunk(chunk)) if (1..=MOST_CHUNK).contains(&chunk.len()) => chunk,
            other => return Err(out_of_place(other.as_ref())),
        };
        tally.take(&chunk).map_err(IntakeError::from)?;
        writing.write(chunk).await.map_err(IntakeError::from)?;
    }
    Ok(tally.finish().map_err(IntakeError::from)?)
}

fn out_of_place(part: Option<&Part>) -> Status {
    let mut violations = Violations::new();
    match part {
        Some(Part::Header(_)) => violations.add("header", "is the first message alone"),
        Some(Part::Chunk(_)) => {
            violations.add("chunk", format!("must have 1 to {MOST_CHUNK} bytes"));
        }
        None => violations.add("chunk", "is required"),
    }
    match violations.finish::<()>(None) {
        Err(refused) => refused,
        Ok(()) => caseload_proto::status::internal("a violation was noted and not told"),
    }
}
