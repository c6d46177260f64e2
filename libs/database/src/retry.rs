//! The answers kept for requests that are sent again (AIP-155).

use std::time::Duration;

use caseload_domain::{FirmId, Scope};
use sha2::{Digest as _, Sha256};
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use crate::lease::Lease;
use crate::{Database, DatabaseError, Transaction};

/// The request id is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a UUID")]
pub struct InvalidRequestId;

/// What makes one request the same as another: who asks, for what, under which id, and in which words.
#[derive(Debug, Clone)]
pub struct Retry {
    firm: Option<FirmId>,
    principal: String,
    method: &'static str,
    request_id: Uuid,
    fingerprint: [u8; 32],
}

/// What claiming a request id came to.
pub(crate) enum Claim {
    New,
    Answered(Vec<u8>),
}

impl Retry {
    /// Reads a request's id; none when it is empty. `firm` is the caller's own, none for callers of no firm; `principal`
    /// is the token's subject; `method` the full name of the method.
    pub fn new(
        firm: Option<FirmId>,
        principal: &str,
        method: &'static str,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Result<Option<Self>, InvalidRequestId> {
        if request_id.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            firm,
            principal: principal.to_owned(),
            method,
            request_id: Uuid::try_parse(request_id).map_err(|_| InvalidRequestId)?,
            fingerprint: Sha256::digest(request.encode_to_vec()).into(),
        }))
    }

    /// The scope that sees the answer, whatever the work's own is.
    pub(crate) fn scope(&self) -> Scope {
        self.firm.map_or(Scope::AllFirms, Scope::Firm)
    }

    fn firm(&self) -> Uuid {
        self.firm.map_or(Uuid::nil(), Uuid::from)
    }

    /// Claims the request id, waiting for another transaction that has it and is under way.
    pub(crate) async fn claim(&self, tx: &mut Transaction) -> Result<Claim, DatabaseError> {
        let works_in = tx.scope();
        tx.set_scope(self.scope()).await?;
        let claimed = sqlx::query!(
            "insert into retry (firm_id, principal, method, request_id, fingerprint)
             values ($1, $2, $3, $4, $5)
             on conflict do nothing",
            self.firm(),
            self.principal,
            self.method,
            self.request_id,
            self.fingerprint.as_slice(),
        )
        .execute(tx.connection())
        .await?
        .rows_affected();
        let claim = if claimed == 1 {
            Claim::New
        } else {
            // The one in the way has committed, so this statement sees it; unless it was swept away since.
            Claim::Answered(self.recall(tx).await?.ok_or(DatabaseError::Contention)?)
        };
        tx.set_scope(works_in).await?;
        Ok(claim)
    }

    /// The answer that was given before, if the request was answered.
    pub(crate) async fn recall(
        &self,
        tx: &mut Transaction,
    ) -> Result<Option<Vec<u8>>, DatabaseError> {
        let Some(row) = sqlx::query!(
            "select fingerprint, answer from retry
             where firm_id = $1 and principal = $2 and method = $3 and request_id = $4",
            self.firm(),
            self.principal,
            self.method,
            self.request_id,
        )
        .fetch_optional(tx.connection())
        .await?
        else {
            return Ok(None);
        };
        if row.fingerprint == self.fingerprint {
            Ok(Some(row.answer))
        } else {
            Err(DatabaseError::RequestIdReused)
        }
    }

    /// Keeps the answer, in the transaction that claimed the id.
    pub(crate) async fn answer(
        &self,
        tx: &mut Transaction,
        answer: &[u8],
    ) -> Result<(), DatabaseError> {
        tx.set_scope(self.scope()).await?;
        sqlx::query!(
            "update retry set answer = $5
             where firm_id = $1 and principal = $2 and method = $3 and request_id = $4",
            self.firm(),
            self.principal,
            self.method,
            self.request_id,
            answer,
        )
        .execute(tx.connection())
        .await?;
        Ok(())
    }
}

/// The lease under which old answers are forgotten.
const SWEEP: &str = "retry-sweep";
/// How long it lasts from one transaction to the next.
const SWEEP_LASTS: Duration = Duration::from_mins(5);

/// Forgets every answer that is older than `age`, so many in a transaction, and says how many they were: none while
/// another replica is at it.
pub async fn sweep(database: &Database, age: Duration, at_once: u16) -> Result<u64, DatabaseError> {
    let Some(lease) = Lease::take(database, SWEEP, SWEEP_LASTS).await? else {
        return Ok(0);
    };
    let mut total = 0;
    loop {
        let forgotten = database
            .run::<_, DatabaseError, _>(Scope::AllFirms, move |tx| {
                Box::pin(forget(tx, age, i64::from(at_once)))
            })
            .await?;
        total += forgotten;
        if forgotten < u64::from(at_once) {
            break;
        }
        lease.renew().await?;
    }
    lease.release().await?;
    Ok(total)
}

/// Forgets answers that are older than `age`, so many at most, and says how many they were. In the scope of every firm.
async fn forget(tx: &mut Transaction, age: Duration, most: i64) -> Result<u64, DatabaseError> {
    let age = PgInterval::try_from(age).map_err(|_| {
        DatabaseError::Configuration("the age is not of whole microseconds".to_owned())
    })?;
    Ok(sqlx::query!(
        "delete from retry where ctid = any (array(
             select ctid from retry where create_time < now() - $1::interval limit $2))",
        age,
        most,
    )
    .execute(tx.connection())
    .await?
    .rows_affected())
}
