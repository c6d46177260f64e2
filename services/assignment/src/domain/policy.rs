//! The weights and times that the operator decides.

use caseload_domain::Currency;
use caseload_domain::work::Priority;
use time::Duration;

/// What the operator decides. Amounts are in minor units of the currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The currency that paralegals are paid in, and that costs are counted in.
    pub currency: Currency,
    /// By level from 1 to 5: how much of the estimate is needed, in percent.
    pub effort_percents: [u32; 5],
    /// By priority from low to urgent: how much lateness and leaving out weigh, in percent.
    pub priority_percents: [u32; 4],
    /// When all the time before the due date is spoken for.
    pub lateness: i64,
    /// When a whole week's work is committed already.
    pub load: i64,
    /// For each level above what is needed, and each hour.
    pub over_qualification: i64,
    /// For leaving out a task.
    pub left_out: i64,
    /// And for each hour of its estimate.
    pub left_out_hour: i64,
    /// How soon work that is overdue is to be done.
    pub overdue: Duration,
    /// When work without a due date is to be done.
    pub horizon: Duration,
    /// How long an offer stands.
    pub answer_within: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            currency: Currency::USD,
            effort_percents: [140, 120, 100, 85, 75],
            priority_percents: [50, 100, 200, 400],
            lateness: 5_000,
            load: 4_000,
            over_qualification: 300,
            left_out: 100_000,
            left_out_hour: 50_000,
            overdue: Duration::days(7),
            horizon: Duration::days(28),
            answer_within: Duration::hours(24),
        }
    }
}

impl Policy {
    /// What a priority weighs, in percent.
    pub fn priority_percent(&self, priority: Priority) -> i64 {
        let [low, normal, high, urgent] = self.priority_percents;
        i64::from(match priority {
            Priority::Low => low,
            Priority::Normal => normal,
            Priority::High => high,
            Priority::Urgent => urgent,
        })
    }

    /// The effort that somebody of a level is expected to need, in seconds.
    pub fn expected_effort(&self, estimate: i64, level: u8) -> i64 {
        let at = usize::from(level.clamp(1, 5)) - 1;
        share(estimate, i64::from(self.effort_percents[at]), 100)
    }

    /// What leaving a task out counts.
    pub fn penalty(&self, priority: Priority, estimate: i64) -> i64 {
        let whole = self
            .left_out
            .saturating_add(share(self.left_out_hour, estimate, 3600));
        share(whole, self.priority_percent(priority), 100)
    }
}

/// `amount × part / whole`, to the nearest, halves up; amounts, parts and wholes are not negative here.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    let (amount, part, whole) = (
        i128::from(amount),
        i128::from(part),
        i128::from(whole.max(1)),
    );
    i64::try_from((amount * part * 2 + whole) / (whole * 2)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::examples::HOUR;
    use super::*;

    #[test]
    fn a_higher_level_needs_less_time_for_the_same_work() {
        let policy = Policy::default();
        let efforts: Vec<i64> = (1..=5)
            .map(|level| policy.expected_effort(10 * HOUR, level))
            .collect();
        assert_eq!(efforts[2], 10 * HOUR);
        assert!(efforts.windows(2).all(|two| two[0] > two[1]), "{efforts:?}");
    }

    #[test]
    fn leaving_out_counts_more_for_urgent_and_for_longer_work() {
        let policy = Policy::default();
        assert_eq!(policy.penalty(Priority::Normal, 2 * HOUR), 200_000);
        assert_eq!(policy.penalty(Priority::Urgent, 2 * HOUR), 800_000);
        assert!(policy.penalty(Priority::Low, HOUR) < policy.penalty(Priority::Low, 2 * HOUR));
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_with_halves_up() {
        assert_eq!(share(10, 1, 4), 3);
        assert_eq!(share(10, 1, 3), 3);
        assert_eq!(share(i64::MAX, 2, 1), i64::MAX);
    }
}
