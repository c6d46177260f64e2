//! Nothing is billed twice and nothing is missed, whatever races.

use std::sync::Arc;

use caseload_proto::caseload::billing::v1::{BillableItemState, DeleteInvoiceRequest, Invoice};
use caseload_testing::eventually;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use crate::facts::{Job, hourly};
use crate::world::{World, cents, for_march, march, reason, usd};

#[tokio::test]
async fn parallel_drafts_never_claim_an_item_twice() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    for day in 1..=20 {
        world.approve(&job.time(day, 360, 360)).await;
    }
    world.ready(firm, 20).await;
    let drafts = futures::future::join_all((0..8).map(|_| world.try_draft(firm))).await;
    let (made, refused): (Vec<_>, Vec<_>) = drafts.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    assert!(
        refused
            .iter()
            .all(|draft| reason(draft.as_ref().unwrap_err()) == "NOTHING_TO_BILL")
    );
    assert_eq!(made[0].as_ref().unwrap().line_count, 20);
}

/// The key of the claim table holds even against a writer that takes no lock.
#[tokio::test]
async fn the_database_refuses_a_second_claim() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    for day in [1, 2] {
        world.approve(&job.time(day, 360, 360)).await;
    }
    world.ready(firm, 2).await;
    let one_day = |day| {
        let mut request = for_march(firm);
        let wanted = request.invoice.as_mut().unwrap();
        (wanted.period_start_date, wanted.period_end_date) = (Some(march(day)), Some(march(day)));
        request
    };
    for day in [1, 2] {
        world.invoices().create_invoice(one_day(day)).await.unwrap();
    }
    let second = sqlx::query(
        "insert into invoice_claims (firm_id, item_id, invoice_id)
         select c.firm_id, c.item_id, i.invoice_id from invoice_claims c join invoices i using (firm_id)
         where i.invoice_id <> c.invoice_id limit 1",
    )
    .execute(&mut world.database.inspect().await)
    .await
    .unwrap_err();
    assert_eq!(
        second.as_database_error().unwrap().constraint(),
        Some("invoice_claims_once")
    );
}

/// What one of several people at once does next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Approve { day: i32, tenths: i64 },
    Reverse { which: usize },
    Draft { from: i32, to: i32 },
    Delete,
    Issue,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (1..=28_i32, 0..30_i64).prop_map(|(day, tenths)| Deed::Approve { day, tenths }),
        2 => any::<usize>().prop_map(|which| Deed::Reverse { which }),
        3 => (1..=28_i32, 1..=28_i32).prop_map(|(one, other)| Deed::Draft { from: one.min(other), to: one.max(other) }),
        1 => Just(Deed::Delete),
        2 => Just(Deed::Issue),
    ]
}

#[derive(Default)]
struct Board {
    approved: tokio::sync::Mutex<Vec<caseload_proto::caseload::timekeeping::v1::TimeEntrySnapshot>>,
    reversed: tokio::sync::Mutex<Vec<String>>,
    drafts: tokio::sync::Mutex<Vec<Invoice>>,
}

async fn play(world: &World, job: &Job, board: &Board, deeds: Vec<Deed>) {
    for deed in deeds {
        match deed {
            Deed::Approve { day, tenths } => {
                let entry = job.time(day, tenths * 360, tenths * 360);
                world.approve(&entry).await;
                board.approved.lock().await.push(entry);
            }
            Deed::Reverse { which } => {
                let entry = {
                    let mut approved = board.approved.lock().await;
                    if approved.is_empty() {
                        continue;
                    }
                    let at = which % approved.len();
                    approved.swap_remove(at)
                };
                world.reverse(&entry).await;
                board.reversed.lock().await.push(entry.name);
            }
            Deed::Draft { from, to } => {
                let mut request = for_march(job.firm);
                let wanted = request.invoice.as_mut().unwrap();
                (wanted.period_start_date, wanted.period_end_date) =
                    (Some(march(from)), Some(march(to)));
                if let Ok(draft) = world.invoices().create_invoice(request).await {
                    board.drafts.lock().await.push(draft.into_inner());
                }
            }
            Deed::Delete => {
                let draft = board.drafts.lock().await.pop();
                if let Some(draft) = draft {
                    let request = DeleteInvoiceRequest {
                        name: draft.name,
                        ..Default::default()
                    };
                    world.invoices().delete_invoice(request).await.unwrap();
                }
            }
            Deed::Issue => {
                let draft = board.drafts.lock().await.pop();
                if let Some(mut draft) = draft {
                    // What was reversed meanwhile has changed the draft, or emptied it.
                    draft.etag.clear();
                    if let Err(refused) = world.issue(&draft).await {
                        assert_eq!(reason(&refused), "NOTHING_TO_BILL", "{refused:?}");
                    }
                }
            }
        }
    }
}

/// Three people approve, reverse, draft, delete and issue at once, at random. At the end everything is billed that is
/// left, and then what the invoices come to is what the time that was not reversed comes to, to the cent.
#[tokio::test]
async fn random_schedules_bill_everything_once() {
    let world = Arc::new(World::new().await);
    let mut runner = TestRunner::new(Config::with_cases(1));
    let schedules = prop::collection::vec(prop::collection::vec(deed(), 12..20), 3);
    for round in 0..6 {
        let firm = world.firm(&format!("F{round}")).await;
        let job = world.job(firm, hourly(Some(usd(9_173)), None)).await;
        let board = Arc::new(Board::default());
        let schedule = schedules.new_tree(&mut runner).unwrap().current();
        // Shown when the test fails.
        println!("round {round}: {schedule:?}");
        let players = schedule.into_iter().map(|deeds| {
            let (world, board) = (Arc::clone(&world), Arc::clone(&board));
            tokio::spawn(async move { play(&world, &job, &board, deeds).await })
        });
        for player in players.collect::<Vec<_>>() {
            player.await.unwrap();
        }
        settle(&world, &job, &board).await;
    }
    let doubled = "select count(*) from (
        select l.item_id from invoice_lines l group by l.item_id having count(*) > 1) as twice";
    assert_eq!(world.count(doubled).await, 0);
    let apart = "select count(*) from invoices i where total_minor <> coalesce((
        select sum(amount_minor) from invoice_lines l where l.invoice_id = i.invoice_id), 0)";
    assert_eq!(world.count(apart).await, 0);
}

async fn settle(world: &World, job: &Job, board: &Board) {
    let (approved, reversed) = (
        board.approved.lock().await.clone(),
        board.reversed.lock().await.len(),
    );
    eventually("every event is taken in", async || {
        let counts = [
            "select count(*) from earnings e join known_firms f using (firm_id) where kind = 'time' and f.firm_id = $1",
            "select count(*) from earnings e join known_firms f using (firm_id) where kind = 'reversal' and f.firm_id = $1",
        ];
        let mut taken = [0_i64; 2];
        for (at, query) in counts.into_iter().enumerate() {
            taken[at] = sqlx::query_scalar(query)
                .bind(job.firm.0)
                .fetch_one(&mut world.database.inspect().await)
                .await
                .unwrap();
        }
        let all = i64::try_from(approved.len() + reversed).unwrap();
        taken == [all, i64::try_from(reversed).unwrap()]
    })
    .await;
    for mut draft in board.drafts.lock().await.drain(..) {
        draft.etag.clear();
        if let Err(refused) = world.issue(&draft).await {
            assert_eq!(reason(&refused), "NOTHING_TO_BILL", "{refused:?}");
        }
    }
    // What is left of March; the credits, dated by the day of the reversal, have no place in it.
    if let Ok(draft) = world.try_draft(job.firm).await {
        world.issue(&draft).await.unwrap();
    }
    let billed: i64 = world
        .in_state(job.firm, BillableItemState::Billed)
        .await
        .iter()
        .map(|item| cents(item.charge.as_ref()))
        .sum();
    let credits: i64 = world
        .in_state(job.firm, BillableItemState::Unbilled)
        .await
        .iter()
        .map(|item| cents(item.charge.as_ref()))
        .sum();
    let expected: i64 = approved
        .iter()
        .map(|entry| charge(entry.billed.as_ref().unwrap().seconds))
        .sum();
    assert_eq!(billed + credits, expected);
}

/// 91.73 an hour, to the nearest cent, halves up.
fn charge(seconds: i64) -> i64 {
    (9_173 * seconds * 2 + 3_600) / 7_200
}
