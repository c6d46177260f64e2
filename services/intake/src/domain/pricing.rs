//! What a firm pays for a task: by the hour, or by the project with or without milestones.

use std::collections::HashSet;

use caseload_domain::money::MoneyError;
use caseload_domain::{Currency, HourlyRate, Money};

/// What the firm pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pricing {
    /// By the hour.
    Hourly {
        /// The rate agreed for this task alone; none for the firm's rate card.
        rate: Option<HourlyRate>,
        /// The most that it may cost; none for no cap.
        cap: Option<Money>,
    },
    /// By the project.
    Project(Project),
}

/// A project fee, whole or in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    fee: Money,
    milestones: Vec<Milestone>,
}

/// A part of a project fee that is delivered and billed by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Unique within the task.
    pub id: String,
    /// What is delivered.
    pub title: String,
    /// What it costs.
    pub fee: Money,
}

/// What is wrong with a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPricing {
    /// An amount is zero or negative.
    #[error("must be more than nothing")]
    NotPositive,
    /// An amount is more than anyone is billed: what many of them come to must stay an amount too.
    #[error("must be at most 1,000,000,000")]
    TooMuch,
    /// Two milestones have one id.
    #[error("has a milestone_id twice")]
    RepeatedMilestone,
    /// The parts are not the whole.
    #[error("has milestones that do not add up to the fee")]
    SumDiffers,
    /// Two currencies, or an amount that does not fit.
    #[error("{0}")]
    Money(#[from] MoneyError),
}

/// The most that one amount may be, in whole units of its currency.
const MOST: i64 = 1_000_000_000;

/// An amount that is more than nothing, and within reason.
pub fn positive(amount: Money) -> Result<Money, InvalidPricing> {
    if amount.minor <= 0 {
        Err(InvalidPricing::NotPositive)
    } else if amount.minor > MOST * 10_i64.pow(amount.currency.digits()) {
        Err(InvalidPricing::TooMuch)
    } else {
        Ok(amount)
    }
}

impl Project {
    /// A fee with its parts; they add up to it when there are any.
    pub fn new(fee: Money, milestones: Vec<Milestone>) -> Result<Self, InvalidPricing> {
        positive(fee)?;
        for milestone in &milestones {
            positive(milestone.fee)?;
        }
        let mut seen = HashSet::new();
        if !milestones
            .iter()
            .all(|milestone| seen.insert(milestone.id.as_str()))
        {
            return Err(InvalidPricing::RepeatedMilestone);
        }
        if !milestones.is_empty() {
            let fees = milestones.iter().map(|milestone| milestone.fee);
            if Money::sum(fees, fee.currency)? != fee {
                return Err(InvalidPricing::SumDiffers);
            }
        }
        Ok(Self { fee, milestones })
    }

    /// The whole fee.
    pub const fn fee(&self) -> Money {
        self.fee
    }

    /// The parts, in order; empty for one part, the whole.
    pub fn milestones(&self) -> &[Milestone] {
        &self.milestones
    }
}

impl Pricing {
    /// The currency; none where no amount says one.
    pub fn currency(&self) -> Option<Currency> {
        match self {
            Self::Hourly { rate, cap } => rate
                .map(HourlyRate::currency)
                .or(cap.map(|cap| cap.currency)),
            Self::Project(project) => Some(project.fee.currency),
        }
    }

    /// The milestones; empty where there are none.
    pub fn milestones(&self) -> &[Milestone] {
        match self {
            Self::Hourly { .. } => &[],
            Self::Project(project) => project.milestones(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    pub(crate) fn milestone(id: &str, minor: i64) -> Milestone {
        Milestone {
            id: id.to_owned(),
            title: id.to_owned(),
            fee: usd(minor),
        }
    }

    #[test]
    fn the_parts_are_the_whole() {
        assert!(Project::new(usd(100), vec![]).is_ok());
        assert!(Project::new(usd(100), vec![milestone("a", 60), milestone("b", 40)]).is_ok());
        let short = vec![milestone("a", 60), milestone("b", 39)];
        assert_eq!(
            Project::new(usd(100), short),
            Err(InvalidPricing::SumDiffers)
        );
    }

    #[test]
    fn no_part_is_free_or_negative() {
        for fee in [0, -1, i64::MIN] {
            assert_eq!(
                Project::new(usd(fee), vec![]),
                Err(InvalidPricing::NotPositive)
            );
        }
        let cheating = vec![milestone("a", 150), milestone("b", -50)];
        assert_eq!(
            Project::new(usd(100), cheating),
            Err(InvalidPricing::NotPositive)
        );
    }

    #[test]
    fn a_milestone_is_known_by_its_id() {
        let twice = vec![milestone("a", 50), milestone("a", 50)];
        assert_eq!(
            Project::new(usd(100), twice),
            Err(InvalidPricing::RepeatedMilestone)
        );
    }

    #[test]
    fn amounts_that_do_not_fit_or_mix_currencies_are_refused() {
        let most = usd(MOST * 100);
        assert!(Project::new(most, vec![]).is_ok());
        for over in [most.minor + 1, i64::MAX] {
            let whole = Project::new(usd(over), vec![]);
            assert_eq!(whole, Err(InvalidPricing::TooMuch));
            let part = Project::new(most, vec![milestone("a", over)]);
            assert_eq!(part, Err(InvalidPricing::TooMuch));
        }
        let mut mixed = vec![milestone("a", 50), milestone("b", 50)];
        mixed[1].fee.currency = Currency::EUR;
        assert!(matches!(
            Project::new(usd(100), mixed),
            Err(InvalidPricing::Money(MoneyError::CurrencyMismatch(..)))
        ));
    }

    proptest! {
        #[test]
        fn a_fee_split_into_parts_is_always_accepted(fee in 100_i64..1_000_000_000, weights in proptest::collection::vec(1_u64..100, 1..8)) {
            let parts = usd(fee).split(&weights).unwrap();
            prop_assume!(parts.iter().all(|part| part.minor > 0));
            let milestones = parts.iter().enumerate().map(|(at, part)| milestone(&at.to_string(), part.minor)).collect();
            prop_assert!(Project::new(usd(fee), milestones).is_ok());
        }
    }
}
