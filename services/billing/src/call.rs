//! One call: who makes it, by which method, and what goes on record of it.

use caseload_auth::Caller;
use caseload_database::audit::{Change, record};
use caseload_database::{DatabaseError, Retry, Transaction};
use caseload_domain::FirmId;
use caseload_proto::parse::Violations;
use serde_json::Value;
use tonic::{Request, Status};

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Who makes it.
    pub(crate) caller: Caller,
    /// The full name of the method.
    pub(crate) method: &'static str,
}

impl Call {
    /// The call of a request.
    pub(crate) fn of<T>(request: &Request<T>, method: &'static str) -> Result<Self, Status> {
        Ok(Self {
            caller: Caller::of(request)?,
            method,
        })
    }

    /// The request id, if there is one.
    pub(crate) fn retry(
        &self,
        violations: &mut Violations,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Option<Retry> {
        let (firm, actor) = (self.caller.firm(), self.caller.actor());
        violations
            .keep(
                "request_id",
                Retry::new(firm, actor, self.method, request_id, request),
            )
            .flatten()
    }

    /// What a page token of this list is bound to: the method, the caller, and the request but for the page.
    pub(crate) fn list(&self, request: &impl std::fmt::Debug) -> String {
        format!("{} {:?} {request:?}", self.method, self.caller.who)
    }

    /// Puts a change on record.
    pub(crate) async fn record(
        &self,
        tx: &mut Transaction,
        firm: FirmId,
        resource: String,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), DatabaseError> {
        let change = Change {
            actor: self.caller.actor(),
            remote: self.caller.remote.as_deref(),
            firm: Some(firm),
            method: self.method,
            resource,
            before,
            after,
        };
        record(tx, change).await
    }
}
