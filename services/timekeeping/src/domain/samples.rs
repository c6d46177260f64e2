//! What tests of the domain start from.

use caseload_domain::name::TimeEntryName;
use caseload_domain::work::TaskKind;
use caseload_domain::work_time::IncrementRule;
use caseload_domain::{AssignmentId, FirmId, MatterId, ParalegalId, TaskId, TimeEntryId};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::description::{Description, TaskFacts};
use super::entry::{Entry, Reviewer, Source};
use super::span::Span;
use super::standing::{Author, Recording, Standing};
use super::tenure::Tenure;

/// Nine in the morning in Chicago, a Monday.
pub(super) const NINE: OffsetDateTime = datetime!(2026-03-02 15:00 UTC);
/// When the tests are: the evening of that day.
pub(super) const NOW: OffsetDateTime = datetime!(2026-03-03 00:00 UTC);
/// Who records.
pub(super) const PARALEGAL: &str = "paralegal-1";
/// Somebody else.
pub(super) const REVIEWER: Reviewer<'static> = Reviewer {
    subject: "reviewer-1",
    paralegal: None,
};

/// A paralegal in Chicago who has had a research task since Sunday.
pub(super) fn standing() -> Standing {
    Standing {
        zone: "America/Chicago".parse().unwrap(),
        rule: IncrementRule::TENTHS_UP,
        tenures: vec![Tenure {
            assignment: AssignmentId::generate(),
            matter: MatterId::generate(),
            accepted: Some(NINE - Duration::DAY),
            ended: None,
        }],
        task: Some(TaskFacts {
            title: "Research patent eligibility".to_owned(),
            kind: TaskKind::LegalResearch,
            code: "L120".parse().ok(),
        }),
    }
}

/// An hour and a minute of reading from nine on.
pub(super) fn recording() -> Recording {
    Recording {
        task: TaskId::generate(),
        span: Span::new(NINE, NINE + Duration::minutes(61)).unwrap(),
        description: Description {
            narrative: "Read the file history of the '720 patent.".to_owned(),
            ..Description::default()
        },
    }
}

/// A draft of what is recorded.
pub(super) fn draft_of(recording: Recording, standing: &Standing) -> Entry {
    let name = TimeEntryName::new(FirmId::generate(), TimeEntryId::generate());
    let author = Author {
        paralegal: ParalegalId::generate(),
        actor: PARALEGAL,
        source: Source::Manual,
        now: NOW,
    };
    Entry::record(name, author, recording, standing).unwrap()
}

/// A draft of that hour and minute.
pub(super) fn draft() -> Entry {
    draft_of(recording(), &standing())
}

/// The same, handed in.
pub(super) fn submitted() -> Entry {
    let standing = standing();
    let mut entry = draft_of(recording(), &standing);
    entry.submit(&standing, PARALEGAL, NOW).unwrap();
    entry
}
