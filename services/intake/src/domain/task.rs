//! Tasks: the pieces of work that a request holds, and where each stands.

use caseload_domain::name::TaskName;
use caseload_domain::utbms::TaskCode;
use caseload_domain::work::{Level, Priority, TaskKind};
use caseload_domain::{
    AssignmentId, Currency, MatterId, Money, ParalegalId, PracticeArea, RequestId, Subkind, TaskId,
};
use time::OffsetDateTime;

use super::conflict_hold::HoldCause;
use super::court_deadline::{CourtDeadline, DueBy};
use super::pricing::Pricing;
pub use super::task_state::{Standing, TaskMove, TaskState};
pub use super::task_times::{FirstDelivery, TaskTimes};
use super::transition::WrongState;
use super::words::facts;

/// A skill that the work needs, in an area of law, a kind of work, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequiredSkill {
    /// None: any area.
    pub practice_area: Option<PracticeArea>,
    /// None: any kind.
    pub kind: Option<TaskKind>,
    /// How well.
    pub level: Level,
}

/// The time is not an effort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 1 minute to 1000 hours, in whole seconds")]
pub struct InvalidEffort;

/// How much time work takes: 1 minute to 1000 hours, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(i64);

impl Effort {
    /// So many seconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, InvalidEffort> {
        if (60..=3_600_000).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(InvalidEffort)
        }
    }

    /// The seconds.
    pub const fn seconds(self) -> i64 {
        self.0
    }
}

/// What may be spent, and when to say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// None: no limit of time.
    pub effort: Option<Effort>,
    /// None: no limit of money.
    pub amount: Option<Money>,
    /// The percentages at which a notice goes out, ascending.
    pub notice_percents: Vec<i32>,
}

facts! {
    /// What the firm says of a task.
    pub struct TaskFacts / TaskPatch {
        /// What is to be done, in one line.
        title: String,
        /// How, and from what.
        instructions: String,
        /// The kind of work.
        kind: TaskKind,
        /// The kind more closely; none when not said.
        subkind: Option<Subkind>,
        /// The area of law.
        practice_area: PracticeArea,
        /// The skills that the work needs, all of them.
        required_skills: Vec<RequiredSkill>,
        /// How much time an average paralegal needs.
        effort_estimate: Effort,
        /// How soon it is wanted.
        priority: Priority,
        /// When work can begin; none for at once.
        earliest_start_time: Option<OffsetDateTime>,
        /// When it must be delivered.
        due_time: OffsetDateTime,
        /// Who says so.
        due_by: DueBy,
        /// The court's deadline that it is for.
        court_deadline: Option<CourtDeadline>,
        /// What the firm pays.
        pricing: Pricing,
        /// The UTBMS task code.
        utbms_task_code: Option<TaskCode>,
        /// What may be spent.
        budget: Option<Budget>,
        /// Whose law; empty for any.
        jurisdiction: String,
        /// The language; empty for English.
        language_code: String,
        /// The certification that the work needs; empty for none.
        required_certification: String,
        /// What must be accepted first.
        depends_on: Vec<TaskId>,
    }
}

impl TaskFacts {
    /// What is wrong with fields taken together: the field, and why.
    pub fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        let begins_too_late = self
            .earliest_start_time
            .is_some_and(|start| start >= self.due_time);
        let misses_the_court = self
            .court_deadline
            .as_ref()
            .is_some_and(|court| self.due_time > court.deadline.time);
        let of_another_kind = self
            .subkind
            .is_some_and(|subkind| subkind.kind() != self.kind);
        if begins_too_late {
            Some(("task.due_time", "must be after earliest_start_time"))
        } else if misses_the_court {
            Some(("task.due_time", "must not be after the court's deadline"))
        } else if of_another_kind {
            Some(("task.subkind", "is a subkind of another kind of task"))
        } else {
            None
        }
    }

    /// Makes a change. Where the court says when it is due, that follows the court's deadline; when there is none any
    /// more, it stays where it was.
    pub fn change(&mut self, patch: TaskPatch) -> Result<(), (&'static str, &'static str)> {
        let left_to_the_court = patch.due_by == Some(DueBy::CourtDeadline);
        patch.apply(self);
        match (&self.court_deadline, self.due_by) {
            (Some(court), DueBy::CourtDeadline) => self.due_time = court.deadline.time,
            (None, DueBy::CourtDeadline) if left_to_the_court => {
                return Err(("task.due_time", "is required: there is no court_deadline"));
            }
            (None, DueBy::CourtDeadline) => self.due_by = DueBy::Firm,
            (_, DueBy::Firm) => {}
        }
        Ok(())
    }
}

impl TaskPatch {
    /// What a new task says of itself, whole: where it leaves to the court when it is due, that is the court's
    /// deadline. None when something is left out.
    pub fn begin(mut self) -> Option<TaskFacts> {
        if self.due_by == Some(DueBy::CourtDeadline) {
            let court = self.court_deadline.as_ref().and_then(Option::as_ref);
            self.due_time = court.map(|court| court.deadline.time);
        }
        self.complete()
    }
}

/// Who has a task, and under which assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worker {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The paralegal.
    pub paralegal: ParalegalId,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Which one.
    pub name: TaskName,
    /// The request that holds it.
    pub request: RequestId,
    /// The request's matter.
    pub matter: MatterId,
    /// What the firm is billed in.
    pub currency: Currency,
    /// What the firm says of it.
    pub facts: TaskFacts,
    /// Where it stands.
    pub standing: Standing,
    /// Why it is on hold; empty when it is not.
    pub hold_reason: String,
    /// Who put it on hold, where it is.
    pub hold_cause: HoldCause,
    /// Why it was cancelled; empty when it was not.
    pub cancel_reason: String,
    /// Who has it.
    pub worker: Option<Worker>,
    /// The milestones whose delivery is accepted.
    pub accepted_milestones: Vec<String>,
    /// When it passed the stations of its way.
    pub times: TaskTimes,
    /// Changes with every change.
    pub version: i64,
    /// When it was created.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

/// What can be changed once the request is no draft any more.
const CHANGEABLE_LATER: [&str; 8] = [
    "title",
    "instructions",
    "priority",
    "earliest_start_time",
    "due_time",
    "due_by",
    "court_deadline",
    "budget",
];

impl Task {
    /// Moves it.
    pub fn go(&mut self, by: TaskMove, now: OffsetDateTime) -> Result<(), WrongState> {
        self.stand(self.standing.after(by)?, now);
        Ok(())
    }

    /// Puts it where a move has led.
    pub fn stand(&mut self, at: Standing, now: OffsetDateTime) {
        self.standing = at;
        self.times.moved(at, now);
    }

    /// Whether its time is over and its work is not handed over. A task on hold is late too: courts don't wait.
    pub fn is_overdue(&self, now: OffsetDateTime) -> bool {
        let owed = !self.standing.is_done() && self.standing.state() != TaskState::Delivered;
        owed && self.facts.due_time < now
    }

    /// Whether a change of these fields may be made: of all while the request is a draft, of some until it is
    /// delivered.
    pub fn may_change(&self, patch: &TaskPatch, in_draft: bool) -> Result<(), WrongState> {
        let state = self.standing.state();
        let later = !self.standing.is_done()
            && state != TaskState::Delivered
            && patch
                .fields()
                .iter()
                .all(|field| CHANGEABLE_LATER.contains(field));
        if later || (in_draft && !self.standing.is_done()) {
            Ok(())
        } else {
            Err(WrongState {
                what: "task",
                from: state.as_str(),
                to: "changed",
            })
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use caseload_domain::FirmId;

    use super::*;

    pub(crate) fn facts() -> TaskFacts {
        TaskFacts {
            title: "Research abstract ideas".to_owned(),
            instructions: String::new(),
            kind: TaskKind::LegalResearch,
            subkind: None,
            practice_area: PracticeArea::all().next().unwrap(),
            required_skills: Vec::new(),
            effort_estimate: Effort::from_seconds(7_200).unwrap(),
            priority: Priority::Normal,
            earliest_start_time: None,
            due_time: OffsetDateTime::UNIX_EPOCH + time::Duration::days(1),
            due_by: DueBy::Firm,
            court_deadline: None,
            pricing: Pricing::Hourly {
                rate: None,
                cap: None,
            },
            utbms_task_code: None,
            budget: None,
            jurisdiction: String::new(),
            language_code: String::new(),
            required_certification: String::new(),
            depends_on: Vec::new(),
        }
    }

    pub(crate) fn task(state: TaskState) -> Task {
        Task {
            name: TaskName::new(FirmId::generate(), TaskId::generate()),
            request: RequestId::generate(),
            matter: MatterId::generate(),
            currency: Currency::USD,
            facts: facts(),
            standing: standing(state),
            hold_reason: String::new(),
            hold_cause: HoldCause::Caller,
            cancel_reason: String::new(),
            worker: None,
            accepted_milestones: Vec::new(),
            times: TaskTimes::default(),
            version: 1,
            create_time: OffsetDateTime::UNIX_EPOCH,
            update_time: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn standing(state: TaskState) -> Standing {
        let held = (state == TaskState::OnHold).then_some(TaskState::Open);
        Standing::stored(state, held).unwrap()
    }

    #[test]
    fn everything_changes_in_a_draft_and_less_later_and_nothing_once_delivered() {
        let title = TaskPatch {
            title: Some("Other".to_owned()),
            ..TaskPatch::default()
        };
        let kind = TaskPatch {
            kind: Some(TaskKind::Filing),
            ..TaskPatch::default()
        };
        assert!(task(TaskState::Pending).may_change(&kind, true).is_ok());
        assert!(task(TaskState::Cancelled).may_change(&kind, true).is_err());
        for state in TaskState::ALL {
            let task = task(*state);
            assert!(task.may_change(&kind, false).is_err());
            let closed = matches!(
                state,
                TaskState::Delivered | TaskState::Accepted | TaskState::Cancelled
            );
            assert_eq!(task.may_change(&title, false).is_err(), closed, "{state}");
        }
    }

    #[test]
    fn a_task_is_overdue_after_its_time_until_it_is_handed_over() {
        for state in TaskState::ALL {
            let task = task(*state);
            let due = task.facts.due_time;
            assert!(!task.is_overdue(due), "{state}");
            let over = matches!(
                state,
                TaskState::Delivered | TaskState::Accepted | TaskState::Cancelled
            );
            let later = due + time::Duration::MICROSECOND;
            assert_eq!(task.is_overdue(later), !over, "{state}");
        }
    }

    #[test]
    fn work_begins_before_it_is_due() {
        let mut facts = facts();
        assert_eq!(facts.contradiction(), None);
        facts.earliest_start_time = Some(facts.due_time);
        assert!(facts.contradiction().is_some());
        facts.earliest_start_time = Some(facts.due_time - time::Duration::SECOND);
        assert_eq!(facts.contradiction(), None);
    }

    #[test]
    fn effort_is_a_minute_to_a_thousand_hours() {
        for seconds in [i64::MIN, -1, 0, 59, 3_600_001, i64::MAX] {
            assert_eq!(Effort::from_seconds(seconds), Err(InvalidEffort));
        }
        assert_eq!(Effort::from_seconds(60).unwrap().seconds(), 60);
        assert_eq!(
            Effort::from_seconds(3_600_000).unwrap().seconds(),
            3_600_000
        );
    }
}
