//! Who calls, and the usual way through a method: the caller's scope, the request's id, the record of who did it.

use std::fmt::Display;

use caseload_auth::Caller;
use caseload_database::Retry;
use caseload_domain::name::FirmParent;
use caseload_domain::{FirmId, Scope};
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use tonic::{Request, Status};

use crate::work::Act;

/// One call of one method.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) caller: Caller,
    /// The full name of the method.
    pub(crate) method: &'static str,
}

impl Call {
    /// The call, and what it asks for.
    pub(crate) fn open<T>(request: Request<T>, method: &'static str) -> Result<(Self, T), Status> {
        let caller = Caller::of(&request)?;
        Ok((Self { caller, method }, request.into_inner()))
    }

    /// The scope for a resource of a firm. Whether it is absent or not the caller's to see is answered alike.
    pub(crate) fn scope(&self, firm: FirmId, name: impl Display) -> Result<Scope, Status> {
        self.caller.scope_for(firm).ok_or_else(|| not_found(name))
    }

    /// The scope for what is below a parent.
    pub(crate) fn scope_of_list(&self, parent: FirmParent, name: &str) -> Result<Scope, Status> {
        self.caller
            .scope_for_list(parent)
            .ok_or_else(|| not_found(name))
    }

    /// Reads the id under which the request may be sent again.
    pub(crate) fn retry(
        &self,
        violations: &mut Violations,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Option<Retry> {
        let caller = &self.caller;
        let retry = Retry::new(
            caller.firm(),
            caller.actor(),
            self.method,
            request_id,
            request,
        );
        violations.keep("request_id", retry).flatten()
    }

    /// Who does it, and when: in whole microseconds, as the database keeps instants.
    pub(crate) fn act(&self) -> Act {
        let now = caseload_runtime::clock::now();
        let micros = now.microsecond();
        Act {
            actor: self.caller.actor().to_owned(),
            remote: self.caller.remote.clone(),
            method: self.method,
            now: now.replace_microsecond(micros).unwrap_or(now),
        }
    }
}
