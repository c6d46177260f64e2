//! The main job in four processes of their own, and its sums to the cent.
//!
//! What every firm owes and every paralegal has earned is worked out here again, in whole cents and seconds, from the
//! recorded time and the demonstration's data alone.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use caseload::demo::data::{Dataset, Work};
use caseload::demo::desk::{Desk, Person};
use caseload::demo::progress::Progress;
use caseload::demo::story::{Story, firm_of};
use caseload::demo::{beginning, first_act, second_act};
use caseload_auth::Role;
use caseload_domain::Money;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::billing::v1 as billing;
use caseload_proto::caseload::intake::v1 as intake;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use caseload_testing::eventually;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use time::OffsetDateTime;
use tonic::Code;

use crate::processes::FourProcesses;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_in_four_processes_comes_out_to_the_cent() -> Result<()> {
    let begins = beginning(OffsetDateTime::now_utc());
    let back = (begins - OffsetDateTime::now_utc()).whole_seconds();
    let mut processes =
        FourProcesses::start(&[("CASELOAD_CLOCK_AHEAD_SECONDS", &back.to_string())]).await?;
    let desk = Desk::new(&processes.endpoints(), processes.issuer())?;
    let mut story = Story::new(Dataset::load()?, desk, Progress::quiet(), begins);
    let played = async {
        first_act(&mut story).await?;
        // Three weeks go by while every service is stopped: nothing may depend on a process that lives on.
        processes.restart(&[]).await?;
        let folder = tempfile::tempdir()?;
        second_act(&mut story, OffsetDateTime::now_utc(), folder.path()).await?;
        invoices_are_right(&story).await?;
        ledes_files_add_up(&story)?;
        earnings_are_right(&story)?;
        everything_is_done(&story).await?;
        no_firm_sees_another(&story).await
    }
    .await;
    played.with_context(|| processes.logs())?;
    processes.stop().await
}

/// Cents from a decimal amount of dollars.
fn cents(amount: Decimal) -> i64 {
    (amount * Decimal::from(100)).to_i64().expect("whole cents")
}

/// Cents an hour times seconds, to the nearest cent, the half going up.
fn charge(cents_an_hour: i64, seconds: i64) -> i64 {
    (2 * cents_an_hour * seconds + 3600) / 7200
}

fn seconds(duration: Option<&prost_types::Duration>) -> i64 {
    duration.map_or(0, |duration| duration.seconds)
}

/// What the firm's increments make of worked seconds.
fn billed(story: &Story, firm: usize, worked: i64) -> i64 {
    let firm = &story.data.firms[firm];
    let step = firm.increment_seconds;
    match firm.rounding.as_str() {
        "up" => (worked + step - 1) / step * step,
        _ => (worked + step / 2) / step * step,
    }
}

fn work_of<'story>(story: &'story Story, task: &str) -> (&'story Work, usize) {
    let task = &story.tasks[task];
    (&story.data.work[task.work], task.firm)
}

/// The place of a paralegal on the roster.
fn roster_place(story: &Story, name: &str) -> usize {
    story
        .paralegals
        .iter()
        .position(|paralegal| ParalegalName(paralegal.id).to_string() == name)
        .expect("a paralegal of the roster")
}

async fn invoices_are_right(story: &Story) -> Result<()> {
    let mut owed = vec![0_i64; story.firms.len()];
    for entry in &story.time_entries {
        let (work, firm) = work_of(story, &entry.task);
        let counted = seconds(entry.billed.as_ref());
        assert_eq!(counted, billed(story, firm, seconds(entry.worked.as_ref())));
        if work.fee.is_some() {
            continue;
        }
        let level = story.data.paralegals[roster_place(story, &entry.paralegal)].level;
        let row = &story.data.firms[firm];
        let rate = if work.kind == "filing" {
            row.filing_rate
        } else {
            row.rates_by_level[usize::try_from(level - 1)?]
        };
        owed[firm] += charge(cents(rate), counted);
    }
    for accepted in &story.assignments {
        let (work, firm) = work_of(story, &accepted.task);
        owed[firm] += work.fee.map_or(0, cents);
    }
    for (firm, owed) in story.firms.iter().zip(owed) {
        let invoice = firm.invoice.as_ref().context("an invoice")?;
        let total = Money::try_from(invoice.total.as_ref().context("a total")?)?;
        assert_eq!(total.minor, owed, "{}", invoice.number);
        assert!(
            invoice.number.ends_with("000001"),
            "{} is the first",
            invoice.number
        );
        assert_eq!(invoice.state(), billing::InvoiceState::Sent);
        let lines = story
            .desk
            .of(&Person::attorney(firm.id))
            .invoices()
            .list_invoice_lines(billing::ListInvoiceLinesRequest {
                parent: invoice.name.clone(),
                page_size: 1000,
                ..Default::default()
            })
            .await?
            .into_inner()
            .invoice_lines;
        assert_eq!(lines.len(), usize::try_from(invoice.line_count)?);
        let sum = lines.iter().try_fold(0, |sum, line| -> Result<i64> {
            Ok(sum + Money::try_from(line.amount.as_ref().context("an amount")?)?.minor)
        })?;
        assert_eq!(sum, owed, "the lines of {}", invoice.number);
    }
    Ok(())
}

/// Reads the LEDES files field by field: units × unit cost + adjustment is each line's total, and they add up.
fn ledes_files_add_up(story: &Story) -> Result<()> {
    for firm in &story.firms {
        let invoice = firm.invoice.as_ref().context("an invoice")?;
        let total = Money::try_from(invoice.total.as_ref().context("a total")?)?.to_decimal();
        let files = firm
            .files
            .iter()
            .map(std::fs::read_to_string)
            .collect::<Result<Vec<_>, _>>()?;
        let ledes = files
            .iter()
            .find(|file| file.starts_with("LEDES1998B[]"))
            .context("a LEDES file")?;
        let mut sum = Decimal::ZERO;
        for row in ledes.lines().skip(2) {
            let fields: Vec<_> = row
                .strip_suffix("[]")
                .context("an ending")?
                .split('|')
                .collect();
            ensure!(fields.len() == 24, "{} fields in {row}", fields.len());
            let number = |at: usize| -> Result<Decimal> {
                match fields[at - 1] {
                    "" => Ok(Decimal::ZERO),
                    text => Ok(text.parse()?),
                }
            };
            assert_eq!(number(5)?, total, "INVOICE_TOTAL");
            assert_eq!(
                (number(11)? * number(21)? + number(12)?).round_dp(2),
                number(13)?,
                "{row}"
            );
            sum += number(13)?;
        }
        assert_eq!(sum, total);
        assert!(
            files
                .iter()
                .any(|file| file.contains(&invoice.number) && !file.starts_with("LEDES"))
        );
    }
    Ok(())
}

fn earnings_are_right(story: &Story) -> Result<()> {
    let mut earned: BTreeMap<usize, i64> = BTreeMap::new();
    for entry in &story.time_entries {
        let place = roster_place(story, &entry.paralegal);
        let row = &story.data.paralegals[place];
        if !row.by_project() {
            *earned.entry(place).or_default() +=
                charge(cents(row.amount), seconds(entry.worked.as_ref()));
        }
    }
    for accepted in &story.assignments {
        let place = roster_place(story, &accepted.paralegal);
        let row = &story.data.paralegals[place];
        if row.by_project() {
            *earned.entry(place).or_default() += cents(row.amount);
        }
    }
    for (place, paralegal) in story.paralegals.iter().enumerate() {
        let told = match paralegal.earned.as_ref().and_then(|sum| sum.total.as_ref()) {
            Some(total) => Money::try_from(total)?.minor,
            None => 0,
        };
        let worked_out = earned.get(&place).copied().unwrap_or_default();
        assert_eq!(
            told, worked_out,
            "{}",
            story.data.paralegals[place].timekeeper_id
        );
    }
    Ok(())
}

async fn everything_is_done(story: &Story) -> Result<()> {
    let plan = story.plan.as_ref().context("a plan")?;
    let cost = Money::try_from(plan.total_cost.as_ref().context("a cost")?)?;
    let bound = Money::try_from(plan.lower_bound.as_ref().context("a bound")?)?;
    assert!(
        bound.minor <= cost.minor,
        "{bound} is proven, {cost} was found"
    );
    assert!(
        story.assignments.len() >= 120,
        "{} tasks were assigned",
        story.assignments.len()
    );
    let mut reviewer = story
        .desk
        .of(&Person::staff(Role::Coordinator))
        .assignments();
    for state in [
        assignment::AssignmentState::Offered,
        assignment::AssignmentState::Accepted,
    ] {
        eventually("assignments are completed", async || {
            let open = reviewer
                .list_assignments(assignment::ListAssignmentsRequest {
                    parent: "firms/-".to_owned(),
                    page_size: 1000,
                    states: vec![state.into()],
                    ..Default::default()
                })
                .await;
            open.is_ok_and(|open| open.into_inner().assignments.is_empty())
        })
        .await;
    }
    let mut tasks = story.desk.of(&Person::staff(Role::Coordinator)).tasks();
    let accepted = tasks
        .list_tasks(intake::ListTasksRequest {
            parent: "firms/-".to_owned(),
            page_size: 1000,
            states: vec![intake::TaskState::Accepted.into()],
            ..Default::default()
        })
        .await?
        .into_inner();
    assert_eq!(accepted.tasks.len(), story.assignments.len());
    Ok(())
}

async fn no_firm_sees_another(story: &Story) -> Result<()> {
    let (mine, theirs) = (&story.firms[0], &story.firms[1]);
    let stranger = story.desk.of(&Person::attorney(mine.id));
    let invoice = theirs.invoice.as_ref().context("an invoice")?;
    let invoice = billing::GetInvoiceRequest {
        name: invoice.name.clone(),
    };
    let refused = stranger
        .invoices()
        .get_invoice(invoice)
        .await
        .expect_err("another firm's");
    assert_eq!(refused.code(), Code::NotFound);
    let entries = timekeeping::ListTimeEntriesRequest {
        parent: FirmName(theirs.id).to_string(),
        ..Default::default()
    };
    let refused = stranger
        .time_entries()
        .list_time_entries(entries)
        .await
        .expect_err("another firm's");
    assert_eq!(refused.code(), Code::NotFound);
    let own = stranger
        .assignments()
        .list_assignments(assignment::ListAssignmentsRequest {
            parent: "firms/-".to_owned(),
            page_size: 1000,
            ..Default::default()
        })
        .await?
        .into_inner();
    assert!(!own.assignments.is_empty());
    for assignment in own.assignments {
        assert_eq!(firm_of(&assignment)?.0, mine.id);
        assert_eq!(assignment.pay_terms, None, "pay is never shown to a firm");
        assert_eq!(assignment.cost, None, "nor what it costs");
    }
    Ok(())
}
