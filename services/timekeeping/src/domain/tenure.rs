//! Whose a task was, and when: time counts only on an assignment that was the paralegal's at that time.

use caseload_domain::{AssignmentId, MatterId};
use time::{Duration, OffsetDateTime};

use super::refusal::Refusal;

/// One assignment of a task to a paralegal, as far as time is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenure {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The task's matter.
    pub matter: MatterId,
    /// From when the task was the paralegal's. None: it was offered at most.
    pub accepted: Option<OffsetDateTime>,
    /// Until when. None: it still is, or never was.
    pub ended: Option<OffsetDateTime>,
}

impl Tenure {
    /// Whether all the time was within it. Whole seconds at both ends count: an acceptance is written down to the
    /// microsecond, and nobody records when they began that finely.
    fn covers(&self, start: OffsetDateTime, end: Option<OffsetDateTime>) -> bool {
        let Some(accepted) = self.accepted else {
            return false;
        };
        let accepted = accepted - Duration::nanoseconds(accepted.nanosecond().into());
        let end = end.unwrap_or(start);
        accepted <= start
            && self
                .ended
                .is_none_or(|ended| end < ended + Duration::SECOND)
    }
}

/// The assignment that all the time was worked under. No end: a timer that starts now.
pub fn covering(
    tenures: &[Tenure],
    start: OffsetDateTime,
    end: Option<OffsetDateTime>,
) -> Result<Tenure, Refusal> {
    if let Some(tenure) = tenures.iter().find(|tenure| tenure.covers(start, end)) {
        return Ok(*tenure);
    }
    let last = tenures.iter().max_by_key(|tenure| tenure.accepted);
    Err(Refusal::NotAssigned {
        from: last.and_then(|tenure| tenure.accepted),
        until: last.and_then(|tenure| tenure.accepted.and(tenure.ended)),
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const ACCEPTED: OffsetDateTime = datetime!(2026-03-02 09:00:00.5 UTC);
    const ENDED: OffsetDateTime = datetime!(2026-03-04 17:00:00.5 UTC);

    fn tenure(accepted: Option<OffsetDateTime>, ended: Option<OffsetDateTime>) -> Tenure {
        Tenure {
            assignment: AssignmentId::generate(),
            matter: MatterId::generate(),
            accepted,
            ended,
        }
    }

    #[test]
    fn time_counts_from_the_second_of_acceptance_to_the_second_of_the_end() {
        let theirs = [tenure(Some(ACCEPTED), Some(ENDED))];
        let covered = |start, end| covering(&theirs, start, Some(end)).is_ok();
        assert!(covered(
            datetime!(2026-03-02 09:00 UTC),
            datetime!(2026-03-04 17:00:01 UTC)
        ));
        assert!(!covered(
            datetime!(2026-03-02 08:59:59 UTC),
            datetime!(2026-03-02 10:00 UTC)
        ));
        assert!(!covered(
            datetime!(2026-03-04 16:00 UTC),
            datetime!(2026-03-04 17:00:02 UTC)
        ));
    }

    #[test]
    fn what_was_only_offered_was_never_theirs() {
        let refused = covering(&[tenure(None, None)], ENDED, Some(ENDED));
        let never = Refusal::NotAssigned {
            from: None,
            until: None,
        };
        assert_eq!(refused, Err(never));
    }

    #[test]
    fn time_on_a_task_that_came_back_counts_under_the_assignment_of_that_time() {
        let first = tenure(
            Some(datetime!(2026-01-01 00:00 UTC)),
            Some(datetime!(2026-01-05 00:00 UTC)),
        );
        let second = tenure(Some(ACCEPTED), None);
        let all = [tenure(None, None), first, second];
        let at = |instant| covering(&all, instant, Some(instant)).map(|tenure| tenure.assignment);
        assert_eq!(at(datetime!(2026-01-02 00:00 UTC)), Ok(first.assignment));
        assert_eq!(at(datetime!(2026-04-01 00:00 UTC)), Ok(second.assignment));
        let between = at(datetime!(2026-02-01 00:00 UTC));
        let latest = Refusal::NotAssigned {
            from: Some(ACCEPTED),
            until: None,
        };
        assert_eq!(between, Err(latest));
        let across = covering(&all, datetime!(2026-01-04 00:00 UTC), Some(ENDED));
        assert!(across.is_err(), "two assignments do not add up");
    }

    #[test]
    fn a_timer_needs_the_task_at_its_start() {
        let open = [tenure(Some(ACCEPTED), None)];
        assert!(covering(&open, ENDED, None).is_ok());
        let over = [tenure(Some(ACCEPTED), Some(ENDED))];
        assert!(covering(&over, ENDED + Duration::MINUTE, None).is_err());
    }
}
