//! Deliveries: what can be handed over, and what is left after it.

use caseload_domain::name::DeliveryName;
use caseload_domain::{DocumentId, MatterId, TaskId};
use time::OffsetDateTime;

use super::document::{Document, DocumentState};
use super::pricing::Milestone;
use super::task::{TaskMove, Worker};
use super::transition::{self, Transition, WrongState};
use super::words::words;

words! {
    /// Where a delivery stands.
    pub enum DeliveryState {
        /// Waiting for the firm.
        Submitted = "submitted",
        /// To be done again.
        RevisionRequested = "revision_requested",
        /// Accepted.
        Accepted = "accepted",
    }

    /// What the firm says to a delivery.
    pub enum Verdict {
        /// It is accepted.
        Accept = "accept",
        /// It is to be done again.
        Revise = "revise",
    }
}

/// Where a delivery can go.
pub const TRANSITIONS: &[Transition<DeliveryState, Verdict>] = &[
    (
        DeliveryState::Submitted,
        Verdict::Accept,
        DeliveryState::Accepted,
    ),
    (
        DeliveryState::Submitted,
        Verdict::Revise,
        DeliveryState::RevisionRequested,
    ),
];

impl DeliveryState {
    /// Where a verdict leads.
    pub fn after(self, by: Verdict) -> Result<Self, WrongState> {
        transition::after(TRANSITIONS, self, by).ok_or(WrongState {
            what: "delivery",
            from: self.as_str(),
            to: match by {
                Verdict::Accept => Self::Accepted.as_str(),
                Verdict::Revise => Self::RevisionRequested.as_str(),
            },
        })
    }
}

/// The most versions of documents in one delivery.
pub const MOST_DOCUMENTS: usize = 50;

/// A version of a document that is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivered {
    /// The document.
    pub document: DocumentId,
    /// The version's number, from 1.
    pub version: i32,
}

/// Work that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which one.
    pub name: DeliveryName,
    /// The task.
    pub task: TaskId,
    /// The task's matter.
    pub matter: MatterId,
    /// Who delivered, under which assignment.
    pub by: Worker,
    /// The milestone; none for the whole task.
    pub milestone: Option<String>,
    /// What was done.
    pub note: String,
    /// What is handed over, in the paralegal's order.
    pub documents: Vec<Delivered>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Whether nothing remains once this is accepted.
    pub completes_task: bool,
    /// What is to be done again; empty when nothing is.
    pub revision_reason: String,
    /// Who accepted it or asked for a revision; empty while nobody has.
    pub reviewed_by: String,
    /// When.
    pub review_time: Option<OffsetDateTime>,
    /// Changes with every change.
    pub version: i64,
    /// When it was handed over.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

/// The part that is to be delivered is not one that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongPart {
    /// The fee has milestones, and none is named.
    #[error("is required: the task's fee has milestones")]
    MilestoneRequired,
    /// The fee has none of this id.
    #[error("is not a milestone of the task")]
    UnknownMilestone,
    /// It is accepted already.
    #[error("is a milestone that is accepted already")]
    AcceptedAlready,
}

/// Whether a delivery of a part completes the task, when that part can be delivered.
pub fn completes_task(
    milestones: &[Milestone],
    accepted: &[String],
    part: Option<&str>,
) -> Result<bool, WrongPart> {
    let Some(part) = part else {
        return if milestones.is_empty() {
            Ok(true)
        } else {
            Err(WrongPart::MilestoneRequired)
        };
    };
    if !milestones.iter().any(|milestone| milestone.id == part) {
        return Err(WrongPart::UnknownMilestone);
    }
    if accepted.iter().any(|id| id == part) {
        return Err(WrongPart::AcceptedAlready);
    }
    Ok(milestones
        .iter()
        .all(|milestone| milestone.id == part || accepted.contains(&milestone.id)))
}

/// Whether a version can be handed over with a task: it must be there, of a document of the task that is not deleted.
/// Whoever uploaded it was on the task then.
pub fn can_be_handed_over(found: Option<&Document>, task: TaskId, version: i32) -> bool {
    found.is_some_and(|document| {
        document.task == Some(task)
            && document.state == DocumentState::Active
            && (1..=document.latest.number).contains(&version)
    })
}

/// What a verdict does to the task. More is to be done on a task that somebody has, or somebody has to be found.
pub const fn task_move(verdict: Verdict, completes_task: bool, has_worker: bool) -> TaskMove {
    match (verdict, completes_task, has_worker) {
        (Verdict::Accept, true, _) => TaskMove::Accept,
        (Verdict::Accept, false, true) => TaskMove::AcceptPart,
        (Verdict::Revise, _, true) => TaskMove::Revise,
        (Verdict::Accept, false, false) | (Verdict::Revise, _, false) => TaskMove::Reopen,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pricing::tests::milestone;
    use super::*;

    #[test]
    fn a_delivery_is_judged_once() {
        let mut allowed = 0;
        for from in DeliveryState::ALL {
            for verdict in Verdict::ALL {
                let to = match verdict {
                    Verdict::Accept => DeliveryState::Accepted,
                    Verdict::Revise => DeliveryState::RevisionRequested,
                };
                match from.after(*verdict) {
                    Ok(led) => {
                        allowed += 1;
                        assert_eq!((*from, led), (DeliveryState::Submitted, to));
                    }
                    Err(refused) => {
                        assert_ne!(*from, DeliveryState::Submitted);
                        assert_eq!((refused.from, refused.to), (from.as_str(), to.as_str()));
                    }
                }
            }
        }
        assert_eq!(allowed, TRANSITIONS.len());
    }

    #[test]
    fn a_task_without_milestones_is_delivered_whole() {
        assert_eq!(completes_task(&[], &[], None), Ok(true));
        assert_eq!(
            completes_task(&[], &[], Some("a")),
            Err(WrongPart::UnknownMilestone)
        );
    }

    #[test]
    fn milestones_are_delivered_one_by_one_and_the_last_completes() {
        let milestones = [milestone("a", 1), milestone("b", 1)];
        let accepted = ["a".to_owned()];
        assert_eq!(
            completes_task(&milestones, &[], None),
            Err(WrongPart::MilestoneRequired)
        );
        assert_eq!(completes_task(&milestones, &[], Some("b")), Ok(false));
        assert_eq!(completes_task(&milestones, &accepted, Some("b")), Ok(true));
        assert_eq!(
            completes_task(&milestones, &accepted, Some("a")),
            Err(WrongPart::AcceptedAlready)
        );
        assert_eq!(
            completes_task(&milestones, &accepted, Some("c")),
            Err(WrongPart::UnknownMilestone)
        );
    }

    #[test]
    fn more_work_goes_to_who_has_the_task_or_opens_it() {
        assert_eq!(task_move(Verdict::Accept, true, false), TaskMove::Accept);
        assert_eq!(
            task_move(Verdict::Accept, false, true),
            TaskMove::AcceptPart
        );
        assert_eq!(task_move(Verdict::Accept, false, false), TaskMove::Reopen);
        assert_eq!(task_move(Verdict::Revise, true, true), TaskMove::Revise);
        assert_eq!(task_move(Verdict::Revise, false, false), TaskMove::Reopen);
    }
}
