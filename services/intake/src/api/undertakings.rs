//! `UndertakingService`.

mod contract;
mod units;

use caseload_database::Database;
use caseload_domain::UndertakingId;
use caseload_domain::name::{FirmName, UndertakingName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::undertaking_service_server::UndertakingService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use super::fields;
use super::listing::Listing;

/// Serves `UndertakingService`.
#[derive(Debug, Clone)]
pub(crate) struct Undertakings {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl UndertakingService for Undertakings {
    async fn create_undertaking(
        &self,
        request: Request<v1::CreateUndertakingRequest>,
    ) -> Result<Response<v1::Undertaking>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.UndertakingService/CreateUndertaking",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let terms = violations
            .required("undertaking", request.undertaking.as_ref())
            .and_then(|given| contract::terms(&mut violations, given, firm));
        let (firm, terms) = violations.finish(firm.zip(terms))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let act = Act::from(&call);
        let name = UndertakingName::new(firm, UndertakingId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, terms))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_undertaking(
        &self,
        request: Request<v1::GetUndertakingRequest>,
    ) -> Result<Response<v1::Undertaking>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.UndertakingService/GetUndertaking",
        )?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: UndertakingName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_undertakings(
        &self,
        request: Request<v1::ListUndertakingsRequest>,
    ) -> Result<Response<v1::ListUndertakingsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.UndertakingService/ListUndertakings",
        )?;
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

    async fn revoke_undertaking(
        &self,
        request: Request<v1::RevokeUndertakingRequest>,
    ) -> Result<Response<v1::Undertaking>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.UndertakingService/RevokeUndertaking",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (name, reason): (UndertakingName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::revoke(tx, act, name, request.etag, reason))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
