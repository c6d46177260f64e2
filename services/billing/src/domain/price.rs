//! The price of approved time and of accepted fees, and the rule that gave it.
//!
//! A price is taken down once: for time when it is approved (or, when something that the price needs has not arrived
//! by then, as soon as it has), for a fee when its delivery is accepted. What changes later does not touch it.

use caseload_domain::money::MoneyError;
use caseload_domain::work::Level;
use caseload_domain::work_time::BilledTime;
use caseload_domain::{HourlyRate, Money, RateCardId};
use time::Date;

use crate::domain::rate_card::{RateCard, Work, covering};
use crate::domain::task::{Task, TaskPricing};
use crate::domain::words::words;

/// The rule that gave a price. For time, the first of these that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Time on a task that is paid by the project: kept, and no charge by the hour.
    ProjectTime,
    /// The rate agreed for the task alone.
    TaskRate,
    /// An entry of a rate card, the first being 1.
    RateCard(RateCardId, i32),
    /// The fee of a whole project.
    ProjectFee,
    /// The fee of a milestone.
    MilestoneFee,
    /// What was billed and is given back.
    Credit,
}

impl Rule {
    /// The word that the store keeps.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProjectTime => "project_time",
            Self::TaskRate => "task_rate",
            Self::RateCard(..) => "rate_card",
            Self::ProjectFee => "project_fee",
            Self::MilestoneFee => "milestone_fee",
            Self::Credit => "credit",
        }
    }

    /// The rule of a word that the store keeps, with the card's entry beside it.
    pub fn of(word: &str, entry: Option<(RateCardId, i32)>) -> Option<Self> {
        match (word, entry) {
            ("rate_card", Some((card, place))) => Some(Self::RateCard(card, place)),
            ("project_time", None) => Some(Self::ProjectTime),
            ("task_rate", None) => Some(Self::TaskRate),
            ("project_fee", None) => Some(Self::ProjectFee),
            ("milestone_fee", None) => Some(Self::MilestoneFee),
            ("credit", None) => Some(Self::Credit),
            _ => None,
        }
    }
}

/// A price, taken down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The rule that gave it.
    pub rule: Rule,
    /// The rule in words.
    pub explanation: String,
    /// What an hour costs; none for fees and credits, zero for time on a project.
    pub rate: Option<HourlyRate>,
    /// What it comes to, before the cap.
    pub charge: Money,
    /// The most that the task may cost by the hour, in the same currency.
    pub cap: Option<Money>,
}

words! {
    /// Why there is no price yet.
    Unpriced {
        /// The task has not arrived.
        TaskUnknown = "task_unknown",
        /// The matter has not arrived.
        MatterUnknown = "matter_unknown",
        /// The paralegal has not arrived.
        ParalegalUnknown = "paralegal_unknown",
        /// No card covers the day.
        NoRateCard = "no_rate_card",
        /// The card has no entry for the work.
        NoRate = "no_rate",
        /// The cap is in another currency than the rate.
        CapCurrency = "cap_currency",
        /// The task has no such fee.
        NoFee = "no_fee",
    }
}

/// There is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPrice {
    /// Not yet.
    #[error("has no price yet: {}", .0.as_str())]
    Yet(Unpriced),
    /// The amount is beyond what can be kept.
    #[error("comes to an amount that {0}")]
    Money(#[from] MoneyError),
}

impl From<Unpriced> for NoPrice {
    fn from(why: Unpriced) -> Self {
        Self::Yet(why)
    }
}

/// The price of approved time: nothing by the hour on a project, else the task's own rate, else the firm's card of
/// the day of the work.
pub fn of_time(
    billed: BilledTime,
    day: Date,
    task: &Task,
    level: Option<Level>,
    cards: &[RateCard],
) -> Result<Price, NoPrice> {
    let (rule, explanation, rate, cap) = match &task.pricing {
        TaskPricing::Project { fee, .. } => {
            let nothing = HourlyRate::new(0.into(), fee.currency)?;
            (
                Rule::ProjectTime,
                "included in the project fee".to_owned(),
                nothing,
                None,
            )
        }
        TaskPricing::Hourly {
            rate: Some(rate),
            cap,
        } => (
            Rule::TaskRate,
            "rate agreed for the task".to_owned(),
            *rate,
            *cap,
        ),
        TaskPricing::Hourly { rate: None, cap } => {
            let card = covering(cards, day).ok_or(Unpriced::NoRateCard)?;
            let work = Work {
                kind: task.kind,
                practice_area: &task.practice_area,
                level,
            };
            let (place, entry) = card.entry_for(work).ok_or(Unpriced::NoRate)?;
            let explanation = format!("rate card {}: {}", card.display_name, entry.describe());
            (
                Rule::RateCard(card.id, place),
                explanation,
                entry.rate,
                *cap,
            )
        }
    };
    if cap.is_some_and(|cap| cap.currency != rate.currency()) {
        return Err(Unpriced::CapCurrency.into());
    }
    Ok(Price {
        rule,
        explanation,
        rate: Some(rate),
        charge: rate.charge(billed)?,
        cap,
    })
}

/// The fee that an accepted delivery makes due, with what it is called; `None` when the task is paid by the hour.
///
/// A delivery of a whole task that has milestones makes due what they have left of the fee, `milestones_priced`
/// being their sum, so that the parts never come to more than the whole.
pub fn of_delivery(
    milestone_id: Option<&str>,
    task: &Task,
    milestones_priced: Money,
) -> Option<Result<(String, Price), NoPrice>> {
    let TaskPricing::Project { fee, milestones } = &task.pricing else {
        return None;
    };
    let price = |rule, explanation: &str, charge| Price {
        rule,
        explanation: explanation.to_owned(),
        rate: None,
        charge,
        cap: None,
    };
    Some(match milestone_id {
        Some(id) => milestones
            .iter()
            .find(|milestone| milestone.id == id)
            .map(|milestone| {
                let title = format!("{}: {}", task.title, milestone.title);
                (
                    title,
                    price(Rule::MilestoneFee, "milestone fee", milestone.fee),
                )
            })
            .ok_or(NoPrice::Yet(Unpriced::NoFee)),
        None if milestones_priced.minor == 0 => Ok((
            task.title.clone(),
            price(Rule::ProjectFee, "project fee", *fee),
        )),
        None => fee
            .minus(milestones_priced)
            .map_err(NoPrice::from)
            .map(|left| {
                let left = Money::new(left.minor.max(0), left.currency);
                let explanation = "project fee, less its milestones";
                (
                    task.title.clone(),
                    price(Rule::ProjectFee, explanation, left),
                )
            }),
    })
}
