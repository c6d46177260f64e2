//! Kinds of task, priorities, skill levels.

/// The six kinds of paralegal work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskKind {
    /// Legal research and analysis.
    LegalResearch,
    /// Document drafting and review.
    DraftingAndReview,
    /// Case management and organisation.
    CaseManagement,
    /// Preparing and filing documents.
    Filing,
    /// Trial preparation.
    TrialPreparation,
    /// Client communication.
    ClientCommunication,
}

impl TaskKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LegalResearch,
        Self::DraftingAndReview,
        Self::CaseManagement,
        Self::Filing,
        Self::TrialPreparation,
        Self::ClientCommunication,
    ];

    /// The word that stores and logs keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalResearch => "legal_research",
            Self::DraftingAndReview => "drafting_and_review",
            Self::CaseManagement => "case_management",
            Self::Filing => "filing",
            Self::TrialPreparation => "trial_preparation",
            Self::ClientCommunication => "client_communication",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::LegalResearch => "Legal research and analysis",
            Self::DraftingAndReview => "Document drafting and review",
            Self::CaseManagement => "Case management and organisation",
            Self::Filing => "Preparing and filing documents",
            Self::TrialPreparation => "Trial preparation",
            Self::ClientCommunication => "Client communication",
        }
    }
}

/// How soon work is wanted when not all of it can be done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    Normal,
    /// Before others.
    High,
    /// Before everything.
    Urgent,
}

impl Priority {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The word that stores and logs keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

/// A word that a store should not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word that is known here")]
pub struct UnknownWord(pub String);

impl std::str::FromStr for TaskKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl std::str::FromStr for Priority {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// How well a skill is wanted or had: 1 (assists) to 5 (leads).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Level(u8);

/// The number is not a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 1 to 5")]
pub struct InvalidLevel;

impl Level {
    /// A level.
    pub fn new(level: i32) -> Result<Self, InvalidLevel> {
        u8::try_from(level)
            .ok()
            .filter(|level| (1..=5).contains(level))
            .map(Self)
            .ok_or(InvalidLevel)
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }
}
