//! No message of a request is larger than the limit, whichever service it is for.
//!
//! The length stands in the five bytes before each message, so a message that is too large is refused before it is
//! read.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use caseload_proto::status::{Reason, status_with};
use http::Request;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};

/// The reason of a message that is too large.
const REASON: Reason = Reason::new("MESSAGE_TOO_LARGE");

/// A flag byte, and four of length.
const PREFIX: usize = 5;

/// The request, with its messages held to a size.
pub(super) fn limited(request: Request<Body>, most: u32) -> Request<Body> {
    request.map(|body| {
        Body::new(Limited {
            body,
            framing: Framing::new(most),
        })
    })
}

struct Limited {
    body: Body,
    framing: Framing,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(match frame.data_ref() {
                Some(data) => self.framing.follow(data).map(|()| frame),
                None => Ok(frame),
            }),
            other => other,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Where in the framing of messages a body is.
#[derive(Debug)]
struct Framing {
    most: u32,
    prefix: [u8; PREFIX],
    /// Bytes of the prefix that have been seen.
    seen: usize,
    /// Bytes of the message that are still to come.
    left: usize,
}

impl Framing {
    fn new(most: u32) -> Self {
        Self {
            most,
            prefix: [0; PREFIX],
            seen: 0,
            left: 0,
        }
    }

    /// Follows the framing through more bytes, which may cut it anywhere.
    fn follow(&mut self, mut data: &[u8]) -> Result<(), Status> {
        while !data.is_empty() {
            if self.left > 0 {
                let passed = self.left.min(data.len());
                self.left -= passed;
                data = &data[passed..];
                continue;
            }
            let wanted = (PREFIX - self.seen).min(data.len());
            self.prefix[self.seen..self.seen + wanted].copy_from_slice(&data[..wanted]);
            self.seen += wanted;
            data = &data[wanted..];
            if self.seen == PREFIX {
                let [_, length @ ..] = self.prefix;
                let length = u32::from_be_bytes(length);
                if length > self.most {
                    return Err(too_large(length, self.most));
                }
                self.left = length as usize;
                self.seen = 0;
            }
        }
        Ok(())
    }
}

fn too_large(length: u32, most: u32) -> Status {
    status_with(
        Code::ResourceExhausted,
        REASON,
        format!("the message has {length} bytes, of at most {most}"),
        [("bytes", length.to_string()), ("most", most.to_string())],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(length: u32) -> Vec<u8> {
        let mut bytes = vec![0];
        bytes.extend(length.to_be_bytes());
        bytes.extend(vec![7; length as usize]);
        bytes
    }

    #[test]
    fn messages_up_to_the_limit_pass_however_they_are_cut() {
        let stream = [message(10), message(0), message(3)].concat();
        for cut in 1..stream.len() {
            let mut framing = Framing::new(10);
            for piece in stream.chunks(cut) {
                framing.follow(piece).expect("within the limit");
            }
        }
    }

    #[test]
    fn a_message_over_the_limit_is_refused_by_its_prefix() {
        let mut framing = Framing::new(10);
        framing.follow(&message(10)).expect("within the limit");
        let prefix = &message(11)[..PREFIX];
        let refused = framing.follow(prefix).expect_err("over the limit");
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert!(
            refused.message().contains("11 bytes"),
            "{}",
            refused.message()
        );
    }
}
