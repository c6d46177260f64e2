//! `ConflictService`.

mod contract;
mod search;
mod units;

use caseload_database::Database;
use caseload_domain::Scope;
use caseload_domain::name::ConflictCheckName;
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::conflict_service_server::ConflictService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::contract::Viewer;
pub(crate) use self::contract::matter_below;
use super::fields;
use super::listing::Listing;

/// Serves `ConflictService`.
#[derive(Debug, Clone)]
pub(crate) struct Conflicts {
    pub(crate) db: Database,
    /// How alike names must be to collide.
    pub(crate) threshold: Score,
}

#[tonic::async_trait]
impl ConflictService for Conflicts {
    async fn get_conflict_check(
        &self,
        request: Request<v1::GetConflictCheckRequest>,
    ) -> Result<Response<v1::ConflictCheck>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.ConflictService/GetConflictCheck",
        )?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: ConflictCheckName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let viewer = Viewer::of(&call.caller);
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name, viewer)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_conflict_checks(
        &self,
        request: Request<v1::ListConflictChecksRequest>,
    ) -> Result<Response<v1::ListConflictChecksResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.ConflictService/ListConflictChecks",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let parent = fields::parent(&mut violations, &request.parent);
        let filter = contract::filter(&mut violations, &request, parent);
        let (size, (parent, filter)) = violations.finish(size.zip(parent.zip(filter)))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let viewer = Viewer::of(&call.caller);
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, filter, viewer))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn search_conflict_names(
        &self,
        request: Request<v1::SearchConflictNamesRequest>,
    ) -> Result<Response<v1::SearchConflictNamesResponse>, Status> {
        let (_, request) = Call::open(
            request,
            "caseload.intake.v1.ConflictService/SearchConflictNames",
        )?;
        let mut violations = Violations::new();
        let search = search::read(&mut violations, &request, self.threshold);
        let search = violations.finish(search)?;
        let answer = self
            .db
            .run(Scope::AllFirms, move |tx| Box::pin(search::run(tx, search)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn resolve_conflict(
        &self,
        request: Request<v1::ResolveConflictRequest>,
    ) -> Result<Response<v1::ConflictCheck>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.ConflictService/ResolveConflict",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let act = Act::from(&call);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let resolution = contract::resolution(&mut violations, &request, act.now);
        let (name, resolution): (ConflictCheckName, _) = violations.finish(name.zip(resolution))?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::resolve(tx, act, name, request.etag, resolution))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
