//! The court's deadline that a task is for.

use caseload_deadlines::{Deadline, Impossible, Question};

use super::words::words;

/// A court's deadline, computed when it was given and kept as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourtDeadline {
    /// What it depends on.
    pub question: Question,
    /// The rule or order that sets the period, in the firm's words; empty when not said.
    pub authority: String,
    /// What it came to.
    pub deadline: Deadline,
}

impl CourtDeadline {
    /// Computes it.
    pub fn new(question: Question, authority: String) -> Result<Self, Impossible> {
        let deadline = question.answer()?;
        Ok(Self {
            question,
            authority,
            deadline,
        })
    }
}

words! {
    /// Who says when a task is due.
    pub enum DueBy {
        /// The firm.
        Firm = "firm",
        /// The court: it is due when the court's deadline is over, and moves with it.
        CourtDeadline = "court_deadline",
    }
}

#[cfg(test)]
mod tests {
    use caseload_deadlines::{Calendar, Direction, Filing, Period, Trigger, Unit};
    use caseload_domain::Subkind;
    use time::macros::{date, datetime};
    use time::{Duration, OffsetDateTime};

    use super::super::task::tests::facts;
    use super::super::task::{TaskFacts, TaskPatch};
    use super::*;

    /// So many days after Monday, March 2, 2026, by Greenwich's clock.
    fn court(days: i64) -> CourtDeadline {
        let question = Question {
            trigger: Trigger::Day(date!(2026 - 03 - 02)),
            period: Period::new(days, Unit::Days, Direction::After).unwrap(),
            service: None,
            zone: "UTC".parse().unwrap(),
            filing: Filing::Electronic,
            calendar: Calendar::default(),
            inaccessible: [].into(),
        };
        CourtDeadline::new(question, String::new()).unwrap()
    }

    const IN_TEN: OffsetDateTime = datetime!(2026-03-13 00:00 UTC);
    const IN_FOURTEEN: OffsetDateTime = datetime!(2026-03-17 00:00 UTC);

    fn following() -> TaskFacts {
        TaskFacts {
            due_time: IN_FOURTEEN,
            due_by: DueBy::CourtDeadline,
            court_deadline: Some(court(14)),
            ..facts()
        }
    }

    #[test]
    fn a_due_time_that_follows_the_court_moves_with_it_and_stays_when_it_goes() {
        let mut task = following();
        let sooner = TaskPatch {
            court_deadline: Some(Some(court(10))),
            ..TaskPatch::default()
        };
        task.change(sooner).unwrap();
        assert_eq!((task.due_time, task.due_by), (IN_TEN, DueBy::CourtDeadline));
        let gone = TaskPatch {
            court_deadline: Some(None),
            ..TaskPatch::default()
        };
        task.change(gone).unwrap();
        assert_eq!((task.due_time, task.due_by), (IN_TEN, DueBy::Firm));
    }

    #[test]
    fn a_due_time_of_the_firms_own_does_not_move_and_may_not_be_after_the_courts() {
        let mut task = following();
        let own = TaskPatch {
            due_time: Some(IN_TEN + Duration::SECOND),
            due_by: Some(DueBy::Firm),
            ..TaskPatch::default()
        };
        task.change(own).unwrap();
        assert_eq!(task.contradiction(), None);
        let sooner = TaskPatch {
            court_deadline: Some(Some(court(10))),
            ..TaskPatch::default()
        };
        task.change(sooner).unwrap();
        assert_eq!(task.due_time, IN_TEN + Duration::SECOND);
        assert_eq!(
            task.contradiction(),
            Some(("task.due_time", "must not be after the court's deadline"))
        );
        task.due_time = IN_TEN;
        assert_eq!(task.contradiction(), None);
    }

    #[test]
    fn what_is_left_to_the_court_needs_its_deadline() {
        let left = || TaskPatch {
            due_by: Some(DueBy::CourtDeadline),
            ..TaskPatch::default()
        };
        assert_eq!(facts().change(left()).unwrap_err().0, "task.due_time");
        let mut task = TaskFacts {
            due_time: IN_TEN,
            due_by: DueBy::Firm,
            ..following()
        };
        task.change(left()).unwrap();
        assert_eq!(task.due_time, IN_FOURTEEN);
    }

    #[test]
    fn a_subkind_is_of_the_tasks_own_kind() {
        for subkind in Subkind::all() {
            let task = TaskFacts {
                subkind: Some(subkind),
                ..facts()
            };
            let fits = subkind.kind() == task.kind;
            assert_eq!(task.contradiction().is_none(), fits, "{subkind}");
        }
    }
}
