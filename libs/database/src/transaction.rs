//! One unit of work in one scope.

use caseload_domain::Scope;
use sqlx::postgres::Postgres;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::DatabaseError;
use crate::signal::Signals;

/// One unit of work: a transaction in one scope, which row-level security holds it to.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Postgres>,
    scope: Scope,
    signals: Signals,
    to_signal: Vec<&'static str>,
}

/// What a transaction starts with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub(crate) statement_timeout_ms: u64,
    /// Whether statements that others left prepared on the server are in the way.
    pub(crate) forget_prepared: bool,
}

impl Transaction {
    /// Begins, limits and scopes the transaction in one round trip.
    pub(crate) async fn begin(
        connection: sqlx::pool::PoolConnection<Postgres>,
        scope: Scope,
        opening: Opening,
        signals: Signals,
    ) -> Result<Self, DatabaseError> {
        let (firm, paralegal) = settings(scope);
        let forget = if opening.forget_prepared {
            "deallocate all;"
        } else {
            ""
        };
        // Safe to write into the text: ids, one number, and words of ours.
        let statement = format!(
            "begin; set local app.firm_id = '{firm}'; set local app.paralegal_id = '{paralegal}'; \
             set local statement_timeout = {}; {forget}",
            opening.statement_timeout_ms
        );
        let inner = sqlx::Transaction::begin(
            connection,
            Some(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement))),
        )
        .await?;
        Ok(Self {
            inner,
            scope,
            signals,
            to_signal: Vec::new(),
        })
    }

    /// The connection, for queries.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Whose data the transaction may touch.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Goes on in another scope. For work that learns whose it is on the way: a worker that takes up one firm's job
    /// after another's, a paralegal's call once the firm of the task is known.
    pub async fn set_scope(&mut self, scope: Scope) -> Result<(), DatabaseError> {
        if scope != self.scope {
            let (firm, paralegal) = settings(scope);
            sqlx::query("select set_config('app.firm_id', $1, true), set_config('app.paralegal_id', $2, true)")
                .bind(firm)
                .bind(paralegal)
                .persistent(false)
                .execute(self.connection())
                .await?;
            self.scope = scope;
        }
        Ok(())
    }

    /// Tells whoever listens to the topic in this process, once the transaction has committed.
    pub fn signal(&mut self, topic: &'static str) {
        if !self.to_signal.contains(&topic) {
            self.to_signal.push(topic);
        }
    }

    pub(crate) async fn commit(self) -> Result<(), DatabaseError> {
        self.inner.commit().await?;
        for topic in self.to_signal {
            self.signals.give(topic);
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), DatabaseError> {
        Ok(self.inner.rollback().await?)
    }
}

/// The scope as the policies read it: `app.firm_id` and `app.paralegal_id`.
fn settings(scope: Scope) -> (String, String) {
    match scope {
        Scope::Firm(firm) => (firm.to_string(), String::new()),
        Scope::Paralegal(paralegal) => (String::new(), paralegal.to_string()),
        Scope::AllFirms => ("*".to_owned(), String::new()),
    }
}
