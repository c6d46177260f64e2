//! A service that another one follows, without the service: a real event log and its real feed.

use std::sync::LazyLock;

use caseload_database::{Database, DatabaseError};
use caseload_domain::{EventId, FirmId, Scope};
use caseload_events::{Draft, append, feed, sequencer};
use caseload_proto::caseload::events::v1::event_service_client::EventServiceClient;
use caseload_runtime::{App, Channel, UpstreamConfig};
use prost::{Message, Name};
use sqlx::migrate::Migrator;

use crate::{TestDatabase, TestService, service, tokens};

/// The log is in the common migrations, and there is nothing else.
static LOG_ALONE: LazyLock<Migrator> = LazyLock::new(|| Migrator::with_migrations(Vec::new()));

/// Stands for a service in the tests of those that follow it: `Upstream::start("intake")`. What is appended here
/// reaches the service under test as it would from the real one: over gRPC, with a token, numbered.
pub struct Upstream {
    service: TestService,
    database: TestDatabase,
    db: Database,
}

impl Upstream {
    /// Starts one of this name.
    ///
    /// # Panics
    /// When the database or the server can't be started.
    pub async fn start(name: &'static str) -> Self {
        let database = crate::database("upstream", &LOG_ALONE).await;
        let config = service::config(database.config(), ());
        let db = Database::connect(&config.database)
            .await
            .unwrap_or_else(|why| panic!("the log of {name}: {why}"));
        let of_service = db.clone();
        let service = TestService::start(config, async move |_| {
            let (server, worker) = feed(&of_service)?;
            let app = App::new(name).service(server).worker(worker);
            Ok::<_, DatabaseError>(app.worker(sequencer(of_service)))
        })
        .await;
        Self {
            service,
            database,
            db,
        }
    }

    /// Says that something happened there.
    ///
    /// # Panics
    /// When the log refuses it.
    pub async fn append<P>(
        &self,
        firm: impl Into<Option<FirmId>>,
        aggregate: impl Into<String>,
        payload: &P,
    ) -> EventId
    where
        P: Message + Name + Clone + 'static,
    {
        let (firm, aggregate, payload) = (firm.into(), aggregate.into(), payload.clone());
        let appended: Result<EventId, DatabaseError> = self
            .db
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move {
                    let draft = Draft {
                        firm,
                        aggregate,
                        actor: "system:test",
                        payload: &payload,
                    };
                    append(tx, draft).await
                })
            })
            .await;
        appended.unwrap_or_else(|why| panic!("the event is refused: {why}"))
    }

    /// Where it answers: `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        self.service.endpoint()
    }

    /// What the service under test is told of it: `config.events.insert("intake".to_owned(), upstream.config())`.
    pub fn config(&self) -> UpstreamConfig {
        service::upstream(self.endpoint(), tokens::service())
    }

    /// A client of the feed itself, with any token.
    ///
    /// # Panics
    /// Never: the endpoint is an address.
    pub fn client(&self, token: impl Into<String>) -> EventServiceClient<Channel> {
        EventServiceClient::new(self.service.channel(token))
    }

    /// Gives the log a new epoch, as an operator does who has restored it from a backup.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn restore(&self) {
        self.database
            .as_owner("update event_head set epoch = gen_random_uuid()")
            .await;
    }

    /// Stops it as SIGTERM would.
    pub async fn stop(self) {
        self.service.stop().await;
    }
}
