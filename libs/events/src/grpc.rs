//! The log's own gRPC feed: the transport that needs nothing but the services themselves.

use caseload_proto::caseload::events::v1::event_service_client::EventServiceClient;
use caseload_proto::caseload::events::v1::{FollowEventsRequest, FollowEventsResponse};
use caseload_proto::status::Reason;
use caseload_runtime::Channel;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::transport::{Batch, Batches, Place, Transport, TransportError};

/// Follows one service through its `EventService`.
#[derive(Debug, Clone)]
pub struct GrpcFeed {
    client: EventServiceClient<Channel>,
}

impl GrpcFeed {
    /// Follows whoever answers on this channel; make it with `UpstreamConfig::channel`, which sets no deadline.
    pub fn new(channel: Channel) -> Self {
        Self {
            client: EventServiceClient::new(channel),
        }
    }
}

impl Transport for GrpcFeed {
    fn follow<'a>(
        &'a self,
        _source: &'a str,
        place: Place,
    ) -> BoxFuture<'a, Result<Batches, TransportError>> {
        // A clone shares the connection; the client's methods want it exclusively.
        let mut client = self.client.clone();
        async move {
            let request = FollowEventsRequest {
                after_position: place.after,
                epoch: place.epoch.unwrap_or_default(),
            };
            let answers = client
                .follow_events(request)
                .await
                .map_err(|status| refusal(&status))?;
            let answers = answers.into_inner();
            Ok(answers
                .take_while(|answer| std::future::ready(!is_over(answer)))
                .map(batch)
                .boxed())
        }
        .boxed()
    }
}

/// Whether a stream has had its time. Every stream ends so when nothing else ends it, and the next one follows on.
fn is_over(answer: &Result<FollowEventsResponse, Status>) -> bool {
    matches!(answer, Err(status) if status.code() == Code::DeadlineExceeded)
}

fn batch(answer: Result<FollowEventsResponse, Status>) -> Result<Batch, TransportError> {
    let answer = answer.map_err(|status| refusal(&status))?;
    if answer.epoch.is_empty() {
        return Err(TransportError::Malformed(
            "a batch without an epoch".to_owned(),
        ));
    }
    let events: Result<Vec<_>, _> = answer.events.into_iter().map(TryInto::try_into).collect();
    Ok(Batch {
        epoch: answer.epoch,
        events: events
            .map_err(|error: crate::MalformedEvent| TransportError::Malformed(error.to_string()))?,
        head: answer.head_position,
    })
}

fn refusal(status: &Status) -> TransportError {
    let words = format!("{:?}: {}", status.code(), status.message());
    let reason = status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone());
    match status.code() {
        Code::FailedPrecondition
            if reason.as_deref() == Some(Reason::EVENT_EPOCH_CHANGED.as_str()) =>
        {
            TransportError::EpochChanged(words)
        }
        Code::Unauthenticated | Code::PermissionDenied | Code::Unimplemented => {
            TransportError::Refused(words)
        }
        Code::InvalidArgument | Code::DataLoss => TransportError::Malformed(words),
        _ => TransportError::Away(words),
    }
}

#[cfg(test)]
mod tests {
    use caseload_proto::status::status;

    use super::*;

    #[test]
    fn a_refusal_tells_what_passes_from_what_needs_a_person() {
        let epoch = status(
            Code::FailedPrecondition,
            Reason::EVENT_EPOCH_CHANGED,
            "restored",
        );
        assert!(matches!(refusal(&epoch), TransportError::EpochChanged(_)));
        assert!(matches!(
            refusal(&Status::permission_denied("no")),
            TransportError::Refused(_)
        ));
        for passing in [
            Status::unavailable("gone"),
            Status::deadline_exceeded("long enough"),
            Status::resource_exhausted("busy"),
            Status::failed_precondition("for another reason"),
        ] {
            assert!(refusal(&passing).passes());
        }
    }

    #[test]
    fn a_stream_that_has_had_its_time_is_over_and_not_away() {
        assert!(is_over(&Err(Status::deadline_exceeded("long enough"))));
        assert!(!is_over(&Err(Status::unavailable("gone"))));
        assert!(!is_over(&Ok(FollowEventsResponse::default())));
    }

    #[test]
    fn a_batch_without_an_epoch_is_malformed() {
        let answer = FollowEventsResponse::default();
        assert!(matches!(
            batch(Ok(answer)),
            Err(TransportError::Malformed(_))
        ));
    }
}
