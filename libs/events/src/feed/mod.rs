//! The feed of this service's log: what the other services follow.
//!
//! # Layout
//! - `head`: the worker that watches how far the log is numbered, once for all followers
//! - `log`: reading the log, with the narrow role that may read nothing else
//! - `follow`: one follower's stream
//! - `firm`: one firm's events, for those who watch it within this process

mod firm;
mod follow;
mod head;
mod log;

use caseload_database::{Database, DatabaseError};
use caseload_proto::caseload::events::v1::event_service_server::{
    EventService, EventServiceServer,
};
use caseload_proto::caseload::events::v1::{FollowEventsRequest, FollowEventsResponse};
use caseload_proto::parse::Violations;
use caseload_proto::status::{Reason, status, status_with};
use caseload_runtime::Worker;
use futures::stream::BoxStream;
use tonic::{Code, Request, Response, Status};

pub use self::firm::{FirmEvents, FollowError, Next};
use self::head::Watch;
use self::log::Log;

/// The feed of this service's log, and the worker that it needs beside it. The streams end when the worker is
/// cancelled, so that a service that drains is not held up by its followers.
///
/// The log is read with the narrow role of the configuration's `feed_url`; without it there is no feed to serve.
pub fn feed(db: &Database) -> Result<(EventServiceServer<Feed>, Worker), DatabaseError> {
    let (feed, worker) = Feed::of(db)?;
    Ok((EventServiceServer::new(feed), worker))
}

/// Serves `caseload.events.v1.EventService`, and whoever follows the log within this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    log: Log,
    watch: Watch,
}

impl Feed {
    /// The same as [`feed()`], for a service that follows its own log as well.
    pub fn of(db: &Database) -> Result<(Self, Worker), DatabaseError> {
        let log = Log::of(db)?;
        let watch = Watch::default();
        let worker = head::worker(log.clone(), db.clone(), watch.clone());
        Ok((Self { log, watch }, worker))
    }
}

#[tonic::async_trait]
impl EventService for Feed {
    type FollowEventsStream = BoxStream<'static, Result<FollowEventsResponse, Status>>;

    async fn follow_events(
        &self,
        request: Request<FollowEventsRequest>,
    ) -> Result<Response<Self::FollowEventsStream>, Status> {
        let FollowEventsRequest {
            after_position,
            epoch,
        } = request.into_inner();
        let mut violations = Violations::new();
        violations.check(
            "after_position",
            after_position >= 0,
            "must not be negative",
        );
        violations.finish(Some(()))?;
        let head = self.log.head().await.map_err(|error| unavailable(&error))?;
        if !epoch.is_empty() && epoch != head.epoch {
            return Err(epoch_changed(&epoch, &head.epoch));
        }
        if after_position > head.seq {
            return Err(status_with(
                Code::FailedPrecondition,
                Reason::EVENT_EPOCH_CHANGED,
                format!(
                    "the log ends at {}, before the position that was asked for: it is not the log that was followed",
                    head.seq
                ),
                [("head_position", head.seq.to_string())],
            ));
        }
        let stream = follow::stream(self.log.clone(), &self.watch, after_position, head);
        Ok(Response::new(stream))
    }
}

fn epoch_changed(known: &str, current: &str) -> Status {
    status_with(
        Code::FailedPrecondition,
        Reason::EVENT_EPOCH_CHANGED,
        "the log was restored since it was followed: its positions mean something else now",
        [("known", known.to_owned()), ("current", current.to_owned())],
    )
}

fn unavailable(error: &sqlx::Error) -> Status {
    tracing::warn!(%error, "the event log can't be read");
    status(
        Code::Unavailable,
        Reason::UNAVAILABLE,
        "the event log can't be read at present",
    )
}
