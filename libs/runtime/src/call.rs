//! One call of one method: who makes it, whose data it may touch, and what makes a repeat of it known. Every method of
//! every service begins with it.

use std::fmt::{Debug, Display};

use caseload_auth::Caller;
use caseload_database::Retry;
use caseload_domain::name::FirmParent;
use caseload_domain::{FirmId, Scope};
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use tonic::{Request, Status};

/// One call of one method.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who makes it.
    pub caller: Caller,
    /// The full name of the method: `caseload.intake.v1.FirmService/GetFirm`.
    pub method: &'static str,
}

impl Call {
    /// The call, and what it asks for.
    pub fn open<T>(request: Request<T>, method: &'static str) -> Result<(Self, T), Status> {
        let caller = Caller::of(&request)?;
        Ok((Self { caller, method }, request.into_inner()))
    }

    /// The scope for a resource of a firm. Whether it is absent or not the caller's to see is answered alike:
    /// `NOT_FOUND` under the name that was asked for.
    pub fn scope(&self, firm: FirmId, name: impl Display) -> Result<Scope, Status> {
        self.caller.scope_for(firm).ok_or_else(|| not_found(name))
    }

    /// The scope for a list of what is below one firm, or below every firm that the caller may see.
    pub fn scope_of_list(&self, parent: FirmParent, name: impl Display) -> Result<Scope, Status> {
        self.caller
            .scope_for_list(parent)
            .ok_or_else(|| not_found(name))
    }

    /// Reads the id under which the request may be sent again: none when it has none, or when it is not one, which is
    /// noted.
    pub fn retry(
        &self,
        violations: &mut Violations,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Option<Retry> {
        let retry = Retry::new(
            self.caller.firm(),
            self.caller.actor(),
            self.method,
            request_id,
            request,
        );
        violations.keep("request_id", retry).flatten()
    }

    /// How many a list answers at most.
    pub fn page_size(&self, violations: &mut Violations, requested: i32) -> Option<i64> {
        violations.keep("page_size", caseload_database::page_size(requested))
    }

    /// What a page token of this list is bound to: the method, the caller, and the request but for the page.
    pub fn list(&self, filters: &impl Debug) -> String {
        let (method, caller) = (self.method, &self.caller);
        format!("{method} {:?} {:?} {filters:?}", caller.subject, caller.who)
    }
}
