//! `AssignmentService`: offers, and what becomes of them.

use caseload_database::{Retry, Transaction};
use caseload_domain::name::{
    AssignmentName, FirmName, FirmParent, MatterName, ParalegalName, TaskName,
};
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::assignment::v1::assignment_service_server::AssignmentService;
use caseload_proto::caseload::assignment::v1::{
    self as contract, AcceptAssignmentRequest, DeclineAssignmentRequest, GetAssignmentRequest,
    ListAssignmentsRequest, ListAssignmentsResponse, OfferAssignmentRequest,
    ReleaseAssignmentRequest,
};
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use time::{Duration, OffsetDateTime};
use tonic::{Request, Response};

use super::{Answered, Context, answer_within, convert, cut, scope_of};
use crate::domain::assignment::{AssignmentState, Step};
use crate::domain::eligibility::Rule;
use crate::domain::facts::NotAssignable;
use crate::domain::plan::Offer;
use crate::domain::policy::Policy;
use crate::error::Error;
use crate::store::assignments::{self, Assignment, Filter};
use crate::store::{facts, roster, work};
use crate::work::moves::{self, Move, NewOffer};

/// Serves assignments.
#[derive(Debug, Clone)]
pub struct Assignments(pub Context);

#[tonic::async_trait]
impl AssignmentService for Assignments {
    async fn offer_assignment(
        &self,
        request: Request<OfferAssignmentRequest>,
    ) -> Answered<contract::Assignment> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/OfferAssignment",
        )?;
        let policy = self.0.policy.clone();
        let mut violations = Violations::new();
        let firm = violations.keep("parent", request.parent.parse::<FirmName>());
        let task = violations.keep("task", request.task.parse::<TaskName>());
        if let (Some(FirmName(firm)), Some(task)) = (firm, task) {
            violations.check("task", task.firm == firm, "is not a task of the parent");
        }
        let paralegal = violations.keep("paralegal", request.paralegal.parse::<ParalegalName>());
        let within = answer_within(&mut violations, request.answer_within.as_ref(), &policy);
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let parsed = task.zip(paralegal).zip(within);
        let ((task, paralegal), within) = violations.finish(parsed)?;
        let (act, viewer) = (Act::from(&call), call.caller.who);
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let new = choose(tx, &policy, act.now, task, paralegal.0, within).await?;
                let made = moves::offer(tx, &act, &policy, &new).await?;
                Ok::<_, Error>(convert::assignment(&made, viewer))
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn get_assignment(
        &self,
        request: Request<GetAssignmentRequest>,
    ) -> Answered<contract::Assignment> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/GetAssignment",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<AssignmentName>());
        let name = violations.finish(name)?;
        let scope = scope_of(&call, name.firm, name)?;
        let work = self.0.db.run(scope, move |tx| {
            Box::pin(async move {
                let found = assignments::find(tx, name).await?;
                found.ok_or_else(|| Error::NotFound(name.to_string()))
            })
        });
        let found = work.await?;
        Ok(Response::new(convert::assignment(&found, call.caller.who)))
    }

    async fn list_assignments(
        &self,
        request: Request<ListAssignmentsRequest>,
    ) -> Answered<ListAssignmentsResponse> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/ListAssignments",
        )?;
        let mut violations = Violations::new();
        let parent = violations.keep("parent", request.parent.parse::<FirmParent>());
        let size = call.page_size(&mut violations, request.page_size);
        let filter = filter(&mut violations, &request, parent, &call);
        let (parent, size) = violations.finish(parent.zip(size))?;
        let scope = match call.scope_of_list(parent, &request.parent)? {
            Scope::Firm(_) if call.caller.firm().is_none() => Scope::AllFirms,
            scope => scope,
        };
        let list = call.list(&filter);
        let pages = self.0.db.pages();
        let after = pages.open(&list, &request.page_token)?;
        let work = self.0.db.run(scope, move |tx| {
            Box::pin(async move { assignments::list(tx, &filter, after, size + 1).await })
        });
        let (found, more) = cut(work.await?, size);
        let end = found.last().filter(|_| more);
        let shown = found
            .iter()
            .map(|one| convert::assignment(one, call.caller.who));
        Ok(Response::new(ListAssignmentsResponse {
            assignments: shown.collect(),
            next_page_token: match end {
                Some(end) => pages.seal(&list, &end.name.id.0)?,
                None => String::new(),
            },
        }))
    }

    async fn accept_assignment(
        &self,
        request: Request<AcceptAssignmentRequest>,
    ) -> Answered<contract::Assignment> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/AcceptAssignment",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<AssignmentName>());
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.finish(name)?;
        let change = Move::plain(Step::Accept, request.etag);
        self.change(&call, retry, name, change).await
    }

    async fn decline_assignment(
        &self,
        request: Request<DeclineAssignmentRequest>,
    ) -> Answered<contract::Assignment> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/DeclineAssignment",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<AssignmentName>());
        let reason = violations.text("reason", &request.reason, 1000);
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let (name, reason) = violations.finish(name.zip(reason))?;
        let change = Move {
            step: Step::Decline,
            reason,
            etag: request.etag,
        };
        self.change(&call, retry, name, change).await
    }

    async fn release_assignment(
        &self,
        request: Request<ReleaseAssignmentRequest>,
    ) -> Answered<contract::Assignment> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.AssignmentService/ReleaseAssignment",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<AssignmentName>());
        let reason = violations.text("reason", &request.reason, 1000);
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let (name, reason) = violations.finish(name.zip(reason))?;
        let change = Move {
            step: Step::Release,
            reason,
            etag: request.etag,
        };
        self.change(&call, retry, name, change).await
    }
}

impl Assignments {
    /// Moves an assignment that the caller may move, once.
    async fn change(
        &self,
        call: &Call,
        retry: Option<Retry>,
        name: AssignmentName,
        change: Move,
    ) -> Answered<contract::Assignment> {
        let scope = scope_of(call, name.firm, name)?;
        let (act, viewer) = (Act::from(call), call.caller.who);
        let work = self.0.db.run_once(scope, retry, move |tx| {
            Box::pin(async move {
                let after = moves::step(tx, &act, name, &change).await?;
                if change.step == Step::Accept {
                    still_wanted(tx, &after).await?;
                }
                Ok::<_, Error>(convert::assignment(&after, viewer))
            })
        });
        Ok(Response::new(work.await?))
    }
}

/// Refuses to begin work on a task that intake holds, or has ended.
async fn still_wanted(tx: &mut Transaction, assignment: &Assignment) -> Result<(), Error> {
    let task = assignment.task_name();
    match work::state(tx, task).await? {
        Some(state) if !state.is_assignable() => Err(Error::not_assignable(
            task.to_string(),
            NotAssignable::State(state),
        )),
        _ => Ok(()),
    }
}

/// Whether a task can be offered to a paralegal by hand, and what it comes to. Both rows are locked from here on.
async fn choose(
    tx: &mut Transaction,
    policy: &Policy,
    now: OffsetDateTime,
    name: TaskName,
    paralegal: ParalegalId,
    answer_within: Duration,
) -> Result<NewOffer, Error> {
    work::lock(tx, &[name]).await?;
    roster::lock(tx, &[paralegal]).await?;
    let facts = facts::gather(tx, policy, now, &[name], Some(&[paralegal])).await?;
    let task = facts
        .tasks
        .first()
        .ok_or_else(|| Error::NotFound(name.to_string()))?;
    let who = ParalegalName(paralegal).to_string();
    let person = facts
        .roster
        .first()
        .ok_or_else(|| Error::NotFound(who.clone()))?;
    if let Some(why) = facts.not_assignable(task) {
        return Err(Error::not_assignable(name.to_string(), why));
    }
    let judgement = facts.judge(policy, now, task, person)?;
    let Some((terms, cost)) = judgement.fit(Some(Rule::Answered)) else {
        let mut exclusions = judgement.exclusions;
        exclusions.retain(|one| one.rule != Rule::Answered);
        return Err(Error::Excluded {
            paralegal: who,
            task: name.to_string(),
            exclusions,
        });
    };
    Ok(NewOffer {
        task: name,
        matter: task.matter,
        paralegal,
        offer: Offer {
            effort: judgement.effort,
            terms,
            cost,
        },
        plan: None,
        answer_within,
    })
}

fn filter(
    violations: &mut Violations,
    request: &ListAssignmentsRequest,
    parent: Option<FirmParent>,
    call: &Call,
) -> Filter {
    let states = request
        .states
        .iter()
        .enumerate()
        .filter_map(|(at, number)| {
            let state = state(*number);
            if state.is_none() {
                violations.add(format!("states[{at}]"), "is not a state of an assignment");
            }
            state
        })
        .collect();
    let task: Option<TaskName> = optional(violations, "task", &request.task);
    let matter: Option<MatterName> = optional(violations, "matter", &request.matter);
    let paralegal: Option<ParalegalName> = optional(violations, "paralegal", &request.paralegal);
    let one = parent.and_then(FirmParent::one);
    let of_parent = |firm| one.is_none_or(|parent| parent == firm);
    if let Some(task) = task {
        violations.check("task", of_parent(task.firm), "is not a task of the parent");
    }
    if let Some(matter) = matter {
        violations.check(
            "matter",
            of_parent(matter.firm),
            "is not a matter of the parent",
        );
    }
    Filter {
        firm: one
            .or(matter.map(|matter| matter.firm))
            .or(call.caller.firm()),
        states,
        task,
        matter: matter.map(|matter| matter.id),
        paralegal: paralegal.map(|paralegal| paralegal.0),
        own: call.caller.paralegal(),
    }
}

/// A name that may be empty. None: it is, or what is wrong with it is noted.
fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
    violations: &mut Violations,
    field: &str,
    name: &str,
) -> Option<T> {
    if name.is_empty() {
        return None;
    }
    violations.keep(field, name.parse())
}

fn state(number: i32) -> Option<AssignmentState> {
    let number = contract::AssignmentState::try_from(number).ok()?;
    AssignmentState::ALL
        .into_iter()
        .find(|state| convert::assignment_state(*state) == number)
}
