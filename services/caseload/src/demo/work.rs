//! The paralegals' side: time recorded, submitted and approved, and work delivered and accepted.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use caseload_auth::Role;
use caseload_domain::FirmId;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::intake::v1 as intake;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use caseload_proto::convert;
use time::{Duration, OffsetDateTime, Weekday};

use super::desk::{Clients, Person, once_known, request_id};
use super::files;
use super::story::{Story, firm_of, paralegal_id};

/// The longest sitting, and how long a paralegal works for the suite in a day.
const SITTING: Duration = Duration::minutes(150);
const DAY: Duration = Duration::hours(7);

/// A paralegal's days, filled from the start of the story on, weekends left out.
struct Diary {
    next: OffsetDateTime,
    left_today: Duration,
}

impl Diary {
    fn from(start: OffsetDateTime) -> Self {
        let mut diary = Self {
            next: start + Duration::hours(1),
            left_today: DAY,
        };
        diary.skip_weekend();
        diary
    }

    fn skip_weekend(&mut self) {
        while matches!(self.next.weekday(), Weekday::Saturday | Weekday::Sunday) {
            self.next += Duration::days(1);
        }
    }

    /// The next sitting of at most so long: when it begins and how long it is.
    fn sit(&mut self, most: Duration) -> (OffsetDateTime, Duration) {
        if self.left_today.is_zero() {
            self.next += Duration::days(1) - DAY;
            self.left_today = DAY;
            self.skip_weekend();
        }
        let long = most.min(SITTING).min(self.left_today);
        let begin = self.next;
        self.next += long;
        self.left_today -= long;
        (begin, long)
    }
}

/// How long the work really takes: between 85 and 120 hundredths of the estimate, the same in every run.
fn worked(estimate_seconds: i64, place: usize) -> Duration {
    let hundredths = 85 + i64::try_from(place * 17 % 36).unwrap_or_default();
    Duration::seconds(
        estimate_seconds * hundredths / 100 + i64::try_from(place % 7).unwrap_or_default(),
    )
}

/// The paralegals record their time and submit it; the reviewer approves it, after sending one entry back.
pub async fn record_time(story: &mut Story) -> Result<()> {
    story.progress.part("Time is recorded and approved");
    let mut submitted: BTreeMap<FirmId, Vec<String>> = BTreeMap::new();
    let mut bar = story.progress.bar("time entries", story.assignments.len());
    let mut diaries: BTreeMap<String, Diary> = BTreeMap::new();
    for (place, accepted) in story.assignments.iter().enumerate() {
        let diary = diaries
            .entry(accepted.paralegal.clone())
            .or_insert_with(|| Diary::from(story.start));
        let names = record(story, accepted, place, diary).await?;
        submit(story, accepted, &names).await?;
        submitted
            .entry(firm_of(accepted)?.0)
            .or_default()
            .extend(names);
        bar.step();
    }
    drop(bar);
    if let Some(accepted) = story.assignments.first() {
        let name = run_timer(story, accepted).await?;
        submitted
            .entry(firm_of(accepted)?.0)
            .or_default()
            .push(name);
    }
    send_one_back(story, &submitted).await?;
    for (firm, names) in submitted {
        approve(story, firm, &names).await?;
    }
    let seconds: i64 = story
        .time_entries
        .iter()
        .filter_map(|entry| entry.worked.as_ref())
        .map(|worked| worked.seconds)
        .sum();
    story.progress.say(format!(
        "{} time entries approved, {:.1} hours worked",
        story.time_entries.len(),
        Duration::seconds(seconds).as_seconds_f64() / 3600.0,
    ));
    Ok(())
}

/// Records the whole of an assignment's work, sitting by sitting.
async fn record(
    story: &Story,
    accepted: &assignment::Assignment,
    place: usize,
    diary: &mut Diary,
) -> Result<Vec<String>> {
    let work = &story.data.work[story.task_of(accepted)?.work];
    let paralegal = story
        .desk
        .of(&Person::paralegal(paralegal_id(&accepted.paralegal)?));
    let mut left = worked(work.effort_seconds()?, place);
    let mut names = Vec::new();
    while left.is_positive() {
        let (begin, long) = diary.sit(left);
        left -= long;
        let narrative = if names.is_empty() {
            work.narrative.clone()
        } else {
            format!("{}, continued", work.narrative)
        };
        let request = timekeeping::CreateTimeEntryRequest {
            parent: firm_of(accepted)?.to_string(),
            time_entry: Some(timekeeping::TimeEntry {
                task: accepted.task.clone(),
                start_time: Some(convert::timestamp(begin)),
                end_time: Some(convert::timestamp(begin + long)),
                narrative,
                utbms_task_code: work.utbms_task.clone(),
                utbms_activity_code: work.utbms_activity.clone(),
                ..Default::default()
            }),
            request_id: request_id(),
        };
        let entries = paralegal.time_entries();
        let entry = once_known(async || entries.clone().create_time_entry(request.clone()).await)
            .await
            .context("record time")?;
        names.push(entry.name);
    }
    Ok(names)
}

/// A moment of every assignment is timed, submitted and approved: for work that has only begun.
pub async fn run_timers(story: &mut Story) -> Result<()> {
    let mut submitted: BTreeMap<FirmId, Vec<String>> = BTreeMap::new();
    for accepted in &story.assignments {
        let name = run_timer(story, accepted).await?;
        submitted
            .entry(firm_of(accepted)?.0)
            .or_default()
            .push(name);
    }
    for (firm, names) in submitted {
        approve(story, firm, &names).await?;
    }
    Ok(())
}

/// Starts a timer, lets it run for a moment, stops it, and submits what it recorded.
async fn run_timer(story: &Story, accepted: &assignment::Assignment) -> Result<String> {
    let id = paralegal_id(&accepted.paralegal)?;
    let work = &story.data.work[story.task_of(accepted)?.work];
    let mut timers = story.desk.of(&Person::paralegal(id)).timers();
    let name = format!("{}/timer", ParalegalName(id));
    let start = timekeeping::StartTimerRequest {
        timer: Some(timekeeping::Timer {
            name: name.clone(),
            task: accepted.task.clone(),
            narrative: format!("{}, final check", work.narrative),
            utbms_task_code: work.utbms_task.clone(),
            utbms_activity_code: work.utbms_activity.clone(),
            ..Default::default()
        }),
        request_id: request_id(),
    };
    once_known(async || timers.clone().start_timer(start.clone()).await)
        .await
        .context("start a timer")?;
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let stop = timekeeping::StopTimerRequest {
        name,
        request_id: request_id(),
        ..Default::default()
    };
    let entry = timers
        .stop_timer(stop)
        .await
        .context("stop a timer")?
        .into_inner();
    submit(story, accepted, std::slice::from_ref(&entry.name)).await?;
    Ok(entry.name)
}

async fn submit(story: &Story, accepted: &assignment::Assignment, names: &[String]) -> Result<()> {
    let person = Person::paralegal(paralegal_id(&accepted.paralegal)?);
    let request = timekeeping::BatchSubmitTimeEntriesRequest {
        parent: firm_of(accepted)?.to_string(),
        names: names.to_vec(),
        request_id: request_id(),
    };
    let mut entries = story.desk.of(&person).time_entries();
    entries
        .batch_submit_time_entries(request)
        .await
        .context("submit time")?;
    Ok(())
}

/// The reviewer rejects one entry; its paralegal says more and submits it again.
async fn send_one_back(story: &Story, submitted: &BTreeMap<FirmId, Vec<String>>) -> Result<()> {
    let Some((firm, name)) = submitted
        .iter()
        .find_map(|(firm, names)| names.first().map(|name| (*firm, name.clone())))
    else {
        return Ok(());
    };
    let mut review = story.desk.of(&Person::staff(Role::Reviewer)).time_entries();
    let rejected = review
        .batch_reject_time_entries(timekeeping::BatchRejectTimeEntriesRequest {
            parent: FirmName(firm).to_string(),
            rejections: vec![timekeeping::TimeEntryRejection {
                name,
                reason: "Say for which brief".to_owned(),
            }],
            request_id: request_id(),
        })
        .await
        .context("reject an entry")?
        .into_inner();
    let entry = rejected
        .time_entries
        .into_iter()
        .next()
        .context("the rejected entry")?;
    let person = Person::paralegal(paralegal_id(&entry.paralegal)?);
    let mut entries = story.desk.of(&person).time_entries();
    let better = entries
        .update_time_entry(timekeeping::UpdateTimeEntryRequest {
            time_entry: Some(timekeeping::TimeEntry {
                name: entry.name.clone(),
                narrative: format!("{}, for the opening brief", entry.narrative),
                etag: entry.etag,
                ..Default::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["narrative".to_owned()],
            }),
            request_id: request_id(),
        })
        .await
        .context("correct the entry")?
        .into_inner();
    entries
        .batch_submit_time_entries(timekeeping::BatchSubmitTimeEntriesRequest {
            parent: FirmName(firm).to_string(),
            names: vec![better.name],
            request_id: request_id(),
        })
        .await
        .context("submit the corrected entry")?;
    story
        .progress
        .say("one entry is sent back by the reviewer, corrected and submitted again");
    Ok(())
}

async fn approve(story: &mut Story, firm: FirmId, names: &[String]) -> Result<()> {
    let mut review = story.desk.of(&Person::staff(Role::Reviewer)).time_entries();
    for batch in names.chunks(200) {
        let approved = review
            .batch_approve_time_entries(timekeeping::BatchApproveTimeEntriesRequest {
                parent: FirmName(firm).to_string(),
                names: batch.to_vec(),
                request_id: request_id(),
            })
            .await
            .context("approve time")?
            .into_inner();
        story.time_entries.extend(approved.time_entries);
    }
    Ok(())
}

/// The paralegals deliver what they have written; the attorneys accept, after asking for one revision.
pub async fn deliver(story: &mut Story) -> Result<()> {
    story.progress.part("Work is delivered and accepted");
    let mut bar = story.progress.bar("deliveries", story.assignments.len());
    for (place, accepted) in story.assignments.iter().enumerate() {
        let firm = firm_of(accepted)?;
        let paralegal = story
            .desk
            .of(&Person::paralegal(paralegal_id(&accepted.paralegal)?));
        let attorney = story.desk.of(&Person::attorney(firm.0));
        let work = &story.data.work[story.task_of(accepted)?.work];
        let draft = write(&paralegal, accepted, "", &work.narrative).await?;
        let mut delivery = hand_in(&paralegal, accepted, &draft, "Ready for review").await?;
        if place == 0 {
            let read = files::download(&attorney, &draft.name).await?;
            ensure!(read == work.narrative.as_bytes(), "another text came back");
            ask_for_cites(&attorney, accepted, delivery.name).await?;
            let text = format!("{}, with pinpoint cites", work.narrative);
            let better = write(&paralegal, accepted, &draft.name, &text).await?;
            delivery = hand_in(&paralegal, accepted, &better, "Pinpoint cites added").await?;
        }
        attorney
            .deliveries()
            .accept_delivery(intake::AcceptDeliveryRequest {
                name: delivery.name,
                request_id: request_id(),
                ..Default::default()
            })
            .await
            .context("accept a delivery")?;
        bar.step();
    }
    drop(bar);
    story.progress.say(format!(
        "{} deliveries accepted, each with its document, one after a revision",
        story.assignments.len()
    ));
    Ok(())
}

/// A paralegal uploads what they have written, as a new document of the task or the next version of one.
async fn write(
    paralegal: &Clients,
    accepted: &assignment::Assignment,
    document: &str,
    text: &str,
) -> Result<intake::Document> {
    let of = intake::UploadDocumentHeader {
        parent: firm_of(accepted)?.to_string(),
        document: document.to_owned(),
        task: if document.is_empty() {
            accepted.task.clone()
        } else {
            String::new()
        },
        display_name: "Work product.txt".to_owned(),
        ..Default::default()
    };
    files::upload(paralegal, of, text).await
}

/// An attorney says on the task what is missing, and asks for a revision.
async fn ask_for_cites(
    attorney: &Clients,
    accepted: &assignment::Assignment,
    delivery: String,
) -> Result<()> {
    let comment = intake::CreateCommentRequest {
        parent: firm_of(accepted)?.to_string(),
        comment: Some(intake::Comment {
            task: accepted.task.clone(),
            text: "The reporter's pages will do".to_owned(),
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let commented = attorney.comments().create_comment(comment).await;
    commented.context("comment on the task")?;
    let revision = intake::RequestRevisionRequest {
        name: delivery,
        reason: "Add the pinpoint cites".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let asked = attorney.deliveries().request_revision(revision).await;
    asked.context("ask for a revision")?;
    Ok(())
}

async fn hand_in(
    paralegal: &Clients,
    accepted: &assignment::Assignment,
    document: &intake::Document,
    note: &str,
) -> Result<intake::Delivery> {
    let version = document.latest_version.as_ref();
    let request = intake::CreateDeliveryRequest {
        parent: firm_of(accepted)?.to_string(),
        delivery: Some(intake::Delivery {
            task: accepted.task.clone(),
            note: note.to_owned(),
            documents: vec![intake::DeliveredDocument {
                document: document.name.clone(),
                version: version.map_or(1, |version| version.version),
            }],
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let deliveries = paralegal.deliveries();
    once_known(async || deliveries.clone().create_delivery(request.clone()).await)
        .await
        .context("deliver")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_diary_fills_weekdays_without_overlap() {
        let mut diary = Diary::from(datetime!(2026-11-06 14:00 UTC));
        let mut free_from = datetime!(2026-11-06 15:00 UTC);
        let mut sat = Duration::ZERO;
        while sat < Duration::hours(40) {
            let (begin, long) = diary.sit(Duration::minutes(130));
            assert!(begin >= free_from, "{begin} overlaps");
            assert!(long.is_positive());
            assert!(!matches!(
                begin.weekday(),
                Weekday::Saturday | Weekday::Sunday
            ));
            free_from = begin + long;
            sat += long;
        }
        assert!(free_from < datetime!(2026-11-14 00:00 UTC));
    }
}
