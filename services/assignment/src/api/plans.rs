//! `PlanService`: plans, proposed as a whole and applied as a whole.

use caseload_database::etag;
use caseload_domain::name::{ParalegalName, PlanName};
use caseload_domain::{Money, Scope};
use caseload_proto::caseload::assignment::v1::plan_service_server::PlanService;
use caseload_proto::caseload::assignment::v1::{
    self as contract, ApplyPlanRequest, CreatePlanRequest, ExclusionCount, GetPlanRequest,
    ListPlansRequest, ListPlansResponse, PlanSpec, PlanState, PlannedAssignment,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::parse::Violations;
use caseload_runtime::{Call, deadline};
use prost::Message as _;
use tonic::{Request, Response};

use super::{Answered, Context, answer_within, convert, cut};
use crate::api::parse_spec::{self, Spec};
use crate::domain::plan::{Unplaced, UnplacedReason};
use crate::error::Error;
use crate::store::plans::{self, Plan, PlannedEntry};
use crate::work::planning;

/// Serves plans.
#[derive(Debug, Clone)]
pub struct Plans(pub Context);

/// What of a call's deadline is kept for reading the facts and keeping the plan.
const KEPT: std::time::Duration = std::time::Duration::from_secs(2);

#[tonic::async_trait]
impl PlanService for Plans {
    async fn create_plan(&self, request: Request<CreatePlanRequest>) -> Answered<contract::Plan> {
        let (call, request) = Call::open(request, "caseload.assignment.v1.PlanService/CreatePlan")?;
        let mut violations = Violations::new();
        let given = request.spec.clone().unwrap_or_default();
        let spec = parse_spec::spec(&mut violations, &given, self.0.time_limit);
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let spec = violations.finish(spec)?;
        let spec = Spec {
            // A plan that comes after the caller has gone is no use.
            time_limit: deadline::remaining().map_or(spec.time_limit, |remaining| {
                spec.time_limit
                    .min(remaining.saturating_sub(KEPT).max(remaining / 2))
            }),
            ..spec
        };
        let context = self.0.clone();
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let plan = planning::create(tx, &context, &call, spec).await?;
                whole(tx, &plan).await
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn get_plan(&self, request: Request<GetPlanRequest>) -> Answered<contract::Plan> {
        let (_, request) = Call::open(request, "caseload.assignment.v1.PlanService/GetPlan")?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<PlanName>());
        let name = violations.finish(name)?;
        let work = self.0.db.run(Scope::AllFirms, move |tx| {
            Box::pin(async move {
                let plan = plans::find(tx, name.0).await?;
                let plan = plan.ok_or_else(|| Error::NotFound(name.to_string()))?;
                whole(tx, &plan).await
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn list_plans(&self, request: Request<ListPlansRequest>) -> Answered<ListPlansResponse> {
        let (call, request) = Call::open(request, "caseload.assignment.v1.PlanService/ListPlans")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let (mut proposed, mut applied) = (false, false);
        for (at, state) in request.states.iter().enumerate() {
            match PlanState::try_from(*state) {
                Ok(PlanState::Proposed) => proposed = true,
                Ok(PlanState::Applied) => applied = true,
                _ => violations.add(format!("states[{at}]"), "is not a state of a plan"),
            }
        }
        let size = violations.finish(size)?;
        let only = (proposed != applied).then_some(applied);
        let list = call.list(&only);
        let pages = self.0.db.pages();
        let after = pages.open(&list, &request.page_token)?;
        let work = self.0.db.run(Scope::AllFirms, move |tx| {
            Box::pin(async move { plans::list(tx, only, after, size + 1).await })
        });
        let (found, more) = cut(work.await?, size);
        let next_page_token = match found.last().filter(|_| more) {
            Some(end) => pages.seal(&list, &end.id.0)?,
            None => String::new(),
        };
        let plans = found.iter().map(summary).collect::<Result<_, Error>>()?;
        Ok(Response::new(ListPlansResponse {
            plans,
            next_page_token,
        }))
    }

    async fn apply_plan(&self, request: Request<ApplyPlanRequest>) -> Answered<contract::Plan> {
        let (call, request) = Call::open(request, "caseload.assignment.v1.PlanService/ApplyPlan")?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<PlanName>());
        let policy = &self.0.policy;
        let within = answer_within(&mut violations, request.answer_within.as_ref(), policy);
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let (name, within) = violations.finish(name.zip(within))?;
        let context = self.0.clone();
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let plan =
                    planning::apply(tx, &context, &call, name, &request.etag, within).await?;
                whole(tx, &plan).await
            })
        });
        Ok(Response::new(work.await?))
    }
}

/// A plan with all that it holds.
async fn whole(
    tx: &mut caseload_database::Transaction,
    plan: &Plan,
) -> Result<contract::Plan, Error> {
    let assignments = plans::assignments(tx, plan).await?;
    let unplaced = plans::unplaced(tx, plan.id).await?;
    Ok(contract::Plan {
        assignments: assignments.iter().map(|one| planned(plan, one)).collect(),
        unplaced_tasks: unplaced
            .iter()
            .map(|one| unplaced_task(plan, one))
            .collect(),
        ..summary(plan)?
    })
}

/// A plan without what it holds of each task.
fn summary(plan: &Plan) -> Result<contract::Plan, Error> {
    let money = |minor| Some(Money::new(minor, plan.currency).into());
    let total = plan.cost.total().saturating_add(plan.penalty);
    let spec = PlanSpec::decode(plan.spec.as_slice())
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    let state = if plan.applied {
        PlanState::Applied
    } else {
        PlanState::Proposed
    };
    Ok(contract::Plan {
        name: PlanName(plan.id).to_string(),
        etag: etag::of(plan.version),
        spec: Some(spec),
        state: state.into(),
        assignments: Vec::new(),
        unplaced_tasks: Vec::new(),
        assignment_count: plan.assignment_count,
        unplaced_task_count: plan.unplaced_count,
        assignment_cost: Some(convert::cost(plan.cost, plan.currency)),
        unplaced_penalty: money(plan.penalty),
        total_cost: money(total),
        lower_bound: money(plan.lower_bound),
        gap: gap(total, plan.lower_bound),
        solve_duration: Some(prost_types::Duration {
            seconds: plan.solve_microseconds / 1_000_000,
            nanos: i32::try_from(plan.solve_microseconds % 1_000_000 * 1000).unwrap_or(0),
        }),
        create_time: Some(timestamp(plan.create_time)),
        apply_time: plan.apply_time.map(timestamp),
    })
}

/// How far a cost may be from the best there is, as a share of it.
#[expect(clippy::cast_precision_loss, reason = "a share, for people to read")]
fn gap(total: i64, lower_bound: i64) -> f64 {
    if total <= lower_bound || total <= 0 {
        return 0.0;
    }
    ((total - lower_bound) as f64 / total as f64).clamp(0.0, 1.0)
}

fn planned(plan: &Plan, entry: &PlannedEntry) -> PlannedAssignment {
    let one = &entry.planned;
    PlannedAssignment {
        task: one.task.to_string(),
        paralegal: ParalegalName(one.paralegal).to_string(),
        paralegal_display_name: entry.paralegal_display_name.clone(),
        expected_effort: Some(seconds(one.offer.effort)),
        pay_terms: Some(convert::pay_terms(one.offer.terms)),
        cost: Some(convert::cost(one.offer.cost, plan.currency)),
        assignment: entry
            .assignment
            .map(|name| name.to_string())
            .unwrap_or_default(),
    }
}

fn unplaced_task(plan: &Plan, one: &Unplaced) -> contract::UnplacedTask {
    let reason = match one.reason {
        UnplacedReason::NobodyEligible => contract::UnplacedReason::NobodyEligible,
        UnplacedReason::NoRoom => contract::UnplacedReason::NoRoom,
        UnplacedReason::TooCostly => contract::UnplacedReason::TooCostly,
    };
    contract::UnplacedTask {
        task: one.task.to_string(),
        reason: reason.into(),
        detail: detail(one),
        penalty: Some(Money::new(one.penalty, plan.currency).into()),
        exclusion_counts: one
            .exclusion_counts
            .iter()
            .map(|(rule, count)| ExclusionCount {
                rule: convert::rule(*rule).into(),
                paralegal_count: i32::try_from(*count).unwrap_or(i32::MAX),
            })
            .collect(),
    }
}

/// Why a task found nobody, in words.
fn detail(one: &Unplaced) -> String {
    match one.reason {
        UnplacedReason::NoRoom => {
            "those who may do it have their time or their number of tasks taken by others"
                .to_owned()
        }
        UnplacedReason::TooCostly => "it would cost more than leaving it out".to_owned(),
        UnplacedReason::NobodyEligible if one.exclusion_counts.is_empty() => {
            "nobody is on the roster".to_owned()
        }
        UnplacedReason::NobodyEligible => {
            let counts = one.exclusion_counts.iter();
            let counts: Vec<String> = counts
                .map(|(rule, count)| format!("{rule} excludes {count}"))
                .collect();
            counts.join(", ").replace('_', " ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_a_share_of_the_cost_and_nothing_when_the_plan_is_proven() {
        assert!((gap(200, 150) - 0.25).abs() < 1e-12);
        assert!(gap(200, 200).abs() < 1e-12);
        assert!(gap(0, 0).abs() < 1e-12);
    }
}
