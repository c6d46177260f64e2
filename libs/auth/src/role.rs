//! The roles that a token may carry.

use std::fmt;
use std::str::FromStr;

/// What a caller is to the suite. What each may do is said in [`roles`](crate::roles).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A firm's administrator.
    FirmAdmin,
    /// A firm's attorney.
    Attorney,
    /// A paralegal on the roster.
    Paralegal,
    /// Takes in firms' work and plans who does it.
    Coordinator,
    /// Runs the roster and the operation.
    OperationsManager,
    /// Approves recorded time.
    Reviewer,
    /// Keeps rate cards and issues invoices.
    BillingClerk,
    /// Resolves possible conflicts of interest.
    ConflictOfficer,
    /// A service of the suite, or a script.
    Service,
}

/// Whose side a role is on, and so which claims must come with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Firm,
    Paralegal,
    Suite,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::FirmAdmin,
        Self::Attorney,
        Self::Paralegal,
        Self::Coordinator,
        Self::OperationsManager,
        Self::Reviewer,
        Self::BillingClerk,
        Self::ConflictOfficer,
        Self::Service,
    ];

    /// The role's word in a token.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirmAdmin => "firm_admin",
            Self::Attorney => "attorney",
            Self::Paralegal => "paralegal",
            Self::Coordinator => "coordinator",
            Self::OperationsManager => "operations_manager",
            Self::Reviewer => "reviewer",
            Self::BillingClerk => "billing_clerk",
            Self::ConflictOfficer => "conflict_officer",
            Self::Service => "service",
        }
    }

    pub(crate) const fn side(self) -> Side {
        match self {
            Self::FirmAdmin | Self::Attorney => Side::Firm,
            Self::Paralegal => Side::Paralegal,
            Self::Coordinator
            | Self::OperationsManager
            | Self::Reviewer
            | Self::BillingClerk
            | Self::ConflictOfficer
            | Self::Service => Side::Suite,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// The word names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(role));
        }
        assert_eq!("Attorney".parse::<Role>(), Err(UnknownRole));
        assert_eq!("".parse::<Role>(), Err(UnknownRole));
    }
}
