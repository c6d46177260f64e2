//! What the demonstration has made so far, and what it tells of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use caseload_domain::name::{AssignmentName, FirmName, ParalegalName};
use caseload_domain::{FirmId, ParalegalId};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::billing::v1 as billing;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use time::{Date, OffsetDateTime};

use super::data::Dataset;
use super::desk::Desk;
use super::progress::Progress;

/// The main job as it is played.
pub struct Story {
    /// What is played.
    pub data: Dataset,
    /// How everyone calls.
    pub desk: Desk,
    /// How it is told.
    pub progress: Progress,
    /// When the story begins, by the suite's clock.
    pub start: OffsetDateTime,
    /// The firms, by their place in the data.
    pub firms: Vec<FirmStory>,
    /// The paralegals, by their place in the data.
    pub paralegals: Vec<ParalegalStory>,
    /// The tasks that were asked for, by name.
    pub tasks: BTreeMap<String, TaskStory>,
    /// The plan that was applied first.
    pub plan: Option<assignment::Plan>,
    /// The assignments that were accepted.
    pub assignments: Vec<assignment::Assignment>,
    /// The time that was approved.
    pub time_entries: Vec<timekeeping::TimeEntry>,
}

/// What became of a firm.
pub struct FirmStory {
    /// Its id.
    pub id: FirmId,
    /// Its requests.
    pub requests: Vec<String>,
    /// Conflict checks that an officer had to resolve.
    pub conflicts: usize,
    /// Its invoice, once it is issued.
    pub invoice: Option<billing::Invoice>,
    /// Where the invoice was written.
    pub files: Vec<PathBuf>,
}

/// What became of a paralegal.
pub struct ParalegalStory {
    /// Their id.
    pub id: ParalegalId,
    /// What they earned.
    pub earned: Option<billing::EarningSummary>,
}

/// What a task is, as far as the story goes on from it.
pub struct TaskStory {
    /// Its place in the data's work.
    pub work: usize,
    /// The firm's place in the data.
    pub firm: usize,
}

impl Story {
    /// The story before anything has happened.
    pub fn new(data: Dataset, desk: Desk, progress: Progress, start: OffsetDateTime) -> Self {
        Self {
            data,
            desk,
            progress,
            start,
            firms: Vec::new(),
            paralegals: Vec::new(),
            tasks: BTreeMap::new(),
            plan: None,
            assignments: Vec::new(),
            time_entries: Vec::new(),
        }
    }

    /// Takes in a request with one task that a firm's own system has sent.
    pub fn foreign_request(&mut self, firm: usize, request: String, task: String) {
        self.firms[firm].requests.push(request);
        self.tasks.insert(task, TaskStory { work: 0, firm });
    }

    /// The days that the story covers: from its beginning to a day.
    pub fn period(&self, until: Date) -> (Date, Date) {
        (self.start.date(), until)
    }

    /// The task of an assignment.
    pub fn task_of(&self, assignment: &assignment::Assignment) -> Result<&TaskStory> {
        self.tasks
            .get(&assignment.task)
            .with_context(|| format!("{} is not a task of the demonstration", assignment.task))
    }
}

/// The id in "firms/{firm}".
pub fn firm_id(name: &str) -> Result<FirmId> {
    let FirmName(id) = name.parse().with_context(|| name.to_owned())?;
    Ok(id)
}

/// The id in "paralegals/{paralegal}".
pub fn paralegal_id(name: &str) -> Result<ParalegalId> {
    let ParalegalName(id) = name.parse().with_context(|| name.to_owned())?;
    Ok(id)
}

/// The firm of an assignment.
pub fn firm_of(assignment: &assignment::Assignment) -> Result<FirmName> {
    let name: AssignmentName = assignment
        .name
        .parse()
        .with_context(|| assignment.name.clone())?;
    Ok(FirmName(name.firm))
}
