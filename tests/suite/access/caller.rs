//! Somebody who calls, and what is theirs.

use std::fmt;

use caseload_auth::Role;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_domain::{FirmId, ParalegalId};

use super::world::World;

/// Somebody who calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) role: Role,
    pub(crate) firm: Option<FirmId>,
    pub(crate) paralegal: Option<ParalegalId>,
}

impl Caller {
    pub(crate) fn new(role: Role, firm: Option<FirmId>, paralegal: Option<ParalegalId>) -> Self {
        Self {
            role,
            firm,
            paralegal,
        }
    }

    /// Somebody of a role whose firm or person the suite has never heard of.
    pub(crate) fn stranger(role: Role) -> Self {
        match role {
            Role::FirmAdmin | Role::Attorney => Self::of_firm(role, FirmId::generate()),
            Role::Paralegal => Self::of_paralegal(ParalegalId::generate()),
            staff => Self::new(staff, None, None),
        }
    }

    /// Somebody of a firm.
    pub(crate) fn of_firm(role: Role, firm: FirmId) -> Self {
        Self::new(role, Some(firm), None)
    }

    /// A paralegal.
    pub(crate) fn of_paralegal(paralegal: ParalegalId) -> Self {
        Self::new(Role::Paralegal, None, Some(paralegal))
    }

    /// Nobody in particular.
    pub(crate) fn nobody() -> Self {
        Self::new(Role::Service, None, None)
    }

    /// Whose resources are the caller's own: `firms/{id}` or `paralegals/{id}`.
    pub(crate) fn realms(&self) -> Vec<String> {
        let firm = self.firm.map(|id| FirmName(id).to_string());
        let paralegal = self.paralegal.map(|id| ParalegalName(id).to_string());
        firm.into_iter().chain(paralegal).collect()
    }

    /// Whose resources are somebody else's to this caller.
    pub(crate) fn not_theirs(&self, world: &World) -> Vec<String> {
        let all = [
            FirmName(world.firm).to_string(),
            FirmName(world.bystander).to_string(),
            ParalegalName(world.paralegal).to_string(),
        ];
        let own = self.realms();
        all.into_iter()
            .filter(|realm| !own.contains(realm))
            .collect()
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.role)?;
        for realm in self.realms() {
            write!(out, " of {realm}")?;
        }
        Ok(())
    }
}
