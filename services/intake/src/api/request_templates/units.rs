//! The units of work of `RequestTemplateService`.

use std::collections::BTreeMap;

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::{RequestName, RequestTemplateName, TaskName};
use caseload_domain::{FirmId, TaskId};
use caseload_events::{Act, Record};
use caseload_proto::caseload::intake::v1;

use super::contract::{Use, answer};
use crate::api::listing::Listing;
use crate::api::requests;
use crate::domain::dependency::in_order;
use crate::domain::request::RequestFacts;
use crate::domain::request_template::{RequestTemplate, TemplateFacts, TemplatePatch};
use crate::error::IntakeError;
use crate::store;
use crate::work::drafting::{Draft, in_currency};

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: RequestTemplateName,
    facts: TemplateFacts,
) -> Result<v1::RequestTemplate, IntakeError> {
    fits_firm(tx, name.firm, &facts).await?;
    let template = RequestTemplate {
        name,
        facts,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    store::request_templates::insert(tx, &template).await?;
    tell(tx, &act, name, None).await?;
    Ok(answer(&template))
}

/// What a template says must fit its firm.
async fn fits_firm(
    tx: &mut Transaction,
    firm: FirmId,
    facts: &TemplateFacts,
) -> Result<(), IntakeError> {
    let firm = store::firms::get(tx, firm).await?;
    if let Some(id) = &facts.supervising_attorney_id
        && !firm.has_active_attorney(id)
    {
        return Err(IntakeError::Invalid {
            field: "request_template.supervising_attorney_id",
            why: format!("is {id:?}, who is not an active supervising attorney of the firm"),
        });
    }
    for (at, task) in facts.tasks.iter().enumerate() {
        let budget = task.said.budget.iter().flatten().next();
        in_currency(task.said.pricing.as_ref(), budget, firm.currency)
            .map_err(|error| told_of(error, "request_template.tasks", &format!("[{at}]")))?;
    }
    Ok(())
}

/// An error of a task, told of the template that the task is in.
fn told_of(error: IntakeError, field: &'static str, which: &str) -> IntakeError {
    match error {
        IntakeError::Invalid { field: within, why } => IntakeError::Invalid {
            field,
            why: format!("has {which}, whose {within} {why}"),
        },
        error => error,
    }
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    name: RequestTemplateName,
    before: Record,
) -> Result<(), IntakeError> {
    let after = store::request_templates::record(tx, name).await?;
    let (firm, resource) = (Some(name.firm), name.to_string());
    Ok(act.record(tx, firm, resource, before, after).await?)
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: RequestTemplateName,
) -> Result<v1::RequestTemplate, IntakeError> {
    Ok(answer(&store::request_templates::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    firm: Option<FirmId>,
) -> Result<v1::ListRequestTemplatesResponse, IntakeError> {
    let mut keys = store::request_templates::page(tx, firm, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let templates = store::request_templates::load(tx, &keys).await?;
    Ok(v1::ListRequestTemplatesResponse {
        request_templates: templates.iter().map(answer).collect(),
        next_page_token,
    })
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    name: RequestTemplateName,
    etag: String,
    patch: TemplatePatch,
) -> Result<v1::RequestTemplate, IntakeError> {
    let mut template = store::request_templates::lock(tx, name).await?;
    etag::check(&etag, template.version)?;
    let before = store::request_templates::record(tx, name).await?;
    patch.apply(&mut template.facts);
    fits_firm(tx, name.firm, &template.facts).await?;
    store::request_templates::save(tx, &mut template, act.now).await?;
    tell(tx, &act, name, before).await?;
    Ok(answer(&template))
}

pub(super) async fn delete(
    tx: &mut Transaction,
    act: Act,
    name: RequestTemplateName,
    etag: String,
) -> Result<(), IntakeError> {
    let template = store::request_templates::lock(tx, name).await?;
    etag::check(&etag, template.version)?;
    let before = store::request_templates::record(tx, name).await?;
    store::request_templates::delete(tx, name).await?;
    tell(tx, &act, name, before).await
}

/// Makes a draft of a template.
pub(super) async fn make(
    tx: &mut Transaction,
    act: Act,
    name: RequestTemplateName,
    request: RequestName,
    use_of: Use,
) -> Result<v1::Request, IntakeError> {
    let template = store::request_templates::get(tx, name).await?.facts;
    let facts = RequestFacts {
        title: use_of.title.unwrap_or(template.title),
        description: template.description,
        supervising_attorney_id: use_of
            .supervising_attorney_id
            .or(template.supervising_attorney_id),
    };
    let mut draft = Draft::begin(tx, &act, request, use_of.matter, facts)
        .await
        .map_err(of_the_call)?;
    // In the template's order, so that they are listed in it, whatever waits for what.
    let ids: BTreeMap<&str, TaskId> = template
        .tasks
        .iter()
        .map(|task| (task.key.as_str(), TaskId::generate()))
        .collect();
    let waits: Vec<_> = template
        .tasks
        .iter()
        .map(|task| (task.key.as_str(), task.depends_on.as_slice()))
        .collect();
    let start = use_of.start.unwrap_or(act.now);
    for at in in_order(&waits).order {
        let task = &template.tasks[at];
        let patch = task.at(start, &ids).map_err(|why| IntakeError::Invalid {
            field: "start_time",
            why: why.to_string(),
        })?;
        let id = ids[task.key.as_str()];
        draft
            .add(tx, &act, TaskName::new(name.firm, id), patch)
            .await
            .map_err(|error| told_of(error, "name", &format!("a task {:?}", task.key)))?;
    }
    Ok(requests::contract::answer(&draft.request))
}

/// An error of a draft, told of the fields of the call that makes it.
fn of_the_call(error: IntakeError) -> IntakeError {
    match error {
        IntakeError::Invalid { field, why } => IntakeError::Invalid {
            field: match field {
                "request.matter" => "matter",
                "request.supervising_attorney_id" => "supervising_attorney_id",
                other => other,
            },
            why,
        },
        error => error,
    }
}
