//! The work, as intake tells of it.

use caseload_domain::work::{Priority, TaskKind};
use caseload_domain::{FirmId, MatterId, ParalegalId, TaskId, name::TaskName};
use time::OffsetDateTime;

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Whose and which.
    pub name: TaskName,
    /// Grows when a fact that plans rest on changes.
    pub version: i64,
    /// The matter.
    pub matter: MatterId,
    /// What is to be done, in one line.
    pub title: String,
    /// The kind of work.
    pub kind: TaskKind,
    /// The practice area; may be empty.
    pub practice_area: String,
    /// What the work needs, all of it. Empty: level 1 in its kind.
    pub required_skills: Vec<RequiredSkill>,
    /// How much time an average paralegal is expected to need, in seconds.
    pub effort: i64,
    /// How soon it is wanted.
    pub priority: Priority,
    /// When work can begin. None: at once.
    pub earliest_start: Option<OffsetDateTime>,
    /// When it must be delivered. None: no date is set.
    pub due: Option<OffsetDateTime>,
    /// Empty: any.
    pub jurisdiction: String,
    /// Empty: English.
    pub language_code: String,
    /// Empty: none.
    pub certification: String,
    /// Whether the firm pays it by the project.
    pub priced_by_project: bool,
    /// Where intake says that it stands.
    pub state: TaskState,
}

/// What a task needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredSkill {
    /// Empty: any area.
    pub practice_area: String,
    /// None: any kind.
    pub kind: Option<TaskKind>,
    /// The least level.
    pub level: u8,
}

/// What is known of the matter that a task is of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matter {
    /// Grows when a fact that plans rest on changes; 0 for a matter of which nothing was told.
    pub version: i64,
    /// Who is screened off it.
    pub screened: Vec<ParalegalId>,
}

/// Where intake says that a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Not ready.
    Pending,
    /// Ready to be assigned.
    Open,
    /// Offered.
    Assigned,
    /// Accepted by a paralegal.
    InProgress,
    /// Delivered.
    Delivered,
    /// To be revised.
    RevisionRequested,
    /// Accepted by the firm.
    Accepted,
    /// Held.
    OnHold,
    /// Cancelled.
    Cancelled,
}

impl TaskState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Open,
        Self::Assigned,
        Self::InProgress,
        Self::Delivered,
        Self::RevisionRequested,
        Self::Accepted,
        Self::OnHold,
        Self::Cancelled,
    ];

    /// The word that the store keeps.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::InProgress => "in_progress",
            Self::Delivered => "delivered",
            Self::RevisionRequested => "revision_requested",
            Self::Accepted => "accepted",
            Self::OnHold => "on_hold",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a task that has no live assignment can be offered. Assigned and in progress are intake's echo of an
    /// assignment that has ended since; whether one is live is known here first.
    pub const fn is_assignable(self) -> bool {
        matches!(self, Self::Open | Self::Assigned | Self::InProgress)
    }
}

impl Task {
    /// Whose it is.
    pub const fn firm(&self) -> FirmId {
        self.name.firm
    }

    /// Which one.
    pub const fn id(&self) -> TaskId {
        self.name.id
    }

    /// What the work needs: what is said, or level 1 in its kind.
    pub fn needs(&self) -> Vec<RequiredSkill> {
        if self.required_skills.is_empty() {
            return vec![RequiredSkill {
                practice_area: String::new(),
                kind: Some(self.kind),
                level: 1,
            }];
        }
        self.required_skills.clone()
    }

    /// The highest level that it needs.
    pub fn needed_level(&self) -> u8 {
        self.required_skills
            .iter()
            .map(|skill| skill.level)
            .max()
            .unwrap_or(1)
    }
}
