//! No call takes longer than it asked for, nor than the server allows; a stream ends in time too, and when the server
//! drains.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use caseload_proto::status::{Reason, status};
use http::{HeaderMap, Request, Response};
use hyper::body::{Body as HttpBody, Frame};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::body::Body;
use tonic::{Code, Status};

use super::{Method, Next};
use crate::deadline;

/// The reason of a call that took too long.
const REASON: Reason = Reason::new("DEADLINE_EXCEEDED");

/// The most time that calls may take.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// One that answers a message.
    pub(super) call: Duration,
    /// One that takes or answers a stream.
    pub(super) stream: Duration,
    /// Cancelled when streams must end, so that the drain is not held up by those who follow for ever.
    pub(super) streams_end: CancellationToken,
}

/// Lets a call through for as long as it may take.
pub(super) async fn limit(
    limits: Limits,
    method: Method,
    next: Next,
    request: Request<Body>,
) -> Response<Body> {
    let most = if method.streams {
        limits.stream
    } else {
        limits.call
    };
    let wait = deadline::asked(request.headers()).map_or(most, |asked| asked.min(most));
    let at = Instant::now() + wait;
    let answering = tokio::time::timeout_at(at, deadline::scope(at, next.run(request)));
    // One that takes a stream has not answered yet when the server drains, and may not for long.
    let drained = async {
        if method.streams {
            limits.streams_end.cancelled().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let answer = tokio::select! {
        answer = answering => answer,
        () = drained => return leaving().into_http(),
    };
    let Ok(answer) = answer else {
        return too_late().into_http();
    };
    if !method.streams || answer.body().is_end_stream() {
        return answer;
    }
    answer.map(|body| {
        Body::new(Bounded {
            body: Some(body),
            late: tokio::time::sleep_until(at),
            drained: limits.streams_end.cancelled_owned(),
        })
    })
}

fn too_late() -> Status {
    status(Code::DeadlineExceeded, REASON, "the call took too long")
}

fn leaving() -> Status {
    let message = "the server is stopping; follow on from another";
    status(Code::Unavailable, Reason::UNAVAILABLE, message)
}

pin_project! {
    /// A stream that ends in time.
    struct Bounded {
        body: Option<Body>,
        #[pin]
        late: Sleep,
        #[pin]
        drained: WaitForCancellationFutureOwned,
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.project();
        let Some(body) = this.body else {
            return Poll::Ready(None);
        };
        let end = if this.late.poll(context).is_ready() {
            too_late()
        } else if this.drained.poll(context).is_ready() {
            leaving()
        } else {
            return Pin::new(body).poll_frame(context);
        };
        *this.body = None;
        let mut trailers = HeaderMap::new();
        Poll::Ready(Some(
            end.add_header(&mut trailers)
                .map(|()| Frame::trailers(trailers)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    /// A stream that says one thing and then nothing for ever.
    fn bounded(late: Duration, draining: &CancellationToken) -> Body {
        let first =
            futures::stream::iter([Ok::<_, Status>(Frame::data(Bytes::from_static(b"one")))]);
        let endless = futures::StreamExt::chain(first, futures::stream::pending());
        Body::new(Bounded {
            body: Some(Body::new(StreamBody::new(endless))),
            late: tokio::time::sleep(late),
            drained: draining.clone().cancelled_owned(),
        })
    }

    async fn ends(body: Body) -> (Bytes, Status) {
        let whole = body.collect().await.expect("the stream ends as gRPC ends");
        let trailers = whole.trailers().cloned().expect("it has trailers");
        let status = Status::from_header_map(&trailers).expect("they hold a status");
        (whole.to_bytes(), status)
    }

    #[tokio::test]
    async fn a_stream_ends_when_its_time_is_up() {
        let draining = CancellationToken::new();
        let (sent, status) = ends(bounded(Duration::from_millis(5), &draining)).await;
        assert_eq!(sent, "one");
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }

    #[tokio::test]
    async fn a_stream_ends_when_the_server_drains() {
        let draining = CancellationToken::new();
        let body = bounded(Duration::from_secs(500), &draining);
        draining.cancel();
        let (_, status) = ends(body).await;
        assert_eq!(status.code(), Code::Unavailable);
    }
}
