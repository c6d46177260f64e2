//! `RequestImportService`.

mod columns;
mod contract;
mod making;
mod rows;
mod session;
mod source;
mod units;

use caseload_database::{Database, DatabaseError};
use caseload_domain::RequestImportId;
use caseload_domain::name::{FirmName, RequestImportName};
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::request_import_service_server::RequestImportService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument as _;

use self::session::Session;
use super::fields;
use super::listing::Listing;

/// Serves `RequestImportService`.
#[derive(Debug, Clone)]
pub(crate) struct RequestImports {
    pub(crate) db: Database,
    /// How alike names must be to collide.
    pub(crate) threshold: Score,
}

#[tonic::async_trait]
impl RequestImportService for RequestImports {
    type ImportRequestsStream = ReceiverStream<Result<v1::ImportRequestsResponse, Status>>;

    async fn import_requests(
        &self,
        request: Request<Streaming<v1::ImportRequestsRequest>>,
    ) -> Result<Response<Self::ImportRequestsStream>, Status> {
        let (call, mut stream) = Call::open(
            request,
            "caseload.intake.v1.RequestImportService/ImportRequests",
        )?;
        let first = stream.message().await?;
        let mut violations = Violations::new();
        let header = contract::header(&mut violations, first.as_ref());
        let header = violations.finish(header)?;
        let scope = call.scope(header.firm, FirmName(header.firm))?;
        let act = Act::from(&call);
        let principal = call.caller.actor().to_owned();
        let name = RequestImportName::new(header.firm, RequestImportId::generate());
        let (opening, threshold) = (act.clone(), self.threshold);
        let (import, terms) = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::open(tx, opening, principal, name, header, threshold))
            })
            .await?;
        let lease = session::take(&self.db, import.name).await?;
        // Read again under the lease: the stream before may have gone further meanwhile.
        let name = import.name;
        let import = self
            .db
            .run::<_, crate::error::IntakeError, _>(scope, move |tx| {
                Box::pin(crate::store::request_imports::get(tx, name))
            })
            .await?;
        let (session, answers) = Session::new(self.db.clone(), scope, lease, act, import, terms);
        // In a task of its own, so that a caller who goes away leaves the import whole.
        tokio::spawn(session.run(stream).in_current_span());
        Ok(Response::new(ReceiverStream::new(answers)))
    }

    async fn get_request_import(
        &self,
        request: Request<v1::GetRequestImportRequest>,
    ) -> Result<Response<v1::RequestImport>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestImportService/GetRequestImport",
        )?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestImportName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_request_imports(
        &self,
        request: Request<v1::ListRequestImportsRequest>,
    ) -> Result<Response<v1::ListRequestImportsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.RequestImportService/ListRequestImports",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let parent = fields::parent(&mut violations, &request.parent);
        let (size, parent) = violations.finish(size.zip(parent))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, parent.one()))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_request_import_errors(
        &self,
        request: Request<v1::ListRequestImportErrorsRequest>,
    ) -> Result<Response<v1::ListRequestImportErrorsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.RequestImportService/ListRequestImportErrors",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let name = fields::parsed(&mut violations, "parent", &request.parent);
        let (size, name): (_, RequestImportName) = violations.finish(size.zip(name))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope(name.firm, name)?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list_errors(tx, db, listing, name))
            })
            .await?;
        Ok(Response::new(answer))
    }
}

/// What a lost lease is to a caller: another stream has the import.
fn of_lease(error: DatabaseError) -> Status {
    match error {
        DatabaseError::LeaseLost(_) | DatabaseError::Timeout | DatabaseError::Contention => {
            session::under_way()
        }
        error => error.into(),
    }
}
