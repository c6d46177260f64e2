//! The provider's keys, kept fresh.
//!
//! At most one request for them is under way at a time, and whoever needs its answer waits for that one. Between two
//! requests lies a minimum time, so that tokens with made-up key ids can't turn this service against its provider.
//! Keys that have grown old are used while newer ones are fetched; keys that can't be replaced are used for a
//! bounded time and then given up.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use sha2::{Digest as _, Sha256};
use tokio::task::AbortHandle;

use crate::Algorithm;
use crate::config::{AuthConfig, AuthConfigError, Source};
use crate::fetch::{FetchError, Reader};
use crate::jwks::KeySet;

/// How often a file is looked at.
const FILE_INTERVAL: Duration = Duration::from_secs(1);

/// The issuer's keys are not known, or have not been confirmed for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the issuer's keys are not known at present")]
pub struct KeysUnavailable;

/// The keys as they were at one time.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) set: Arc<KeySet>,
    /// Changes when the set does.
    pub(crate) generation: u64,
}

/// The keys, and how they are kept fresh.
pub(crate) struct Keys {
    inner: Arc<Inner>,
}

struct Inner {
    reader: Reader,
    allowed: Vec<Algorithm>,
    interval: Duration,
    minimum: Duration,
    keep: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    loaded: Option<Loaded>,
    last_attempt: Option<Instant>,
    flight: Option<(AbortHandle, Flight)>,
}

struct Loaded {
    known: Known,
    digest: [u8; 32],
    at: Instant,
}

/// A request under way, for as many as wait for it.
type Flight = Shared<BoxFuture<'static, ()>>;

impl Keys {
    pub(crate) fn new(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        let (mut interval, mut minimum) = (
            Duration::from_millis(config.refresh_interval_ms),
            Duration::from_millis(config.refresh_minimum_ms),
        );
        if matches!(config.source()?, Source::File(_)) {
            interval = interval.min(FILE_INTERVAL);
            minimum = minimum.min(interval);
        }
        Ok(Self {
            inner: Arc::new(Inner {
                reader: Reader::new(config)?,
                allowed: config.algorithms.clone(),
                interval,
                minimum,
                keep: config.keep_keys(),
                state: Mutex::default(),
            }),
        })
    }

    /// The keys to verify with. Waits for a request only when there are none that may be used.
    pub(crate) async fn current(&self) -> Result<Known, KeysUnavailable> {
        let flight = {
            let mut state = self.inner.lock();
            if let Some((known, age)) = self.inner.usable(&state) {
                if age >= self.inner.interval {
                    self.inner.begin(&mut state);
                }
                return Ok(known);
            }
            self.inner.begin(&mut state)
        };
        self.after(flight).await
    }

    /// Keys newer than these, where a key was looked for in vain, if newer ones can be had now.
    pub(crate) async fn newer_than(&self, known: Known) -> Result<Known, KeysUnavailable> {
        let flight = {
            let mut state = self.inner.lock();
            match self.inner.usable(&state) {
                Some((newer, _)) if newer.generation != known.generation => return Ok(newer),
                _ => self.inner.begin(&mut state),
            }
        };
        self.after(flight).await
    }

    async fn after(&self, flight: Option<Flight>) -> Result<Known, KeysUnavailable> {
        if let Some(flight) = flight {
            flight.await;
        }
        let state = self.inner.lock();
        let (known, _) = self.inner.usable(&state).ok_or(KeysUnavailable)?;
        Ok(known)
    }
}

impl Inner {
    /// The keys and their age, while they may be used.
    fn usable(&self, state: &State) -> Option<(Known, Duration)> {
        let loaded = state.loaded.as_ref()?;
        let age = loaded.at.elapsed();
        (age < self.keep).then(|| (loaded.known.clone(), age))
    }

    /// The request that is under way; else a new one, unless the last was too short a time ago.
    ///
    /// It runs in a task of its own: a caller who hangs up does not take the answer away from the others.
    fn begin(self: &Arc<Self>, state: &mut State) -> Option<Flight> {
        if let Some((task, flight)) = &state.flight
            && !task.is_finished()
        {
            return Some(flight.clone());
        }
        if state
            .last_attempt
            .is_some_and(|at| at.elapsed() < self.minimum)
        {
            return None;
        }
        state.last_attempt = Some(Instant::now());
        let inner = self.clone();
        let task = tokio::spawn(async move { inner.refresh().await });
        let handle = task.abort_handle();
        let flight = async move {
            if let Err(error) = task.await {
                tracing::error!(%error, "reading the issuer's keys failed");
            }
        };
        let flight = flight.boxed().shared();
        state.flight = Some((handle, flight.clone()));
        Some(flight)
    }

    async fn refresh(&self) {
        match self.read().await {
            Ok((set, digest)) => self.keep(set, digest),
            Err(error) => tracing::warn!(%error, "the issuer's keys could not be read"),
        }
    }

    async fn read(&self) -> Result<(KeySet, [u8; 32]), FetchError> {
        let document = self.reader.read().await?;
        let set = KeySet::parse(&document, &self.allowed)?;
        Ok((set, Sha256::digest(&document).into()))
    }

    fn keep(&self, set: KeySet, digest: [u8; 32]) {
        let mut state = self.lock();
        let at = Instant::now();
        match &mut state.loaded {
            Some(loaded) if loaded.digest == digest => loaded.at = at,
            before => {
                let generation = before
                    .as_ref()
                    .map_or(0, |loaded| loaded.known.generation + 1);
                tracing::info!(generation, "the issuer's keys were read");
                let known = Known {
                    set: Arc::new(set),
                    generation,
                };
                *before = Some(Loaded { known, digest, at });
            }
        }
    }

    /// A panic while the lock was held leaves the state whole: each change is one assignment.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Keys")
            .field("reader", &self.inner.reader)
            .finish_non_exhaustive()
    }
}
