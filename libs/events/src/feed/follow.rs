//! One follower's stream: batches while there are events, a sign of life while there are none.

use std::time::Duration;

use caseload_proto::caseload::events::v1::FollowEventsResponse;
use caseload_proto::status::{Reason, status};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::sync::watch;
use tonic::{Code, Status};

use super::head::{Seen, Watch};
use super::log::{Head, Log};
use super::{epoch_changed, unavailable};

/// How long a quiet log says nothing.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

struct Follower {
    log: Log,
    seen: watch::Receiver<Seen>,
    position: i64,
    head: Head,
    greeted: bool,
}

/// The events after a position, then those to come, until the service drains.
pub(super) fn stream(
    log: Log,
    watch: &Watch,
    position: i64,
    head: Head,
) -> BoxStream<'static, Result<FollowEventsResponse, Status>> {
    let follower = Follower {
        log,
        seen: watch.subscribe(),
        position,
        head,
        greeted: false,
    };
    stream::unfold(Some(follower), async |follower| {
        let mut follower = follower?;
        match follower.next().await {
            Ok(Some(answer)) => Some((Ok(answer), Some(follower))),
            Ok(None) => None,
            // Nothing comes after an error.
            Err(status) => Some((Err(status), None)),
        }
    })
    .boxed()
}

impl Follower {
    /// The next answer; none when the service drains.
    async fn next(&mut self) -> Result<Option<FollowEventsResponse>, Status> {
        loop {
            let seen = self.seen.borrow_and_update().clone();
            match seen {
                Seen::Drained => return Ok(None),
                Seen::Head(head) if head.epoch != self.head.epoch => self.check_epoch().await?,
                // The head that was read when the call came in may be newer than what was seen.
                Seen::Head(head) => self.head.seq = self.head.seq.max(head.seq),
                Seen::Nothing => {}
            }
            if self.head.seq > self.position {
                return self.batch().await.map(Some);
            }
            // The first answer comes at once: it tells the follower the epoch, and that it is connected.
            if !self.greeted {
                return Ok(Some(self.answer(Vec::new())));
            }
            match tokio::time::timeout(SIGN_OF_LIFE, self.seen.changed()).await {
                Ok(Ok(())) => {}
                // The server is gone.
                Ok(Err(_)) => return Ok(None),
                Err(_) => return Ok(Some(self.answer(Vec::new()))),
            }
        }
    }

    /// What was seen may be older than what was read when the call came in, so it is read again.
    async fn check_epoch(&self) -> Result<(), Status> {
        let now = self.log.head().await.map_err(|error| unavailable(&error))?;
        if now.epoch == self.head.epoch {
            Ok(())
        } else {
            Err(epoch_changed(&self.head.epoch, &now.epoch))
        }
    }

    async fn batch(&mut self) -> Result<FollowEventsResponse, Status> {
        let events = self
            .log
            .after(self.position)
            .await
            .map_err(|error| unavailable(&error))?;
        let dense = (self.position + 1..)
            .zip(&events)
            .all(|(position, event)| event.position == position);
        let Some(last) = events.last().filter(|_| dense) else {
            tracing::error!(
                after = self.position,
                head = self.head.seq,
                "the event log has a gap"
            );
            return Err(status(
                Code::DataLoss,
                Reason::INTERNAL,
                format!("the event log has a gap after position {}", self.position),
            ));
        };
        self.position = last.position;
        Ok(self.answer(events.into_iter().map(Into::into).collect()))
    }

    fn answer(
        &mut self,
        events: Vec<caseload_proto::caseload::events::v1::Event>,
    ) -> FollowEventsResponse {
        self.greeted = true;
        FollowEventsResponse {
            epoch: self.head.epoch.clone(),
            events,
            head_position: self.head.seq,
        }
    }
}
