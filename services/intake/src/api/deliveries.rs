//! `DeliveryService`.

mod contract;
mod units;

use caseload_database::Database;
use caseload_domain::DeliveryId;
use caseload_domain::name::{DeliveryName, FirmName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::delivery_service_server::DeliveryService;
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::units::Review;
use super::fields;
use super::listing::Listing;

/// Serves `DeliveryService`.
#[derive(Debug, Clone)]
pub(crate) struct Deliveries {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn create_delivery(
        &self,
        request: Request<v1::CreateDeliveryRequest>,
    ) -> Result<Response<v1::Delivery>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.DeliveryService/CreateDelivery")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let given = violations
            .required("delivery", request.delivery.as_ref())
            .and_then(|given| contract::new_delivery(&mut violations, given, firm));
        let (firm, given) = violations.finish(firm.zip(given))?;
        let scope = call.scope(firm, FirmName(firm))?;
        // Whoever is no paralegal has no task to deliver on.
        let paralegal = call
            .caller
            .paralegal()
            .ok_or_else(|| not_found(given.task))?;
        let act = Act::from(&call);
        let name = DeliveryName::new(firm, DeliveryId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, paralegal, given))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_delivery(
        &self,
        request: Request<v1::GetDeliveryRequest>,
    ) -> Result<Response<v1::Delivery>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.DeliveryService/GetDelivery")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: DeliveryName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_deliveries(
        &self,
        request: Request<v1::ListDeliveriesRequest>,
    ) -> Result<Response<v1::ListDeliveriesResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.DeliveryService/ListDeliveries")?;
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

    async fn accept_delivery(
        &self,
        request: Request<v1::AcceptDeliveryRequest>,
    ) -> Result<Response<v1::Delivery>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.DeliveryService/AcceptDelivery")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: DeliveryName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let (act, own) = (Act::from(&call), call.caller.firm().is_some());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                let review = Review::Accept;
                Box::pin(units::review(tx, act, name, request.etag, review, own))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn request_revision(
        &self,
        request: Request<v1::RequestRevisionRequest>,
    ) -> Result<Response<v1::Delivery>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.DeliveryService/RequestRevision",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (name, reason): (DeliveryName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let (act, own) = (Act::from(&call), call.caller.firm().is_some());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::review(
                    tx,
                    act,
                    name,
                    request.etag,
                    Review::Revise(reason),
                    own,
                ))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
