//! The entry, and what happens to it.

use caseload_domain::name::TimeEntryName;
use caseload_domain::utbms::usual_activity;
use caseload_domain::work_time::{BilledTime, IncrementRule};
use caseload_domain::zone::Zone;
use caseload_domain::{AssignmentId, MatterId, ParalegalId, TaskId, TimeEntryId};
use time::{Date, OffsetDateTime};

use super::description::Description;
use super::refusal::{Lacking, Refusal};
use super::span::Span;
use super::standing::{Author, Recording, Standing};
use super::state::{State, Step};
use super::tenure;

/// Time that one paralegal worked on one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub name: TimeEntryName,
    /// Who worked.
    pub paralegal: ParalegalId,
    /// What on.
    pub task: TaskId,
    /// The task's matter.
    pub matter: MatterId,
    /// The assignment that it was worked under.
    pub assignment: AssignmentId,
    /// From when to when.
    pub span: Span,
    /// The day of the work, as the paralegal would say it.
    pub work_date: Date,
    /// Where the paralegal worked.
    pub zone: Zone,
    /// How the time worked becomes the time billed.
    pub rule: IncrementRule,
    /// What was done.
    pub description: Description,
    /// Where it stands.
    pub state: State,
    /// How it was recorded.
    pub source: Source,
    /// Whether a forgotten timer's limit is where it ends.
    pub stopped_at_limit: bool,
    /// Who recorded it.
    pub create_actor: String,
    /// The last submission.
    pub submission: Option<Submission>,
    /// The last decision.
    pub review: Option<Review>,
    /// How it was reversed.
    pub reversal: Option<Reversal>,
    /// The reversed entry that it takes the place of.
    pub replaces: Option<TimeEntryId>,
    /// Counts the changes.
    pub version: i64,
    /// When it was recorded.
    pub create_time: OffsetDateTime,
    /// When it last changed.
    pub update_time: OffsetDateTime,
}

/// How an entry was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// By its start and end.
    Manual,
    /// By a timer.
    Timer,
    /// In place of a reversed entry.
    Replacement,
}

/// Who handed an entry in, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Who.
    pub actor: String,
    /// When.
    pub time: OffsetDateTime,
}

/// A decision on an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who decided.
    pub reviewer: String,
    /// When.
    pub time: OffsetDateTime,
    /// Why it was rejected. None: it was approved.
    pub rejection: Option<String>,
}

/// How an entry was reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Who reversed it.
    pub actor: String,
    /// When.
    pub time: OffsetDateTime,
    /// Why.
    pub reason: String,
    /// What takes its place.
    pub replacement: Option<TimeEntryId>,
}

/// Who decides on an entry.
#[derive(Debug, Clone, Copy)]
pub struct Reviewer<'a> {
    /// The token's subject.
    pub subject: &'a str,
    /// The paralegal that the caller is.
    pub paralegal: Option<ParalegalId>,
}

impl Entry {
    /// A draft, when the task was the paralegal's all that time.
    pub fn record(
        name: TimeEntryName,
        author: Author<'_>,
        recording: Recording,
        standing: &Standing,
    ) -> Result<Self, Refusal> {
        let span = recording.span;
        let tenure = tenure::covering(&standing.tenures, span.start(), Some(span.end()))?;
        Ok(Self {
            name,
            paralegal: author.paralegal,
            task: recording.task,
            matter: tenure.matter,
            assignment: tenure.assignment,
            span,
            work_date: standing.zone.date_at(span.start()),
            zone: standing.zone.clone(),
            rule: standing.rule,
            description: recording.description.completed_from(standing.task.as_ref()),
            state: State::Draft,
            source: author.source,
            stopped_at_limit: false,
            create_actor: author.actor.to_owned(),
            submission: None,
            review: None,
            reversal: None,
            replaces: None,
            version: 1,
            create_time: author.now,
            update_time: author.now,
        })
    }

    /// The time billed: nothing when the firm is not billed for it.
    pub fn billed(&self) -> BilledTime {
        if self.description.non_billable.is_some() {
            BilledTime::ZERO
        } else {
            self.rule.bill(self.span.worked())
        }
    }

    /// Hands the entry in: from here on its billed time is settled, by the firm's rule of this moment.
    /// Everything that stands in the way is told at once.
    pub fn submit(
        &mut self,
        standing: &Standing,
        actor: &str,
        now: OffsetDateTime,
    ) -> Result<(), Vec<Refusal>> {
        self.state
            .allows(Step::Submit)
            .map_err(|refusal| vec![refusal])?;
        let mut next = self.clone();
        let usual = || usual_activity(standing.task.as_ref()?.kind);
        next.description.activity_code = next.description.activity_code.or_else(usual);
        let mut refusals: Vec<_> = next
            .description
            .lacking()
            .map(Refusal::Incomplete)
            .collect();
        if self.span.worked().seconds() == 0 {
            refusals.push(Refusal::Incomplete(Lacking::Time));
        }
        match tenure::covering(&standing.tenures, self.span.start(), Some(self.span.end())) {
            Ok(tenure) => (next.assignment, next.matter) = (tenure.assignment, tenure.matter),
            Err(refusal) => refusals.push(refusal),
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        next.rule = standing.rule;
        next.submission = Some(Submission {
            actor: actor.to_owned(),
            time: now,
        });
        next.moved_to(State::Submitted, now);
        *self = next;
        Ok(())
    }

    /// Approves the entry: it is a fact from here on.
    pub fn approve(&mut self, reviewer: Reviewer<'_>, now: OffsetDateTime) -> Result<(), Refusal> {
        self.decide(Step::Approve, reviewer)?;
        self.review = Some(Review {
            reviewer: reviewer.subject.to_owned(),
            time: now,
            rejection: None,
        });
        self.moved_to(State::Approved, now);
        Ok(())
    }

    /// Hands the entry back, with the reason.
    pub fn reject(
        &mut self,
        reviewer: Reviewer<'_>,
        reason: String,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.decide(Step::Reject, reviewer)?;
        self.review = Some(Review {
            reviewer: reviewer.subject.to_owned(),
            time: now,
            rejection: Some(reason),
        });
        self.moved_to(State::Rejected, now);
        Ok(())
    }

    /// Reverses approved time: it no longer counts, and `replacement` takes its place.
    pub fn reverse(
        &mut self,
        actor: &str,
        reason: String,
        replacement: Option<TimeEntryId>,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.state.allows(Step::Reverse)?;
        self.reversal = Some(Reversal {
            actor: actor.to_owned(),
            time: now,
            reason,
            replacement,
        });
        self.moved_to(State::Reversed, now);
        Ok(())
    }

    /// Nobody decides on time that they worked, recorded or handed in, under whichever of their tokens.
    fn decide(&self, step: Step, reviewer: Reviewer<'_>) -> Result<(), Refusal> {
        self.state.allows(step)?;
        let handed_in_by = self
            .submission
            .as_ref()
            .map(|submission| submission.actor.as_str());
        let own = reviewer.paralegal == Some(self.paralegal)
            || reviewer.subject == self.create_actor
            || handed_in_by == Some(reviewer.subject);
        if own { Err(Refusal::OwnTime) } else { Ok(()) }
    }

    pub(super) fn moved_to(&mut self, state: State, now: OffsetDateTime) {
        self.state = state;
        self.version += 1;
        self.update_time = now;
    }
}

impl Source {
    /// The word that stores and logs keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Timer => "timer",
            Self::Replacement => "replacement",
        }
    }
}

impl std::str::FromStr for Source {
    type Err = caseload_domain::work::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Manual, Self::Timer, Self::Replacement]
            .into_iter()
            .find(|source| source.as_str() == word)
            .ok_or_else(|| caseload_domain::work::UnknownWord(word.to_owned()))
    }
}

#[cfg(test)]
mod tests;
