//! What is done with connections that are not what they should be.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::probe::{Probe, Served, limits};

/// Waits until the other side closes, and says what it sent before.
async fn until_closed(mut stream: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    // A reset is a close too.
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all))
        .await
        .expect("the connection is closed");
    all
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let mut limited = limits();
    limited.preface_timeout_ms = 100;
    let served = Served::start(limited, Probe::answering()).await;
    let silent = TcpStream::connect(served.address).await.unwrap();
    assert!(until_closed(silent).await.is_empty());
}

#[tokio::test]
async fn a_connection_that_begins_and_says_no_more_is_closed() {
    let mut limited = limits();
    limited.preface_timeout_ms = 100;
    let served = Served::start(limited, Probe::answering()).await;
    let mut slow = TcpStream::connect(served.address).await.unwrap();
    slow.write_all(b"PRI * HTTP/2.0\r\n").await.unwrap();
    assert!(until_closed(slow).await.is_empty());
}

#[tokio::test]
async fn a_connection_that_speaks_http_1_is_closed_at_once() {
    let served = Served::start(limits(), Probe::answering()).await;
    let mut other = TcpStream::connect(served.address).await.unwrap();
    other
        .write_all(b"GET / HTTP/1.1\r\nHost: caseload\r\n\r\n")
        .await
        .unwrap();
    assert!(until_closed(other).await.is_empty());
}

#[tokio::test]
async fn a_connection_that_no_longer_answers_is_closed() {
    let mut limited = limits();
    limited.keepalive_interval_ms = 100;
    limited.keepalive_timeout_ms = 100;
    let served = Served::start(limited, Probe::answering()).await;
    let mut dead = TcpStream::connect(served.address).await.unwrap();
    // The preface and an empty SETTINGS frame, and then never a word to its pings.
    dead.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        .await
        .unwrap();
    let heard = until_closed(dead).await;
    assert!(!heard.is_empty(), "it was served before it was given up");
}

#[tokio::test]
async fn when_every_place_is_taken_a_connection_waits_for_one() {
    let mut limited = limits();
    limited.max_connections = 1;
    limited.preface_timeout_ms = 300;
    let served = Served::start(limited, Probe::answering()).await;
    let first = TcpStream::connect(served.address).await.unwrap();
    // The second is answered once the first, which never says a word, has been closed.
    served.call("someone").await.unwrap();
    assert!(until_closed(first).await.is_empty());
}

#[tokio::test]
async fn an_old_connection_is_asked_to_leave_and_the_next_call_takes_another() {
    let mut limited = limits();
    limited.max_connection_age_seconds = 1;
    let served = Served::start(limited, Probe::answering()).await;
    let mut old = TcpStream::connect(served.address).await.unwrap();
    old.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        .await
        .unwrap();
    until_asked_to_leave(&mut old).await;
    served.call("someone").await.unwrap();
}

#[tokio::test]
async fn an_old_connection_that_reads_no_answer_is_closed_all_the_same() {
    let mut limited = limits();
    limited.max_connection_age_seconds = 1;
    limited.deadline_ms = 100;
    limited.stream_deadline_ms = 100;
    let served = Served::start(limited, Probe::answering()).await;
    let mut full = TcpStream::connect(served.address).await.unwrap();
    // SETTINGS with a window of no bytes (4): whatever is answered has to wait.
    full.write_all(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    )
    .await
    .unwrap();
    // grpc.health.v1.Health/Check, which needs no token: POST, http, the path, and an empty message.
    let path = b"/grpc.health.v1.Health/Check";
    let mut headers = b"\x83\x86\x04".to_vec();
    headers.push(u8::try_from(path.len()).unwrap());
    headers.extend(path);
    let mut frame = vec![0, 0, u8::try_from(headers.len()).unwrap(), 1, 4, 0, 0, 0, 1];
    frame.extend(headers);
    frame.extend(b"\x00\x00\x05\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00");
    full.write_all(&frame).await.unwrap();
    let heard = until_closed(full).await;
    let kinds = frames(&heard);
    // HEADERS, and no DATA; GOAWAY before it was closed.
    assert!(kinds.contains(&1) && !kinds.contains(&0), "{kinds:?}");
    assert!(kinds.contains(&7), "{kinds:?}");
}

#[tokio::test]
async fn one_who_provokes_error_after_error_is_asked_to_leave() {
    let mut limited = limits();
    limited.max_error_resets = 8;
    let served = Served::start(limited, Probe::answering()).await;
    let mut rude = TcpStream::connect(served.address).await.unwrap();
    rude.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        .await
        .unwrap();
    // Requests that announce a byte and end without it: POST, http, /, content-length 1, the stream's end.
    let headers = b"\x83\x86\x84\x0f\x0d\x011";
    for stream in (1..=63_u32).step_by(2) {
        let mut frame = vec![0, 0, 7, 1, 5];
        frame.extend(stream.to_be_bytes());
        frame.extend(headers);
        // It may be gone already.
        let _ = rude.write_all(&frame).await;
    }
    until_asked_to_leave(&mut rude).await;
    served.call("someone").await.unwrap();
}

/// Reads until the server says GOAWAY.
async fn until_asked_to_leave(stream: &mut TcpStream) {
    let mut heard = Vec::new();
    let mut buffer = [0; 1024];
    tokio::time::timeout(Duration::from_secs(20), async {
        // A frame's fourth byte is its type; 7 is GOAWAY.
        while !frames(&heard).contains(&7) {
            let count = stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "it is asked before it is closed");
            heard.extend(&buffer[..count]);
        }
    })
    .await
    .expect("it is asked to leave");
}

/// The types of the frames in some bytes.
fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut types = Vec::new();
    while let [a, b, c, kind, _, _, _, _, _, rest @ ..] = bytes {
        types.push(*kind);
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        bytes = rest.get(length..).unwrap_or_default();
    }
    types
}
