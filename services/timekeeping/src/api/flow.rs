//! What every call has in common: who asks, whose data it may touch, one unit of work.

use caseload_auth::Who;
use caseload_database::{Database, Retry, Transaction};
use caseload_domain::name::ParalegalName;
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::status::not_found;
use caseload_runtime::Call;
use futures::future::BoxFuture;
use time::OffsetDateTime;
use tonic::Status;

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

    /// What a caller does now, by the service's clock.
    pub(super) fn act(&self, call: &Call) -> Act {
        Act {
            now: self.clock.now(),
            ..Act::from(call)
        }
    }

    /// The latest that time which is recorded now may end.
    pub(super) fn latest(&self, now: OffsetDateTime) -> OffsetDateTime {
        latest(now, self.limits.ahead)
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

/// The scope for a paralegal's own record.
pub(super) fn own_scope(
    call: &Call,
    paralegal: ParalegalId,
    name: impl std::fmt::Display,
) -> Result<Scope, Status> {
    match call.caller.who {
        Who::Paralegal(own) if own == paralegal => Ok(Scope::Paralegal(own)),
        Who::Suite => Ok(Scope::AllFirms),
        Who::Paralegal(_) | Who::Firm(_) => Err(not_found(name)),
    }
}

/// The states in which an entry is the caller's to see.
pub(super) fn sees(call: &Call) -> &'static [State] {
    match call.caller.who {
        Who::Firm(_) => &State::SEEN_BY_FIRM,
        Who::Paralegal(_) | Who::Suite => &State::ENTRIES,
    }
}

/// Whose time a request is about: the paralegal that it names, who for a paralegal must be themselves; `NOT_FOUND`
/// otherwise.
pub(super) fn worker(
    call: &Call,
    named: Option<ParalegalId>,
) -> Result<Option<ParalegalId>, Status> {
    match (call.caller.paralegal(), named) {
        (Some(own), Some(named)) if own != named => Err(not_found(ParalegalName(named))),
        (Some(own), _) => Ok(Some(own)),
        (None, named) => Ok(named),
    }
}
