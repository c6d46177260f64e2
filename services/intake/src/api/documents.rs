//! `DocumentService`.

mod contract;
mod download;
mod settings;
mod units;
mod upload;

use std::time::Duration;

use caseload_database::Database;
use caseload_domain::name::DocumentName;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::document_service_server::DocumentService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::fields;
use super::listing::Listing;
use crate::domain::document::Limits;
use crate::storage::Stores;

/// Serves `DocumentService`.
#[derive(Debug, Clone)]
pub(crate) struct Documents {
    pub(crate) db: Database,
    pub(crate) stores: Stores,
    /// How much a firm may store for which nothing else was decided.
    pub(crate) limits: Limits,
    /// How long the content of a deleted document is kept.
    pub(crate) purge_after: time::Duration,
    /// After how long nobody is at an upload any more.
    pub(crate) longest_upload: Duration,
}

#[tonic::async_trait]
impl DocumentService for Documents {
    type DownloadDocumentStream = BoxStream<'static, Result<v1::DownloadDocumentResponse, Status>>;

    async fn upload_document(
        &self,
        request: Request<Streaming<v1::UploadDocumentRequest>>,
    ) -> Result<Response<v1::Document>, Status> {
        let (call, parts) =
            Call::open(request, "caseload.intake.v1.DocumentService/UploadDocument")?;
        Ok(Response::new(upload::upload(self, &call, parts).await?))
    }

    async fn download_document(
        &self,
        request: Request<v1::DownloadDocumentRequest>,
    ) -> Result<Response<Self::DownloadDocumentStream>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.DocumentService/DownloadDocument",
        )?;
        let wanted = download::wanted(&request)?;
        let scope = call.scope(wanted.name.firm, wanted.name)?;
        let act = Act::from(&call);
        let version = self
            .db
            .run(scope, move |tx| Box::pin(units::open(tx, act, wanted)))
            .await?;
        let content = download::content(&self.stores, wanted, version).await?;
        Ok(Response::new(content))
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Result<Response<v1::Document>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.DocumentService/GetDocument")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: DocumentName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_documents(
        &self,
        request: Request<v1::ListDocumentsRequest>,
    ) -> Result<Response<v1::ListDocumentsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.DocumentService/ListDocuments")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let parent = fields::parent(&mut violations, &request.parent);
        let filter = contract::filter(&mut violations, &request, parent);
        let (size, (parent, filter)) = violations.finish(size.zip(parent.zip(filter)))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, filter))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_document_versions(
        &self,
        request: Request<v1::ListDocumentVersionsRequest>,
    ) -> Result<Response<v1::ListDocumentVersionsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.DocumentService/ListDocumentVersions",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let name = fields::parsed(&mut violations, "parent", &request.parent);
        let (size, name): (_, DocumentName) = violations.finish(size.zip(name))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope(name.firm, name)?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::versions(tx, db, listing, name))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn delete_document(
        &self,
        request: Request<v1::DeleteDocumentRequest>,
    ) -> Result<Response<v1::Document>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.DocumentService/DeleteDocument")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: DocumentName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let (act, paralegal) = (Act::from(&call), call.caller.paralegal());
        let purge_after = self.purge_after;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                let purge_time = act.now + purge_after;
                Box::pin(units::delete(
                    tx,
                    act,
                    name,
                    request.etag,
                    paralegal,
                    purge_time,
                ))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_document_settings(
        &self,
        request: Request<v1::GetDocumentSettingsRequest>,
    ) -> Result<Response<v1::DocumentSettings>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.DocumentService/GetDocumentSettings",
        )?;
        let mut violations = Violations::new();
        let firm = settings::firm(&mut violations, "name", &request.name);
        let firm = violations.finish(firm)?;
        let scope = call.scope(firm, &request.name)?;
        let limits = self.limits;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(settings::get(tx, firm, limits)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn update_document_settings(
        &self,
        request: Request<v1::UpdateDocumentSettingsRequest>,
    ) -> Result<Response<v1::DocumentSettings>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.DocumentService/UpdateDocumentSettings",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let change = settings::change(&mut violations, &request);
        let change = violations.finish(change)?;
        let name = settings::name(change.firm);
        let scope = call.scope(change.firm, name)?;
        let (act, limits) = (Act::from(&call), self.limits);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(settings::update(tx, act, change, limits))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
