//! What must be well for a service to say that it is ready.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use caseload_database::Database;
use futures::FutureExt as _;
use futures::future::BoxFuture;

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), NotReady>> + Send + Sync>;

/// One thing that must be well: a database that answers, a subscription that is not stopped by a poison event.
///
/// A service that waits for another to be ready is not a good check: two that follow each other would wait for ever.
#[derive(Clone)]
pub struct Readiness {
    /// The name that logs and metrics show.
    pub name: Cow<'static, str>,
    check: Check,
}

impl Readiness {
    /// A check, asked about twice a second and given a few seconds to answer.
    pub fn new<F, R>(name: impl Into<Cow<'static, str>>, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), NotReady>> + Send + 'static,
    {
        Self {
            name: name.into(),
            check: Arc::new(move || check().boxed()),
        }
    }

    /// That a service's database answers.
    pub fn database(db: &Database) -> Self {
        let db = db.clone();
        Self::new("database", move || {
            let db = db.clone();
            async move { db.ready().await.map_err(NotReady::because) }
        })
    }

    /// Asks.
    pub async fn check(&self) -> Result<(), NotReady> {
        (self.check)().await
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Readiness").field(&self.name).finish()
    }
}

/// Why a service is not ready, in words for its operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub String);

impl NotReady {
    /// Not ready because of an error.
    pub fn because(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}
