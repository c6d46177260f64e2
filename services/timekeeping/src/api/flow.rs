//! What every call has in common: who asks, whose data it may touch, one unit of work.

use caseload_auth::{Caller, Who};
use caseload_database::{Database, Retry, Transaction};
use caseload_domain::name::{FirmParent, ParalegalName};
use caseload_domain::{FirmId, ParalegalId, Scope};
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use futures::future::BoxFuture;
use time::OffsetDateTime;
use tonic::{Request, Status};

use crate::audit::Doing;
use crate::clock::Clock;
use crate::config::Limits;
use crate::domain::revision::latest;
use crate::domain::state::State;
use crate::error::Error;

/// The gRPC services of timekeeping. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Timekeeping {
    db: Database,
    clock: Clock,
    limits: Limits,
}

impl Timekeeping {
    pub(crate) fn new(db: Database, clock: Clock, limits: Limits) -> Self {
        Self { db, clock, limits }
    }

    pub(super) fn database(&self) -> &Database {
        &self.db
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Now, and the latest that recorded time may end.
    pub(super) fn now(&self) -> (OffsetDateTime, OffsetDateTime) {
        let now = self.clock.now();
        (now, latest(now, self.limits.ahead))
    }

    /// Reads in one unit of work.
    pub(super) async fn read<T, F>(&self, scope: Scope, work: F) -> Result<T, Status>
    where
        F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
        T: Send + 'static,
    {
        Ok(self.db.run(scope, work).await?)
    }

    /// Changes in one unit of work, once for a request id.
    pub(super) async fn change<T, F>(
        &self,
        scope: Scope,
        retry: Option<Retry>,
        work: F,
    ) -> Result<T, Status>
    where
        F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
        T: prost::Message + Default + 'static,
    {
        Ok(self.db.run_once(scope, retry, work).await?)
    }
}

impl Doing {
    /// The caller of a request, and what they call.
    pub(super) fn of<T>(request: &Request<T>, method: &'static str) -> Result<Self, Status> {
        Ok(Self {
            caller: Caller::of(request)?,
            method,
        })
    }

    /// What makes a repeat of this request known; none without a request id.
    pub(super) fn retry(
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

    /// The scope for a resource of a firm; `NOT_FOUND` under the resource's name where the caller may not know of it.
    pub(super) fn scope(
        &self,
        firm: FirmId,
        name: impl std::fmt::Display,
    ) -> Result<Scope, Status> {
        self.caller.scope_for(firm).ok_or_else(|| not_found(name))
    }

    /// The same for what is below a firm or below every firm.
    pub(super) fn scope_below(
        &self,
        parent: FirmParent,
        name: impl std::fmt::Display,
    ) -> Result<Scope, Status> {
        self.caller
            .scope_for_list(parent)
            .ok_or_else(|| not_found(name))
    }

    /// The scope for a paralegal's own record.
    pub(super) fn scope_own(
        &self,
        paralegal: ParalegalId,
        name: impl std::fmt::Display,
    ) -> Result<Scope, Status> {
        match self.caller.who {
            Who::Paralegal(own) if own == paralegal => Ok(Scope::Paralegal(own)),
            Who::Suite => Ok(Scope::AllFirms),
            Who::Paralegal(_) | Who::Firm(_) => Err(not_found(name)),
        }
    }

    /// The states in which an entry is the caller's to see.
    pub(super) fn sees(&self) -> &'static [State] {
        match self.caller.who {
            Who::Firm(_) => &State::SEEN_BY_FIRM,
            Who::Paralegal(_) | Who::Suite => &State::ENTRIES,
        }
    }

    /// Whose time a request is about: the paralegal that it names, who for a paralegal must be themselves; `NOT_FOUND`
    /// otherwise.
    pub(super) fn worker(&self, named: Option<ParalegalId>) -> Result<Option<ParalegalId>, Status> {
        match (self.caller.paralegal(), named) {
            (Some(own), Some(named)) if own != named => Err(not_found(ParalegalName(named))),
            (Some(own), _) => Ok(Some(own)),
            (None, named) => Ok(named),
        }
    }
}
