//! Prices and budgets as the contract carries them.

use caseload_domain::{HourlyRate, Money};
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::domain::pricing::{Milestone, Pricing, Project, positive};
use crate::domain::task::{Budget, Effort};

const MOST_MILESTONES: usize = 50;
const MOST_NOTICES: usize = 10;

/// An amount that is more than nothing, where there may be none.
fn optional_amount(
    violations: &mut Violations,
    field: &str,
    given: Option<&common::Money>,
) -> Option<Option<Money>> {
    let Some(given) = given else {
        return Some(None);
    };
    let amount = violations.keep(field, Money::try_from(given))?;
    violations.keep(field, positive(amount)).map(Some)
}

fn amount(
    violations: &mut Violations,
    field: &str,
    given: Option<&common::Money>,
) -> Option<Money> {
    let given = violations.required(field, given)?;
    optional_amount(violations, field, Some(given))?
}

/// Reads what the firm pays.
pub(super) fn pricing(
    violations: &mut Violations,
    given: Option<&types::Pricing>,
) -> Option<Pricing> {
    use types::pricing::Model;
    let model = given.and_then(|given| given.model.as_ref());
    match violations.required("task.pricing", model)? {
        Model::Hourly(hourly) => {
            let rate = match &hourly.rate {
                None => Some(None),
                Some(rate) => violations
                    .keep("task.pricing.hourly.rate", HourlyRate::try_from(rate))
                    .map(Some),
            };
            let cap = optional_amount(violations, "task.pricing.hourly.cap", hourly.cap.as_ref());
            let (rate, cap) = (rate?, cap?);
            if let (Some(rate), Some(cap)) = (rate, cap) {
                let same = rate.currency() == cap.currency;
                violations.check(
                    "task.pricing.hourly.cap",
                    same,
                    "is in another currency than the rate",
                );
            }
            Some(Pricing::Hourly { rate, cap })
        }
        Model::Project(given) => project(violations, given).map(Pricing::Project),
    }
}

fn project(violations: &mut Violations, given: &types::ProjectPricing) -> Option<Project> {
    const FEE: &str = "task.pricing.project.fee";
    const LIST: &str = "task.pricing.project.milestones";
    let fee = amount(violations, FEE, given.fee.as_ref());
    if given.milestones.len() > MOST_MILESTONES {
        let why = format!(
            "has {}, of at most {MOST_MILESTONES}",
            given.milestones.len()
        );
        violations.add(LIST, why);
        return None;
    }
    let milestones: Vec<_> = given
        .milestones
        .iter()
        .enumerate()
        .filter_map(|(at, given)| {
            let of = |name: &str| format!("{LIST}[{at}].{name}");
            let id = fields::slug(violations, &of("milestone_id"), &given.milestone_id);
            let title = violations.text(&of("title"), &given.title, 200);
            let fee = amount(violations, &of("fee"), given.fee.as_ref());
            Some(Milestone {
                id: id?,
                title: title?,
                fee: fee?,
            })
        })
        .collect();
    let whole = milestones.len() == given.milestones.len();
    violations.keep(LIST, Project::new(fee.filter(|_| whole)?, milestones))
}

/// Reads what may be spent, where there may be no limit.
pub(super) fn budget(
    violations: &mut Violations,
    given: Option<&types::Budget>,
) -> Option<Option<Budget>> {
    let Some(given) = given else {
        return Some(None);
    };
    let effort = match &given.effort {
        None => Some(None),
        Some(duration) => effort(violations, "task.budget.effort", duration).map(Some),
    };
    let amount = optional_amount(violations, "task.budget.amount", given.amount.as_ref());
    let limits = given.effort.is_some() || given.amount.is_some();
    violations.check("task.budget", limits, "limits neither effort nor amount");
    let percents = &given.notice_percents;
    let fine = percents.len() <= MOST_NOTICES
        && percents.iter().all(|percent| (1..=1000).contains(percent))
        && percents.is_sorted_by(|one, next| one < next);
    violations.check(
        "task.budget.notice_percents",
        fine,
        format!("must be up to {MOST_NOTICES} numbers from 1 to 1000, ascending"),
    );
    Some(Some(Budget {
        effort: effort?,
        amount: amount?,
        notice_percents: percents.clone(),
    }))
}

/// Reads how much time work takes.
pub(super) fn effort(
    violations: &mut Violations,
    field: &str,
    given: &prost_types::Duration,
) -> Option<Effort> {
    let seconds = violations.keep(field, convert::whole_seconds(given))?;
    violations.keep(field, Effort::from_seconds(seconds))
}
