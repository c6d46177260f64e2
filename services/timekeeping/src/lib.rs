//! Timekeeping: timers, time entries and their approval.
//!
//! ```text
//!            assignment's events ─► whose a task was, and when
//!   intake's events ─► names, kinds, codes          │
//!                                  │                ▼
//!   StartTimer ─► running ─StopTimer─► draft ─BatchSubmit─► submitted ─BatchApprove─► approved ─Reverse─► reversed
//!   CreateTimeEntry ───────────────────▲  ▲                   │ BatchReject    │                  │
//!                                         └─Update─ rejected ◄┘                ▼                  ▼
//!                                                              TimeEntryApproved   TimeEntryReversed ─► billing
//! ```
//!
//! The database itself keeps a person's time apart: an exclusion constraint on the paralegal and the span, over all
//! firms. A running timer is a row without an end, so that it holds all the time from its start, and stopping it can't
//! fail. Approved time is a fact: a trigger keeps it from changing, except that it may be reversed.
//!
//! # Layout
//! - [`domain`]: the rules, pure
//! - [`api`]: contract ↔ domain
//! - [`store`]: the SQL
//! - [`projections`]: what is kept of the others' events
//! - [`error`]: what can go wrong, and its status as a caller sees it
//! - [`config`] and [`clock`]: what the service is told, and what time it is
//!
//! # How to add a method
//! 1. Declare it in `proto/caseload/timekeeping/v1`, with its access option.
//! 2. Write its rule in [`domain`], a pure function that answers a [`Refusal`](domain::refusal::Refusal) where it can't.
//! 3. Write its SQL in [`store`], its parsing and its one unit of work in [`api`].
//! 4. Test it over gRPC in `tests/it`.

pub mod api;
pub mod clock;
pub mod config;
pub mod domain;
pub mod error;
pub mod projections;
pub mod store;

use caseload_database::{Database, DatabaseError};
use caseload_events::{GrpcFeed, Subscription, feed, sequencer};
use caseload_proto::caseload::timekeeping::v1::time_entry_service_server::TimeEntryServiceServer;
use caseload_proto::caseload::timekeeping::v1::time_rules_service_server::TimeRulesServiceServer;
use caseload_proto::caseload::timekeeping::v1::timer_service_server::TimerServiceServer;
use caseload_runtime::{App, ChannelError, Config, Readiness};
use sqlx::migrate::Migrator;

use crate::api::Timekeeping;
use crate::clock::Clock;
use crate::config::{InvalidTimerLimit, Limits, TimekeepingConfig};
use crate::projections::{Assignment, Intake};

/// The service's short name.
pub const NAME: &str = "timekeeping";
/// The audience of the tokens that it takes.
pub const AUDIENCE: &str = "caseload-timekeeping";
/// Its schema, beside what is common to all services.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why the service could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A service that is followed can't be reached with what is configured.
    #[error("the events of {0} can't be followed: {1}")]
    Upstream(&'static str, #[source] ChannelError),
    /// A service that is followed is not configured.
    #[error("events.{0}.endpoint is not configured")]
    NoUpstream(&'static str),
    /// A limit is none.
    #[error(transparent)]
    Limit(#[from] InvalidTimerLimit),
}

/// Puts the service together.
pub async fn build(config: &Config<TimekeepingConfig>) -> Result<App, BuildError> {
    build_at(config, Clock::system()).await
}

/// Puts the service together with a clock of one's own.
pub async fn build_at(config: &Config<TimekeepingConfig>, clock: Clock) -> Result<App, BuildError> {
    let limits = Limits::try_from(&config.service)?;
    let db = Database::connect(&config.database).await?;
    let timekeeping = Timekeeping::new(db.clone(), clock, limits);
    let (events, feeder) = feed(&db)?;
    let (follow_intake, intake_followed) = Subscription::new(
        "timekeeping.intake",
        follow(config, "intake")?,
        db.clone(),
        Intake,
    );
    let (follow_assignment, assignment_followed) = Subscription::new(
        "timekeeping.assignment",
        follow(config, "assignment")?,
        db.clone(),
        Assignment,
    );
    let app = App::new(NAME)
        .service(TimerServiceServer::new(timekeeping.clone()))
        .service(TimeEntryServiceServer::new(timekeeping.clone()))
        .service(TimeRulesServiceServer::new(timekeeping))
        .service(events)
        .ready_when(Readiness::database(&db))
        .ready_when(intake_followed)
        .ready_when(assignment_followed)
        .worker(sequencer(db))
        .worker(feeder)
        .worker(follow_intake)
        .worker(follow_assignment);
    Ok(app)
}

fn follow(
    config: &Config<TimekeepingConfig>,
    service: &'static str,
) -> Result<GrpcFeed, BuildError> {
    let upstream = config
        .events
        .get(service)
        .ok_or(BuildError::NoUpstream(service))?;
    let channel = upstream
        .channel()
        .map_err(|why| BuildError::Upstream(service, why))?;
    Ok(GrpcFeed::new(channel))
}
