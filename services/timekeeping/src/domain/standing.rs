//! What an entry is made from: what is recorded, by whom, and where the paralegal stands towards the task.

use caseload_domain::work_time::IncrementRule;
use caseload_domain::zone::Zone;
use caseload_domain::{ParalegalId, TaskId};
use time::OffsetDateTime;

use super::description::{Description, TaskFacts};
use super::entry::Source;
use super::span::Span;
use super::tenure::Tenure;

/// Where a paralegal stands towards a task: what an entry on it is held against.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The zone that the paralegal works in.
    pub zone: Zone,
    /// The firm's rule.
    pub rule: IncrementRule,
    /// Every assignment of the task to the paralegal.
    pub tenures: Vec<Tenure>,
    /// The task, once intake's word of it has come.
    pub task: Option<TaskFacts>,
}

/// What a caller records.
#[derive(Debug, Clone)]
pub struct Recording {
    /// What on.
    pub task: TaskId,
    /// From when to when.
    pub span: Span,
    /// What was done.
    pub description: Description,
}

/// The signature under a recording.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Whose time it is.
    pub paralegal: ParalegalId,
    /// Who records it.
    pub actor: &'a str,
    /// How.
    pub source: Source,
    /// When.
    pub now: OffsetDateTime,
}
