//! Invoices worked by hand, one for each way of pricing.

use caseload_domain::name::FirmName;
use caseload_proto::caseload::billing::v1::{
    CreateRateCardRequest, InvoiceLineKind, InvoiceState, PriceRule, RateCard, RateCardEntry,
};
use caseload_proto::caseload::r#type::v1::TaskKind;

use crate::facts::{hourly, project};
use crate::world::{World, cents, march, one_rate, usd};

/// Rate card: 80.00 for everything; 95.00 for trial preparation; 110.00 for trial preparation at level 3.
///
/// | day | billed | rate | amount |
/// |---|---|---|---|
/// | 2 March | 1.5 h | 110.00 | 165.00 |
/// | 3 March | 0.1 h | 110.00 | 11.00 |
/// | 4 March | 25 min = 0.41666… h | 110.00 | 45.8333… → 45.83 |
///
/// Total 221.83.
#[tokio::test]
async fn hourly_work_is_billed_at_the_most_specific_rate_of_the_card() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let entry = |kind: TaskKind, level, rate| RateCardEntry {
        kind: kind.into(),
        level,
        hourly_rate: Some(usd(rate)),
        ..Default::default()
    };
    let card = RateCard {
        entries: vec![
            entry(TaskKind::Unspecified, 0, 8_000),
            entry(TaskKind::TrialPreparation, 0, 9_500),
            entry(TaskKind::TrialPreparation, 3, 11_000),
        ],
        ..one_rate("Standard 2026", usd(0))
    };
    let request = CreateRateCardRequest {
        parent: FirmName(firm).to_string(),
        rate_card: Some(card),
        request_id: String::new(),
    };
    let card = world
        .cards()
        .create_rate_card(request)
        .await
        .unwrap()
        .into_inner();
    let job = world.job(firm, hourly(None, None)).await;
    for (day, billed) in [(2, 5_400), (3, 360), (4, 1_500)] {
        world.approve(&job.time(day, billed - 1, billed)).await;
    }
    world.ready(firm, 3).await;

    let draft = world.draft(firm).await;
    assert_eq!(draft.state(), InvoiceState::Draft);
    assert_eq!((draft.number.as_str(), draft.line_count), ("", 3));
    assert_eq!(cents(draft.total.as_ref()), 22_183);
    let lines = world.lines(&draft).await;
    let amounts: Vec<_> = lines
        .iter()
        .map(|line| cents(line.amount.as_ref()))
        .collect();
    assert_eq!(amounts, [16_500, 1_100, 4_583]);
    let basis = lines[0].price_basis.as_ref().unwrap();
    assert_eq!(
        (
            basis.rule(),
            basis.rate_card.as_str(),
            basis.rate_card_entry
        ),
        (PriceRule::RateCard, card.name.as_str(), 3)
    );
    assert_eq!(
        basis.explanation,
        "rate card Standard 2026: trial preparation, level 3"
    );
    assert_eq!(lines[2].billed.as_ref().unwrap().seconds, 1_500);
    assert_eq!(lines[0].timekeeper_display_name, "Ana Reyes");
    assert_eq!(lines[0].line_date, Some(march(2)));
}

/// The task's own rate is 120.00 and its cap 200.00.
///
/// | day | billed | charge | left of the cap | amount |
/// |---|---|---|---|---|
/// | 2 March | 1.0 h | 120.00 | 200.00 | 120.00 |
/// | 3 March | 1.0 h | 120.00 | 80.00 | 80.00 (−40.00) |
/// | 4 March | 0.5 h | 60.00 | 0.00 | 0.00 (−60.00) |
///
/// Total 200.00; and on the next invoice, 1.0 h of 5 March comes to nothing.
#[tokio::test]
async fn capped_work_is_billed_up_to_its_cap_over_all_invoices() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(firm, hourly(Some(usd(12_000)), Some(usd(20_000))))
        .await;
    for (day, billed) in [(2, 3_600), (3, 3_600), (4, 1_800)] {
        world.approve(&job.time(day, billed, billed)).await;
    }
    world.ready(firm, 3).await;
    let first = world.draft(firm).await;
    assert_eq!(cents(first.total.as_ref()), 20_000);
    let lines = world.lines(&first).await;
    let sides: Vec<_> = lines
        .iter()
        .map(|line| {
            let [charge, adjustment, amount] =
                [&line.charge, &line.adjustment, &line.amount].map(|money| cents(money.as_ref()));
            (charge, adjustment, amount)
        })
        .collect();
    assert_eq!(
        sides,
        [
            (12_000, 0, 12_000),
            (12_000, -4_000, 8_000),
            (6_000, -6_000, 0)
        ]
    );
    assert_eq!(
        lines[0].price_basis.as_ref().unwrap().rule(),
        PriceRule::TaskRate
    );
    world.issue(&first).await.unwrap();

    world.approve(&job.time(5, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let second = world.draft(firm).await;
    assert_eq!((second.line_count, cents(second.total.as_ref())), (1, 0));
}

/// The fee is 900.00, due when the delivery is accepted; the 2.5 h on it are shown and cost nothing.
/// The delivery is accepted on the evening of 20 March in the firm's zone.
#[tokio::test]
async fn a_project_is_billed_its_fee_when_the_delivery_is_accepted() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, project(90_000, &[])).await;
    world.approve(&job.time(2, 9_000, 9_000)).await;
    world.ready(firm, 1).await;
    world.accept(&job, "", true).await;
    world.ready(firm, 2).await;
    let draft = world.draft(firm).await;
    assert_eq!(cents(draft.total.as_ref()), 90_000);
    let lines = world.lines(&draft).await;
    let rules: Vec<_> = lines
        .iter()
        .map(|line| line.price_basis.as_ref().unwrap().rule())
        .collect();
    assert_eq!(rules, [PriceRule::ProjectTime, PriceRule::ProjectFee]);
    assert_eq!(
        (
            lines[0].billed.as_ref().unwrap().seconds,
            cents(lines[0].amount.as_ref())
        ),
        (9_000, 0)
    );
    assert_eq!(lines[1].line_date, Some(march(20)));
    assert_eq!(
        (
            lines[1].description.as_str(),
            lines[1].utbms_task_code.as_str()
        ),
        ("Exhibit list", "L440")
    );
}

/// The fee of 1,000.00 is 400.00 for the outline and 600.00 for the draft. The outline is accepted and billed; then the
/// draft; then the whole task, of whose fee nothing is left.
#[tokio::test]
async fn milestones_are_billed_each_by_itself_and_come_to_the_fee() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(
            firm,
            project(100_000, &[("outline", 40_000), ("draft", 60_000)]),
        )
        .await;
    world.accept(&job, "outline", false).await;
    world.ready(firm, 1).await;
    let first = world.draft(firm).await;
    assert_eq!(cents(first.total.as_ref()), 40_000);
    let line = &world.lines(&first).await[0];
    assert_eq!(
        (line.kind(), line.description.as_str()),
        (InvoiceLineKind::MilestoneFee, "Exhibit list: Part outline")
    );
    world.issue(&first).await.unwrap();

    world.accept(&job, "draft", false).await;
    world.accept(&job, "outline", false).await;
    world.accept(&job, "", true).await;
    world.ready(firm, 2).await;
    let second = world.draft(firm).await;
    let amounts: Vec<_> = world
        .lines(&second)
        .await
        .iter()
        .map(|line| cents(line.amount.as_ref()))
        .collect();
    assert_eq!(
        (cents(second.total.as_ref()), amounts),
        (60_000, vec![60_000, 0])
    );
}

/// A matter and its work of each kind on one invoice:
/// 1.0 h by the card at 80.00, 0.5 h at the task's own 120.00, a fee of 900.00: 80.00 + 60.00 + 900.00 = 1,040.00.
#[tokio::test]
async fn an_invoice_adds_up_over_every_way_of_pricing() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    world.card(firm, usd(8_000)).await;
    let by_card = world.job(firm, hourly(None, None)).await;
    let own_rate = world
        .sibling(&by_card, hourly(Some(usd(12_000)), None))
        .await;
    let flat = world.sibling(&by_card, project(90_000, &[])).await;
    world.approve(&by_card.time(2, 3_600, 3_600)).await;
    world.approve(&own_rate.time(3, 1_800, 1_800)).await;
    world.accept(&flat, "", true).await;
    world.ready(firm, 3).await;
    let draft = world.draft(firm).await;
    assert_eq!(cents(draft.total.as_ref()), 104_000);
    let sum: i64 = world
        .lines(&draft)
        .await
        .iter()
        .map(|line| cents(line.amount.as_ref()))
        .sum();
    assert_eq!(sum, 104_000);
}
