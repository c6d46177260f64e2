//! From the contract's paralegal to the domain's, noting everything that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use caseload_domain::practice_area::PracticeArea;
use caseload_domain::work::TaskKind;
use caseload_domain::{Currency, HourlyRate, Money};
use caseload_proto::caseload::assignment::v1 as contract;
use caseload_proto::convert::{level, task_kind, whole_seconds};
use caseload_proto::parse::Violations;

use crate::domain::paralegal::{Pay, Profile, Skill};

/// The most a paralegal may work in a week, in seconds.
const MOST_WEEKLY: i64 = 80 * 3600;

/// The most that a project is paid, in whole units of its currency: with more, no plan could be worked out.
const MOST_FEE: i64 = 1_000_000;

/// What is known of a paralegal, as the contract says it.
pub(super) fn profile(
    violations: &mut Violations,
    given: &contract::Paralegal,
    currency: Currency,
) -> Option<Profile> {
    let given_name = violations.text("paralegal.given_name", &given.given_name, 100);
    let family_name = violations.text("paralegal.family_name", &given.family_name, 100);
    let timekeeper_id = timekeeper_id(violations, &given.timekeeper_id);
    let zone = violations.keep("paralegal.time_zone", given.time_zone.parse());
    let skills = skills(violations, &given.skills);
    let jurisdictions = codes(
        violations,
        "paralegal.jurisdictions",
        &given.jurisdictions,
        100,
    )
    .into_iter()
    .map(|code| code.to_uppercase())
    .collect();
    let language_codes = codes(
        violations,
        "paralegal.language_codes",
        &given.language_codes,
        20,
    );
    let certifications = certifications(violations, &given.certifications);
    let weekly_capacity = weekly_capacity(violations, given.weekly_capacity.as_ref());
    let task_limit = task_limit(violations, given.task_limit);
    let pay = pay(violations, given.pay.as_ref(), currency);
    Some(Profile {
        given_name: given_name?,
        family_name: family_name?,
        timekeeper_id: timekeeper_id?,
        zone: zone?,
        skills,
        jurisdictions,
        language_codes,
        certifications,
        weekly_capacity: weekly_capacity?,
        task_limit: task_limit?,
        pay: pay?,
    })
}

fn timekeeper_id(violations: &mut Violations, given: &str) -> Option<String> {
    let allowed =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
    if (1..=20).contains(&given.len()) && given.chars().all(allowed) {
        return Some(given.to_owned());
    }
    violations.add(
        "paralegal.timekeeper_id",
        "must be 1 to 20 characters of [A-Z0-9-]",
    );
    None
}

fn skills(violations: &mut Violations, given: &[contract::Skill]) -> Vec<Skill> {
    violations.check(
        "paralegal.skills",
        (1..=100).contains(&given.len()),
        "must be 1 to 100 skills",
    );
    let mut seen = BTreeSet::new();
    given
        .iter()
        .enumerate()
        .filter_map(|(at, skill)| {
            let field = |name: &str| format!("paralegal.skills[{at}].{name}");
            let area = if skill.practice_area.is_empty() {
                Some(String::new())
            } else {
                violations
                    .keep(
                        &field("practice_area"),
                        skill.practice_area.parse::<PracticeArea>(),
                    )
                    .map(|area| area.name().to_owned())
            };
            let kind = match skill.kind {
                0 => Some(None),
                number => violations.keep(&field("kind"), task_kind(number)).map(Some),
            };
            let level = violations.keep(&field("level"), level(skill.level));
            let (practice_area, kind) = (area?, kind?);
            if !seen.insert((practice_area.clone(), kind)) {
                violations.add(
                    format!("paralegal.skills[{at}]"),
                    "is of the same practice area and kind as one before it",
                );
            }
            Some(Skill {
                practice_area,
                kind,
                level: level?,
            })
        })
        .collect()
}

/// Codes of letters, digits and hyphens, each once.
fn codes(violations: &mut Violations, field: &str, given: &[String], most: usize) -> Vec<String> {
    violations.check(
        field,
        given.len() <= most,
        format_args!("has more than {most}"),
    );
    let mut codes: Vec<String> = Vec::new();
    for (at, code) in given.iter().enumerate() {
        let allowed = code
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        let bounded = (2..=35).contains(&code.len())
            && code.split('-').all(|part| (1..=8).contains(&part.len()));
        if !allowed || !bounded {
            violations.add(
                format!("{field}[{at}]"),
                "is not a code, for example \"US-NY\" or \"es-MX\"",
            );
        } else if !codes.iter().any(|known| known.eq_ignore_ascii_case(code)) {
            codes.push(code.clone());
        }
    }
    codes
}

fn certifications(violations: &mut Violations, given: &[String]) -> Vec<String> {
    violations.check(
        "paralegal.certifications",
        given.len() <= 50,
        "has more than 50",
    );
    let mut held: Vec<String> = Vec::new();
    for (at, one) in given.iter().enumerate() {
        let field = format!("paralegal.certifications[{at}]");
        if let Some(one) = violations.text(&field, one, 100)
            && !held
                .iter()
                .any(|known| known.to_lowercase() == one.to_lowercase())
        {
            held.push(one);
        }
    }
    held
}

fn weekly_capacity(
    violations: &mut Violations,
    given: Option<&prost_types::Duration>,
) -> Option<i64> {
    let field = "paralegal.weekly_capacity";
    let given = violations.required(field, given)?;
    let seconds = violations.keep(field, whole_seconds(given))?;
    violations.check(
        field,
        (1..=MOST_WEEKLY).contains(&seconds),
        "must be over 0 and at most 80 hours",
    );
    Some(seconds)
}

fn task_limit(violations: &mut Violations, given: i32) -> Option<u32> {
    violations.check(
        "paralegal.task_limit",
        (1..=1000).contains(&given),
        "must be from 1 to 1000",
    );
    u32::try_from(given).ok()
}

fn pay(
    violations: &mut Violations,
    given: Option<&contract::Pay>,
    currency: Currency,
) -> Option<Pay> {
    let given = violations.required("paralegal.pay", given)?;
    violations.check(
        "paralegal.pay",
        given.hourly_rate.is_some() || !given.project_pay.is_empty(),
        "must have an hourly rate or project pay",
    );
    let wrong_currency = format!("must be in {currency}, the currency that the suite pays in");
    let hourly = given.hourly_rate.as_ref().and_then(|rate| {
        let field = "paralegal.pay.hourly_rate";
        let rate = violations.keep(field, HourlyRate::try_from(rate))?;
        violations.check(field, !rate.amount().is_zero(), "must be over 0");
        violations.check(field, rate.currency() == currency, &wrong_currency);
        Some(rate)
    });
    let mut project: BTreeMap<TaskKind, Money> = BTreeMap::new();
    for (at, one) in given.project_pay.iter().enumerate() {
        let field = |name: &str| format!("paralegal.pay.project_pay[{at}].{name}");
        let kind = violations.keep(&field("kind"), task_kind(one.kind));
        let fee = violations
            .required(&field("fee"), one.fee.as_ref())
            .and_then(|fee| violations.keep(&field("fee"), Money::try_from(fee)));
        if let Some(fee) = fee {
            let most = MOST_FEE * 10_i64.pow(fee.currency.digits());
            violations.check(
                &field("fee"),
                (1..=most).contains(&fee.minor),
                "must be over 0 and at most 1,000,000",
            );
            violations.check(&field("fee"), fee.currency == currency, &wrong_currency);
        }
        if let (Some(kind), Some(fee)) = (kind, fee)
            && project.insert(kind, fee).is_some()
        {
            violations.add(field("kind"), "is of the same kind as one before it");
        }
    }
    Some(Pay { hourly, project })
}
