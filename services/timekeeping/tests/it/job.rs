//! A task that a paralegal has, and the requests about it.

use caseload_domain::name::{FirmName, ParalegalName, TaskName};
use caseload_domain::{AssignmentId, FirmId, MatterId, ParalegalId, TaskId};
use caseload_proto::caseload::timekeeping::v1::{
    BatchApproveTimeEntriesRequest, BatchRejectTimeEntriesRequest, BatchSubmitTimeEntriesRequest,
    CreateTimeEntryRequest, TimeEntry, TimeEntryRejection,
};
use caseload_proto::convert::{seconds, timestamp};
use time::{Duration, OffsetDateTime};

use crate::world::MONDAY;

/// A task that a paralegal has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    pub(crate) firm: FirmId,
    pub(crate) task: TaskId,
    pub(crate) matter: MatterId,
    pub(crate) assignment: AssignmentId,
    pub(crate) paralegal: ParalegalId,
}

impl Job {
    pub(crate) fn firm_name(&self) -> String {
        FirmName(self.firm).to_string()
    }

    pub(crate) fn task_name(&self) -> String {
        TaskName::new(self.firm, self.task).to_string()
    }

    pub(crate) fn paralegal_name(&self) -> String {
        ParalegalName(self.paralegal).to_string()
    }

    pub(crate) fn timer_name(&self) -> String {
        format!("{}/timer", self.paralegal_name())
    }

    /// Work on the task, from `start` for some seconds.
    pub(crate) fn work(&self, start: OffsetDateTime, worked: i64) -> TimeEntry {
        TimeEntry {
            task: self.task_name(),
            start_time: Some(timestamp(start)),
            worked: Some(seconds(worked)),
            narrative: "Read the file history of the '720 patent.".to_owned(),
            ..TimeEntry::default()
        }
    }

    /// The hour of Monday that begins so many hours after nine.
    pub(crate) fn hour(&self, hour: i64) -> TimeEntry {
        self.work(MONDAY + Duration::hours(hour), 3600)
    }

    pub(crate) fn creates(&self, entry: TimeEntry) -> CreateTimeEntryRequest {
        CreateTimeEntryRequest {
            parent: self.firm_name(),
            time_entry: Some(entry),
            request_id: String::new(),
        }
    }
}

pub(crate) fn submits(job: &Job, entries: &[&TimeEntry]) -> BatchSubmitTimeEntriesRequest {
    BatchSubmitTimeEntriesRequest {
        parent: job.firm_name(),
        names: entries.iter().map(|entry| entry.name.clone()).collect(),
        request_id: String::new(),
    }
}

pub(crate) fn approves(job: &Job, entries: &[&TimeEntry]) -> BatchApproveTimeEntriesRequest {
    BatchApproveTimeEntriesRequest {
        parent: job.firm_name(),
        names: entries.iter().map(|entry| entry.name.clone()).collect(),
        request_id: String::new(),
    }
}

pub(crate) fn rejects(job: &Job, entry: &TimeEntry, reason: &str) -> BatchRejectTimeEntriesRequest {
    BatchRejectTimeEntriesRequest {
        parent: job.firm_name(),
        rejections: vec![TimeEntryRejection {
            name: entry.name.clone(),
            reason: reason.to_owned(),
        }],
        request_id: String::new(),
    }
}
