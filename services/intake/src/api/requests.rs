//! `RequestService`.

pub(super) mod contract;
pub(super) mod decisions;
mod units;

use caseload_database::Database;
use caseload_domain::RequestId;
use caseload_domain::name::{FirmName, RequestName};
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::request_service_server::RequestService;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::contract::UPDATABLE;
use super::fields;
use super::listing::Listing;
use super::veil;

/// Serves `RequestService`.
#[derive(Debug, Clone)]
pub(crate) struct Requests {
    pub(crate) db: Database,
    /// How alike names must be to collide.
    pub(crate) threshold: Score,
}

/// A method that moves a request without saying more than which: parse, hold, move, answer.
macro_rules! move_request {
    ($service:expr, $request:expr, $method:literal, $unit:path $(, $more:expr)?) => {{
        let (call, request) = Call::open(
            $request,
            concat!("caseload.intake.v1.RequestService/", $method),
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = $service
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin($unit(tx, act, name, request.etag $(, $more)?))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }};
}

#[tonic::async_trait]
impl RequestService for Requests {
    async fn create_request(
        &self,
        request: Request<v1::CreateRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.RequestService/CreateRequest")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let draft = violations
            .required("request", request.request.as_ref())
            .and_then(|given| {
                let matter = contract::matter(&mut violations, given, firm);
                let facts =
                    contract::patch(&mut violations, given, &Mask::of(UPDATABLE)).complete();
                matter.zip(facts)
            });
        let (firm, (matter, facts)) = violations.finish(firm.zip(draft))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let act = Act::from(&call);
        let name = RequestName::new(firm, RequestId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, matter, facts))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn get_request(
        &self,
        request: Request<v1::GetRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.RequestService/GetRequest")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn list_requests(
        &self,
        request: Request<v1::ListRequestsRequest>,
    ) -> Result<Response<v1::ListRequestsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.RequestService/ListRequests")?;
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
        Ok(veil::tell(&call, answer))
    }

    async fn update_request(
        &self,
        request: Request<v1::UpdateRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.RequestService/UpdateRequest")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let parsed = violations
            .required("request", request.request.as_ref())
            .and_then(|given| {
                let name = fields::parsed(&mut violations, "request.name", &given.name);
                let patch = contract::patch(&mut violations, given, &mask);
                Some((name?, patch, given.etag.clone()))
            });
        let (name, patch, etag): (RequestName, _, _) = violations.finish(parsed)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::update(tx, act, name, etag, patch))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn submit_request(
        &self,
        request: Request<v1::SubmitRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let threshold = self.threshold;
        move_request!(self, request, "SubmitRequest", decisions::submit, threshold)
    }

    async fn start_review(
        &self,
        request: Request<v1::StartReviewRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        move_request!(self, request, "StartReview", decisions::start_review)
    }

    async fn accept_request(
        &self,
        request: Request<v1::AcceptRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.RequestService/AcceptRequest")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        // In a unit of its own, so that a conflict that is found now stays on file though the acceptance fails.
        let first = act.clone();
        self.db
            .run(scope, move |tx| {
                Box::pin(decisions::check_once_more(tx, first, name, threshold))
            })
            .await?;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(decisions::accept(tx, act, name, request.etag, threshold))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn decline_request(
        &self,
        request: Request<v1::DeclineRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.RequestService/DeclineRequest")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (name, reason): (RequestName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(decisions::decline(tx, act, name, request.etag, reason))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn withdraw_request(
        &self,
        request: Request<v1::WithdrawRequestRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.RequestService/WithdrawRequest")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::optional_reason(&mut violations, &request.reason);
        let (name, reason): (RequestName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(decisions::withdraw(tx, act, name, request.etag, reason))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }
}
