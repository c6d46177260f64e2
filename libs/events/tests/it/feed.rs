//! The feed, over real gRPC.

use caseload_domain::FirmId;
use caseload_proto::caseload::events::v1::event_service_client::EventServiceClient;
use caseload_proto::caseload::events::v1::{FollowEventsRequest, FollowEventsResponse};
use caseload_proto::caseload::intake::v1::RequestCompleted;
use caseload_testing::{Upstream, tokens};
use prost::{Message as _, Name as _};
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use crate::setting::completed;

async fn follow(
    upstream: &Upstream,
    after_position: i64,
    epoch: &str,
) -> Result<Streaming<FollowEventsResponse>, Status> {
    let channel = upstream.config().channel().expect("an endpoint");
    let request = FollowEventsRequest {
        after_position,
        epoch: epoch.to_owned(),
    };
    let answer = EventServiceClient::new(channel)
        .follow_events(request)
        .await?;
    Ok(answer.into_inner())
}

async fn next(stream: &mut Streaming<FollowEventsResponse>) -> FollowEventsResponse {
    stream
        .message()
        .await
        .expect("no error")
        .expect("the stream goes on")
}

/// The reason in a status's details.
fn reason(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_quiet_log_greets_its_follower_at_once_and_tells_what_comes() {
    let upstream = Upstream::start("intake").await;
    let mut stream = follow(&upstream, 0, "").await.expect("followed");
    let greeting = next(&mut stream).await;
    assert!(greeting.events.is_empty() && !greeting.epoch.is_empty());
    assert_eq!(greeting.head_position, 0);

    let firm = FirmId::generate();
    let id = upstream
        .append(Some(firm), "firms/a/requests/b", &completed("b"))
        .await;
    let told = next(&mut stream).await;
    assert_eq!((told.epoch, told.head_position), (greeting.epoch, 1));
    let [event] = told.events.as_slice() else {
        panic!("one event, not {:?}", told.events);
    };
    assert_eq!(event.event_id, id.to_string());
    assert_eq!(event.r#type, RequestCompleted::full_name());
    assert_eq!(event.firm, format!("firms/{firm}"));
    assert_eq!(event.aggregate, "firms/a/requests/b");
    assert_eq!(event.position, 1);
    let payload = event.payload.as_ref().expect("a payload");
    assert_eq!(
        RequestCompleted::decode(payload.value.as_slice()),
        Ok(completed("b"))
    );
}

#[tokio::test]
async fn a_long_log_comes_in_batches_that_a_message_can_carry() {
    let upstream = Upstream::start("intake").await;
    let large = "x".repeat(400_000);
    for turn in 0..3 {
        upstream
            .append(None, format!("large/{turn}"), &completed(&large))
            .await;
    }
    for turn in 0..300 {
        upstream
            .append(None, format!("small/{turn}"), &completed("small"))
            .await;
    }
    let mut stream = follow(&upstream, 0, "").await.expect("followed");
    let (mut position, mut batches) = (0, 0);
    while position < 303 {
        let batch = next(&mut stream).await;
        batches += 1;
        assert!(
            batch.encoded_len() < 1024 * 1024,
            "{} bytes",
            batch.encoded_len()
        );
        for event in batch.events {
            position += 1;
            assert_eq!(event.position, position);
        }
    }
    assert!(batches >= 4, "{batches}");
    let mut rest = follow(&upstream, 301, "").await.expect("followed");
    let batch = next(&mut rest).await;
    assert_eq!(
        batch
            .events
            .iter()
            .map(|event| event.position)
            .collect::<Vec<_>>(),
        [302, 303]
    );
}

#[tokio::test]
async fn another_epoch_and_a_position_past_the_end_are_refused() {
    let upstream = Upstream::start("intake").await;
    let known = next(&mut follow(&upstream, 0, "").await.expect("followed"))
        .await
        .epoch;
    follow(&upstream, 0, &known)
        .await
        .expect("the epoch is the log's");
    for (after, epoch) in [(0, "another"), (1, known.as_str()), (1, "")] {
        let refusal = follow(&upstream, after, epoch).await.expect_err("refused");
        assert_eq!(refusal.code(), Code::FailedPrecondition);
        assert_eq!(reason(&refusal), "EVENT_EPOCH_CHANGED");
    }
    let refusal = follow(&upstream, -1, "").await.expect_err("refused");
    assert_eq!(refusal.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_log_restored_while_it_is_followed_ends_the_stream() {
    let upstream = Upstream::start("intake").await;
    let mut stream = follow(&upstream, 0, "").await.expect("followed");
    next(&mut stream).await;
    upstream.restore().await;
    let refusal = stream.message().await.expect_err("refused");
    assert_eq!(reason(&refusal), "EVENT_EPOCH_CHANGED");
}

#[tokio::test]
async fn a_service_that_drains_ends_its_followers_streams() {
    let upstream = Upstream::start("intake").await;
    let mut stream = follow(&upstream, 0, "").await.expect("followed");
    next(&mut stream).await;
    let (ended, ()) = tokio::join!(stream.message(), upstream.stop());
    // Whether the feed or the server ends it, it is a follower's sign to go on elsewhere.
    match ended {
        Ok(more) => assert_eq!(more, None),
        Err(status) => assert_eq!(status.code(), Code::Unavailable),
    }
}

#[tokio::test]
async fn who_may_not_follow_is_refused() {
    let upstream = Upstream::start("intake").await;
    for token in [
        tokens::firm_admin(FirmId::generate()),
        tokens::coordinator(),
    ] {
        let refusal = upstream
            .client(token)
            .follow_events(FollowEventsRequest::default())
            .await
            .expect_err("refused");
        assert_eq!(refusal.code(), Code::PermissionDenied);
    }
}
