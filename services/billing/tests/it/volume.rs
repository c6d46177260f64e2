//! Large tables: lists use their indexes, and an invoice of ten thousand lines is one like any other.

use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_proto::caseload::billing::v1::{
    ListBillableItemsRequest, ListEarningsRequest, ListInvoiceLinesRequest, ListInvoicesRequest,
};
use caseload_testing::eventually;

use crate::facts::{Job, hourly};
use crate::world::{World, cents, paralegal_name, usd};

/// More often than the five plans that PostgreSQL makes for a prepared statement before it considers a general one.
const CALLS: usize = 12;

/// So many copies of a firm's one item, each of an hour at 100.00, in the days of March.
async fn copy_item(world: &World, firm: FirmId, count: i32) {
    let mut database = world.database.inspect().await;
    sqlx::query(
        "insert into billable_items (firm_id, item_id, kind, time_entry_id, matter_id, task_id, paralegal_id, item_date,
             description, billed_seconds, state, rule, rate, explanation, charge_minor, currency, price_time)
         select firm_id, gen_random_uuid(), kind, gen_random_uuid(), matter_id, task_id, paralegal_id,
             date '2026-03-01' + n % 31, description, billed_seconds, state, rule, rate, explanation, charge_minor,
             currency, price_time
         from billable_items, generate_series(1, $2) as n where firm_id = $1",
    )
    .bind(firm.0)
    .bind(count)
    .execute(&mut database)
    .await
    .unwrap();
    sqlx::query(
        "insert into earnings (firm_id, earning_id, paralegal_id, kind, time_entry_id, assignment_id, task_id, earn_date,
             worked_seconds, hourly_pay, amount_minor, currency)
         select firm_id, gen_random_uuid(), paralegal_id, kind, gen_random_uuid(), assignment_id, task_id,
             date '2026-03-01' + n % 31, worked_seconds, hourly_pay, amount_minor, currency
         from earnings, generate_series(1, $2) as n where firm_id = $1",
    )
    .bind(firm.0)
    .bind(count)
    .execute(&mut database)
    .await
    .unwrap();
    sqlx::query("analyze").execute(&mut database).await.unwrap();
}

async fn job_of_one_hour(world: &World, code: &str) -> Job {
    let firm = world.firm(code).await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    eventually("the hour is paid", async || {
        let paid = "select count(*) from earnings where amount_minor is null";
        world.count(paid).await == 0 && world.count("select count(*) from earnings").await > 0
    })
    .await;
    job
}

#[tokio::test]
async fn an_invoice_of_ten_thousand_lines_adds_up_and_is_read_by_page() {
    let world = World::new().await;
    let job = job_of_one_hour(&world, "HOLT").await;
    copy_item(&world, job.firm, 9_999).await;
    let draft = world.draft(job.firm).await;
    assert_eq!(
        (draft.line_count, cents(draft.total.as_ref())),
        (10_000, 100_000_000)
    );
    let issued = world.issue(&draft).await.unwrap();
    let mut request = ListInvoiceLinesRequest {
        parent: issued.name,
        page_size: 5_000,
        page_token: String::new(),
    };
    let mut numbers = Vec::new();
    loop {
        let page = world
            .invoices()
            .list_invoice_lines(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert!(page.invoice_lines.len() <= 1_000);
        numbers.extend(page.invoice_lines.iter().map(|line| line.line_number));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(numbers, (1..=10_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn lists_of_large_tables_never_read_them_from_end_to_end() {
    let world = World::new().await;
    let large = job_of_one_hour(&world, "HOLT").await;
    let small = job_of_one_hour(&world, "KIRK").await;
    copy_item(&world, large.firm, 20_000).await;
    let draft = world.draft(small.firm).await;
    sqlx::query("analyze")
        .execute(&mut world.database.inspect().await)
        .await
        .unwrap();
    // Rows and not scans: a page is read while the tables are small, and told of later.
    let scans = "select sum(seq_tup_read)::bigint from pg_stat_user_tables
        where relname in ('billable_items', 'earnings')";
    let indexed = "select sum(idx_scan)::bigint from pg_stat_user_tables
        where relname in ('billable_items', 'earnings')";
    let (before, at_first) = (world.count(scans).await, world.count(indexed).await);

    let ask = async || {
        for _ in 0..CALLS {
            for parent in [FirmName(small.firm).to_string(), "firms/-".to_owned()] {
                let request = ListBillableItemsRequest {
                    parent: parent.clone(),
                    page_size: 10,
                    ..Default::default()
                };
                world.items().list_billable_items(request).await.unwrap();
                let request = ListInvoicesRequest {
                    parent,
                    ..Default::default()
                };
                world.invoices().list_invoices(request).await.unwrap();
            }
            for parent in [paralegal_name(small.paralegal), "paralegals/-".to_owned()] {
                let request = ListEarningsRequest {
                    parent,
                    page_size: 10,
                    ..Default::default()
                };
                world.earnings().list_earnings(request).await.unwrap();
            }
            assert_eq!(world.lines(&draft).await.len(), 1);
        }
    };
    // A server process tells what it scanned about once a second, so the lists are asked for until it has.
    eventually("the scans are told", async || {
        ask().await;
        world.count(indexed).await >= at_first + 40
    })
    .await;
    assert!(
        world.count(scans).await - before < 10_000,
        "a large table was read from end to end"
    );
}
