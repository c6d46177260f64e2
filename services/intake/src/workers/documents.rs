//! Removes the content that is nobody's any more: of uploads that broke off and could not be tidied up then, and of
//! documents that were deleted long enough ago. One replica does it at a time, under a lease.

use std::time::Duration;

use caseload_database::Database;
use caseload_database::lease::Lease;
use caseload_domain::Scope;
use caseload_domain::name::DocumentName;
use caseload_events::Act;
use caseload_runtime::{Worker, clock};
use futures::FutureExt as _;

use super::{Swept, sweeper};
use crate::domain::document::MOST_VERSIONS;
use crate::error::IntakeError;
use crate::storage::Stores;
use crate::store::documents::{self, uploads, versions};
use crate::work;
use crate::work::discard;

/// The lease's name, and the actor's.
const NAME: &str = "intake.document-sweep";
/// How many are looked for at once.
const BATCH: i64 = 100;

/// The worker: it looks once in an interval.
pub(crate) fn worker(db: Database, stores: Stores, interval: Duration) -> Worker {
    sweeper(NAME, db, interval, move |db, lease| {
        let stores = stores.clone();
        async move { Sweep { db, stores, lease }.some().await }.boxed()
    })
}

struct Sweep {
    db: Database,
    stores: Stores,
    lease: Lease,
}

impl Sweep {
    /// Removes some of what there is to remove. What a store does not let go of now waits for the next time. Removing is
    /// done outside any transaction, and what was removed twice by two replicas is as removed as by one.
    async fn some(&self) -> Result<Swept, IntakeError> {
        let given_up = self
            .db
            .run(Scope::AllFirms, |tx| {
                Box::pin(uploads::abandon_old(tx, BATCH))
            })
            .await?;
        let now = clock::now();
        let deleted = self
            .db
            .run(Scope::AllFirms, move |tx| {
                Box::pin(documents::to_purge(tx, now, BATCH))
            })
            .await?;
        let full = usize::try_from(BATCH).unwrap_or(usize::MAX);
        let more = given_up.len() == full || deleted.len() == full;
        let mut kept = false;
        for upload in given_up {
            self.lease.renew().await?;
            let (firm, place) = (upload.firm, upload.place);
            kept |= is_kept(discard::remove(&self.db, &self.stores, firm, place).await)?;
        }
        for document in deleted {
            self.lease.renew().await?;
            kept |= is_kept(self.purge(document).await)?;
        }
        Ok(if more && !kept {
            Swept::Some
        } else {
            Swept::All
        })
    }

    /// Removes the content of every version of a document, and then says so.
    async fn purge(&self, name: DocumentName) -> Result<(), IntakeError> {
        let scope = Scope::Firm(name.firm);
        let all = self
            .db
            .run(scope, move |tx| {
                Box::pin(versions::page(tx, name, 0, MOST_VERSIONS.into()))
            })
            .await?;
        for version in all {
            let store = self.stores.of(&version.place)?;
            store.remove(name.firm, &version.place).await?;
        }
        self.db
            .run(scope, move |tx| {
                Box::pin(async move {
                    let act = Act::system(NAME, clock::now());
                    let before = documents::record(tx, name).await?;
                    documents::purged(tx, name).await?;
                    work::documents::record(tx, &act, name, before).await
                })
            })
            .await
    }
}

/// Whether a store did not let go of something, which keeps nothing else from being swept; the database's failure does.
fn is_kept(removed: Result<(), IntakeError>) -> Result<bool, IntakeError> {
    match removed {
        Ok(()) => Ok(false),
        Err(IntakeError::Store(error)) => {
            tracing::warn!(%error, "content that is nobody's could not be removed");
            Ok(true)
        }
        Err(error) => Err(error),
    }
}
