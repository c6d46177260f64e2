//! Items put on an invoice: their order, the caps of their tasks, and their sum.

use std::collections::BTreeMap;

use caseload_domain::money::MoneyError;
use caseload_domain::{BillableItemId, Currency, Money, TaskId};
use time::Date;

use crate::domain::words::words;

words! {
    /// What an item is.
    ItemKind {
        /// Approved time.
        Time = "time",
        /// The fee of a project.
        ProjectFee = "project_fee",
        /// The fee of a milestone.
        MilestoneFee = "milestone_fee",
        /// Billed time that was reversed, given back.
        Credit = "credit",
    }
}

/// An item that has its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which one.
    pub id: BillableItemId,
    /// What it is.
    pub kind: ItemKind,
    /// The number of its matter within the firm.
    pub matter_number: i32,
    /// Its task.
    pub task: TaskId,
    /// Its day.
    pub day: Date,
    /// Its price.
    pub charge: Money,
    /// The most that its task may cost by the hour.
    pub cap: Option<Money>,
}

/// An item's place on an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1, 2, 3.
    pub number: i32,
    /// The item.
    pub item: BillableItemId,
    /// What the cap takes off: zero or negative.
    pub adjustment: Money,
    /// What the line adds to the total: the item's charge and the adjustment.
    pub amount: Money,
}

/// The lines of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// In their order: by matter, then day.
    pub lines: Vec<Line>,
    /// Their sum.
    pub total: Money,
}

/// Puts items on an invoice in a currency.
///
/// `billed` is what each task has come to by the hour on other invoices, drafts included, credits taken off. A capped
/// task's time is charged in the order of its days until the cap is reached; what is over is taken off its line, and
/// stays off: a later credit frees the cap for time that is not yet on an invoice, not for time that is.
pub fn place(
    mut items: Vec<Item>,
    billed: &BTreeMap<TaskId, Money>,
    currency: Currency,
) -> Result<Lines, MoneyError> {
    // Credits first: what they give back can be charged again.
    items.sort_by_key(|item| (item.kind != ItemKind::Credit, item.day, item.id));
    let mut so_far = billed.clone();
    let mut adjusted = Vec::with_capacity(items.len());
    for item in items {
        let amount = match item.kind {
            ItemKind::ProjectFee | ItemKind::MilestoneFee => item.charge,
            ItemKind::Time | ItemKind::Credit => {
                let before = so_far.entry(item.task).or_insert(Money::zero(currency));
                let amount = match item.cap {
                    Some(cap) if item.kind == ItemKind::Time => {
                        let left = cap.minus(*before)?.minor.max(0);
                        Money::new(item.charge.minor.min(left), item.charge.currency)
                    }
                    _ => item.charge,
                };
                *before = before.plus(amount)?;
                amount
            }
        };
        adjusted.push((item, amount));
    }
    adjusted.sort_by_key(|(item, _)| (item.matter_number, item.day, item.id));
    let total = Money::sum(adjusted.iter().map(|(_, amount)| *amount), currency)?;
    let lines = (1..)
        .zip(adjusted)
        .map(|(number, (item, amount))| {
            Ok(Line {
                number,
                item: item.id,
                adjustment: amount.minus(item.charge)?,
                amount,
            })
        })
        .collect::<Result<_, MoneyError>>()?;
    Ok(Lines { lines, total })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn time(task: TaskId, day: u8, charge: i64, cap: Option<i64>) -> Item {
        Item {
            id: BillableItemId::generate(),
            kind: ItemKind::Time,
            matter_number: 1,
            task,
            day: date!(2026 - 03 - 01).replace_day(day).unwrap(),
            charge: usd(charge),
            cap: cap.map(usd),
        }
    }

    fn amounts(items: Vec<Item>, billed: &BTreeMap<TaskId, Money>) -> Vec<i64> {
        let placed = place(items, billed, Currency::USD).unwrap();
        placed.lines.iter().map(|line| line.amount.minor).collect()
    }

    #[test]
    fn time_is_charged_in_the_order_of_its_days_until_the_cap_is_reached() {
        let task = TaskId::generate();
        let items = vec![
            time(task, 3, 5_000, Some(12_000)),
            time(task, 1, 8_000, Some(12_000)),
            time(task, 2, 3_000, Some(12_000)),
        ];
        // 80.00, 30.00, and of the third 50.00 the 10.00 that the cap of 120.00 leaves.
        let placed = place(items, &BTreeMap::new(), Currency::USD).unwrap();
        let lines: Vec<_> = placed
            .lines
            .iter()
            .map(|line| (line.number, line.amount, line.adjustment))
            .collect();
        assert_eq!(
            lines,
            [
                (1, usd(8_000), usd(0)),
                (2, usd(3_000), usd(0)),
                (3, usd(1_000), usd(-4_000))
            ]
        );
        assert_eq!(placed.total, usd(12_000));
    }

    #[test]
    fn what_other_invoices_hold_counts_towards_the_cap() {
        let task = TaskId::generate();
        let billed = BTreeMap::from([(task, usd(11_500))]);
        assert_eq!(
            amounts(vec![time(task, 1, 8_000, Some(12_000))], &billed),
            [500]
        );
        let over = BTreeMap::from([(task, usd(13_000))]);
        assert_eq!(
            amounts(vec![time(task, 1, 8_000, Some(12_000))], &over),
            [0]
        );
    }

    #[test]
    fn a_credit_frees_the_cap_for_the_time_that_takes_its_place() {
        let task = TaskId::generate();
        let billed = BTreeMap::from([(task, usd(12_000))]);
        let mut credit = time(task, 5, -10_000, None);
        credit.kind = ItemKind::Credit;
        let replacement = time(task, 1, 12_000, Some(12_000));
        assert_eq!(
            amounts(vec![replacement, credit], &billed),
            [10_000, -10_000]
        );
    }

    #[test]
    fn a_fee_is_no_time_and_a_cap_of_one_task_is_not_anothers() {
        let (one, other) = (TaskId::generate(), TaskId::generate());
        let mut fee = time(one, 1, 90_000, None);
        fee.kind = ItemKind::ProjectFee;
        let items = vec![
            fee,
            time(one, 2, 600, Some(500)),
            time(other, 3, 600, Some(700)),
            time(other, 4, 600, None),
        ];
        assert_eq!(amounts(items, &BTreeMap::new()), [90_000, 500, 600, 600]);
    }

    #[test]
    fn lines_are_ordered_by_matter_then_day() {
        let task = TaskId::generate();
        let mut second = time(task, 1, 100, None);
        second.matter_number = 2;
        let items = vec![second, time(task, 9, 200, None), time(task, 8, 300, None)];
        assert_eq!(amounts(items, &BTreeMap::new()), [300, 200, 100]);
    }

    #[test]
    fn currencies_do_not_mix_on_an_invoice() {
        let mut euros = time(TaskId::generate(), 1, 100, None);
        euros.charge = Money::new(100, Currency::EUR);
        assert!(place(vec![euros], &BTreeMap::new(), Currency::USD).is_err());
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_the_lines_and_no_task_passes_its_cap(
            charges in prop::collection::vec((0_usize..3, 1_u8..29, 0_i64..100_000), 0..60),
            caps in prop::collection::vec(prop::option::of(0_i64..500_000), 3),
            before in prop::collection::vec(0_i64..400_000, 3),
        ) {
            let tasks: Vec<_> = (0..3).map(|_| TaskId::generate()).collect();
            let billed: BTreeMap<_, _> = tasks.iter().copied().zip(before.iter().map(|minor| usd(*minor))).collect();
            let items: Vec<_> = charges.iter().map(|(at, day, charge)| time(tasks[*at], *day, *charge, caps[*at])).collect();
            let by_id: BTreeMap<_, _> = items.iter().map(|item| (item.id, item.clone())).collect();
            let placed = place(items.clone(), &billed, Currency::USD).unwrap();

            prop_assert_eq!(placed.lines.len(), items.len());
            prop_assert_eq!(placed.total.minor, placed.lines.iter().map(|line| line.amount.minor).sum::<i64>());
            for line in &placed.lines {
                let charge = by_id[&line.item].charge;
                prop_assert_eq!(charge.plus(line.adjustment).unwrap(), line.amount);
                prop_assert!((0..=charge.minor).contains(&line.amount.minor));
            }
            for (at, task) in tasks.iter().enumerate() {
                let of_task = |amount: &dyn Fn(&Line) -> i64| placed.lines.iter()
                    .filter(|line| by_id[&line.item].task == *task).map(amount).sum::<i64>();
                let added = of_task(&|line| line.amount.minor);
                let asked = of_task(&|line| by_id[&line.item].charge.minor);
                let expected = caps[at].map_or(asked, |cap| asked.min((cap - before[at]).max(0)));
                prop_assert_eq!(added, expected);
            }
        }
    }
}
