//! The intake service of Caseload: firms, matters, conflicts, requests, tasks, deliveries.
//!
//! A firm describes a matter and what it wants done on it; the request is checked for conflicts with every other
//! firm's matters, reviewed and accepted; its tasks open, and the other services take them from there. Intake follows
//! assignment to show where each task stands, and takes the finished work in.
//!
//! # Layout
//! - [`domain`]: the rules: pure
//! - `api`: the contracts, one file a resource
//! - `work`: what calls and projections do alike in one unit of work
//! - `store`: SQL, one file a resource
//! - `storage`: where the content of documents is
//! - [`projections`]: what is kept of assignment's events
//! - `workers`: what runs on its own
//! - [`config`]: what the operator decides
//! - [`error`]: what can go wrong, and its status

#[expect(
    clippy::option_option,
    reason = "the outer is what parsing gives, none when it noted a violation; the inner is a field that may be left out"
)]
mod api;
pub mod config;
pub mod domain;
pub mod error;
pub mod projections;
mod storage;
mod store;
mod work;
mod workers;

use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_events::{Feed, GrpcFeed, Subscription, sequencer};
use caseload_proto::caseload::events::v1::event_service_server::EventServiceServer;
use caseload_proto::caseload::intake::v1::comment_service_server::CommentServiceServer;
use caseload_proto::caseload::intake::v1::conflict_service_server::ConflictServiceServer;
use caseload_proto::caseload::intake::v1::deadline_service_server::DeadlineServiceServer;
use caseload_proto::caseload::intake::v1::delivery_service_server::DeliveryServiceServer;
use caseload_proto::caseload::intake::v1::document_service_server::DocumentServiceServer;
use caseload_proto::caseload::intake::v1::firm_service_server::FirmServiceServer;
use caseload_proto::caseload::intake::v1::matter_service_server::MatterServiceServer;
use caseload_proto::caseload::intake::v1::practice_area_service_server::PracticeAreaServiceServer;
use caseload_proto::caseload::intake::v1::request_import_service_server::RequestImportServiceServer;
use caseload_proto::caseload::intake::v1::request_service_server::RequestServiceServer;
use caseload_proto::caseload::intake::v1::request_template_service_server::RequestTemplateServiceServer;
use caseload_proto::caseload::intake::v1::service_level_service_server::ServiceLevelServiceServer;
use caseload_proto::caseload::intake::v1::task_kind_service_server::TaskKindServiceServer;
use caseload_proto::caseload::intake::v1::task_service_server::TaskServiceServer;
use caseload_proto::caseload::intake::v1::undertaking_service_server::UndertakingServiceServer;
use caseload_proto::caseload::intake::v1::watch_service_server::WatchServiceServer;
use caseload_runtime::{App, ChannelError, Config, ConfigError, Readiness};

use crate::storage::Stores;

pub use crate::config::{IntakeConfig, InvalidConfig, check};

/// The service's short name.
pub const NAME: &str = "intake";
/// The audience of the tokens that it takes.
pub const AUDIENCE: &str = "caseload-intake";
/// The service's own migrations, which follow the common ones.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// How much longer than its stream an upload may take.
const WIND_UP: Duration = Duration::from_mins(10);

/// Why the service could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The configuration lacks something.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A value of `[intake]` can't be used.
    #[error(transparent)]
    Intake(#[from] InvalidConfig),
    /// The service that this one follows can't be reached as configured.
    #[error("assignment can't be followed: {0}")]
    Channel(#[from] ChannelError),
}

/// The service put together from its parts.
pub async fn build(config: &Config<IntakeConfig>) -> Result<App, BuildError> {
    let (due_soon, due_interval) = (config.service.due_soon()?, config.service.due_interval()?);
    let threshold = config.service.threshold()?;
    let conflict_sweep = config.service.conflict_sweep_interval()?;
    check(config)?;
    let documents = &config.service.documents;
    let stores = Stores::open(documents)?;
    let db = Database::connect(&config.database).await?;
    let (log, head) = Feed::of(&db)?;
    let assignment = GrpcFeed::new(config.upstream("assignment")?.channel()?);
    let (following, followed) = Subscription::new(
        projections::NAME,
        assignment,
        db.clone(),
        projections::Assignments,
    );
    let of = || db.clone();
    Ok(App::new(NAME)
        .service(FirmServiceServer::new(api::firms::Firms { db: of() }))
        .service(MatterServiceServer::new(api::matters::Matters {
            db: of(),
            threshold,
        }))
        .service(ConflictServiceServer::new(api::conflicts::Conflicts {
            db: of(),
            threshold,
        }))
        .service(RequestServiceServer::new(api::requests::Requests {
            db: of(),
            threshold,
        }))
        .service(RequestImportServiceServer::new(
            api::request_imports::RequestImports {
                db: of(),
                threshold,
            },
        ))
        .service(RequestTemplateServiceServer::new(
            api::request_templates::RequestTemplates { db: of() },
        ))
        .service(TaskKindServiceServer::new(api::task_kinds::TaskKinds {
            db: of(),
        }))
        .service(DeadlineServiceServer::new(api::deadlines::Deadlines))
        .service(CommentServiceServer::new(api::comments::Comments {
            db: of(),
        }))
        .service(ServiceLevelServiceServer::new(
            api::service_levels::ServiceLevels { db: of() },
        ))
        .service(TaskServiceServer::new(api::tasks::Tasks { db: of() }))
        .service(DeliveryServiceServer::new(api::deliveries::Deliveries {
            db: of(),
        }))
        .service(UndertakingServiceServer::new(
            api::undertakings::Undertakings { db: of() },
        ))
        .service(PracticeAreaServiceServer::new(
            api::practice_areas::PracticeAreas { db: of() },
        ))
        .service(WatchServiceServer::new(api::watch::Watches {
            db: of(),
            log: log.clone(),
        }))
        .service(DocumentServiceServer::new(api::documents::Documents {
            db: of(),
            stores: stores.clone(),
            limits: documents.limits(),
            purge_after: documents.purge_after(),
            // A little longer than the longest stream, for the store and the database to come to an end.
            longest_upload: Duration::from_millis(config.server.stream_deadline_ms) + WIND_UP,
        }))
        .service(EventServiceServer::new(log))
        .ready_when(Readiness::database(&db))
        .ready_when(followed)
        .worker(workers::due::worker(of(), due_interval, due_soon))
        .worker(following)
        .worker(workers::conflicts::worker(of(), conflict_sweep, threshold))
        .worker(head)
        .worker(workers::documents::worker(
            of(),
            stores,
            documents.sweep_interval(),
        ))
        .worker(sequencer(db)))
}
