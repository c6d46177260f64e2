//! The one flow of every change of an assignment: lock, hold against the rule, write, record, announce.

use caseload_database::{Transaction, audit, etag};
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{AssignmentId, MatterId, ParalegalId, PlanId};
use caseload_events::Draft;
use caseload_proto::caseload::assignment::v1::AssignmentChanged;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::api::convert;
use crate::domain::assignment::{AssignmentState, Step};
use crate::domain::plan::Offer;
use crate::domain::policy::Policy;
use crate::error::Error;
use crate::store::assignments::{self, Assignment, Terms};

/// Who does something, and by what.
#[derive(Debug, Clone)]
pub struct Doer {
    /// The token's subject, or `system:` and the name of a worker.
    pub actor: String,
    /// The caller's address, where it is known.
    pub remote: Option<String>,
    /// The full name of the method, or of the worker.
    pub method: &'static str,
}

/// A change of an assignment.
#[derive(Debug, Clone)]
pub struct Move {
    /// What happens.
    pub step: Step,
    /// Why, where somebody says so.
    pub reason: String,
    /// The etag that the assignment must have. Empty: any.
    pub etag: String,
}

impl Move {
    /// A step that nobody gives a reason for.
    pub const fn plain(step: Step, etag: String) -> Self {
        Self {
            step,
            reason: String::new(),
            etag,
        }
    }

    /// Taking back, for a reason of the suite's own.
    pub fn release(reason: &str) -> Self {
        Self {
            step: Step::Release,
            reason: reason.to_owned(),
            etag: String::new(),
        }
    }
}

/// An offer about to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewOffer {
    /// The task; its row is locked.
    pub task: TaskName,
    /// Its matter.
    pub matter: MatterId,
    /// Whom it is offered to; their row is locked.
    pub paralegal: ParalegalId,
    /// What it comes to.
    pub offer: Offer,
    /// The plan that makes it. None: by hand.
    pub plan: Option<PlanId>,
    /// How long it stands.
    pub answer_within: Duration,
}

/// Makes an offer. In the scope of every firm.
pub async fn offer(
    tx: &mut Transaction,
    doer: &Doer,
    policy: &Policy,
    now: OffsetDateTime,
    new: &NewOffer,
) -> Result<Assignment, Error> {
    let name = AssignmentName::new(new.task.firm, AssignmentId::generate());
    let terms = Terms {
        offer: new.offer,
        plan: new.plan,
    };
    let draft = Assignment {
        name,
        version: 1,
        task: new.task.id,
        matter: new.matter,
        paralegal: new.paralegal,
        state: AssignmentState::Offered,
        offer_time: now,
        answer_by_time: now + new.answer_within,
        accept_time: None,
        end_time: None,
        end_reason: String::new(),
        update_time: now,
        terms: Some(terms),
        task_title: String::new(),
        due_time: None,
        paralegal_display_name: String::new(),
    };
    assignments::insert(tx, &draft, &terms, policy.currency).await?;
    let made = assignments::find(tx, name)
        .await?
        .ok_or_else(|| Error::NotFound(name.to_string()))?;
    tell(tx, doer, None, &made).await?;
    Ok(made)
}

/// Moves an assignment, if the transaction's scope sees it and the table of moves has the move.
pub async fn step(
    tx: &mut Transaction,
    doer: &Doer,
    now: OffsetDateTime,
    name: AssignmentName,
    change: &Move,
) -> Result<Assignment, Error> {
    let missing = || Error::NotFound(name.to_string());
    if !assignments::lock(tx, name).await? {
        return Err(missing());
    }
    let before = assignments::find(tx, name).await?.ok_or_else(missing)?;
    etag::check(&change.etag, before.version)?;
    let to = before
        .state
        .after(change.step)
        .map_err(|refused| Error::illegal(name.to_string(), refused))?;
    if change.step == Step::Accept && before.answer_by_time <= now {
        return Err(Error::AnswerTooLate(name.to_string()));
    }
    let after = Assignment {
        version: before.version + 1,
        state: to,
        accept_time: if to == AssignmentState::Accepted {
            Some(now)
        } else {
            before.accept_time
        },
        end_time: (!to.is_live()).then_some(now),
        end_reason: change.reason.clone(),
        update_time: now,
        ..before.clone()
    };
    assignments::update(tx, &after).await?;
    tell(tx, doer, Some(&before), &after).await?;
    Ok(after)
}

/// Puts a change on record and announces it.
async fn tell(
    tx: &mut Transaction,
    doer: &Doer,
    before: Option<&Assignment>,
    after: &Assignment,
) -> Result<(), Error> {
    let state = |assignment: &Assignment| {
        json!({
            "state": assignment.state.as_str(),
            "task": assignment.task_name().to_string(),
            "paralegal": assignment.paralegal.to_string(),
            "end_reason": assignment.end_reason,
        })
    };
    audit::record(
        tx,
        audit::Change {
            actor: &doer.actor,
            remote: doer.remote.as_deref(),
            firm: Some(after.name.firm),
            method: doer.method,
            resource: after.name.to_string(),
            before: before.map(state),
            after: Some(state(after)),
        },
    )
    .await?;
    let payload = AssignmentChanged {
        assignment: Some(convert::assignment_snapshot(after)?),
    };
    caseload_events::append(
        tx,
        Draft {
            firm: Some(after.name.firm),
            aggregate: after.name.to_string(),
            actor: &doer.actor,
            payload: &payload,
        },
    )
    .await?;
    Ok(())
}
