//! What happens to an entry.

use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::work_time::IncrementRounding;
use proptest::prelude::*;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use super::*;
use crate::domain::samples::{
    NINE, NOW, PARALEGAL, REVIEWER, draft, draft_of, recording, standing, submitted,
};

fn nearest() -> IncrementRule {
    IncrementRule::new(360, IncrementRounding::Nearest).unwrap()
}

#[test]
fn what_is_recorded_is_a_draft_that_takes_its_codes_from_the_task() {
    let entry = draft();
    assert_eq!(entry.state, State::Draft);
    assert_eq!(entry.work_date, date!(2026 - 03 - 02));
    assert_eq!(entry.span.worked().seconds(), 3660);
    assert_eq!(
        entry.billed().seconds(),
        3960,
        "61 minutes are begun tenths, eleven of them"
    );
    assert_eq!(
        entry.description.task_code.map(TaskCode::as_str),
        Some("L120")
    );
    assert_eq!(
        entry.description.activity_code.map(ActivityCode::as_str),
        Some("A102")
    );
}

#[test]
fn work_after_midnight_utc_is_still_of_the_evening_before() {
    let mut late = recording();
    let start = datetime!(2026-03-03 05:30 UTC);
    late.span = Span::new(start, start + Duration::hours(1)).unwrap();
    let entry = draft_of(late, &standing());
    assert_eq!(
        entry.work_date,
        date!(2026 - 03 - 02),
        "half past eleven in Chicago"
    );
}

#[test]
fn work_through_the_night_that_loses_an_hour_counts_the_seconds_that_passed() {
    let mut night = recording();
    // From 23:30 to 03:30 by the clocks of Chicago, which went from two straight to three.
    night.span = Span::new(
        datetime!(2026-03-08 05:30 UTC),
        datetime!(2026-03-08 08:30 UTC),
    )
    .unwrap();
    let entry = draft_of(night, &standing());
    assert_eq!(entry.span.worked().seconds(), 3 * 3600);
    assert_eq!(entry.work_date, date!(2026 - 03 - 07));
}

#[test]
fn work_through_the_night_that_gains_an_hour_counts_both_of_the_hours() {
    let mut night = recording();
    // From 00:30 to 02:30 by the clocks of Chicago, with the hour from one to two twice.
    night.span = Span::new(
        datetime!(2026-11-01 05:30 UTC),
        datetime!(2026-11-01 08:30 UTC),
    )
    .unwrap();
    let entry = draft_of(night, &standing());
    assert_eq!(entry.span.worked().seconds(), 3 * 3600);
    assert_eq!(entry.work_date, date!(2026 - 11 - 01));
}

#[test]
fn what_the_firm_is_not_billed_for_keeps_its_time_worked() {
    let mut free = recording();
    free.description.non_billable = Some("Training".to_owned());
    let entry = draft_of(free, &standing());
    assert_eq!(entry.billed(), BilledTime::ZERO);
    assert_eq!(entry.span.worked().seconds(), 3660);
}

#[test]
fn submission_settles_the_billed_time_by_the_rule_of_that_moment() {
    let mut entry = draft();
    let later = Standing {
        rule: nearest(),
        ..standing()
    };
    assert_eq!(entry.submit(&later, PARALEGAL, NOW), Ok(()));
    assert_eq!(
        (entry.state, entry.billed().seconds(), entry.version),
        (State::Submitted, 3600, 2)
    );
    assert_eq!(
        entry.submission.map(|submission| submission.actor),
        Some(PARALEGAL.to_owned())
    );
}

#[test]
fn everything_that_stands_in_the_way_of_submission_is_told_at_once() {
    let known = Standing {
        task: None,
        ..standing()
    };
    let mut empty = recording();
    empty.description = Description::default();
    empty.span = Span::new(NINE, NINE + Duration::milliseconds(300)).unwrap();
    let mut entry = draft_of(empty, &known);
    let released = Standing {
        tenures: Vec::new(),
        ..known
    };
    let refusals = entry.submit(&released, PARALEGAL, NOW).unwrap_err();
    let expected = [
        Refusal::Incomplete(Lacking::Narrative),
        Refusal::Incomplete(Lacking::ActivityCode),
        Refusal::Incomplete(Lacking::Time),
        Refusal::NotAssigned {
            from: None,
            until: None,
        },
    ];
    assert_eq!(refusals, expected);
    assert_eq!(
        (entry.state, entry.version),
        (State::Draft, 1),
        "nothing has changed"
    );
}

#[test]
fn an_activity_that_was_unknown_at_recording_comes_from_the_task_at_submission() {
    let unknown = Standing {
        task: None,
        ..standing()
    };
    let mut entry = draft_of(recording(), &unknown);
    assert_eq!(entry.description.activity_code, None);
    assert_eq!(entry.submit(&standing(), PARALEGAL, NOW), Ok(()));
    assert_eq!(
        entry.description.activity_code.map(ActivityCode::as_str),
        Some("A102")
    );
}

#[test]
fn an_approval_is_signed_and_makes_a_fact() {
    let mut entry = submitted();
    assert_eq!(entry.approve(REVIEWER, NOW), Ok(()));
    let review = entry.review.clone().unwrap();
    assert_eq!(
        (review.reviewer.as_str(), review.rejection),
        ("reviewer-1", None)
    );
    assert_eq!(entry.state, State::Approved);
    let again = Refusal::WrongState {
        from: State::Approved,
        to: "approved",
    };
    assert_eq!(entry.approve(REVIEWER, NOW), Err(again));
}

#[test]
fn a_rejection_carries_its_reason() {
    let mut entry = submitted();
    assert_eq!(
        entry.reject(REVIEWER, "Say which claims.".to_owned(), NOW),
        Ok(())
    );
    let review = entry.review.unwrap();
    assert_eq!(review.rejection.as_deref(), Some("Say which claims."));
}

#[test]
fn nobody_decides_on_time_that_they_worked_recorded_or_handed_in() {
    let entry = submitted();
    let the_paralegal = Reviewer {
        subject: "another-token-of-the-same-person",
        paralegal: Some(entry.paralegal),
    };
    let whoever_recorded = Reviewer {
        subject: PARALEGAL,
        paralegal: None,
    };
    let mut handed_in_by_another = entry.clone();
    let submission = Submission {
        actor: "coordinator-1".to_owned(),
        time: NOW,
    };
    handed_in_by_another.submission = Some(submission);
    let the_coordinator = Reviewer {
        subject: "coordinator-1",
        paralegal: None,
    };
    for (entry, reviewer) in [
        (&entry, the_paralegal),
        (&entry, whoever_recorded),
        (&handed_in_by_another, the_coordinator),
    ] {
        assert_eq!(entry.clone().approve(reviewer, NOW), Err(Refusal::OwnTime));
        assert_eq!(
            entry.clone().reject(reviewer, "No.".to_owned(), NOW),
            Err(Refusal::OwnTime)
        );
    }
}

#[test]
fn a_reversal_names_what_takes_its_place_and_is_the_end() {
    let mut entry = submitted();
    entry.approve(REVIEWER, NOW).unwrap();
    let replacement = TimeEntryId::generate();
    let reason = "Recorded on the wrong day.".to_owned();
    assert_eq!(
        entry.reverse("reviewer-2", reason, Some(replacement), NOW),
        Ok(())
    );
    assert_eq!(entry.state, State::Reversed);
    let reversal = entry.reversal.clone().unwrap();
    assert_eq!(
        (reversal.actor.as_str(), reversal.replacement),
        ("reviewer-2", Some(replacement))
    );
    assert!(
        entry
            .reverse("reviewer-2", "Again.".to_owned(), None, NOW)
            .is_err()
    );
}

#[test]
fn a_draft_can_be_neither_approved_nor_rejected_nor_reversed() {
    let mut entry = draft();
    assert!(entry.approve(REVIEWER, NOW).is_err());
    assert!(entry.reject(REVIEWER, "No.".to_owned(), NOW).is_err());
    assert!(
        entry
            .reverse("reviewer-1", "No.".to_owned(), None, NOW)
            .is_err()
    );
    assert_eq!((entry.state, entry.version), (State::Draft, 1));
}

/// A walk through the table: whatever is tried, an entry is only ever where the table lets it be.
#[derive(Debug, Clone, Copy)]
enum Try {
    Submit,
    Approve,
    Reject,
    Reverse,
}

proptest! {
    #[test]
    fn a_random_life_keeps_to_the_table_and_its_facts(tries in proptest::collection::vec(0_u8..4, 0..12)) {
        let standing = standing();
        let mut entry = draft();
        for what in tries {
            let what = [Try::Submit, Try::Approve, Try::Reject, Try::Reverse][usize::from(what)];
            let before = entry.clone();
            let (step, done) = match what {
                Try::Submit => (Step::Submit, entry.submit(&standing, PARALEGAL, NOW).is_ok()),
                Try::Approve => (Step::Approve, entry.approve(REVIEWER, NOW).is_ok()),
                Try::Reject => (Step::Reject, entry.reject(REVIEWER, "Why.".to_owned(), NOW).is_ok()),
                Try::Reverse => (Step::Reverse, entry.reverse("someone", "Why.".to_owned(), None, NOW).is_ok()),
            };
            prop_assert_eq!(done, before.state.allows(step).is_ok());
            if done {
                prop_assert_eq!(entry.state.as_str(), step.leads_to());
                prop_assert_eq!(entry.version, before.version + 1);
            } else {
                prop_assert_eq!(&entry, &before);
            }
            prop_assert_eq!(entry.span, before.span, "the time worked never changes");
            if matches!(before.state, State::Submitted | State::Approved) {
                prop_assert_eq!(entry.billed(), before.billed(), "nor the time billed, once it is handed in");
            }
        }
    }

    #[test]
    fn the_work_date_is_what_a_clock_in_the_zone_showed_at_the_start(
        seconds in 1_772_000_000_i64..1_800_000_000, lasts in 1_i64..86_400,
    ) {
        let start = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let mut standing = standing();
        standing.tenures[0].accepted = Some(OffsetDateTime::UNIX_EPOCH);
        let mut recording = recording();
        recording.span = Span::new(start, start + Duration::seconds(lasts)).unwrap();
        let entry = draft_of(recording, &standing);
        prop_assert_eq!(entry.work_date, standing.zone.date_at(start));
        prop_assert!((entry.work_date - start.date()).whole_days().abs() <= 1);
        prop_assert!(entry.billed().seconds() >= entry.span.worked().seconds());
        prop_assert!(entry.billed().seconds() - entry.span.worked().seconds() < 360);
    }
}
