//! The units of work of `DocumentService`, but for the settings'.

use std::time::Duration;

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::DocumentName;
use caseload_domain::{DocumentId, ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use serde_json::json;
use time::OffsetDateTime;

use super::contract::{Header, answer, version};
use super::download::Wanted;
use crate::api::listing::Listing;
use crate::domain::document::{
    Document, DocumentState, DocumentVersion, Limits, MOST_VERSIONS, Place,
};
use crate::error::{IntakeError, Refusal};
use crate::storage::Stores;
use crate::store::documents::{Filter, settings, uploads, versions};
use crate::store::{self, Page};
use crate::work::documents::{self as work, Reached};

/// Takes room for an upload, and notes it, before anything of it is stored.
pub(super) async fn begin(
    tx: &mut Transaction,
    stores: Stores,
    header: Header,
    paralegal: Option<ParalegalId>,
    configured: Limits,
    within: Duration,
) -> Result<Place, IntakeError> {
    let firm_id = header.firm;
    let reached = work::reach(tx, firm_id, paralegal, header.target).await?;
    if let Some(document) = &reached.document {
        takes_another(document)?;
    }
    let firm = store::firms::get(tx, firm_id).await?;
    if paralegal.is_none() && firm.suspended.is_some() {
        return Err(IntakeError::Refused(Refusal::FirmSuspended));
    }
    let limits = settings::get(tx, firm_id).await?.limits(configured);
    let size = header.content.size;
    if size > limits.version {
        return Err(IntakeError::Refused(Refusal::DocumentTooLarge));
    }
    let store = stores
        .for_residency(&firm.profile.data_residency)
        .ok_or(IntakeError::Refused(Refusal::ResidencyUnavailable))?;
    let place = Place {
        store,
        object: uuid::Uuid::new_v4(),
    };
    uploads::insert(tx, firm_id, &place, size, within).await?;
    if settings::take(tx, firm_id, size, limits.total).await? {
        Ok(place)
    } else {
        Err(IntakeError::Refused(Refusal::DocumentStorageFull))
    }
}

fn takes_another(document: &Document) -> Result<(), IntakeError> {
    document.must_be_active("a new version")?;
    if document.latest.number < MOST_VERSIONS {
        Ok(())
    } else {
        Err(IntakeError::Refused(Refusal::DocumentVersionsFull))
    }
}

/// Makes an upload whose content is stored a version of a document.
pub(super) async fn finish(
    tx: &mut Transaction,
    act: Act,
    header: Header,
    paralegal: Option<ParalegalId>,
    place: Place,
) -> Result<v1::Document, IntakeError> {
    let firm = header.firm;
    // Whoever was released from the task meanwhile finds it no more.
    let reached = work::reach(tx, firm, paralegal, header.target).await?;
    if !uploads::finish(tx, firm, &place).await? {
        return Err(IntakeError::Refused(Refusal::UploadExpired));
    }
    let version = DocumentVersion {
        number: 1,
        place,
        display_name: header.display_name.clone().unwrap_or_default(),
        media_type: header.media_type,
        content: header.content,
        uploaded_by: act.actor.clone(),
        paralegal,
        create_time: act.now,
    };
    let document = match reached.document {
        Some(Document { name, .. }) => add_version(tx, &act, name, version).await?,
        None => {
            add(
                tx,
                &act,
                DocumentName::new(firm, DocumentId::generate()),
                &reached,
                version,
            )
            .await?
        }
    };
    work::announce(tx, &act, &document).await?;
    Ok(answer(&document))
}

async fn add(
    tx: &mut Transaction,
    act: &Act,
    name: DocumentName,
    reached: &Reached,
    first: DocumentVersion,
) -> Result<Document, IntakeError> {
    let document = Document {
        name,
        matter: reached.matter,
        task: reached.task,
        state: DocumentState::Active,
        latest: first,
        delete_time: None,
        purge_time: None,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    store::documents::insert(tx, &document).await?;
    work::record(tx, act, name, None).await?;
    Ok(document)
}

async fn add_version(
    tx: &mut Transaction,
    act: &Act,
    name: DocumentName,
    next: DocumentVersion,
) -> Result<Document, IntakeError> {
    let mut document = store::documents::lock(tx, name).await?;
    takes_another(&document)?;
    let before = store::documents::record(tx, name).await?;
    let last = std::mem::replace(&mut document.latest, next);
    document.latest.number = last.number + 1;
    if document.latest.display_name.is_empty() {
        document.latest.display_name = last.display_name;
    }
    versions::insert(tx, name, &document.latest).await?;
    store::documents::save(tx, &mut document, act.now).await?;
    work::record(tx, act, name, before).await?;
    Ok(document)
}

/// The version that is to be downloaded. That it was is put on record.
pub(super) async fn open(
    tx: &mut Transaction,
    act: Act,
    wanted: Wanted,
) -> Result<DocumentVersion, IntakeError> {
    let name = wanted.name;
    let document = store::documents::get(tx, name).await?;
    document.must_be_active("downloaded")?;
    let version = match wanted.version {
        0 => document.latest,
        number => versions::find(tx, name, number)
            .await?
            .ok_or_else(|| IntakeError::NotFound(format!("version {number} of {name}")))?,
    };
    if wanted.offset > version.content.size {
        return Err(IntakeError::Invalid {
            field: "offset_bytes",
            why: format!(
                "must be at most the version's size, {}",
                version.content.size
            ),
        });
    }
    let what = json!({ "version": version.number, "offset_bytes": wanted.offset });
    act.record(tx, Some(name.firm), name.to_string(), None, Some(what))
        .await?;
    Ok(version)
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: DocumentName,
) -> Result<v1::Document, IntakeError> {
    Ok(answer(&store::documents::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListDocumentsResponse, IntakeError> {
    let mut keys = store::documents::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let documents = store::documents::load(tx, &keys).await?;
    Ok(v1::ListDocumentsResponse {
        documents: documents.iter().map(answer).collect(),
        next_page_token,
    })
}

/// One page of a document's versions, by their numbers.
pub(super) async fn versions(
    tx: &mut Transaction,
    db: Database,
    listing: Listing<i32>,
    name: DocumentName,
) -> Result<v1::ListDocumentVersionsResponse, IntakeError> {
    store::documents::get(tx, name).await?;
    let Page { after, limit } = listing.page();
    let mut found = versions::page(tx, name, after.unwrap_or_default(), limit).await?;
    let next_page_token = listing.cut_rows(&db, &mut found, |version| version.number)?;
    Ok(v1::ListDocumentVersionsResponse {
        versions: found.iter().map(version).collect(),
        next_page_token,
    })
}

pub(super) async fn delete(
    tx: &mut Transaction,
    act: Act,
    name: DocumentName,
    given_etag: String,
    paralegal: Option<ParalegalId>,
    purge_time: OffsetDateTime,
) -> Result<v1::Document, IntakeError> {
    // Seen in the caller's own scope; from here on the work is the firm's.
    store::documents::get(tx, name).await?;
    tx.set_scope(Scope::Firm(name.firm)).await?;
    let mut document = store::documents::lock(tx, name).await?;
    etag::check(&given_etag, document.version)?;
    document.must_be_active("deleted")?;
    if paralegal.is_some() {
        let all = versions::page(tx, name, 0, MOST_VERSIONS.into()).await?;
        if all.iter().any(|version| version.paralegal != paralegal) {
            return Err(IntakeError::Refused(Refusal::DocumentOfOthers));
        }
    }
    if store::documents::is_delivered(tx, name).await? {
        return Err(IntakeError::Refused(Refusal::DocumentDelivered));
    }
    let before = store::documents::record(tx, name).await?;
    document.state = DocumentState::Deleted;
    document.delete_time = Some(act.now);
    document.purge_time = Some(purge_time);
    store::documents::save(tx, &mut document, act.now).await?;
    work::record(tx, &act, name, before).await?;
    Ok(answer(&document))
}
