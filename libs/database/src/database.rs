//! The way to a connection.

use std::sync::Arc;
use std::time::Duration;

use caseload_domain::Scope;
use futures::future::BoxFuture;
use secrecy::ExposeSecret as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use tracing::Instrument as _;

use crate::retry::Claim;
use crate::signal::{Signal, Signals};
use crate::transaction::Opening;
use crate::{DatabaseConfig, DatabaseError, PageTokens, Retry, Transaction};

/// A service's database. Cheap to clone.
///
/// There is no way to the pool: what touches data does so in a [`Transaction`], which has a scope.
#[derive(Debug, Clone)]
pub struct Database {
    pool: PgPool,
    feed: Option<PgPool>,
    opening: Opening,
    pages: Arc<PageTokens>,
    signals: Signals,
}

/// Why a unit of work came to nothing.
enum Failure<E> {
    /// The work said so, or the database did before the commit: nothing has changed.
    Undone(E),
    /// The commit was asked for and not confirmed.
    Commit(DatabaseError),
}

impl Database {
    /// Connects, and refuses a role that row-level security does not hold.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, DatabaseError> {
        let pages = PageTokens::new(config.page_key.expose_secret())?;
        let pool = connect_pool(config, &config.url, config.max_connections).await?;
        refuse_unheld_role(&pool).await?;
        let feed = match &config.feed_url {
            Some(url) => {
                let pool = connect_feed(config, url).await?;
                refuse_unheld_role(&pool).await?;
                Some(pool)
            }
            None => None,
        };
        Ok(Self {
            pool,
            feed,
            opening: Opening {
                statement_timeout_ms: config.statement_timeout_ms,
                forget_prepared: config.pooler,
            },
            pages: Arc::new(pages),
            signals: Signals::default(),
        })
    }

    /// Runs one unit of work: one transaction in one scope, committed when the work answers `Ok`.
    ///
    /// The work runs in a task of its own: a caller that goes away (a cancelled call, a deadline passed) can't cut it
    /// in half, nor leave the connection in the middle of something. A caller that goes away while it still waits for a
    /// connection starts nothing.
    ///
    /// A statement that failed has doomed the transaction: the work must answer `Err` then.
    pub async fn run<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        self.attempt(scope, work)
            .await
            .map_err(|failure| match failure {
                Failure::Undone(error) => error,
                Failure::Commit(error) => error.into(),
            })
    }

    /// Runs one unit of work once for a request id: a repeat answers what the first answered, and another request under
    /// the same id is [`DatabaseError::RequestIdReused`]. Concurrent repeats wait for the first. Without a request id
    /// it is [`run`](Self::run). Only success is remembered: a request that failed may be sent again.
    pub async fn run_once<T, E, F>(
        &self,
        scope: Scope,
        retry: Option<Retry>,
        work: F,
    ) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: prost::Message + Default + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let Some(retry) = retry else {
            return self.run(scope, work).await;
        };
        let retry = Arc::new(retry);
        let claimed = Arc::clone(&retry);
        let attempt = self.attempt(scope, move |tx| {
            Box::pin(async move {
                match claimed.claim(tx).await? {
                    Claim::Answered(answer) => {
                        Ok(T::decode(answer.as_slice()).map_err(DatabaseError::from)?)
                    }
                    Claim::New => {
                        let answer = work(tx).await?;
                        claimed.answer(tx, &answer.encode_to_vec()).await?;
                        Ok(answer)
                    }
                }
            })
        });
        match attempt.await {
            Ok(answer) => Ok(answer),
            Err(Failure::Undone(error)) => Err(error),
            Err(Failure::Commit(error)) => {
                // Whether the work was committed is told by the answer: it is there if the work is.
                let recalled = self
                    .run(retry.scope(), move |tx| {
                        Box::pin(async move { retry.recall(tx).await })
                    })
                    .await?;
                match recalled {
                    Some(answer) => Ok(T::decode(answer.as_slice()).map_err(DatabaseError::from)?),
                    None => Err(error.into()),
                }
            }
        }
    }

    /// What was answered to a request before, if it was. For work that has much to do before its transaction, which a
    /// repeat need not do again; [`run_once`](Self::run_once) is what keeps it from being done twice.
    pub async fn answered<T>(&self, retry: &Retry) -> Result<Option<T>, DatabaseError>
    where
        T: prost::Message + Default + 'static,
    {
        let retry = retry.clone();
        let recalled = self
            .run::<_, DatabaseError, _>(retry.scope(), move |tx| {
                Box::pin(async move { retry.recall(tx).await })
            })
            .await?;
        Ok(recalled
            .map(|answer| T::decode(answer.as_slice()))
            .transpose()?)
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), DatabaseError> {
        let mut connection = self.pool.acquire().await?;
        sqlx::raw_sql("select 1").execute(&mut *connection).await?;
        Ok(())
    }

    /// What seals page tokens.
    pub fn pages(&self) -> &PageTokens {
        &self.pages
    }

    /// Connections of the role `caseload_feed`, which reads the event log of every firm and nothing else.
    pub fn feed(&self) -> Result<&PgPool, DatabaseError> {
        self.feed.as_ref().ok_or_else(|| {
            DatabaseError::Configuration("the database's feed_url is not set".to_owned())
        })
    }

    /// Listens for what transactions of this process tell about a topic ([`Transaction::signal`]) when they commit.
    pub fn listen(&self, topic: &'static str) -> Signal {
        self.signals.listen(topic)
    }

    /// Closes every connection, once those in use are given back.
    pub async fn close(&self) {
        if let Some(feed) = &self.feed {
            feed.close().await;
        }
        self.pool.close().await;
    }

    async fn attempt<T, E, F>(&self, scope: Scope, work: F) -> Result<T, Failure<E>>
    where
        F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let undone = |error: DatabaseError| Failure::Undone(error.into());
        let connection = self
            .pool
            .acquire()
            .await
            .map_err(|error| undone(error.into()))?;
        let opening = self.opening;
        let signals = self.signals.clone();
        let unit = async move {
            let mut tx = Transaction::begin(connection, scope, opening, signals)
                .await
                .map_err(undone)?;
            match work(&mut tx).await {
                Ok(answer) => match tx.commit().await {
                    Ok(()) => Ok(answer),
                    Err(error) => Err(Failure::Commit(error)),
                },
                Err(error) => {
                    if let Err(rollback) = tx.rollback().await {
                        tracing::debug!(error = %rollback, "rollback failed; the connection is dropped");
                    }
                    Err(Failure::Undone(error))
                }
            }
        };
        match tokio::spawn(unit.in_current_span()).await {
            Ok(outcome) => outcome,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is going down.
                Err(_) => Err(undone(DatabaseError::Unavailable)),
            },
        }
    }
}

/// A pool whose connections are given out clean.
async fn connect_pool(
    config: &DatabaseConfig,
    url: &secrecy::SecretString,
    max_connections: u32,
) -> Result<PgPool, DatabaseError> {
    let options = config.options(url)?;
    Ok(pool_options(config)
        .max_connections(max_connections)
        .connect_with(options)
        .await?)
}

/// The feed's pool. What reads through it is in no unit of work, which would say how long a statement may take, so its
/// connections say it once.
async fn connect_feed(
    config: &DatabaseConfig,
    url: &secrecy::SecretString,
) -> Result<PgPool, DatabaseError> {
    let options = config.options(url)?;
    let timeout = format!("set statement_timeout = {}", config.statement_timeout_ms);
    Ok(pool_options(config)
        .max_connections(config.max_connections.div_ceil(4))
        .after_connect(move |connection, _| {
            let timeout = timeout.clone();
            Box::pin(async move {
                // A number of ours and words of ours.
                sqlx::raw_sql(sqlx::AssertSqlSafe(timeout))
                    .execute(connection)
                    .await
                    .map(drop)
            })
        })
        .connect_with(options)
        .await?)
}

fn pool_options(config: &DatabaseConfig) -> PgPoolOptions {
    PgPoolOptions::new()
        .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
        // What is done before each use tells a dead connection too.
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            Box::pin(async move {
                // A begin that was cancelled in flight leaves the connection inside an open transaction (sqlx 0.8.4 to
                // 0.9.0, issues 4385 and 4393): the next borrower's write would be acknowledged and never committed.
                // The begin keeps a rollback outside a transaction, the usual case, from raising a warning each time;
                // in a transaction that has failed it fails, and the connection is thrown away.
                match sqlx::raw_sql("begin; rollback").execute(connection).await {
                    Ok(_) => Ok(true),
                    Err(error) => {
                        tracing::debug!(%error, "a connection is dropped");
                        Ok(false)
                    }
                }
            })
        })
}

/// Row-level security does not hold a superuser, a role with BYPASSRLS or, unless it is forced, a table's owner.
async fn refuse_unheld_role(pool: &PgPool) -> Result<(), DatabaseError> {
    let mut connection = pool.acquire().await?;
    let (role, unheld): (String, bool) = sqlx::query_as(
        "select rolname::text, rolsuper or rolbypassrls or pg_has_role(rolname, 'caseload_owner', 'member')
         from pg_roles where rolname = current_user",
    )
    .persistent(false)
    .fetch_one(&mut *connection)
    .await?;
    if unheld {
        return Err(DatabaseError::Configuration(format!(
            "the role {role} may see every firm's data: a service connects as a member of caseload_app, or of \
             caseload_feed, alone"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;
    use std::task::Poll;

    use sqlx::migrate::Migrator;

    use super::*;

    static COMMON_ALONE: LazyLock<Migrator> =
        LazyLock::new(|| Migrator::with_migrations(Vec::new()));

    async fn one_connection() -> (caseload_testing::TestDatabase, PgPool) {
        let database = caseload_testing::database("pool", &COMMON_ALONE).await;
        let url = secrecy::SecretString::from(database.config().url.expose_secret());
        let config = DatabaseConfig::new(url.clone(), "".into());
        let pool = connect_pool(&config, &url, 1).await.unwrap();
        (database, pool)
    }

    /// Polls a future so many times, whenever it wakes, and drops it if it is not done by then. So each place where a
    /// call can be cancelled is met.
    async fn cancelled_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
        let mut future = std::pin::pin!(future);
        let mut left = polls;
        std::future::poll_fn(|context| {
            left = left.saturating_sub(1);
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// A write outside any transaction of ours, which is committed when it is acknowledged; unless the connection is in
    /// a transaction that somebody left open.
    async fn acknowledge(pool: &PgPool, name: &str) {
        sqlx::query(
            "insert into lease (name, holder, expire_time) values ($1, gen_random_uuid(), now())",
        )
        .bind(name)
        .execute(pool)
        .await
        .unwrap();
    }

    async fn committed(database: &caseload_testing::TestDatabase) -> i64 {
        sqlx::query_scalar("select count(*) from lease")
            .fetch_one(&mut database.inspect().await)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_connection_left_in_a_transaction_is_given_out_clean() {
        let (database, pool) = one_connection().await;
        for left_open in ["begin", "begin; select 1 / 0"] {
            let mut dirty = pool.acquire().await.unwrap();
            let failed = sqlx::raw_sql(left_open).execute(&mut *dirty).await.is_err();
            assert_eq!(failed, left_open != "begin");
            drop(dirty);
            acknowledge(&pool, left_open).await;
        }
        assert_eq!(committed(&database).await, 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_acknowledged_write_is_lost_after_many_cancelled_begins() {
        let (database, pool) = one_connection().await;
        let mut cancelled = 0;
        for call in 0..400 {
            let begun = cancelled_after(1 + call % 8, pool.begin()).await;
            cancelled += u32::from(begun.is_none());
            drop(begun);
            acknowledge(&pool, &format!("write {call}")).await;
        }
        assert!(cancelled > 0, "no begin was cancelled");
        pool.close().await;
        assert_eq!(committed(&database).await, 400);
    }
}
