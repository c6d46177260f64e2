//! From the domain to the contract.

use caseload_auth::Who;
use caseload_database::etag;
use caseload_domain::name::{MatterName, ParalegalName, PlanName};
use caseload_domain::{Currency, Money};
use caseload_proto::caseload::assignment::v1 as contract;
use caseload_proto::caseload::r#type::v1::{self as types, pay_terms};
use caseload_proto::convert::{seconds, timestamp};

use crate::domain::assignment::AssignmentState;
use crate::domain::cost::Cost;
use crate::domain::eligibility::{Exclusion, Rule};
use crate::domain::paralegal::{Pay, PayTerms, Skill};
use crate::error::Error;
use crate::store::assignments::Assignment;
use crate::store::roster::Entry;

/// A paralegal, pay and all: whoever may read one may read that.
pub fn paralegal(entry: &Entry) -> contract::Paralegal {
    let who = &entry.paralegal;
    let profile = &who.profile;
    let state = if who.active {
        contract::ParalegalState::Active
    } else {
        contract::ParalegalState::Inactive
    };
    contract::Paralegal {
        name: ParalegalName(who.id).to_string(),
        etag: etag::of(who.version),
        given_name: profile.given_name.clone(),
        family_name: profile.family_name.clone(),
        timekeeper_id: profile.timekeeper_id.clone(),
        time_zone: profile.zone.name().to_owned(),
        state: state.into(),
        skills: profile.skills.iter().map(skill).collect(),
        jurisdictions: profile.jurisdictions.clone(),
        language_codes: profile.language_codes.clone(),
        certifications: profile.certifications.clone(),
        weekly_capacity: Some(seconds(profile.weekly_capacity)),
        task_limit: i32::try_from(profile.task_limit).unwrap_or(i32::MAX),
        pay: Some(pay(&profile.pay)),
        create_time: Some(timestamp(entry.create_time)),
        update_time: Some(timestamp(entry.update_time)),
    }
}

fn skill(skill: &Skill) -> contract::Skill {
    contract::Skill {
        practice_area: skill.practice_area.clone(),
        kind: skill
            .kind
            .map_or(types::TaskKind::Unspecified, types::TaskKind::from)
            .into(),
        level: i32::from(skill.level.get()),
    }
}

fn pay(pay: &Pay) -> contract::Pay {
    contract::Pay {
        hourly_rate: pay.hourly.map(Into::into),
        project_pay: pay
            .project
            .iter()
            .map(|(kind, fee)| contract::ProjectPay {
                kind: types::TaskKind::from(*kind).into(),
                fee: Some((*fee).into()),
            })
            .collect(),
    }
}

/// What the other services need to know of a paralegal.
pub fn paralegal_snapshot(entry: &Entry) -> contract::ParalegalSnapshot {
    let who = &entry.paralegal;
    contract::ParalegalSnapshot {
        name: ParalegalName(who.id).to_string(),
        given_name: who.profile.given_name.clone(),
        family_name: who.profile.family_name.clone(),
        timekeeper_id: who.profile.timekeeper_id.clone(),
        time_zone: who.profile.zone.name().to_owned(),
        active: who.active,
        level: who.profile.highest_level(),
    }
}

/// Pay terms.
pub fn pay_terms(terms: PayTerms) -> types::PayTerms {
    let terms = match terms {
        PayTerms::Hourly(rate) => pay_terms::Model::HourlyRate(rate.into()),
        PayTerms::Project(fee) => pay_terms::Model::ProjectFee(fee.into()),
    };
    types::PayTerms { model: Some(terms) }
}

/// A cost.
pub fn cost(cost: Cost, currency: Currency) -> contract::Cost {
    let money = |minor| Some(Money::new(minor, currency).into());
    contract::Cost {
        total: money(cost.total()),
        pay: money(cost.pay),
        lateness: money(cost.lateness),
        load: money(cost.load),
        over_qualification: money(cost.over_qualification),
    }
}

/// A rule.
pub const fn rule(rule: Rule) -> contract::ExclusionRule {
    match rule {
        Rule::Inactive => contract::ExclusionRule::Inactive,
        Rule::Skill => contract::ExclusionRule::Skill,
        Rule::Jurisdiction => contract::ExclusionRule::Jurisdiction,
        Rule::Language => contract::ExclusionRule::Language,
        Rule::Certification => contract::ExclusionRule::Certification,
        Rule::Screened => contract::ExclusionRule::Screened,
        Rule::TaskLimit => contract::ExclusionRule::TaskLimit,
        Rule::Capacity => contract::ExclusionRule::Capacity,
        Rule::Pay => contract::ExclusionRule::Pay,
        Rule::Answered => contract::ExclusionRule::Answered,
        Rule::Specification => contract::ExclusionRule::Specification,
    }
}

/// An exclusion.
pub fn exclusion(exclusion: &Exclusion) -> contract::Exclusion {
    contract::Exclusion {
        rule: rule(exclusion.rule).into(),
        detail: exclusion.detail.clone(),
    }
}

/// Where an assignment stands.
pub const fn assignment_state(state: AssignmentState) -> contract::AssignmentState {
    match state {
        AssignmentState::Offered => contract::AssignmentState::Offered,
        AssignmentState::Accepted => contract::AssignmentState::Accepted,
        AssignmentState::Completed => contract::AssignmentState::Completed,
        AssignmentState::Declined => contract::AssignmentState::Declined,
        AssignmentState::Expired => contract::AssignmentState::Expired,
        AssignmentState::Released => contract::AssignmentState::Released,
    }
}

/// What an assignment looks like to whom it is shown: a firm sees neither pay nor effort nor reasons, a paralegal not
/// what the choice cost.
pub fn assignment(assignment: &Assignment, viewer: Who) -> contract::Assignment {
    let suite = viewer == Who::Suite;
    let terms = assignment.terms.filter(|_| !matches!(viewer, Who::Firm(_)));
    let reason = if matches!(viewer, Who::Firm(_)) {
        ""
    } else {
        &assignment.end_reason
    };
    let plan = terms.and_then(|terms| terms.plan).filter(|_| suite);
    contract::Assignment {
        name: assignment.name.to_string(),
        etag: etag::of(assignment.version),
        task: assignment.task_name().to_string(),
        task_title: assignment.task_title.clone(),
        matter: MatterName::new(assignment.name.firm, assignment.matter).to_string(),
        paralegal: ParalegalName(assignment.paralegal).to_string(),
        paralegal_display_name: assignment.paralegal_display_name.clone(),
        state: assignment_state(assignment.state).into(),
        due_time: assignment.due_time.map(timestamp),
        expected_effort: terms.map(|terms| seconds(terms.offer.effort)),
        pay_terms: terms.map(|terms| pay_terms(terms.offer.terms)),
        cost: terms
            .filter(|_| suite)
            .map(|terms| cost(terms.offer.cost, terms.offer.terms.currency())),
        plan: plan
            .map(|plan| PlanName(plan).to_string())
            .unwrap_or_default(),
        offer_time: Some(timestamp(assignment.offer_time)),
        answer_by_time: Some(timestamp(assignment.answer_by_time)),
        accept_time: assignment.accept_time.map(timestamp),
        end_time: assignment.end_time.map(timestamp),
        end_reason: reason.to_owned(),
        update_time: Some(timestamp(assignment.update_time)),
    }
}

/// What the other services need to know of an assignment.
pub fn assignment_snapshot(assignment: &Assignment) -> Result<contract::AssignmentSnapshot, Error> {
    let terms = assignment
        .terms
        .ok_or_else(|| Error::Corrupt(format!("{} without terms", assignment.name)))?;
    Ok(contract::AssignmentSnapshot {
        name: assignment.name.to_string(),
        task: assignment.task_name().to_string(),
        matter: MatterName::new(assignment.name.firm, assignment.matter).to_string(),
        paralegal: ParalegalName(assignment.paralegal).to_string(),
        state: assignment_state(assignment.state).into(),
        pay_terms: Some(pay_terms(terms.offer.terms)),
        accept_time: assignment.accept_time.map(timestamp),
        end_time: assignment.end_time.map(timestamp),
    })
}
