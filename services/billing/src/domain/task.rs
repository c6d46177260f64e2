//! What a firm pays for a task.

use caseload_domain::work::TaskKind;
use caseload_domain::{HourlyRate, Money};

/// A task, as far as its price goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What is to be done, in one line.
    pub title: String,
    /// The kind of work.
    pub kind: TaskKind,
    /// The practice area.
    pub practice_area: String,
    /// What the firm pays.
    pub pricing: TaskPricing,
}

/// What a firm pays for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskPricing {
    /// By the hour.
    Hourly {
        /// The rate agreed for the task alone.
        rate: Option<HourlyRate>,
        /// The most that the task may cost.
        cap: Option<Money>,
    },
    /// By the project.
    Project {
        /// The whole fee.
        fee: Money,
        /// Its parts; none: one part, the whole.
        milestones: Vec<Milestone>,
    },
}

/// A part of a project's fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Unique within the task.
    pub id: String,
    /// What is delivered.
    pub title: String,
    /// What it costs.
    pub fee: Money,
}
