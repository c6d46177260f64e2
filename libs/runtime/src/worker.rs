//! What runs on its own beside the calls: a sequencer, a subscription, a sweep.
//!
//! A worker runs until it is cancelled. One that fails is logged and started again after a pause that grows with
//! each failure in a row; while it is down the service is not ready.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

type Run =
    Arc<dyn Fn(CancellationToken) -> BoxFuture<'static, Result<(), WorkerError>> + Send + Sync>;

/// Something that runs until it is cancelled.
#[derive(Clone)]
pub struct Worker {
    /// The name that logs, metrics and readiness show.
    pub name: Cow<'static, str>,
    run: Run,
}

impl Worker {
    /// A worker. `run` is called again after a failure, so it makes its future from what it owns.
    ///
    /// The future ends soon after its token is cancelled. It answers `Ok` when it was cancelled, or when it is done
    /// for good and need not be started again.
    pub fn new<F, R>(name: impl Into<Cow<'static, str>>, run: F) -> Self
    where
        F: Fn(CancellationToken) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), WorkerError>> + Send + 'static,
    {
        Self {
            name: name.into(),
            run: Arc::new(move |stop| run(stop).boxed()),
        }
    }

    /// Runs the worker once, as a server does again and again. Tests of a worker call this.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), WorkerError> {
        (self.run)(stop).await
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Worker").field(&self.name).finish()
    }
}

/// Why a worker failed. Any error becomes one by `?`.
pub struct WorkerError(Box<dyn std::error::Error + Send + Sync>);

impl WorkerError {
    /// A failure told in words.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into().into())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for WorkerError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for WorkerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(out, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Debug for WorkerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "WorkerError({self})")
    }
}
