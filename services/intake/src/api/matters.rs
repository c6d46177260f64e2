//! `MatterService`.

mod contract;
mod key_dates;
mod units;
mod upsert;

use caseload_database::Database;
use caseload_domain::MatterId;
use caseload_domain::name::{FirmName, MatterName};
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::matter_service_server::MatterService;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::contract::UPDATABLE;
use self::units::Turn;
use self::upsert::Upsert;
use super::fields;
use super::listing::Listing;
use super::veil;
use crate::domain::matter::Matter;
use crate::error::IntakeError;

/// How often an upsert is tried that meets others of the same matter.
const UPSERT_ATTEMPTS: u32 = 3;

/// Serves `MatterService`.
#[derive(Debug, Clone)]
pub(crate) struct Matters {
    pub(crate) db: Database,
    /// How alike names must be to collide.
    pub(crate) threshold: Score,
}

#[tonic::async_trait]
impl MatterService for Matters {
    async fn create_matter(
        &self,
        request: Request<v1::CreateMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/CreateMatter")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let facts = violations
            .required("matter", request.matter.as_ref())
            .and_then(|given| {
                contract::no_party_ids(&mut violations, given);
                contract::patch(&mut violations, given, &Mask::of(UPDATABLE)).complete()
            });
        let (firm, facts) = violations.finish(firm.zip(facts))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let act = Act::from(&call);
        let name = MatterName::new(firm, MatterId::generate());
        let matter = Matter::new(name, facts, act.now);
        let threshold = self.threshold;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, matter, threshold))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn get_matter(
        &self,
        request: Request<v1::GetMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/GetMatter")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: MatterName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn list_matters(
        &self,
        request: Request<v1::ListMattersRequest>,
    ) -> Result<Response<v1::ListMattersResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.MatterService/ListMatters")?;
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

    async fn update_matter(
        &self,
        request: Request<v1::UpdateMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/UpdateMatter")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let parsed = violations
            .required("matter", request.matter.as_ref())
            .and_then(|given| {
                let name = fields::parsed(&mut violations, "matter.name", &given.name);
                let patch = contract::patch(&mut violations, given, &mask);
                Some((name?, patch, given.etag.clone()))
            });
        let (name, patch, etag): (MatterName, _, _) = violations.finish(parsed)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::update(tx, act, name, etag, patch, threshold))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn upsert_matter(
        &self,
        request: Request<v1::UpsertMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/UpsertMatter")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let key = violations
            .required("external_id", request.external_id.as_ref())
            .and_then(|given| contract::external_id(&mut violations, "external_id", given));
        let given = violations
            .required("matter", request.matter.as_ref())
            .and_then(|given| Upsert::read(&mut violations, given, &mask, firm, key));
        let given = violations.finish(given)?;
        let scope = call.scope(given.firm, FirmName(given.firm))?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        let mut left = UPSERT_ATTEMPTS;
        loop {
            let (act, given) = (act.clone(), given.clone());
            let answer = self.db.run_once(scope, retry.clone(), move |tx| {
                Box::pin(upsert::upsert(tx, act, given, threshold))
            });
            left -= 1;
            match answer.await {
                // Somebody else made it known first, and now it is found; or the id is another matter's, and stays so.
                Err(IntakeError::Taken(_)) if left > 0 => {}
                answer => return Ok(veil::tell(&call, answer?)),
            }
        }
    }

    async fn add_matter_party(
        &self,
        request: Request<v1::AddMatterPartyRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.MatterService/AddMatterParty")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let party = violations
            .required("party", request.party.as_ref())
            .and_then(|given| {
                violations.check("party.party_id", given.party_id.is_empty(), "must be empty");
                contract::party(&mut violations, "party", given)
            });
        let (name, party): (MatterName, _) = violations.finish(name.zip(party))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::add_party(
                    tx,
                    act,
                    name,
                    request.etag,
                    party,
                    threshold,
                ))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn close_matter(
        &self,
        request: Request<v1::CloseMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/CloseMatter")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: MatterName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::turn(
                    tx,
                    act,
                    name,
                    request.etag,
                    Turn::Close,
                    threshold,
                ))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }

    async fn reopen_matter(
        &self,
        request: Request<v1::ReopenMatterRequest>,
    ) -> Result<Response<v1::Matter>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.MatterService/ReopenMatter")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: MatterName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let threshold = self.threshold;
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::turn(
                    tx,
                    act,
                    name,
                    request.etag,
                    Turn::Reopen,
                    threshold,
                ))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }
}
