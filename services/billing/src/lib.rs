//! The billing service of Caseload: what firms pay, and what paralegals have earned.
//!
//! It owns no work. It learns of tasks and accepted deliveries from intake, of paralegals and their pay from assignment,
//! and of approved time from timekeeping, in whatever order their events come; prices each item once, as soon as what
//! the price needs is there; puts items on invoices, each once; and issues invoices that never change.
//!
//! # Layout
//! - [`domain`]: the rules, pure
//! - [`api`]: the contracts' services, one file a resource
//! - `work`: what calls and projections do alike in one unit of work: pricing, drafting, reversing, issuing
//! - [`export`]: an invoice as a file
//! - `store`: SQL, one file a resource
//! - `projections`: what is kept of the others' events
//! - [`config`], [`error`]: what the service is told, and what can go wrong

pub mod api;
pub mod config;
pub mod domain;
pub mod error;
pub mod export;

mod projections;
mod store;
mod work;

use caseload_database::{Database, DatabaseError};
use caseload_events::{GrpcFeed, Projection, Subscription, feed, sequencer};
use caseload_proto::caseload::billing::v1::billable_item_service_server::BillableItemServiceServer;
use caseload_proto::caseload::billing::v1::billing_profile_service_server::BillingProfileServiceServer;
use caseload_proto::caseload::billing::v1::earning_service_server::EarningServiceServer;
use caseload_proto::caseload::billing::v1::invoice_service_server::InvoiceServiceServer;
use caseload_proto::caseload::billing::v1::rate_card_service_server::RateCardServiceServer;
use caseload_runtime::{App, ChannelError, Config, ConfigError, Readiness};

use crate::api::Billing;
use crate::config::{BillingConfig, InvalidSetting, Settings};
use crate::projections::{AssignmentFacts, IntakeFacts, TimekeepingFacts};

/// The service's short name.
pub const NAME: &str = "billing";

/// The audience that its tokens name.
pub const AUDIENCE: &str = "caseload-billing";

/// The service's own schema.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The service can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A setting can't be used.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A service that is followed is not configured.
    #[error(transparent)]
    Upstream(#[from] ConfigError),
    /// A service that is followed can't be reached with what is configured.
    #[error(transparent)]
    Channel(#[from] ChannelError),
}

/// Puts the service together.
pub async fn build(config: &Config<BillingConfig>) -> Result<App, BuildError> {
    let settings = Settings::try_from(&config.service)?;
    let db = Database::connect(&config.database).await?;
    let billing = Billing::new(db.clone(), settings);
    let (log, log_worker) = feed(&db)?;
    let app = App::new(NAME)
        .service(RateCardServiceServer::new(billing.clone()))
        .service(BillingProfileServiceServer::new(billing.clone()))
        .service(BillableItemServiceServer::new(billing.clone()))
        .service(InvoiceServiceServer::new(billing.clone()))
        .service(EarningServiceServer::new(billing))
        .service(log)
        .worker(log_worker)
        .worker(sequencer(db.clone()));
    let app = follow(app, config, &db, "billing.intake", IntakeFacts)?;
    let app = follow(app, config, &db, "billing.assignment", AssignmentFacts)?;
    let app = follow(app, config, &db, "billing.timekeeping", TimekeepingFacts)?;
    Ok(app.ready_when(Readiness::database(&db)))
}

fn follow(
    app: App,
    config: &Config<BillingConfig>,
    db: &Database,
    name: &'static str,
    facts: impl Projection,
) -> Result<App, BuildError> {
    let channel = config.upstream(facts.source())?.channel()?;
    let (worker, readiness) = Subscription::new(name, GrpcFeed::new(channel), db.clone(), facts);
    Ok(app.worker(worker).ready_when(readiness))
}
