//! `RequestTemplateService`.

mod contract;
mod units;

use caseload_database::Database;
use caseload_domain::name::{FirmName, RequestName, RequestTemplateName};
use caseload_domain::{RequestId, RequestTemplateId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::request_template_service_server::RequestTemplateService;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::contract::UPDATABLE;
use super::fields;
use super::listing::Listing;
use super::veil;

/// Serves `RequestTemplateService`.
#[derive(Debug, Clone)]
pub(crate) struct RequestTemplates {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl RequestTemplateService for RequestTemplates {
    async fn create_request_template(
        &self,
        request: Request<v1::CreateRequestTemplateRequest>,
    ) -> Result<Response<v1::RequestTemplate>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/CreateRequestTemplate",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let facts = violations
            .required("request_template", request.request_template.as_ref())
            .and_then(|given| {
                contract::patch(&mut violations, given, &Mask::of(UPDATABLE)).complete()
            });
        let (firm, facts) = violations.finish(firm.zip(facts))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let act = Act::from(&call);
        let name = RequestTemplateName::new(firm, RequestTemplateId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, facts))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_request_template(
        &self,
        request: Request<v1::GetRequestTemplateRequest>,
    ) -> Result<Response<v1::RequestTemplate>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/GetRequestTemplate",
        )?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestTemplateName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_request_templates(
        &self,
        request: Request<v1::ListRequestTemplatesRequest>,
    ) -> Result<Response<v1::ListRequestTemplatesResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/ListRequestTemplates",
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

    async fn update_request_template(
        &self,
        request: Request<v1::UpdateRequestTemplateRequest>,
    ) -> Result<Response<v1::RequestTemplate>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/UpdateRequestTemplate",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let parsed = violations
            .required("request_template", request.request_template.as_ref())
            .and_then(|given| {
                let name: Option<RequestTemplateName> =
                    fields::parsed(&mut violations, "request_template.name", &given.name);
                let patch = contract::patch(&mut violations, given, &mask);
                Some((name?, patch, given.etag.clone()))
            });
        let (name, patch, etag) = violations.finish(parsed)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::update(tx, act, name, etag, patch))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn delete_request_template(
        &self,
        request: Request<v1::DeleteRequestTemplateRequest>,
    ) -> Result<Response<()>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/DeleteRequestTemplate",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: RequestTemplateName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        self.db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::delete(tx, act, name, request.etag))
            })
            .await?;
        Ok(Response::new(()))
    }

    async fn create_request_from_template(
        &self,
        request: Request<v1::CreateRequestFromTemplateRequest>,
    ) -> Result<Response<v1::Request>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.RequestTemplateService/CreateRequestFromTemplate",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let use_of = contract::use_of(&mut violations, &request, name);
        let (name, use_of): (RequestTemplateName, _) = violations.finish(name.zip(use_of))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let made = RequestName::new(name.firm, RequestId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::make(tx, act, name, made, use_of))
            })
            .await?;
        Ok(veil::tell(&call, answer))
    }
}
