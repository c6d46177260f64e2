//! What the operator decides: `[assignment]` of the configuration.

use std::time::Duration;

use caseload_domain::Currency;
use serde::Deserialize;

use crate::domain::policy::Policy;

/// `[assignment]`: weights and times. Amounts are in minor units (cents) of the currency.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssignmentConfig {
    /// The currency that paralegals are paid in, and that costs are counted in.
    pub currency: String,
    /// How long an offer stands, when whoever makes it does not say.
    pub answer_within_hours: u32,
    /// How often offers whose time is over are looked for.
    pub expiry_interval_ms: u64,
    /// Plans.
    pub plan: PlanConfig,
    /// What a choice costs beside the pay.
    pub weights: WeightsConfig,
}

/// `[assignment.plan]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanConfig {
    /// The most time that a plan takes, when whoever asks does not say.
    pub time_limit_ms: u64,
    /// The most moves of the search: what bounds a plan when the time does not.
    pub moves: u64,
    /// When work without a due date is to be done.
    pub horizon_days: u32,
    /// How soon work that is overdue is to be done.
    pub overdue_days: u32,
}

/// `[assignment.weights]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightsConfig {
    /// By level from 1 to 5: how much of the estimate is needed, in percent.
    pub effort_percents: [u32; 5],
    /// By priority from low to urgent: how much lateness and leaving out weigh, in percent.
    pub priority_percents: [u32; 4],
    /// When all the time before the due date is spoken for.
    pub lateness_minor: u32,
    /// When a whole week's work is committed already.
    pub load_minor: u32,
    /// For each level above what is needed, and each hour.
    pub over_qualification_minor: u32,
    /// For leaving out a task.
    pub left_out_minor: u32,
    /// And for each hour of its estimate.
    pub left_out_hour_minor: u32,
}

impl Default for AssignmentConfig {
    fn default() -> Self {
        Self {
            currency: Currency::USD.code().to_owned(),
            answer_within_hours: 24,
            expiry_interval_ms: 5_000,
            plan: PlanConfig::default(),
            weights: WeightsConfig::default(),
        }
    }
}

impl Default for PlanConfig {
    fn default() -> Self {
        Self {
            time_limit_ms: 2_000,
            moves: 1_000_000,
            horizon_days: 28,
            overdue_days: 7,
        }
    }
}

impl Default for WeightsConfig {
    fn default() -> Self {
        Self {
            effort_percents: [140, 120, 100, 85, 75],
            priority_percents: [50, 100, 200, 400],
            lateness_minor: 5_000,
            load_minor: 4_000,
            over_qualification_minor: 300,
            left_out_minor: 100_000,
            left_out_hour_minor: 50_000,
        }
    }
}

/// A value of `[assignment]` can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("assignment.{key} {why}")]
pub struct InvalidConfig {
    /// The key.
    pub key: &'static str,
    /// Why.
    pub why: String,
}

/// The least and the most that an offer may stand: 1 minute to 30 days, in seconds.
pub const ANSWER_WITHIN: std::ops::RangeInclusive<i64> = 60..=30 * 24 * 3600;

/// The most time that a plan may take.
pub const MOST_TIME: Duration = Duration::from_secs(20);

impl AssignmentConfig {
    /// The policy that this makes, or what can't be used.
    pub fn policy(&self) -> Result<Policy, InvalidConfig> {
        let refuse = |key, why: &str| {
            Err(InvalidConfig {
                key,
                why: why.to_owned(),
            })
        };
        let currency = self.currency.parse().map_err(|error| InvalidConfig {
            key: "currency",
            why: format!("{error}"),
        })?;
        let weights = &self.weights;
        if weights
            .effort_percents
            .iter()
            .any(|percent| !(1..=1000).contains(percent))
        {
            return refuse("weights.effort_percents", "must be from 1 to 1000");
        }
        if weights
            .priority_percents
            .iter()
            .any(|percent| !(1..=10_000).contains(percent))
        {
            return refuse("weights.priority_percents", "must be from 1 to 10000");
        }
        let answer_within = time::Duration::hours(i64::from(self.answer_within_hours));
        if !ANSWER_WITHIN.contains(&answer_within.whole_seconds()) {
            return refuse("answer_within_hours", "must be from 1 to 720");
        }
        if self.expiry_interval_ms == 0 {
            return refuse("expiry_interval_ms", "must be over 0");
        }
        let days = 1..=366;
        if !days.contains(&self.plan.horizon_days) || !days.contains(&self.plan.overdue_days) {
            return refuse("plan", "has horizon_days or overdue_days out of 1 to 366");
        }
        if self.time_limit() > MOST_TIME || self.time_limit().is_zero() {
            return refuse("plan.time_limit_ms", "must be from 1 to 20000");
        }
        Ok(Policy {
            currency,
            effort_percents: weights.effort_percents,
            priority_percents: weights.priority_percents,
            lateness: i64::from(weights.lateness_minor),
            load: i64::from(weights.load_minor),
            over_qualification: i64::from(weights.over_qualification_minor),
            left_out: i64::from(weights.left_out_minor),
            left_out_hour: i64::from(weights.left_out_hour_minor),
            overdue: time::Duration::days(i64::from(self.plan.overdue_days)),
            horizon: time::Duration::days(i64::from(self.plan.horizon_days)),
            answer_within,
        })
    }

    /// The most time that a plan takes, when whoever asks does not say.
    pub fn time_limit(&self) -> Duration {
        Duration::from_millis(self.plan.time_limit_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_the_policy_that_the_rules_are_tested_with() {
        assert_eq!(AssignmentConfig::default().policy(), Ok(Policy::default()));
    }

    #[test]
    fn a_value_that_can_not_be_used_is_named() {
        let refused = |change: fn(&mut AssignmentConfig)| {
            let mut config = AssignmentConfig::default();
            change(&mut config);
            config.policy().expect_err("refused").key
        };
        assert_eq!(
            refused(|config| config.currency = "XXX".to_owned()),
            "currency"
        );
        assert_eq!(
            refused(|config| config.answer_within_hours = 0),
            "answer_within_hours"
        );
        assert_eq!(
            refused(|config| config.plan.time_limit_ms = 60_000),
            "plan.time_limit_ms"
        );
        assert_eq!(refused(|config| config.plan.horizon_days = 0), "plan");
        assert_eq!(
            refused(|config| config.weights.effort_percents[0] = 0),
            "weights.effort_percents"
        );
        assert_eq!(
            refused(|config| config.expiry_interval_ms = 0),
            "expiry_interval_ms"
        );
        assert_eq!(
            refused(|config| config.weights.priority_percents[1] = 0),
            "weights.priority_percents"
        );
    }
}
