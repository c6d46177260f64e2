//! The price of time and of fees, by example.

use caseload_domain::work::{Level, TaskKind};
use caseload_domain::work_time::BilledTime;
use caseload_domain::{Currency, HourlyRate, Money, RateCardId};
use time::Date;
use time::macros::date;

use crate::domain::price::{NoPrice, Price, Rule, Unpriced, of_delivery, of_time};
use crate::domain::rate_card::{Entry, RateCard};
use crate::domain::task::{Milestone, Task, TaskPricing};

const DAY: Date = date!(2026 - 03 - 02);

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn rate(dollars: i64) -> HourlyRate {
    HourlyRate::new(dollars.into(), Currency::USD).unwrap()
}

fn task(pricing: TaskPricing) -> Task {
    Task {
        title: "Appendix".to_owned(),
        kind: TaskKind::Filing,
        practice_area: "Tax Law".to_owned(),
        pricing,
    }
}

fn hourly(rate: Option<HourlyRate>, cap: Option<Money>) -> Task {
    task(TaskPricing::Hourly { rate, cap })
}

fn card() -> RateCard {
    RateCard {
        id: RateCardId::generate(),
        display_name: "Standard 2026".to_owned(),
        start: date!(2026 - 01 - 01),
        end: None,
        currency: Currency::USD,
        entries: vec![Entry {
            kind: Some(TaskKind::Filing),
            practice_area: None,
            level: None,
            rate: rate(80),
        }],
    }
}

fn tenths(count: i64) -> BilledTime {
    BilledTime::from_seconds(360 * count).unwrap()
}

fn price(task: &Task, cards: &[RateCard]) -> Result<Price, NoPrice> {
    of_time(tenths(15), DAY, task, Level::new(3).ok(), cards)
}

#[test]
fn the_rate_agreed_for_the_task_goes_before_the_card() {
    let price = price(&hourly(Some(rate(120)), Some(usd(50_000))), &[card()]).unwrap();
    // 1.5 h × 120.00
    assert_eq!(
        (price.rule, price.charge, price.cap),
        (Rule::TaskRate, usd(18_000), Some(usd(50_000)))
    );
}

#[test]
fn a_price_by_the_card_names_the_card_and_its_entry() {
    let card = card();
    let price = price(&hourly(None, None), std::slice::from_ref(&card)).unwrap();
    // 1.5 h × 80.00
    assert_eq!(
        (price.rule, price.charge),
        (Rule::RateCard(card.id, 1), usd(12_000))
    );
    assert_eq!(
        price.explanation,
        "rate card Standard 2026: preparing and filing documents"
    );
}

#[test]
fn time_on_a_project_is_kept_and_costs_nothing_by_the_hour() {
    let project = task(TaskPricing::Project {
        fee: usd(90_000),
        milestones: vec![],
    });
    let price = price(&project, &[]).unwrap();
    assert_eq!(
        (price.rule, price.charge, price.rate),
        (Rule::ProjectTime, usd(0), Some(rate(0)))
    );
}

#[test]
fn what_is_missing_is_named() {
    let why = |task: &Task, cards: &[RateCard]| price(task, cards).unwrap_err();
    assert_eq!(
        why(&hourly(None, None), &[]),
        NoPrice::Yet(Unpriced::NoRateCard)
    );
    let mut research = hourly(None, None);
    research.kind = TaskKind::LegalResearch;
    assert_eq!(why(&research, &[card()]), NoPrice::Yet(Unpriced::NoRate));
    let euros = Money::new(10_000, Currency::EUR);
    assert_eq!(
        why(&hourly(Some(rate(90)), Some(euros)), &[]),
        NoPrice::Yet(Unpriced::CapCurrency)
    );
}

fn in_parts() -> Task {
    let part = |id: &str, minor| Milestone {
        id: id.to_owned(),
        title: format!("Part {id}"),
        fee: usd(minor),
    };
    task(TaskPricing::Project {
        fee: usd(100_000),
        milestones: vec![part("a", 40_000), part("b", 60_000)],
    })
}

#[test]
fn an_accepted_delivery_makes_its_part_of_the_fee_due() {
    let due = |id, priced| of_delivery(id, &in_parts(), usd(priced)).unwrap();
    let (title, price) = due(Some("b"), 40_000).unwrap();
    assert_eq!(
        (title.as_str(), price.charge, price.rule),
        ("Appendix: Part b", usd(60_000), Rule::MilestoneFee)
    );
    assert_eq!(due(Some("c"), 0), Err(NoPrice::Yet(Unpriced::NoFee)));
    let (title, price) = due(None, 0).unwrap();
    assert_eq!(
        (title.as_str(), price.charge, price.rule),
        ("Appendix", usd(100_000), Rule::ProjectFee)
    );
}

#[test]
fn the_whole_after_some_milestones_is_what_they_left_and_never_less_than_nothing() {
    let due = |priced| {
        of_delivery(None, &in_parts(), usd(priced))
            .unwrap()
            .unwrap()
            .1
            .charge
    };
    assert_eq!(due(40_000), usd(60_000));
    assert_eq!(due(100_000), usd(0));
    assert_eq!(due(100_001), usd(0));
}

#[test]
fn a_delivery_of_work_by_the_hour_makes_no_fee_due() {
    assert_eq!(of_delivery(None, &hourly(None, None), usd(0)), None);
}

#[test]
fn every_word_of_the_store_is_read_back() {
    let card = RateCardId::generate();
    for rule in [
        Rule::ProjectTime,
        Rule::TaskRate,
        Rule::RateCard(card, 3),
        Rule::ProjectFee,
        Rule::MilestoneFee,
        Rule::Credit,
    ] {
        let entry = matches!(rule, Rule::RateCard(..)).then_some((card, 3));
        assert_eq!(Rule::of(rule.as_str(), entry), Some(rule));
    }
    assert_eq!(Rule::of("rate_card", None), None);
    for why in Unpriced::ALL {
        assert_eq!(why.as_str().parse(), Ok(*why));
    }
}
