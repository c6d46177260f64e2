//! What is said about a task, and to whom it is there.

use caseload_domain::name::{CommentName, TaskName};
use caseload_domain::{CommentId, ParalegalId};
use time::OffsetDateTime;

use super::task::{Task, TaskState};
use super::transition::WrongState;
use super::words::words;

words! {
    /// On whose side an author is.
    pub enum AuthorKind {
        /// Somebody of the firm.
        Firm = "firm",
        /// The paralegal who had the task.
        Paralegal = "paralegal",
        /// A coordinator or reviewer of the suite.
        Suite = "suite",
    }
}

/// Something that was said about a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Which one.
    pub name: CommentName,
    /// About which task.
    pub task: TaskName,
    /// The comment on the same task that it answers.
    pub in_reply_to: Option<CommentId>,
    /// On whose side the author is.
    pub author_kind: AuthorKind,
    /// The subject of the author's token.
    pub author: String,
    /// The author, where it is a paralegal.
    pub paralegal: Option<ParalegalId>,
    /// What was said.
    pub text: String,
    /// When.
    pub create_time: OffsetDateTime,
}

/// Whether a task's thread is there for a paralegal: while they have accepted it and it is not cancelled. Who has the
/// task reads all of it, also what was said before.
pub fn is_there_for(task: &Task, paralegal: ParalegalId) -> bool {
    let own = task
        .worker
        .is_some_and(|worker| worker.paralegal == paralegal);
    let state = task.standing.held().unwrap_or(task.standing.state());
    own && !matches!(state, TaskState::Assigned | TaskState::Cancelled)
}

/// Whether something can be said about a task: until it is cancelled.
pub fn may_be_said_of(task: &Task) -> Result<(), WrongState> {
    match task.standing.state() {
        TaskState::Cancelled => Err(WrongState {
            what: "task",
            from: TaskState::Cancelled.as_str(),
            to: "commented",
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::AssignmentId;

    use super::super::task::tests::task;
    use super::super::task::{Standing, TaskMove, Worker};
    use super::*;

    #[test]
    fn a_thread_is_there_for_who_has_accepted_the_task_and_for_nobody_else() {
        let paralegal = ParalegalId::generate();
        for state in TaskState::ALL {
            let mut task = task(*state);
            assert!(
                !is_there_for(&task, paralegal),
                "{state}, and nobody has it"
            );
            task.worker = Some(Worker {
                assignment: AssignmentId::generate(),
                paralegal,
            });
            let there = !matches!(state, TaskState::Assigned | TaskState::Cancelled);
            assert_eq!(is_there_for(&task, paralegal), there, "{state}");
            assert!(!is_there_for(&task, ParalegalId::generate()), "{state}");
        }
    }

    #[test]
    fn a_hold_hides_nothing_and_shows_nothing_of_an_offer() {
        let paralegal = ParalegalId::generate();
        for (state, there) in [(TaskState::Assigned, false), (TaskState::InProgress, true)] {
            let mut task = task(TaskState::Open);
            task.standing = Standing::in_state(state).after(TaskMove::Hold).unwrap();
            task.worker = Some(Worker {
                assignment: AssignmentId::generate(),
                paralegal,
            });
            assert_eq!(is_there_for(&task, paralegal), there, "{state}");
        }
    }

    #[test]
    fn nothing_is_said_of_a_cancelled_task() {
        for state in TaskState::ALL {
            let refused = may_be_said_of(&task(*state)).is_err();
            assert_eq!(refused, *state == TaskState::Cancelled, "{state}");
        }
    }
}
