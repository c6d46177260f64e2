//! The court's deadline that a task is for.

use caseload_deadlines::{Deadline, Impossible, Question};

use super::words::words;

/// A court's deadline, computed when it was given and kept as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourtDeadline {
    /// What it depends on.
    pub question: Question,
    /// The rule or order that sets the period, in the firm's words; empty when not said.
    pub authority: String,
    /// What it came to.
    pub deadline: Deadline,
}

impl CourtDeadline {
    /// Computes it.
    pub fn new(question: Question, authority: String) -> Result<Self, Impossible> {
        let deadline = question.answer()?;
        Ok(Self {
            question,
            authority,
            deadline,
        })
    }
}

words! {
    /// Who says when a task is due.
    pub enum DueBy {
        /// The firm.
        Firm = "firm",
        /// The court: it is due when the court's deadline is over, and moves with it.
        CourtDeadline = "court_deadline",
    }
}
