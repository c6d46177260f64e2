//! The main job on a small scale, played by the demonstration's people.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context as _;
use caseload::demo::data::Dataset;
use caseload::demo::desk::{Person, once_known, request_id};
use caseload::demo::story::Story;
use caseload::demo::{billing, intake, staffing, work};
use caseload_auth::Role;
use caseload_domain::ParalegalId;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use caseload_proto::convert;
use caseload_testing::eventually;
use time::OffsetDateTime;

use super::marks;
use super::names::is_within;

/// The tasks that a paralegal was ever offered.
pub(crate) async fn offered(
    story: &Story,
    paralegal: ParalegalId,
) -> anyhow::Result<BTreeSet<String>> {
    let request = assignment::ListAssignmentsRequest {
        parent: "firms/-".to_owned(),
        page_size: 1_000,
        ..Default::default()
    };
    let mut assignments = story.desk.of(&Person::paralegal(paralegal)).assignments();
    let all = assignments
        .list_assignments(request)
        .await?
        .into_inner()
        .assignments;
    let whose = ParalegalName(paralegal).to_string();
    anyhow::ensure!(
        all.iter().all(|one| one.paralegal == whose),
        "others' assignments are listed"
    );
    Ok(all.into_iter().map(|one| one.task).collect())
}

/// Two firms of the demonstration, each with one matter.
pub(crate) fn small() -> Dataset {
    let mut data = Dataset::load().unwrap();
    data.firms.truncate(2);
    let mut wanted: Vec<_> = data.firms.iter().map(|firm| firm.code.clone()).collect();
    data.matters.retain(|matter| {
        let place = wanted.iter().position(|code| *code == matter.firm);
        place.map(|place| wanted.swap_remove(place)).is_some()
    });
    // A firm's marks are found by its matter's place.
    let place = |code: &str| data.firms.iter().position(|firm| firm.code == code);
    data.matters.sort_by_key(|matter| place(&matter.firm));
    marks::mark(&mut data);
    data
}

/// The main job, without the demonstration's travels in time: the clock is the whole process's.
pub(crate) async fn play(story: &mut Story, invoices: &Path) -> anyhow::Result<()> {
    intake::take_on_firms(story).await?;
    staffing::take_on_paralegals(story).await?;
    intake::send_requests(story).await?;
    intake::review_requests(story).await?;
    staffing::assign(story).await?;
    for firm in 0..story.firms.len() {
        record_a_second(story, firm).await?;
    }
    work::deliver(story).await?;
    for firm in 0..story.firms.len() {
        keep_one_of_each(story, firm).await?;
    }
    let today = OffsetDateTime::now_utc().date();
    billing::invoice(story, today, invoices).await
}

/// A paralegal of a firm's work records what time goes by, and it is approved.
async fn record_a_second(story: &mut Story, place: usize) -> anyhow::Result<()> {
    let realm = FirmName(story.firms[place].id).to_string();
    let accepted = story
        .assignments
        .iter()
        .find(|one| is_within(&one.name, &realm));
    let accepted = accepted.context("an assignment of the firm's work")?;
    let paralegal: ParalegalName = accepted.paralegal.parse()?;
    let clients = story.desk.of(&Person::paralegal(paralegal.0));
    let timers = clients.timers();
    let name = format!("{paralegal}/timer");
    let start = timekeeping::StartTimerRequest {
        timer: Some(timekeeping::Timer {
            name: name.clone(),
            task: accepted.task.clone(),
            narrative: marks::marked("Read the file", place),
            ..Default::default()
        }),
        ..Default::default()
    };
    once_known(async || timers.clone().start_timer(start.clone()).await).await?;
    let get = timekeeping::GetTimerRequest { name: name.clone() };
    eventually("the timer has run for a second", async || {
        let timer = timers.clone().get_timer(get.clone()).await;
        timer.is_ok_and(|timer| {
            timer
                .into_inner()
                .elapsed
                .is_some_and(|ran| ran.seconds > 0)
        })
    })
    .await;
    let stop = timekeeping::StopTimerRequest {
        name,
        ..Default::default()
    };
    let entry = timers.clone().stop_timer(stop).await?.into_inner();
    let submit = timekeeping::BatchSubmitTimeEntriesRequest {
        parent: realm.clone(),
        names: vec![entry.name.clone()],
        ..Default::default()
    };
    clients
        .time_entries()
        .batch_submit_time_entries(submit)
        .await?;
    let approve = timekeeping::BatchApproveTimeEntriesRequest {
        parent: realm,
        names: vec![entry.name],
        ..Default::default()
    };
    let mut reviewer = story.desk.of(&Person::staff(Role::Reviewer)).time_entries();
    let approved = reviewer
        .batch_approve_time_entries(approve)
        .await?
        .into_inner();
    story.time_entries.extend(approved.time_entries);
    Ok(())
}

/// What the main job has no need of, and the contracts speak of: one of each, so that there is something to keep from
/// others.
async fn keep_one_of_each(story: &Story, place: usize) -> anyhow::Result<()> {
    let firm = FirmName(story.firms[place].id);
    let realm = firm.to_string();
    let attorney = story.desk.of(&Person::attorney(firm.0));
    let all = story.assignments.iter();
    let own: Vec<_> = all.filter(|one| is_within(&one.name, &realm)).collect();
    for one in &own {
        let comment = v1::CreateCommentRequest {
            parent: realm.clone(),
            comment: Some(v1::Comment {
                task: one.task.clone(),
                text: marks::marked("Thank you", place),
                ..Default::default()
            }),
            ..Default::default()
        };
        attorney.comments().create_comment(comment).await?;
    }
    let own = own.first().context("an assignment of the firm's work")?;
    let task = v1::GetTaskRequest {
        name: own.task.clone(),
    };
    let task = attorney.tasks().get_task(task).await?.into_inner();
    let template = v1::CreateRequestTemplateRequest {
        parent: realm.clone(),
        request_template: Some(v1::RequestTemplate {
            display_name: marks::marked("As before", place),
            title: marks::marked("As before", place),
            tasks: vec![v1::TaskBlueprint {
                key: "all".to_owned(),
                task: Some(v1::Task {
                    title: task.title,
                    kind: task.kind,
                    effort_estimate: task.effort_estimate,
                    pricing: task.pricing,
                    ..Default::default()
                }),
                due_after: Some(convert::seconds(86_400)),
                ..Default::default()
            }],
            ..Default::default()
        }),
        ..Default::default()
    };
    attorney
        .request_templates()
        .create_request_template(template)
        .await?;
    let parts = [
        v1::import_requests_request::Part::Header(v1::RequestImportHeader {
            parent: realm.clone(),
            request_id: request_id(),
            mode: v1::RequestImportMode::KeepGoodRows.into(),
            format: v1::RequestImportFormat::Rows.into(),
        }),
        v1::import_requests_request::Part::End(v1::RequestImportEnd {}),
    ]
    .map(|part| v1::ImportRequestsRequest { part: Some(part) });
    let mut told = attorney
        .request_imports()
        .import_requests(futures::stream::iter(parts))
        .await?
        .into_inner();
    while told.message().await?.is_some() {}
    let undertaking = v1::CreateUndertakingRequest {
        parent: realm,
        undertaking: Some(v1::Undertaking {
            paralegal: own.paralegal.clone(),
            sign_date: Some(
                OffsetDateTime::now_utc()
                    .date()
                    .previous_day()
                    .context("a day")?
                    .into(),
            ),
            ..Default::default()
        }),
        ..Default::default()
    };
    let staff = story.desk.of(&Person::staff(Role::Coordinator));
    staff.undertakings().create_undertaking(undertaking).await?;
    Ok(())
}
