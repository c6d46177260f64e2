//! The billing clerk's side: an invoice per firm, written as LEDES 1998B and as text, and what the paralegals earned.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use caseload_auth::Role;
use caseload_domain::name::FirmName;
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::billing::v1 as billing;
use caseload_proto::caseload::r#type::v1 as types;
use time::Date;

use super::desk::{Person, request_id};
use super::staffing::money;
use super::story::Story;

/// How long billing may take to hear of everything, and how often it is asked.
const HEARSAY: std::time::Duration = std::time::Duration::from_mins(1);
const ASK_EVERY: std::time::Duration = std::time::Duration::from_millis(50);

/// Each firm gets its invoice, and the files are written below `folder`.
pub async fn invoice(story: &mut Story, today: Date, folder: &Path) -> Result<()> {
    story.progress.part("Invoices are issued");
    std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    heard_of_everything(story).await?;
    let (first, last) = story.period(today);
    for place in 0..story.firms.len() {
        let firm = FirmName(story.firms[place].id);
        let issued = issue(story, firm, first, last).await?;
        let attorney = story.desk.of(&Person::attorney(firm.0));
        for format in [
            billing::InvoiceFormat::Ledes1998b,
            billing::InvoiceFormat::Text,
        ] {
            let file = attorney
                .invoices()
                .export_invoice(billing::ExportInvoiceRequest {
                    name: issued.name.clone(),
                    format: format.into(),
                })
                .await
                .context("export the invoice")?
                .into_inner();
            ensure!(
                Path::new(&file.file_name).file_name() == Some(file.file_name.as_ref()),
                "{} is not a plain file name",
                file.file_name
            );
            let path = folder.join(&file.file_name);
            std::fs::write(&path, &file.content)
                .with_context(|| format!("write {}", path.display()))?;
            story.firms[place].files.push(path);
        }
        story.progress.say(format!(
            "{} to {}: {} on {} lines",
            issued.number,
            story.data.firms[place].display_name,
            money(issued.total.as_ref()),
            issued.line_count,
        ));
        story.firms[place].invoice = Some(issued);
    }
    sum_earnings(story, first, last).await
}

async fn issue(story: &Story, firm: FirmName, first: Date, last: Date) -> Result<billing::Invoice> {
    let mut invoices = story.desk.of(&Person::staff(Role::BillingClerk)).invoices();
    let draft = invoices
        .create_invoice(billing::CreateInvoiceRequest {
            parent: firm.to_string(),
            invoice: Some(billing::Invoice {
                period_start_date: Some(first.into()),
                period_end_date: Some(last.into()),
                ..Default::default()
            }),
            request_id: request_id(),
        })
        .await
        .context("draft the invoice")?
        .into_inner();
    let issued = invoices
        .issue_invoice(billing::IssueInvoiceRequest {
            name: draft.name,
            etag: draft.etag,
            request_id: request_id(),
        })
        .await
        .context("issue the invoice")?
        .into_inner();
    let sent = invoices
        .mark_invoice_sent(billing::MarkInvoiceSentRequest {
            name: issued.name,
            etag: issued.etag,
            request_id: request_id(),
        })
        .await
        .context("note that the invoice was sent")?;
    Ok(sent.into_inner())
}

/// Waits until billing has priced all approved time and every accepted fee, and knows what each was paid.
async fn heard_of_everything(story: &Story) -> Result<()> {
    let fees = story
        .assignments
        .iter()
        .map(|accepted| story.task_of(accepted))
        .filter(|task| {
            task.as_ref()
                .is_ok_and(|task| story.data.work[task.work].fee.is_some())
        })
        .count();
    let paid_by_project = story
        .assignments
        .iter()
        .filter(|accepted| by_project(accepted))
        .count();
    let items = story.time_entries.len() + fees;
    let earnings = story.time_entries.len() + paid_by_project;
    let until = tokio::time::Instant::now() + HEARSAY;
    loop {
        let heard = (unbilled(story).await?, earned(story).await?);
        if heard == (items, earnings) {
            return Ok(());
        }
        ensure!(
            tokio::time::Instant::now() < until,
            "billing heard of {} items of {items} and {} earnings of {earnings}",
            heard.0,
            heard.1,
        );
        tokio::time::sleep(ASK_EVERY).await;
    }
}

/// Whether an assignment is paid by the project.
pub fn by_project(accepted: &assignment::Assignment) -> bool {
    matches!(
        accepted.pay_terms,
        Some(types::PayTerms {
            model: Some(types::pay_terms::Model::ProjectFee(_))
        })
    )
}

async fn unbilled(story: &Story) -> Result<usize> {
    let mut items = story
        .desk
        .of(&Person::staff(Role::BillingClerk))
        .billable_items();
    let mut request = billing::ListBillableItemsRequest {
        parent: "firms/-".to_owned(),
        page_size: 1000,
        states: vec![billing::BillableItemState::Unbilled.into()],
        ..Default::default()
    };
    let mut count = 0;
    loop {
        let page = items
            .list_billable_items(request.clone())
            .await?
            .into_inner();
        count += page.billable_items.len();
        if page.next_page_token.is_empty() {
            return Ok(count);
        }
        request.page_token = page.next_page_token;
    }
}

async fn earned(story: &Story) -> Result<usize> {
    let mut earnings = story.desk.of(&Person::staff(Role::BillingClerk)).earnings();
    let mut request = billing::ListEarningsRequest {
        parent: "paralegals/-".to_owned(),
        page_size: 1000,
        ..Default::default()
    };
    let mut count = 0;
    loop {
        let page = earnings.list_earnings(request.clone()).await?.into_inner();
        count += page
            .earnings
            .iter()
            .filter(|earning| earning.state() == billing::EarningState::Earned)
            .count();
        if page.next_page_token.is_empty() {
            return Ok(count);
        }
        request.page_token = page.next_page_token;
    }
}

async fn sum_earnings(story: &mut Story, first: Date, last: Date) -> Result<()> {
    let mut earnings = story.desk.of(&Person::staff(Role::BillingClerk)).earnings();
    let sums = earnings
        .summarize_earnings(billing::SummarizeEarningsRequest {
            parent: "paralegals/-".to_owned(),
            page_size: 1000,
            start_date: Some(first.into()),
            end_date: Some(last.into()),
            ..Default::default()
        })
        .await
        .context("sum what was earned")?
        .into_inner();
    let mut by_name: BTreeMap<_, _> = sums
        .earning_summaries
        .into_iter()
        .map(|sum| (sum.paralegal.clone(), sum))
        .collect();
    for paralegal in &mut story.paralegals {
        let name = caseload_domain::name::ParalegalName(paralegal.id).to_string();
        paralegal.earned = by_name.remove(&name);
    }
    Ok(())
}
