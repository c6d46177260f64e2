//! The clock that becomes an entry. It runs in the server's time.

use caseload_domain::name::TimeEntryName;
use caseload_domain::work_time::{IncrementRule, WorkedTime};
use caseload_domain::zone::Zone;
use caseload_domain::{AssignmentId, MatterId, ParalegalId, TaskId};
use time::{Date, Duration, OffsetDateTime};

use super::description::Description;
use super::entry::{Entry, Source};
use super::refusal::Refusal;
use super::span::{InvalidSpan, Span, to_microsecond};
use super::standing::Standing;
use super::state::{State, Step};
use super::tenure;

/// A timer that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// The entry that it becomes.
    pub entry: TimeEntryName,
    /// Whose it is.
    pub paralegal: ParalegalId,
    /// What is worked on.
    pub task: TaskId,
    /// The task's matter.
    pub matter: MatterId,
    /// The assignment that it runs under.
    pub assignment: AssignmentId,
    /// When it was started.
    pub start: OffsetDateTime,
    /// The day that it was started on, as the paralegal would say it.
    pub work_date: Date,
    /// Where the paralegal works.
    pub zone: Zone,
    /// What is being done.
    pub description: Description,
    /// Who started it.
    pub create_actor: String,
    /// Counts the changes.
    pub version: i64,
}

/// How long a timer may run before it counts as forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimit(WorkedTime);

impl RunLimit {
    /// A limit of a second to 24 hours, which is the most that an entry holds.
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        let limit = WorkedTime::from_seconds(seconds.into()).ok()?;
        (limit.seconds() > 0).then_some(Self(limit))
    }

    fn as_duration(self) -> Duration {
        Duration::seconds(self.0.seconds().into())
    }
}

impl Timer {
    /// Starts a timer now, when the task is the paralegal's now.
    pub fn start(
        entry: TimeEntryName,
        (paralegal, actor): (ParalegalId, &str),
        (task, description): (TaskId, Description),
        standing: &Standing,
        now: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let start = to_microsecond(now);
        let tenure = tenure::covering(&standing.tenures, start, None)?;
        Ok(Self {
            entry,
            paralegal,
            task,
            matter: tenure.matter,
            assignment: tenure.assignment,
            start,
            work_date: standing.zone.date_at(start),
            zone: standing.zone.clone(),
            description: description.completed_from(standing.task.as_ref()),
            create_actor: actor.to_owned(),
            version: 1,
        })
    }

    /// How long it has run. A server whose clock is behind the one that started it sees no time at all.
    pub fn elapsed(&self, now: OffsetDateTime) -> Duration {
        (now - self.start).max(Duration::ZERO)
    }

    /// Stops the timer: a draft of the time that it ran, or of as much as the limit allows. The time is never lost,
    /// whatever became of the assignment meanwhile; submission holds it against that.
    pub fn stop(
        self,
        rule: IncrementRule,
        limit: RunLimit,
        now: OffsetDateTime,
    ) -> Result<Entry, InvalidSpan> {
        debug_assert!(State::Running.allows(Step::Stop).is_ok());
        let ran = self.elapsed(now);
        let forgotten = ran > limit.as_duration();
        let end = self.start + ran.min(limit.as_duration());
        let span = Span::new(self.start, end)?;
        Ok(Entry {
            name: self.entry,
            paralegal: self.paralegal,
            task: self.task,
            matter: self.matter,
            assignment: self.assignment,
            span,
            work_date: self.work_date,
            zone: self.zone,
            rule,
            description: self.description,
            state: State::Draft,
            source: Source::Timer,
            stopped_at_limit: forgotten,
            create_actor: self.create_actor,
            submission: None,
            review: None,
            reversal: None,
            replaces: None,
            version: self.version + 1,
            create_time: self.start,
            update_time: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, TimeEntryId};
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::domain::samples::{NINE, PARALEGAL, standing};

    const LIMIT: u32 = 12 * 3600;

    fn started() -> Timer {
        let entry = TimeEntryName::new(FirmId::generate(), TimeEntryId::generate());
        let who = (ParalegalId::generate(), PARALEGAL);
        let what = (TaskId::generate(), Description::default());
        Timer::start(entry, who, what, &standing(), NINE).unwrap()
    }

    fn stopped_after(ran: Duration) -> Entry {
        let limit = RunLimit::from_seconds(LIMIT).unwrap();
        started()
            .stop(IncrementRule::TENTHS_UP, limit, NINE + ran)
            .unwrap()
    }

    #[test]
    fn a_timer_becomes_a_draft_of_the_time_that_it_ran() {
        let entry = stopped_after(Duration::seconds(754));
        assert_eq!((entry.state, entry.source), (State::Draft, Source::Timer));
        assert_eq!(
            (entry.span.worked().seconds(), entry.billed().seconds()),
            (754, 1080)
        );
        assert_eq!(entry.work_date, date!(2026 - 03 - 02));
        assert!(!entry.stopped_at_limit);
    }

    #[test]
    fn a_forgotten_timer_ends_at_its_limit_and_says_so() {
        let entry = stopped_after(Duration::days(30));
        assert_eq!(entry.span.worked().seconds(), LIMIT);
        assert!(entry.stopped_at_limit);
        assert!(!stopped_after(Duration::seconds(LIMIT.into())).stopped_at_limit);
    }

    #[test]
    fn a_server_whose_clock_is_behind_stops_a_timer_at_its_start() {
        let entry = stopped_after(Duration::seconds(-5));
        assert_eq!(entry.span.worked().seconds(), 0);
        assert_eq!(entry.span.start(), entry.span.end());
    }

    #[test]
    fn a_timer_does_not_start_on_a_task_that_is_not_theirs() {
        let mut released = standing();
        released.tenures[0].ended = Some(NINE - Duration::HOUR);
        let entry = TimeEntryName::new(FirmId::generate(), TimeEntryId::generate());
        let who = (ParalegalId::generate(), PARALEGAL);
        let what = (TaskId::generate(), Description::default());
        assert!(Timer::start(entry, who, what, &released, NINE).is_err());
    }

    #[test]
    fn a_limit_is_within_a_day() {
        assert_eq!(RunLimit::from_seconds(0), None);
        assert_eq!(RunLimit::from_seconds(86_401), None);
        assert!(RunLimit::from_seconds(86_400).is_some());
    }

    proptest! {
        #[test]
        fn whatever_a_timer_ran_is_kept_up_to_the_limit(micros in 0_i64..200_000_000_000) {
            let entry = stopped_after(Duration::microseconds(micros));
            let ran = (micros / 1_000_000).min(LIMIT.into());
            prop_assert_eq!(i64::from(entry.span.worked().seconds()), ran);
        }
    }
}
