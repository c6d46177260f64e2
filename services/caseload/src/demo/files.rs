//! Documents as people send and fetch them: in chunks, with the hash of the whole.

use anyhow::{Context as _, Result, ensure};
use caseload_proto::caseload::intake::v1 as intake;
use intake::download_document_response::Part as Down;
use intake::upload_document_request::Part as Up;
use sha2::{Digest as _, Sha256};

use super::desk::{Clients, request_id};

/// The most bytes of a chunk.
const CHUNK: usize = 256 * 1024;

/// Uploads a text: a new document of a task, or where one is named, its next version.
pub async fn upload(
    clients: &Clients,
    of: intake::UploadDocumentHeader,
    text: &str,
) -> Result<intake::Document> {
    let header = intake::UploadDocumentHeader {
        media_type: "text/plain".to_owned(),
        size_bytes: text.len().try_into()?,
        sha256: Sha256::digest(text).to_vec().into(),
        request_id: request_id(),
        ..of
    };
    let parts: Vec<_> = std::iter::once(Up::Header(header))
        .chain(
            text.as_bytes()
                .chunks(CHUNK)
                .map(|chunk| Up::Chunk(chunk.to_vec().into())),
        )
        .map(|part| intake::UploadDocumentRequest { part: Some(part) })
        .collect();
    let stored = clients
        .documents()
        .upload_document(futures::stream::iter(parts))
        .await
        .context("upload a document")?;
    Ok(stored.into_inner())
}

/// Downloads the newest version of a document; it is what its hash says.
pub async fn download(clients: &Clients, document: &str) -> Result<Vec<u8>> {
    let request = intake::DownloadDocumentRequest {
        name: document.to_owned(),
        ..Default::default()
    };
    let mut parts = clients
        .documents()
        .download_document(request)
        .await
        .context("download a document")?
        .into_inner();
    let (mut version, mut content) = (None, Vec::new());
    while let Some(message) = parts.message().await? {
        match message.part {
            Some(Down::Version(told)) => version = Some(told),
            Some(Down::Chunk(chunk)) => content.extend(chunk),
            None => {}
        }
    }
    let version = version.context("what is downloaded")?;
    ensure!(
        Sha256::digest(&content).as_slice() == version.sha256,
        "{document} is not what was uploaded"
    );
    Ok(content)
}
