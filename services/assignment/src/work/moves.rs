//! The one flow of every change of an assignment: lock, hold against the rule, write, record, announce.

use caseload_database::{Transaction, etag};
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{AssignmentId, MatterId, ParalegalId, PlanId};
use caseload_events::Act;
use caseload_proto::caseload::assignment::v1::AssignmentChanged;
use serde_json::json;
use time::Duration;

use crate::api::convert;
use crate::domain::assignment::{AssignmentState, Step};
use crate::domain::plan::Offer;
use crate::domain::policy::Policy;
use crate::error::Error;
use crate::store::assignments::{self, Assignment, Terms};

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
    act: &Act,
    policy: &Policy,
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
        offer_time: act.now,
        answer_by_time: act.now + new.answer_within,
        accept_time: None,
        end_time: None,
        end_reason: String::new(),
        update_time: act.now,
        terms: Some(terms),
        task_title: String::new(),
        due_time: None,
        paralegal_display_name: String::new(),
    };
    assignments::insert(tx, &draft, &terms, policy.currency).await?;
    let made = assignments::find(tx, name)
        .await?
        .ok_or_else(|| Error::NotFound(name.to_string()))?;
    tell(tx, act, None, &made).await?;
    Ok(made)
}

/// Moves an assignment, if the transaction's scope sees it and the table of moves has the move.
pub async fn step(
    tx: &mut Transaction,
    act: &Act,
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
    if change.step == Step::Accept && before.answer_by_time <= act.now {
        return Err(Error::AnswerTooLate(name.to_string()));
    }
    let after = Assignment {
        version: before.version + 1,
        state: to,
        accept_time: if to == AssignmentState::Accepted {
            Some(act.now)
        } else {
            before.accept_time
        },
        end_time: (!to.is_live()).then_some(act.now),
        end_reason: change.reason.clone(),
        update_time: act.now,
        ..before.clone()
    };
    assignments::update(tx, &after).await?;
    tell(tx, act, Some(&before), &after).await?;
    Ok(after)
}

/// Puts a change on record and announces it.
async fn tell(
    tx: &mut Transaction,
    act: &Act,
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
    let (firm, name) = (Some(after.name.firm), after.name.to_string());
    let (was, is) = (before.map(state), state(after));
    act.record(tx, firm, name.clone(), was, Some(is)).await?;
    let payload = AssignmentChanged {
        assignment: Some(convert::assignment_snapshot(after)?),
    };
    Ok(act.announce(tx, firm, name, &payload).await?)
}
