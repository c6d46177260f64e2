//! Giving a version's content out, in chunks, checked on the way.

use bytes::{Bytes, BytesMut};
use caseload_domain::name::DocumentName;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::download_document_response::Part;
use caseload_proto::parse::Violations;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tonic::Status;

use super::contract;
use crate::api::fields;
use crate::domain::document::{DocumentVersion, MOST_CHUNK, Tally};
use crate::error::IntakeError;
use crate::storage::{StoreError, Stores};

/// What is to be downloaded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) name: DocumentName,
    /// 0: the newest.
    pub(super) version: i32,
    /// How many bytes the caller has already.
    pub(super) offset: i64,
}

/// Reads what is to be downloaded.
pub(super) fn wanted(request: &v1::DownloadDocumentRequest) -> Result<Wanted, Status> {
    let mut violations = Violations::new();
    let name = fields::parsed(&mut violations, "name", &request.name);
    let (version, offset) = (request.version, request.offset_bytes);
    violations.check("version", version >= 0, "must not be negative");
    violations.check("offset_bytes", offset >= 0, "must not be negative");
    let name = violations.finish(name)?;
    Ok(Wanted {
        name,
        version,
        offset,
    })
}

/// A version and its content, as the caller gets them.
pub(super) async fn content(
    stores: &Stores,
    wanted: Wanted,
    version: DocumentVersion,
) -> Result<BoxStream<'static, Result<v1::DownloadDocumentResponse, Status>>, Status> {
    let store = stores.of(&version.place).map_err(IntakeError::from)?;
    let pieces = store.read(wanted.name.firm, &version.place).await;
    let reading = Reading {
        name: wanted.name,
        pieces: pieces.map_err(IntakeError::from)?,
        tally: Tally::new(version.content),
        offset: wanted.offset,
        held: BytesMut::new(),
        checked: false,
    };
    let message = |part| v1::DownloadDocumentResponse { part: Some(part) };
    let first = message(Part::Version(contract::version(&version)));
    let chunks = stream::try_unfold(reading, Reading::next)
        .map_ok(move |chunk| message(Part::Chunk(chunk)))
        .map_err(Status::from);
    Ok(stream::once(async { Ok(first) }).chain(chunks).boxed())
}

/// Content that is being read. The whole of it is, whatever the offset, since its hash is of the whole; and as much as one
/// chunk is held back until the hash is known, so that nobody has all of what is damaged.
struct Reading {
    name: DocumentName,
    pieces: BoxStream<'static, Result<Bytes, StoreError>>,
    tally: Tally,
    offset: i64,
    held: BytesMut,
    checked: bool,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, IntakeError> {
        loop {
            if self.checked && self.held.is_empty() {
                return Ok(None);
            }
            if self.checked || self.held.len() > MOST_CHUNK {
                let length = self.held.len().min(MOST_CHUNK);
                let chunk = self.held.split_to(length).freeze();
                return Ok(Some((chunk, self)));
            }
            if let Some(piece) = self.pieces.next().await.transpose()? {
                self.hold(&piece)?;
            } else {
                self.tally.clone().finish().map_err(|_| self.damaged())?;
                self.checked = true;
            }
        }
    }

    /// Holds what the caller has not got of a piece.
    fn hold(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        let passed = self.tally.counted();
        self.tally.take(piece).map_err(|_| self.damaged())?;
        let skipped = usize::try_from(self.offset.saturating_sub(passed)).unwrap_or_default();
        self.held
            .extend_from_slice(piece.get(skipped..).unwrap_or_default());
        Ok(())
    }

    fn damaged(&self) -> IntakeError {
        tracing::error!(document = %self.name, "the stored content is not what was uploaded");
        IntakeError::ContentDamaged
    }
}
