//! Whose data a unit of work may touch.

use crate::id::{FirmId, ParalegalId};

/// Whose data a unit of work may touch. A database transaction is opened in exactly one, and row-level security
/// holds it to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One firm's data, and what belongs to no firm.
    Firm(FirmId),
    /// What is assigned or offered to a paralegal, in whatever firm, and the paralegal's own records.
    Paralegal(ParalegalId),
    /// Every firm's data: the suite's own staff, workers and projections.
    AllFirms,
}
