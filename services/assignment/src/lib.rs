//! The assignment service of Caseload: the roster, who should do what, and what becomes of it.
//!
//! # Layout
//! - [`api`]: the contract in front of the domain, a file a gRPC service
//! - [`domain`]: the rules: pure
//! - [`work`]: what calls, projections and workers do alike in one unit of work: every change of an assignment, and
//!   plans from the facts to the offers
//! - [`projections`]: what is kept of intake's events, and what follows from them
//! - [`workers`]: the sweep that expires offers
//! - [`store`]: all SQL
//! - [`config`]: what the operator decides
//! - [`error`]: what can go wrong, and its status

pub mod api;
pub mod config;
pub mod domain;
pub mod error;
pub mod projections;
pub mod store;
pub mod work;
pub mod workers;

use std::sync::Arc;
use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_events::{GrpcFeed, Subscription, feed, sequencer};
use caseload_proto::caseload::assignment::v1::assignment_service_server::AssignmentServiceServer;
use caseload_proto::caseload::assignment::v1::candidate_service_server::CandidateServiceServer;
use caseload_proto::caseload::assignment::v1::paralegal_service_server::ParalegalServiceServer;
use caseload_proto::caseload::assignment::v1::plan_service_server::PlanServiceServer;
use caseload_runtime::{App, ChannelError, Config, ConfigError, Readiness};

pub use crate::config::AssignmentConfig;

/// The service's short name.
pub const NAME: &str = "assignment";
/// The audience of the tokens that it takes.
pub const AUDIENCE: &str = "caseload-assignment";
/// The service's own migrations, which follow the common ones.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Why the service could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The configuration lacks something.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A value of `[assignment]` can't be used.
    #[error(transparent)]
    Assignment(#[from] config::InvalidConfig),
    /// The service that this one follows can't be reached as configured.
    #[error("intake can't be followed: {0}")]
    Channel(#[from] ChannelError),
}

/// The service put together from its parts.
pub async fn build(config: &Config<AssignmentConfig>) -> Result<App, BuildError> {
    let own = &config.service;
    let policy = own.policy()?;
    let db = Database::connect(&config.database).await?;
    let context = api::Context {
        db: db.clone(),
        policy: Arc::new(policy),
        time_limit: own.time_limit(),
        moves: own.plan.moves,
    };
    let (events, waker) = feed(&db)?;
    let intake = GrpcFeed::new(config.upstream("intake")?.channel()?);
    let (following, up_to_date) =
        Subscription::new(projections::NAME, intake, db.clone(), projections::Intake);
    let interval = Duration::from_millis(own.expiry_interval_ms);
    Ok(App::new(NAME)
        .service(ParalegalServiceServer::new(api::paralegals::Paralegals(
            context.clone(),
        )))
        .service(CandidateServiceServer::new(api::candidates::Candidates(
            context.clone(),
        )))
        .service(PlanServiceServer::new(api::plans::Plans(context.clone())))
        .service(AssignmentServiceServer::new(api::assignments::Assignments(
            context,
        )))
        .service(events)
        .ready_when(Readiness::database(&db))
        .ready_when(up_to_date)
        .worker(following)
        .worker(waker)
        .worker(sequencer(db.clone()))
        .worker(workers::expiry::worker(db, interval)))
}
