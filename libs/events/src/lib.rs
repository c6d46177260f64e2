//! The event log of a service, its feed, and subscriptions to it.
//!
//! A service says what happened by appending an event to its own log, in the transaction that makes it true. The
//! others follow that log, each at its own pace, and keep what they need of it in tables of their own.
//!
//! ```text
//!  intake                                            assignment
//!  ┌──────────────────────────┐                      ┌─────────────────────────────┐
//!  │ business tables          │                      │ projection's tables         │
//!  │      │ one transaction   │     FollowEvents     │      │ one transaction      │
//!  │ event_log (seq null) ────┼─ sequencer → feed ──►│ event_cursor (seq n-1 → n)  │
//!  └──────────────────────────┘                      └─────────────────────────────┘
//! ```
//!
//! Ids are given when a row is inserted, and transactions commit in another order: a reader that followed ids would
//! step over an event whose transaction is still open. So an event has no position until it is committed. The
//! sequencer gives positions to committed events, without gaps, and readers follow positions. That a log has no gaps
//! is also how a subscription proves that it has missed nothing.
//!
//! # Layout
//! - [`Act`]: who does something, for the audit log and the event log
//! - [`append`] and [`Draft`]: saying what happened
//! - [`sequencer`]: the worker that numbers what is committed
//! - [`feed()`] and [`Feed`]: the gRPC service through which others follow the log
//! - [`FirmEvents`]: one firm's events, for those who watch it within the service itself
//! - [`Event`]: the envelope
//! - [`Transport`], [`GrpcFeed`]: how events get from a log to a subscription
//! - [`Projection`], [`Subscription`]: what a service keeps of another's events, and the worker that keeps it
//! - [`Pace`]: how long a subscription waits between tries
//!
//! The tables are in the common migrations: `event_log`, `event_head`, `event_cursor`.
//!
//! # How to add an event
//! 1. Declare its message in the service's `events.proto`. It carries the state that it leads to, whole, so that a
//!    follower needs nothing else; fields are only ever added.
//! 2. Append it where the state is written, after the row is locked and in the same transaction:
//!    ```text
//!    act.announce(tx, Some(task.firm), task.name().to_string(), &TaskChanged { task: Some(snapshot) }).await?;
//!    ```
//! 3. Nothing else: the sequencer and the feed know no types, and projections pass over those that they do not know.
//!
//! # How to add a subscription
//! 1. Write a [`Projection`] in the service's `projections` module. Events of one source come in order, those of two
//!    sources do not: keep what comes from each in tables of its own, without foreign keys between them.
//! 2. Make the worker and the readiness in the service's `build`:
//!    ```text
//!    let upstream = config.upstream("intake")?;
//!    let (worker, readiness) = Subscription::new(
//!        "assignment.tasks",
//!        GrpcFeed::new(upstream.channel()?),
//!        db.clone(),
//!        Tasks::new(),
//!    );
//!    app.worker(worker).ready_when(readiness)
//!    ```
//!
//! # When a subscription stops
//! An event that the projection refuses, a gap, another epoch, or a source that refuses to be followed stops the
//! subscription: the service is not ready, `caseload.events.stopped` is 1, and the log says which event and why. The
//! cursor stays before it, so nothing is lost. It is tried again when the process starts, and now and then meanwhile;
//! once the cause is mended it goes on by itself. After a source was restored from a backup and given a new epoch,
//! its followers start again from the beginning:
//! `update event_cursor set seq = 0, epoch = null where source = 'intake'`.

mod act;
mod draft;
mod event;
mod feed;
mod grpc;
mod pace;
mod projection;
mod sequencer;
mod subscription;
mod trace;
mod transport;
mod wake;

pub use act::{Act, Record};
pub use draft::{Draft, append};
pub use event::{Event, MalformedEvent};
pub use feed::{Feed, FirmEvents, FollowError, Next, feed};
pub use grpc::GrpcFeed;
pub use pace::Pace;
pub use projection::{Projection, ProjectionError};
pub use sequencer::sequencer;
pub use subscription::Subscription;
pub use transport::{Batch, Batches, Place, Transport, TransportError};
