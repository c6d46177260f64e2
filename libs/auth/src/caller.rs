//! Who is calling, and whose data that lets them touch.

use caseload_domain::name::FirmParent;
use caseload_domain::{FirmId, ParalegalId, Scope};
use tonic::Status;

use crate::{Role, denial, roles};

/// Who is calling: what a verified token says, put into the request's extensions by the layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The token's subject.
    pub subject: String,
    /// At least one role.
    pub roles: Vec<Role>,
    /// Whom the caller acts for.
    pub who: Who,
    /// The address that the call came from, where it is known.
    pub remote: Option<String>,
}

/// Whom a caller acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// A firm: its data alone.
    Firm(FirmId),
    /// A paralegal: what is offered or assigned to them, and their own records.
    Paralegal(ParalegalId),
    /// The suite's own staff and services: every firm's data, by role.
    Suite,
}

impl Caller {
    /// The caller of a request that came through the layer.
    ///
    /// A request without one is a defect of the server, not of the caller, and is answered as INTERNAL.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Status> {
        request.extensions().get::<Self>().cloned().ok_or_else(|| {
            caseload_proto::status::internal(
                "a handler that asks for its caller was reached without one",
            )
        })
    }

    /// Whether one of the caller's roles grants a permission.
    pub fn allows(&self, permission: &str) -> bool {
        self.roles
            .iter()
            .any(|role| roles::grants(*role, permission))
    }

    /// The scope in which the caller may touch a resource of this firm.
    /// `None`: the caller may not know that it exists, and is answered `NOT_FOUND`; that they asked is put on record.
    pub fn scope_for(&self, firm: FirmId) -> Option<Scope> {
        match self.who {
            Who::Firm(own) if own == firm => Some(Scope::Firm(firm)),
            Who::Firm(_) => {
                denial::record_elsewhere(self, firm);
                None
            }
            Who::Paralegal(paralegal) => Some(Scope::Paralegal(paralegal)),
            Who::Suite => Some(Scope::Firm(firm)),
        }
    }

    /// The scope in which the caller may list what is below a firm, or below `firms/-`: of what the caller may
    /// see, all. `None`: the caller may not know that the firm exists, and is answered `NOT_FOUND`.
    pub fn scope_for_list(&self, parent: FirmParent) -> Option<Scope> {
        match (self.who, parent) {
            (_, FirmParent::One(firm)) => self.scope_for(firm),
            (Who::Firm(own), FirmParent::All) => Some(Scope::Firm(own)),
            (Who::Paralegal(paralegal), FirmParent::All) => Some(Scope::Paralegal(paralegal)),
            (Who::Suite, FirmParent::All) => Some(Scope::AllFirms),
        }
    }

    /// The firm that the caller belongs to.
    pub const fn firm(&self) -> Option<FirmId> {
        match self.who {
            Who::Firm(firm) => Some(firm),
            Who::Paralegal(_) | Who::Suite => None,
        }
    }

    /// The paralegal that the caller is.
    pub const fn paralegal(&self) -> Option<ParalegalId> {
        match self.who {
            Who::Paralegal(paralegal) => Some(paralegal),
            Who::Firm(_) | Who::Suite => None,
        }
    }

    /// The name under which what the caller does is recorded.
    pub fn actor(&self) -> &str {
        &self.subject
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(role: Role, who: Who) -> Caller {
        Caller {
            subject: "someone".to_owned(),
            roles: vec![role],
            who,
            remote: None,
        }
    }

    #[test]
    fn a_firms_caller_reaches_its_own_firm_alone() {
        let (own, other) = (FirmId::generate(), FirmId::generate());
        let attorney = caller(Role::Attorney, Who::Firm(own));
        assert_eq!(attorney.scope_for(own), Some(Scope::Firm(own)));
        assert_eq!(attorney.scope_for(other), None);
        assert_eq!(attorney.scope_for_list(FirmParent::One(other)), None);
        assert_eq!(
            attorney.scope_for_list(FirmParent::All),
            Some(Scope::Firm(own))
        );
        assert_eq!((attorney.firm(), attorney.paralegal()), (Some(own), None));
    }

    #[test]
    fn a_paralegal_reaches_what_is_theirs_in_whatever_firm() {
        let (firm, id) = (FirmId::generate(), ParalegalId::generate());
        let paralegal = caller(Role::Paralegal, Who::Paralegal(id));
        assert_eq!(paralegal.scope_for(firm), Some(Scope::Paralegal(id)));
        for parent in [FirmParent::One(firm), FirmParent::All] {
            assert_eq!(paralegal.scope_for_list(parent), Some(Scope::Paralegal(id)));
        }
        assert_eq!((paralegal.firm(), paralegal.paralegal()), (None, Some(id)));
    }

    #[test]
    fn the_suites_staff_reach_one_firm_at_a_time_or_all_by_asking() {
        let firm = FirmId::generate();
        let clerk = caller(Role::BillingClerk, Who::Suite);
        assert_eq!(clerk.scope_for(firm), Some(Scope::Firm(firm)));
        assert_eq!(
            clerk.scope_for_list(FirmParent::One(firm)),
            Some(Scope::Firm(firm))
        );
        assert_eq!(clerk.scope_for_list(FirmParent::All), Some(Scope::AllFirms));
    }

    #[test]
    fn a_caller_may_do_what_any_of_their_roles_may() {
        let mut both = caller(Role::Reviewer, Who::Suite);
        both.roles.push(Role::BillingClerk);
        assert!(both.allows("time_entries.approve"));
        assert!(both.allows("invoices.issue"));
        assert!(!both.allows("conflicts.resolve"));
        assert!(!both.allows(""));
    }

    #[test]
    fn a_request_that_came_past_the_layer_has_no_caller() {
        let answer = Caller::of(&tonic::Request::new(())).unwrap_err();
        assert_eq!(answer.code(), tonic::Code::Internal);
    }
}
