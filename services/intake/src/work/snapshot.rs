//! Resources as the other services are told of them.

use caseload_domain::name::{
    AssignmentName, FirmName, MatterName, ParalegalName, RequestName, TaskName,
};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::{seconds, timestamp};

use crate::domain::delivery::Delivery;
use crate::domain::document::Document;
use crate::domain::firm::Firm;
use crate::domain::matter::Matter;
use crate::domain::pricing::Pricing;
use crate::domain::request::Request;
use crate::domain::task::{Budget, RequiredSkill, Task};
use crate::domain::undertaking::Undertaking;

pub(crate) fn firm(firm: &Firm) -> v1::FirmSnapshot {
    v1::FirmSnapshot {
        name: FirmName(firm.id).to_string(),
        display_name: firm.profile.display_name.clone(),
        time_zone: firm.profile.time_zone.name().to_owned(),
        currency_code: firm.currency.code().to_owned(),
        code: firm.code.clone(),
        suspended: firm.suspended.is_some(),
        data_residency: firm.profile.data_residency.clone(),
        region_code: firm.region_code().to_owned(),
        undertaking_required: firm.profile.undertaking_required,
    }
}

pub(crate) fn matter(matter: &Matter) -> v1::MatterSnapshot {
    v1::MatterSnapshot {
        name: matter.name.to_string(),
        caption: matter.facts.caption.clone(),
        client_matter_number: matter.facts.client_matter_number.clone(),
        client_display_name: matter.facts.client_display_name.clone(),
        practice_area: matter.facts.practice_area.name().to_owned(),
        closed: matter.closed,
        screened_paralegals: matter
            .screened
            .iter()
            .map(|id| ParalegalName(*id).to_string())
            .collect(),
        jurisdiction: matter.facts.jurisdiction.clone(),
    }
}

pub(crate) fn request(request: &Request) -> v1::RequestSnapshot {
    v1::RequestSnapshot {
        name: request.name.to_string(),
        matter: MatterName::new(request.name.firm, request.matter).to_string(),
        state: v1::RequestState::from(request.state).into(),
    }
}

pub(crate) fn task(task: &Task) -> v1::TaskSnapshot {
    let (firm, facts) = (task.name.firm, &task.facts);
    v1::TaskSnapshot {
        name: task.name.to_string(),
        request: RequestName::new(firm, task.request).to_string(),
        matter: MatterName::new(firm, task.matter).to_string(),
        title: facts.title.clone(),
        kind: types::TaskKind::from(facts.kind).into(),
        practice_area: facts.practice_area.name().to_owned(),
        required_skills: facts.required_skills.iter().map(skill).collect(),
        effort_estimate: Some(seconds(facts.effort_estimate.seconds())),
        priority: types::Priority::from(facts.priority).into(),
        earliest_start_time: facts.earliest_start_time.map(timestamp),
        due_time: Some(timestamp(facts.due_time)),
        pricing: Some(pricing(&facts.pricing)),
        utbms_task_code: facts
            .utbms_task_code
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        budget: facts.budget.as_ref().map(budget),
        state: v1::TaskState::from(task.standing.state()).into(),
        jurisdiction: facts.jurisdiction.clone(),
        language_code: facts.language_code.clone(),
        required_certification: facts.required_certification.clone(),
        subkind: facts
            .subkind
            .map(|subkind| subkind.slug().to_owned())
            .unwrap_or_default(),
        court_deadline_time: facts
            .court_deadline
            .as_ref()
            .map(|court| timestamp(court.deadline.time)),
    }
}

pub(crate) fn delivery(delivery: &Delivery) -> v1::DeliverySnapshot {
    let firm = delivery.name.firm;
    v1::DeliverySnapshot {
        name: delivery.name.to_string(),
        task: TaskName::new(firm, delivery.task).to_string(),
        matter: MatterName::new(firm, delivery.matter).to_string(),
        paralegal: ParalegalName(delivery.by.paralegal).to_string(),
        assignment: AssignmentName::new(firm, delivery.by.assignment).to_string(),
        milestone_id: delivery.milestone.clone().unwrap_or_default(),
        completes_task: delivery.completes_task,
    }
}

pub(crate) fn undertaking(undertaking: &Undertaking) -> v1::UndertakingSnapshot {
    let (firm, terms) = (undertaking.name.firm, &undertaking.terms);
    v1::UndertakingSnapshot {
        name: undertaking.name.to_string(),
        paralegal: ParalegalName(terms.paralegal).to_string(),
        matter: terms
            .matter
            .map_or_else(String::new, |id| MatterName::new(firm, id).to_string()),
        sign_date: Some(terms.sign_date.into()),
        expire_date: terms.expire_date.map(Into::into),
        revoked: undertaking.revocation.is_some(),
    }
}

pub(crate) fn document(document: &Document) -> v1::DocumentSnapshot {
    let (firm, latest) = (document.name.firm, &document.latest);
    v1::DocumentSnapshot {
        name: document.name.to_string(),
        matter: MatterName::new(firm, document.matter).to_string(),
        task: document
            .task
            .map(|task| TaskName::new(firm, task).to_string())
            .unwrap_or_default(),
        version: latest.number,
        size_bytes: latest.content.size,
        sha256: latest.content.sha256.to_vec().into(),
    }
}

/// What the firm pays, as the contracts carry it.
pub(crate) fn pricing(pricing: &Pricing) -> types::Pricing {
    let model = match pricing {
        Pricing::Hourly { rate, cap } => types::pricing::Model::Hourly(types::HourlyPricing {
            rate: rate.map(Into::into),
            cap: cap.map(Into::into),
        }),
        Pricing::Project(project) => types::pricing::Model::Project(types::ProjectPricing {
            fee: Some(project.fee().into()),
            milestones: project
                .milestones()
                .iter()
                .map(|milestone| types::Milestone {
                    milestone_id: milestone.id.clone(),
                    title: milestone.title.clone(),
                    fee: Some(milestone.fee.into()),
                })
                .collect(),
        }),
    };
    types::Pricing { model: Some(model) }
}

/// What may be spent, as the contracts carry it.
pub(crate) fn budget(budget: &Budget) -> types::Budget {
    types::Budget {
        effort: budget.effort.map(|effort| seconds(effort.seconds())),
        amount: budget.amount.map(Into::into),
        notice_percents: budget.notice_percents.clone(),
    }
}

/// A skill that the work needs, as the contracts carry it.
pub(crate) fn skill(skill: &RequiredSkill) -> types::SkillLevel {
    types::SkillLevel {
        practice_area: skill
            .practice_area
            .map(|area| area.name().to_owned())
            .unwrap_or_default(),
        kind: skill
            .kind
            .map_or(types::TaskKind::Unspecified, Into::into)
            .into(),
        level: i32::from(skill.level.get()),
    }
}
