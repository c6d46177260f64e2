//! What was done, as the invoice will say it, and whether the firm is billed for it.

use caseload_domain::utbms::{ActivityCode, TaskCode, usual_activity};
use caseload_domain::work::TaskKind;

use super::refusal::Lacking;

/// The most characters that a narrative has.
pub const MOST_NARRATIVE: usize = 2000;
/// The most characters that a reason has.
pub const MOST_REASON: usize = 500;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// In words, as the invoice will say it. Empty: not said yet.
    pub narrative: String,
    /// The part of the matter that it served.
    pub task_code: Option<TaskCode>,
    /// The activity.
    pub activity_code: Option<ActivityCode>,
    /// Why the firm is not billed for it. None: it is billed.
    pub non_billable: Option<String>,
}

/// What is known of a task that describes the work on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFacts {
    /// What is to be done, in one line.
    pub title: String,
    /// The kind of work.
    pub kind: TaskKind,
    /// The task's own UTBMS code, where it has one that is valid on a line.
    pub code: Option<TaskCode>,
}

impl Description {
    /// The codes that were not given are taken from the task: its own task code, and its kind's usual activity.
    #[must_use]
    pub fn completed_from(mut self, task: Option<&TaskFacts>) -> Self {
        self.task_code = self.task_code.or_else(|| task.and_then(|task| task.code));
        self.activity_code = self
            .activity_code
            .or_else(|| task.and_then(|task| usual_activity(task.kind)));
        self
    }

    /// What submission still requires of it.
    pub fn lacking(&self) -> impl Iterator<Item = Lacking> {
        let narrative = self.narrative.is_empty().then_some(Lacking::Narrative);
        let activity = self
            .activity_code
            .is_none()
            .then_some(Lacking::ActivityCode);
        narrative.into_iter().chain(activity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn research() -> TaskFacts {
        TaskFacts {
            title: "Research patent eligibility".to_owned(),
            kind: TaskKind::LegalResearch,
            code: "L120".parse().ok(),
        }
    }

    fn codes(description: &Description) -> (Option<&str>, Option<&str>) {
        (
            description.task_code.map(TaskCode::as_str),
            description.activity_code.map(ActivityCode::as_str),
        )
    }

    #[test]
    fn codes_that_are_not_given_come_from_the_task() {
        let completed = Description::default().completed_from(Some(&research()));
        assert_eq!(codes(&completed), (Some("L120"), Some("A102")));
        let unknown = Description::default().completed_from(None);
        assert_eq!(codes(&unknown), (None, None));
    }

    #[test]
    fn codes_that_are_given_stay() {
        let given = Description {
            task_code: "L110".parse().ok(),
            activity_code: "A104".parse().ok(),
            ..Description::default()
        };
        let completed = given.completed_from(Some(&research()));
        assert_eq!(codes(&completed), (Some("L110"), Some("A104")));
    }

    #[test]
    fn submission_requires_a_narrative_and_an_activity_but_no_task_code() {
        let lacking: Vec<_> = Description::default().lacking().collect();
        assert_eq!(lacking, [Lacking::Narrative, Lacking::ActivityCode]);
        let whole = Description {
            narrative: "Read the file history.".to_owned(),
            activity_code: "A104".parse().ok(),
            ..Description::default()
        };
        assert_eq!(whole.lacking().count(), 0);
    }
}
