//! `FirmService`.

mod consents;
mod contract;
mod offices;
mod profile;
mod units;

use caseload_database::Database;
use caseload_domain::name::{FirmName, FirmParent};
use caseload_domain::{ConsentId, FirmId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::firm_service_server::FirmService;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::contract::UPDATABLE;
use super::fields;
use super::listing::Listing;
use super::numbers;

/// The most characters of a name.
const NAME: usize = 200;

/// Serves `FirmService`.
#[derive(Debug, Clone)]
pub(crate) struct Firms {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl FirmService for Firms {
    async fn create_firm(
        &self,
        request: Request<v1::CreateFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/CreateFirm")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let act = Act::from(&call);
        let id = FirmId::generate();
        let given = violations.required("firm", request.firm.as_ref());
        let firm = given.and_then(|given| contract::new_firm(&mut violations, given, id, &act));
        let (firm, consents) = violations.finish(firm)?;
        let answer = self
            .db
            .run_once(Scope::Firm(id), retry, move |tx| {
                Box::pin(units::create(tx, act, firm, consents))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_firm(
        &self,
        request: Request<v1::GetFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/GetFirm")?;
        let mut violations = Violations::new();
        let name: Option<FirmName> = fields::parsed(&mut violations, "name", &request.name);
        let FirmName(id) = violations.finish(name)?;
        let scope = call.scope(id, &request.name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, id)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_firms(
        &self,
        request: Request<v1::ListFirmsRequest>,
    ) -> Result<Response<v1::ListFirmsResponse>, Status> {
        let (call, mut request) = Call::open(request, "caseload.intake.v1.FirmService/ListFirms")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let states = numbers::all(&mut violations, "states", &request.states);
        let (size, states) = violations.finish(size.zip(states))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope_of_list(FirmParent::All, "firms")?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, states))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn update_firm(
        &self,
        request: Request<v1::UpdateFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/UpdateFirm")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let parsed = violations
            .required("firm", request.firm.as_ref())
            .and_then(|given| {
                let name: Option<FirmName> =
                    fields::parsed(&mut violations, "firm.name", &given.name);
                let patch = contract::patch(&mut violations, given, &mask);
                Some((name?.0, patch, given.etag.clone()))
            });
        let (id, patch, etag) = violations.finish(parsed)?;
        let scope = call.scope(id, FirmName(id))?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::update(tx, act, id, etag, patch))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn suspend_firm(
        &self,
        request: Request<v1::SuspendFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/SuspendFirm")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name: Option<FirmName> = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (FirmName(id), reason) = violations.finish(name.zip(reason))?;
        let scope = call.scope(id, &request.name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::suspend(tx, act, id, request.etag, reason))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn reinstate_firm(
        &self,
        request: Request<v1::ReinstateFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/ReinstateFirm")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name: Option<FirmName> = fields::parsed(&mut violations, "name", &request.name);
        let FirmName(id) = violations.finish(name)?;
        let scope = call.scope(id, &request.name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::reinstate(tx, act, id, request.etag))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_consents(
        &self,
        request: Request<v1::ListConsentsRequest>,
    ) -> Result<Response<v1::ListConsentsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.FirmService/ListConsents")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let filter = consents::filter(&mut violations, &request, firm);
        let (size, filter) = violations.finish(size.zip(filter))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope(filter.firm, FirmName(filter.firm))?;
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list_consents(tx, db, listing, filter))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn record_consent(
        &self,
        request: Request<v1::RecordConsentRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/RecordConsent")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name: Option<FirmName> = fields::parsed(&mut violations, "name", &request.name);
        let terms = violations
            .required("consent", request.consent.as_ref())
            .and_then(|given| {
                consents::consent(&mut violations, "consent", given, name.map(|name| name.0))
            });
        let (FirmName(id), terms) = violations.finish(name.zip(terms))?;
        let scope = call.scope(id, &request.name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::record_consent(tx, act, id, request.etag, terms))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn revoke_consent(
        &self,
        request: Request<v1::RevokeConsentRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.FirmService/RevokeConsent")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name: Option<FirmName> = fields::parsed(&mut violations, "name", &request.name);
        let consent: Option<ConsentId> =
            fields::parsed(&mut violations, "consent_id", &request.consent_id);
        let (FirmName(id), consent) = violations.finish(name.zip(consent))?;
        let scope = call.scope(id, &request.name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::revoke_consent(tx, act, id, request.etag, consent))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
