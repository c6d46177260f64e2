//! Drafting: new requests and their tasks, whichever way they come, one at a time, from a template or from a file.

use std::collections::BTreeMap;

use caseload_database::Transaction;
use caseload_domain::name::{MatterName, RequestName, TaskName};
use caseload_domain::{Currency, MatterId, PracticeArea};
use caseload_events::Act;
use time::OffsetDateTime;

use super::{firms, requests, tasks};
use crate::domain::conflict_hold::HoldCause;
use crate::domain::dependency::closes_circle;
use crate::domain::firm::Firm;
use crate::domain::pricing::Pricing;
use crate::domain::request::{Request, RequestFacts, RequestState};
use crate::domain::task::{Budget, Standing, Task, TaskFacts, TaskPatch, TaskState, TaskTimes};
use crate::error::{IntakeError, Refusal};
use crate::store;

/// The most tasks of a request.
pub(crate) const MOST_TASKS: usize = 1_000;

/// A draft that tasks are put into, with all that each of them is measured against.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The request.
    pub(crate) request: Request,
    /// The matter's, for tasks that name none.
    practice_area: PracticeArea,
    /// The firm's.
    currency: Currency,
    /// The tasks that it has.
    tasks: Vec<Task>,
}

impl Draft {
    /// Begins a request.
    pub(crate) async fn begin(
        tx: &mut Transaction,
        act: &Act,
        name: RequestName,
        matter: MatterId,
        facts: RequestFacts,
    ) -> Result<Self, IntakeError> {
        let firm = firms::sending(tx, name.firm).await?;
        let matter = store::matters::get(tx, MatterName::new(name.firm, matter)).await;
        let matter = matter.map_err(|error| error.in_field("request.matter"))?;
        if matter.closed {
            return Err(IntakeError::Refused(Refusal::MatterClosed));
        }
        supervises(&firm, &facts)?;
        let request = Request {
            name,
            matter: matter.name.id,
            facts,
            state: RequestState::Draft,
            close_reason: String::new(),
            conflict: None,
            submit_time: None,
            accept_time: None,
            end_time: None,
            version: 1,
            create_time: act.now,
            update_time: act.now,
        };
        requests::create(tx, act, &request).await?;
        Ok(Self {
            request,
            practice_area: matter.facts.practice_area,
            currency: firm.currency,
            tasks: Vec::new(),
        })
    }

    /// Holds a request that is a draft, and its tasks.
    pub(crate) async fn hold(tx: &mut Transaction, of: RequestName) -> Result<Self, IntakeError> {
        let request = store::requests::lock(tx, of).await;
        let request = request.map_err(|error| error.in_field("task.request"))?;
        if request.state != RequestState::Draft {
            return Err(IntakeError::Refused(Refusal::RequestNotDraft));
        }
        let matter = store::matters::get(tx, MatterName::new(of.firm, request.matter)).await?;
        Ok(Self {
            request,
            practice_area: matter.facts.practice_area,
            currency: store::firms::get(tx, of.firm).await?.currency,
            tasks: store::tasks::lock_of_request(tx, of).await?,
        })
    }

    /// Puts a task in. What is refused for what it says has written nothing, and the transaction can go on.
    pub(crate) async fn add(
        &mut self,
        tx: &mut Transaction,
        act: &Act,
        name: TaskName,
        patch: TaskPatch,
    ) -> Result<Task, IntakeError> {
        let task = self.admit(name, patch, act.now)?;
        tasks::create(tx, act, &task).await?;
        self.tasks.push(task.clone());
        Ok(task)
    }

    /// The task as it is put in, if it may be.
    fn admit(
        &self,
        name: TaskName,
        mut patch: TaskPatch,
        now: OffsetDateTime,
    ) -> Result<Task, IntakeError> {
        patch.practice_area.get_or_insert(self.practice_area);
        let facts = patch
            .begin()
            .ok_or_else(|| IntakeError::Damaged("a parsed task lacks a field".to_owned()))?;
        if self.tasks.len() >= MOST_TASKS {
            return Err(IntakeError::Invalid {
                field: "task.request",
                why: format!("has {MOST_TASKS} tasks, and can't have more"),
            });
        }
        fits(name, self.currency, &facts, &self.tasks)?;
        Ok(Task {
            name,
            request: self.request.name.id,
            matter: self.request.matter,
            currency: self.currency,
            facts,
            standing: Standing::in_state(TaskState::Pending),
            hold_reason: String::new(),
            hold_cause: HoldCause::Caller,
            cancel_reason: String::new(),
            worker: None,
            accepted_milestones: Vec::new(),
            times: TaskTimes::default(),
            version: 1,
            create_time: now,
            update_time: now,
        })
    }
}

/// Whoever is named supervises at present.
pub(crate) fn supervises(firm: &Firm, facts: &RequestFacts) -> Result<(), IntakeError> {
    match &facts.supervising_attorney_id {
        Some(id) if !firm.has_active_attorney(id) => Err(IntakeError::Invalid {
            field: "request.supervising_attorney_id",
            why: format!("is {id:?}, who is not an active supervising attorney of the firm"),
        }),
        _ => Ok(()),
    }
}

/// What a task says must fit together, its firm, and the other tasks of its request.
pub(crate) fn fits(
    name: TaskName,
    currency: Currency,
    facts: &TaskFacts,
    siblings: &[Task],
) -> Result<(), IntakeError> {
    if let Some((field, why)) = facts.contradiction() {
        return Err(IntakeError::Invalid {
            field,
            why: why.to_owned(),
        });
    }
    in_currency(Some(&facts.pricing), facts.budget.as_ref(), currency)?;
    let waits: BTreeMap<_, _> = siblings
        .iter()
        .map(|task| (task.name.id, task.facts.depends_on.clone()))
        .collect();
    let stranger = facts
        .depends_on
        .iter()
        .find(|id| **id != name.id && !waits.contains_key(id));
    if let Some(stranger) = stranger {
        return Err(IntakeError::Invalid {
            field: "task.depends_on",
            why: format!(
                "names {}, which is not a task of the same request",
                TaskName::new(name.firm, *stranger)
            ),
        });
    }
    if closes_circle(name.id, &facts.depends_on, &waits) {
        return Err(IntakeError::Invalid {
            field: "task.depends_on",
            why: "would make the task wait for itself".to_owned(),
        });
    }
    Ok(())
}

/// A firm pays in its own currency.
pub(crate) fn in_currency(
    pricing: Option<&Pricing>,
    budget: Option<&Budget>,
    currency: Currency,
) -> Result<(), IntakeError> {
    let budget = budget.and_then(|budget| budget.amount);
    let amounts = [
        ("task.pricing", pricing.and_then(Pricing::currency)),
        ("task.budget.amount", budget.map(|amount| amount.currency)),
    ];
    for (field, found) in amounts {
        if let Some(found) = found.filter(|found| *found != currency) {
            return Err(IntakeError::Invalid {
                field,
                why: format!("is in {found}, and the firm is billed in {currency}"),
            });
        }
    }
    Ok(())
}
