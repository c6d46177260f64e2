//! What giving a task to a paralegal costs, in money, so that a person can read it.

use caseload_domain::Money;
use caseload_domain::money::MoneyError;
use caseload_domain::work_time::BilledTime;

use super::load::{Load, Span, capacity};
use super::paralegal::{Paralegal, PayTerms};
use super::policy::{Policy, share};
use super::task::Task;
use time::OffsetDateTime;

/// What giving a task to a paralegal costs, in minor units of the policy's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// What the paralegal is paid for the effort that is expected.
    pub pay: i64,
    /// The risk of being late.
    pub lateness: i64,
    /// The unfairness of giving more to somebody who has much.
    pub load: i64,
    /// The waste of skill above what is needed.
    pub over_qualification: i64,
}

impl Cost {
    /// The sum of the parts.
    pub const fn total(self) -> i64 {
        self.pay
            .saturating_add(self.lateness)
            .saturating_add(self.load)
            .saturating_add(self.over_qualification)
    }

    /// Part by part.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            pay: self.pay.saturating_add(other.pay),
            lateness: self.lateness.saturating_add(other.lateness),
            load: self.load.saturating_add(other.load),
            over_qualification: self
                .over_qualification
                .saturating_add(other.over_qualification),
        }
    }
}

/// What a choice is about.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The task.
    pub task: &'a Task,
    /// When it can be worked on.
    pub span: Span,
    /// The paralegal.
    pub paralegal: &'a Paralegal,
    /// What they have to do already.
    pub load: &'a Load,
    /// Their level at the task.
    pub level: u8,
    /// The effort that they are expected to need, in seconds.
    pub effort: i64,
    /// What they are paid.
    pub terms: PayTerms,
}

/// What a choice costs.
pub fn cost(policy: &Policy, now: OffsetDateTime, choice: &Choice<'_>) -> Result<Cost, MoneyError> {
    let pay = match choice.terms {
        PayTerms::Project(fee) => fee,
        PayTerms::Hourly(rate) => {
            let effort =
                BilledTime::from_seconds(choice.effort).map_err(|_| MoneyError::OutOfRange)?;
            rate.charge(effort)?
        }
    };
    let pay = Money::zero(policy.currency).plus(pay)?.minor;
    let weekly = choice.paralegal.profile.weekly_capacity;
    let time = capacity(weekly, now, choice.span.due);
    let spoken_for = choice
        .load
        .due_by(choice.span.due)
        .saturating_add(choice.effort)
        .min(time);
    let at_risk = share(policy.lateness, spoken_for, time);
    let above = i64::from(choice.level.saturating_sub(choice.task.needed_level()));
    Ok(Cost {
        pay,
        lateness: share(at_risk, policy.priority_percent(choice.task.priority), 100),
        load: share(policy.load, choice.load.effort(), weekly),
        over_qualification: share(
            policy.over_qualification.saturating_mul(above),
            choice.effort,
            3600,
        ),
    })
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::super::examples::{HOUR, NOW, dollars, hourly, paralegal, task};
    use super::super::load::Commitment;
    use super::*;
    use caseload_domain::work::Priority;

    fn of(change: impl FnOnce(&mut Task, &mut Load, &mut PayTerms, &mut u8)) -> Cost {
        let (paralegal, mut task, mut load) = (paralegal(), task(), Load::default());
        let (mut terms, mut level) = (PayTerms::Hourly(hourly(40)), 2);
        change(&mut task, &mut load, &mut terms, &mut level);
        let span = Span {
            start: NOW,
            due: NOW + Duration::days(7),
        };
        let effort = task.effort;
        cost(
            &Policy::default(),
            NOW,
            &Choice {
                task: &task,
                span,
                paralegal: &paralegal,
                load: &load,
                level,
                effort,
                terms,
            },
        )
        .expect("a cost")
    }

    #[test]
    fn pay_is_the_rate_for_the_expected_effort_or_the_projects_fee() {
        assert_eq!(of(|_, _, _, _| ()).pay, 40_000);
        assert_eq!(
            of(|_, _, terms, _| *terms = PayTerms::Project(dollars(250))).pay,
            25_000
        );
    }

    #[test]
    fn lateness_grows_with_what_is_due_before_and_with_priority() {
        // Ten of forty hours are spoken for: a quarter of the weight.
        assert_eq!(of(|_, _, _, _| ()).lateness, 1_250);
        assert_eq!(
            of(|task, _, _, _| task.priority = Priority::Urgent).lateness,
            5_000
        );
        let busy = |days| {
            of(move |_, load, _, _| {
                let due = NOW + Duration::days(days);
                load.commitments.push(Commitment {
                    effort: 10 * HOUR,
                    due,
                });
            })
        };
        assert_eq!(busy(3).lateness, 2_500);
        assert_eq!(busy(20).lateness, 1_250);
        // Load counts whenever it is due: a quarter of a week.
        assert_eq!((busy(3).load, busy(20).load), (1_000, 1_000));
    }

    #[test]
    fn skill_above_what_is_needed_costs_by_the_level_and_the_hour() {
        assert_eq!(of(|_, _, _, _| ()).over_qualification, 0);
        assert_eq!(
            of(|_, _, _, level| *level = 4).over_qualification,
            2 * 300 * 10
        );
        assert_eq!(of(|_, _, _, level| *level = 1).over_qualification, 0);
    }

    #[test]
    fn the_total_is_the_sum_of_the_parts() {
        let cost = of(|_, _, _, level| *level = 3);
        assert_eq!(
            cost.total(),
            cost.pay + cost.lateness + cost.load + cost.over_qualification
        );
        assert_eq!(cost.plus(cost).total(), 2 * cost.total());
    }
}
