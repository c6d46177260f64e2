//! Documents: uploads and downloads, who reaches them, how much there may be, and what is left of what goes wrong.

mod access;
mod broken;
mod damage;
mod handed_over;
mod limits;
mod residency;
mod round_trip;
mod settings;
mod sweep;

use std::collections::BTreeSet;
use std::path::Path;

use bytes::Bytes;
use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::download_document_response::Part as Got;
use caseload_proto::caseload::intake::v1::upload_document_request::Part;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::eventually;
use sha2::{Digest as _, Sha256};
use tonic::Status;

use crate::world::{FirmOf, Person, World};

/// The most bytes of a chunk.
const CHUNK: usize = 256 * 1024;

/// A firm with a task in the hands of a paralegal.
struct Case {
    world: World,
    firm: FirmOf,
    matter: Matter,
    task: Task,
    paralegal: ParalegalId,
}

impl Case {
    async fn new() -> Self {
        Self::in_world(World::new().await).await
    }

    async fn in_world(world: World) -> Self {
        let firm = world.firm("DOE").await;
        let matter = firm.matter("Alice", "Bob").await;
        let (_, task) = firm.accepted(&world, &matter).await;
        let paralegal = ParalegalId::generate();
        world.give(&task.name, paralegal).await;
        Self {
            world,
            firm,
            matter,
            task,
            paralegal,
        }
    }

    fn worker(&self) -> Person {
        self.world.paralegal(self.paralegal)
    }

    /// What heads an upload of some content to the task.
    fn header(&self, content: &[u8]) -> UploadDocumentHeader {
        UploadDocumentHeader {
            parent: self.firm.name.clone(),
            task: self.task.name.clone(),
            ..header(content)
        }
    }

    /// The same as a new version of a document.
    fn next(&self, document: &Document, content: &[u8]) -> UploadDocumentHeader {
        UploadDocumentHeader {
            parent: self.firm.name.clone(),
            document: document.name.clone(),
            display_name: String::new(),
            ..header(content)
        }
    }

    /// A document of the task, uploaded by its paralegal.
    async fn document(&self, content: &[u8]) -> Document {
        upload(&self.worker(), self.header(content), content)
            .await
            .unwrap()
    }
}

/// What some content is, for a firm and a place that are still to be said.
fn header(content: &[u8]) -> UploadDocumentHeader {
    UploadDocumentHeader {
        display_name: "Brief.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: content.len().try_into().unwrap(),
        sha256: Sha256::digest(content).to_vec().into(),
        ..UploadDocumentHeader::default()
    }
}

fn message(part: Part) -> UploadDocumentRequest {
    UploadDocumentRequest { part: Some(part) }
}

/// The messages of an upload.
fn messages(header: UploadDocumentHeader, content: &[u8]) -> Vec<UploadDocumentRequest> {
    let chunks = content
        .chunks(CHUNK)
        .map(|chunk| message(Part::Chunk(Bytes::copy_from_slice(chunk))));
    std::iter::once(message(Part::Header(header)))
        .chain(chunks)
        .collect()
}

async fn send(person: &Person, messages: Vec<UploadDocumentRequest>) -> Result<Document, Status> {
    let messages = futures::stream::iter(messages);
    let answer = person.clone().documents.upload_document(messages).await?;
    Ok(answer.into_inner())
}

async fn upload(
    person: &Person,
    header: UploadDocumentHeader,
    content: &[u8],
) -> Result<Document, Status> {
    send(person, messages(header, content)).await
}

/// The version that was told, every byte that came, and how it ended.
async fn download_of(
    person: &Person,
    request: DownloadDocumentRequest,
) -> (Option<DocumentVersion>, Vec<u8>, Result<(), Status>) {
    let (mut version, mut content) = (None, Vec::new());
    let mut parts = match person.clone().documents.download_document(request).await {
        Ok(answer) => answer.into_inner(),
        Err(refused) => return (version, content, Err(refused)),
    };
    loop {
        match parts.message().await {
            Ok(Some(message)) => match message.part.expect("a part") {
                Got::Version(told) => version = Some(told),
                Got::Chunk(chunk) => {
                    assert!((1..=CHUNK).contains(&chunk.len()));
                    content.extend_from_slice(&chunk);
                }
            },
            Ok(None) => return (version, content, Ok(())),
            Err(broken) => return (version, content, Err(broken)),
        }
    }
}

async fn download(person: &Person, document: &Document) -> Result<Vec<u8>, Status> {
    let request = DownloadDocumentRequest {
        name: document.name.clone(),
        ..DownloadDocumentRequest::default()
    };
    let (version, content, ended) = download_of(person, request).await;
    ended?;
    assert!(version.is_some());
    Ok(content)
}

async fn get(person: &Person, name: &str) -> Result<Document, Status> {
    let request = GetDocumentRequest {
        name: name.to_owned(),
    };
    let answer = person.clone().documents.get_document(request).await?;
    Ok(answer.into_inner())
}

async fn delete(person: &Person, document: &Document) -> Result<Document, Status> {
    let request = DeleteDocumentRequest {
        name: document.name.clone(),
        ..DeleteDocumentRequest::default()
    };
    let answer = person.clone().documents.delete_document(request).await?;
    Ok(answer.into_inner())
}

async fn list(person: &Person, request: ListDocumentsRequest) -> Vec<String> {
    let answer = person.clone().documents.list_documents(request).await;
    let documents = answer.unwrap().into_inner().documents;
    documents
        .into_iter()
        .map(|document| document.name)
        .collect()
}

/// Lets a firm store so many bytes in a version, and in all of them; 0 for what is configured.
async fn limit(world: &World, firm: &FirmOf, version: i64, total: i64) {
    let request = UpdateDocumentSettingsRequest {
        document_settings: Some(DocumentSettings {
            name: format!("{}/documentSettings", firm.name),
            most_version_bytes: version,
            most_total_bytes: total,
            ..DocumentSettings::default()
        }),
        ..UpdateDocumentSettingsRequest::default()
    };
    let mut manager = world.manager();
    manager
        .documents
        .update_document_settings(request)
        .await
        .unwrap();
}

/// Every file below a folder, as its path from there.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|file| format!("{}/{file}", path.file_name().unwrap().to_string_lossy())),
            );
        } else {
            found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

/// The objects that documents are made of.
async fn known(world: &World) -> BTreeSet<String> {
    let mut connection = world.database.inspect().await;
    let known: Vec<String> = sqlx::query_scalar(
        "select v.firm_id || '/' || v.object_id from document_versions v join documents d using (firm_id, document_id)
         where not d.purged",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    known.into_iter().collect()
}

/// Whether the store holds exactly what documents are made of, and the count of bytes is what they have.
async fn is_tidy(world: &World) -> bool {
    let sizes = "select (select coalesce(sum(size_bytes), 0) from document_versions v
                         join documents d using (firm_id, document_id) where not d.purged)
                      = (select coalesce(sum(stored_bytes), 0) from document_usage)";
    let mut connection = world.database.inspect().await;
    let counted: bool = sqlx::query_scalar(sizes)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let under_way = world.count("select count(*) from document_uploads").await;
    counted && under_way == 0 && files(world.folder.path()) == known(world).await
}

/// Waits until nothing is left of an upload whose caller went away.
async fn becomes_tidy(world: &World) {
    eventually("nothing is left", async || is_tidy(world).await).await;
}
