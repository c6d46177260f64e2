//! Which fields of a paralegal an update changes, and how.

use caseload_domain::{Currency, Money};
use caseload_proto::caseload::assignment::v1 as contract;
use caseload_proto::convert::seconds;

/// The fields that an update may name.
pub(super) const UPDATABLE: [&str; 11] = [
    "given_name",
    "family_name",
    "timekeeper_id",
    "time_zone",
    "skills",
    "jurisdictions",
    "language_codes",
    "certifications",
    "weekly_capacity",
    "task_limit",
    "pay",
];

/// Whether a field is set, for an update without a mask.
pub(super) fn is_set(given: &contract::Paralegal, field: &str) -> bool {
    match field {
        "given_name" => !given.given_name.is_empty(),
        "family_name" => !given.family_name.is_empty(),
        "timekeeper_id" => !given.timekeeper_id.is_empty(),
        "time_zone" => !given.time_zone.is_empty(),
        "skills" => !given.skills.is_empty(),
        "jurisdictions" => !given.jurisdictions.is_empty(),
        "language_codes" => !given.language_codes.is_empty(),
        "certifications" => !given.certifications.is_empty(),
        "weekly_capacity" => given.weekly_capacity.is_some(),
        "task_limit" => given.task_limit != 0,
        "pay" => given.pay.is_some(),
        _ => false,
    }
}

/// Takes over some fields of one paralegal into another.
pub(super) fn overlay(into: &mut contract::Paralegal, from: &contract::Paralegal, fields: &[&str]) {
    for field in fields {
        match *field {
            "given_name" => into.given_name.clone_from(&from.given_name),
            "family_name" => into.family_name.clone_from(&from.family_name),
            "timekeeper_id" => into.timekeeper_id.clone_from(&from.timekeeper_id),
            "time_zone" => into.time_zone.clone_from(&from.time_zone),
            "skills" => into.skills.clone_from(&from.skills),
            "jurisdictions" => into.jurisdictions.clone_from(&from.jurisdictions),
            "language_codes" => into.language_codes.clone_from(&from.language_codes),
            "certifications" => into.certifications.clone_from(&from.certifications),
            "weekly_capacity" => into.weekly_capacity = from.weekly_capacity,
            "task_limit" => into.task_limit = from.task_limit,
            "pay" => into.pay.clone_from(&from.pay),
            _ => {}
        }
    }
}

/// A paralegal with whom nothing is wrong: what stands where an update names nothing.
pub(super) fn valid(currency: Currency) -> contract::Paralegal {
    contract::Paralegal {
        given_name: "-".to_owned(),
        family_name: "-".to_owned(),
        timekeeper_id: "-".to_owned(),
        time_zone: "UTC".to_owned(),
        skills: vec![contract::Skill {
            level: 1,
            ..contract::Skill::default()
        }],
        weekly_capacity: Some(seconds(1)),
        task_limit: 1,
        pay: Some(contract::Pay {
            hourly_rate: Some(Money::new(100, currency).into()),
            project_pay: Vec::new(),
        }),
        ..contract::Paralegal::default()
    }
}
