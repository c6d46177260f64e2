//! Following another service's log: each event takes effect once, in order, and none is missed.
//!
//! # Layout
//! - `follower`: the worker: connects, checks, takes in, and tries again
//! - `apply`: the effect and the cursor in one transaction
//! - `cursor`: how far the subscription has come
//! - `condition`: what readiness, metrics and the log say of it

mod apply;
mod condition;
mod cursor;
mod follower;

use std::sync::Arc;

use caseload_database::Database;
use caseload_runtime::{Readiness, Worker};

use self::condition::Health;
use self::follower::Follower;
use crate::{Pace, Projection, Transport};

/// A subscription of this service to another's log.
#[derive(Debug)]
pub struct Subscription;

impl Subscription {
    /// The worker that follows, and the readiness that tells when it is stopped.
    ///
    /// The name is the cursor's: it stays the same for ever, and is unique in the service. Run the worker in every
    /// replica: whichever moves the cursor first has taken the event in.
    #[expect(
        clippy::new_ret_no_self,
        reason = "a subscription is nothing but its worker and its readiness"
    )]
    pub fn new(
        name: &'static str,
        transport: impl Transport,
        db: Database,
        projection: impl Projection,
    ) -> (Worker, Readiness) {
        Self::with_pace(name, transport, db, projection, Pace::default())
    }

    /// The same with waits of one's own.
    pub fn with_pace(
        name: &'static str,
        transport: impl Transport,
        db: Database,
        projection: impl Projection,
        pace: Pace,
    ) -> (Worker, Readiness) {
        let source = projection.source();
        let health = Health::new(name, source);
        let readiness = health.readiness();
        let follower = Arc::new(Follower {
            name,
            source,
            transport: Box::new(transport),
            db,
            projection: Arc::new(projection),
            pace,
            health,
        });
        let worker = Worker::new(name, move |stop| {
            let follower = Arc::clone(&follower);
            async move { follower.run(stop).await }
        });
        (worker, readiness)
    }
}
