//! What the tests share: a service with a log, one that follows, and what happens in them.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_domain::{EventId, FirmId, Scope};
use caseload_events::{
    Draft, Event, GrpcFeed, Pace, Projection, ProjectionError, Subscription, append,
};
use caseload_proto::caseload::intake::v1::RequestCompleted;
use caseload_runtime::{CancellationToken, Readiness, Worker, WorkerError};
use caseload_testing::{TestDatabase, Upstream, eventually};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::migrate::Migrator;
use tokio::task::JoinHandle;

static MIGRATIONS: Migrator = sqlx::migrate!("./tests/it/migrations");

/// Waits short enough for a test.
pub(crate) const PACE: Pace = Pace {
    retry_first: Duration::from_millis(5),
    retry_most: Duration::from_millis(50),
    retry_stopped: Duration::from_millis(20),
    silence: Duration::from_mins(1),
};

/// A database with a log of its own and the table of [`Seen`].
pub(crate) async fn database() -> (TestDatabase, Database) {
    let database = caseload_testing::database("events", &MIGRATIONS).await;
    let db = Database::connect(&database.config())
        .await
        .expect("the database answers");
    (database, db)
}

/// The event that the tests' requests are completed with.
pub(crate) fn completed(request: impl Into<String>) -> RequestCompleted {
    RequestCompleted {
        request: request.into(),
    }
}

/// Appends one event in a transaction of its own.
pub(crate) async fn complete(
    db: &Database,
    scope: Scope,
    firm: Option<FirmId>,
    request: &str,
) -> Result<EventId, DatabaseError> {
    let request = request.to_owned();
    db.run(scope, move |tx| {
        Box::pin(async move { append_completed(tx, firm, &request).await })
    })
    .await
}

pub(crate) async fn append_completed(
    tx: &mut caseload_database::Transaction,
    firm: Option<FirmId>,
    request: &str,
) -> Result<EventId, DatabaseError> {
    let draft = Draft {
        firm,
        aggregate: request.to_owned(),
        actor: "system:test",
        payload: &completed(request),
    };
    append(tx, draft).await
}

/// A worker under way.
pub(crate) struct Running {
    stop: CancellationToken,
    task: JoinHandle<Result<(), WorkerError>>,
}

impl Running {
    pub(crate) fn start(worker: &Worker) -> Self {
        let stop = CancellationToken::new();
        let worker = worker.clone();
        let token = stop.clone();
        let task = tokio::spawn(async move { worker.run(token).await });
        Self { stop, task }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task
            .await
            .expect("no panic")
            .expect("a worker that is stopped ends well");
    }
}

/// What goes wrong in a projection.
#[derive(Debug, Default)]
struct Faults {
    /// Requests that can't be taken in.
    poison: Mutex<HashSet<String>>,
    /// Requests that fail once, after their effect, as if the process had died before its commit.
    crashes: Mutex<HashSet<String>>,
}

/// A projection that writes down what it has seen: a replay would show.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<Faults>);

impl Seen {
    pub(crate) fn poison(&self, request: &str) {
        self.0.poison.lock().unwrap().insert(request.to_owned());
    }

    pub(crate) fn mend(&self) {
        self.0.poison.lock().unwrap().clear();
    }

    pub(crate) fn crash_once_at(&self, request: &str) {
        self.0.crashes.lock().unwrap().insert(request.to_owned());
    }
}

impl Projection for Seen {
    fn source(&self) -> &'static str {
        "intake"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut caseload_database::Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        async move {
            let Some(completed) = event.payload::<RequestCompleted>()? else {
                return Ok(());
            };
            sqlx::query(
                "insert into seen (position, firm_id, request, traced) values ($1, $2, $3, $4)",
            )
            .bind(event.position)
            .bind(event.firm.map(|firm| firm.0))
            .bind(&completed.request)
            .bind(crate::tracing_through::current_trace())
            .execute(tx.connection())
            .await?;
            if self.0.poison.lock().unwrap().contains(&completed.request) {
                return Err(ProjectionError::Malformed(
                    "a request that can't be".to_owned(),
                ));
            }
            if self.0.crashes.lock().unwrap().remove(&completed.request) {
                return Err(DatabaseError::Unavailable.into());
            }
            Ok(())
        }
        .boxed()
    }
}

/// A service that follows another.
pub(crate) struct Follower {
    _database: TestDatabase,
    pub(crate) db: Database,
    pub(crate) seen: Seen,
}

impl Follower {
    pub(crate) async fn new() -> Self {
        let (database, db) = database().await;
        Self {
            _database: database,
            db,
            seen: Seen::default(),
        }
    }

    /// One replica's subscription.
    pub(crate) fn subscription(&self, upstream: &Upstream) -> (Worker, Readiness) {
        let channel = upstream.config().channel().expect("an endpoint");
        Subscription::with_pace(
            "test.requests",
            GrpcFeed::new(channel),
            self.db.clone(),
            self.seen.clone(),
            PACE,
        )
    }

    /// The positions taken in, and what was there.
    pub(crate) async fn seen(&self) -> Vec<(i64, String)> {
        self.rows("select position, request from seen order by position, request")
            .await
    }

    pub(crate) async fn rows<T>(&self, query: &'static str) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin + 'static,
    {
        let rows: Result<Vec<T>, DatabaseError> = self
            .db
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move { Ok(sqlx::query_as(query).fetch_all(tx.connection()).await?) })
            })
            .await;
        rows.expect("the table can be read")
    }

    /// Waits until this many rows are there.
    pub(crate) async fn has_seen(&self, count: i64) -> Vec<(i64, String)> {
        eventually("the events are taken in", async || {
            i64::try_from(self.seen().await.len()).unwrap() >= count
        })
        .await;
        self.seen().await
    }
}

/// Waits until a subscription says that it is stopped, and answers why.
pub(crate) async fn stopped(readiness: &Readiness) -> String {
    eventually("the subscription is stopped", async || {
        readiness.check().await.is_err()
    })
    .await;
    readiness.check().await.expect_err("stopped").to_string()
}
