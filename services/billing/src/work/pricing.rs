//! Pricing what waits: as soon as what an item's price needs has arrived, the price is taken down, once.

use std::collections::hash_map::{Entry, HashMap};

use caseload_database::Transaction;
use caseload_domain::{FirmId, Money, TaskId};
use time::OffsetDateTime;

use crate::domain::lines::ItemKind;
use crate::domain::price::{NoPrice, Price, Unpriced, of_delivery, of_time};
use crate::domain::rate_card::RateCard;
use crate::domain::task::{Task, TaskPricing};
use crate::error::Error;
use crate::store::items::{self, Called, Waiting};
use crate::store::{Corrupt, known, rate_cards};

/// What becomes of an item that waits.
enum Outcome {
    /// It has its price, and with it perhaps its name.
    Priced(Price, Option<(String, String)>),
    /// It goes on waiting.
    Waits(Unpriced),
    /// It is none: a delivery of work that is paid by the hour.
    Nothing,
}

/// Prices the items of a firm that wait and no longer have to: those of one task, or all. The caller holds the firm's
/// lock.
pub(crate) async fn price_waiting(
    tx: &mut Transaction,
    firm: FirmId,
    task: Option<TaskId>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let waiting = items::waiting(tx, firm, task).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let cards = rate_cards::all(tx, firm).await?;
    let mut tasks: HashMap<TaskId, Option<(Task, String)>> = HashMap::new();
    for item in waiting {
        let task = match tasks.entry(item.task) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unseen) => unseen.insert(known::task(tx, firm, item.task).await?),
        };
        match outcome(tx, firm, &item, task.as_ref(), &cards).await? {
            Outcome::Priced(price, called) => {
                let called = called.as_ref().map(|(description, code)| Called {
                    description,
                    utbms_task_code: code,
                });
                items::set_price(tx, firm, item.id, &price, called, now).await?;
            }
            Outcome::Waits(reason) if reason == item.reason => {}
            Outcome::Waits(reason) => items::set_reason(tx, firm, item.id, reason).await?,
            Outcome::Nothing => items::forget_fee(tx, firm, item.id).await?,
        }
    }
    Ok(())
}

async fn outcome(
    tx: &mut Transaction,
    firm: FirmId,
    item: &Waiting,
    task: Option<&(Task, String)>,
    cards: &[RateCard],
) -> Result<Outcome, Error> {
    let Some((task, utbms_task_code)) = task else {
        return Ok(Outcome::Waits(Unpriced::TaskUnknown));
    };
    if item.kind != ItemKind::Time && matches!(task.pricing, TaskPricing::Hourly { .. }) {
        return Ok(Outcome::Nothing);
    }
    if !known::has_matter(tx, firm, item.matter).await? {
        return Ok(Outcome::Waits(Unpriced::MatterUnknown));
    }
    let Some(paralegal) = known::paralegal(tx, item.paralegal).await? else {
        return Ok(Outcome::Waits(Unpriced::ParalegalUnknown));
    };
    let priced = match (item.kind, item.billed) {
        (ItemKind::Time, Some(billed)) => {
            of_time(billed, item.day, task, paralegal.level, cards).map(|price| (price, None))
        }
        (ItemKind::ProjectFee | ItemKind::MilestoneFee, None) => {
            let TaskPricing::Project { fee, .. } = &task.pricing else {
                return Ok(Outcome::Nothing);
            };
            let milestones =
                items::milestones_priced(tx, firm, item.task, fee.currency.code()).await?;
            let milestones = Money::new(milestones, fee.currency);
            match of_delivery(item.milestone_id.as_deref(), task, milestones) {
                None => return Ok(Outcome::Nothing),
                Some(due) => {
                    due.map(|(title, price)| (price, Some((title, utbms_task_code.clone()))))
                }
            }
        }
        _ => return Err(Corrupt::new("an item that waits and is neither time nor a fee").into()),
    };
    match priced {
        Ok((price, called)) => Ok(Outcome::Priced(price, called)),
        Err(NoPrice::Yet(reason)) => Ok(Outcome::Waits(reason)),
        Err(NoPrice::Money(error)) => Err(error.into()),
    }
}
