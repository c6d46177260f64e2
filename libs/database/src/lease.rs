//! What must run once among any number of replicas: whoever holds the lease runs it.
//!
//! A lease runs out by the database's clock. Its holder renews it while it works, and puts
//! [`Lease::fence`] into each transaction whose effect must not happen after the lease was lost.

use std::time::Duration;

use caseload_domain::Scope;
use uuid::Uuid;

use crate::{Database, DatabaseError, Transaction};

/// A lease that is held.
#[derive(Debug, Clone)]
pub struct Lease {
    database: Database,
    name: String,
    holder: Uuid,
    lasts: f64,
}

impl Lease {
    /// Takes the lease of this name for so long, or answers none while another holds it.
    pub async fn take(
        database: &Database,
        name: &str,
        lasts: Duration,
    ) -> Result<Option<Self>, DatabaseError> {
        let lease = Self {
            database: database.clone(),
            name: name.to_owned(),
            holder: Uuid::new_v4(),
            lasts: lasts.as_secs_f64(),
        };
        Ok(lease.claim().await?.then_some(lease))
    }

    /// Holds it for its whole time from now on, or says that it is lost.
    pub async fn renew(&self) -> Result<(), DatabaseError> {
        if self.claim().await? {
            Ok(())
        } else {
            Err(DatabaseError::LeaseLost(self.name.clone()))
        }
    }

    /// Makes a transaction depend on the lease: it fails here if the lease is lost, and nobody else can take the lease
    /// before the transaction ends.
    pub async fn fence(&self, tx: &mut Transaction) -> Result<(), DatabaseError> {
        sqlx::query_scalar!(
            r#"select 1 as "held!" from lease
               where name = $1 and holder = $2 and expire_time > clock_timestamp()
               for share"#,
            self.name,
            self.holder,
        )
        .fetch_optional(tx.connection())
        .await?
        .map(|_| ())
        .ok_or_else(|| DatabaseError::LeaseLost(self.name.clone()))
    }

    /// Gives it back before its time, so that another need not wait.
    pub async fn release(self) -> Result<(), DatabaseError> {
        let Self {
            database,
            name,
            holder,
            ..
        } = self;
        database
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move {
                    sqlx::query!(
                        "delete from lease where name = $1 and holder = $2",
                        name,
                        holder
                    )
                    .execute(tx.connection())
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Whether it is ours now: because nobody's, because run out, or because ours before.
    async fn claim(&self) -> Result<bool, DatabaseError> {
        let lease = self.clone();
        self.database
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move {
                    let claimed = sqlx::query!(
                        "insert into lease (name, holder, expire_time)
                         values ($1, $2, clock_timestamp() + make_interval(secs => $3))
                         on conflict (name) do update
                         set holder = excluded.holder, expire_time = excluded.expire_time
                         where lease.holder = excluded.holder or lease.expire_time <= clock_timestamp()",
                        lease.name,
                        lease.holder,
                        lease.lasts,
                    )
                    .execute(tx.connection())
                    .await?;
                    Ok(claimed.rows_affected() == 1)
                })
            })
            .await
    }
}
