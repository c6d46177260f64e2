//! What a call may ask for, and how it is told that it asked for too much.

use std::sync::Arc;
use std::time::Duration;

use caseload_proto::caseload::intake::v1::GetFirmRequest;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_runtime::{ChannelOptions, TokenSource, deadline};
use tokio::sync::{Notify, Semaphore};
use tonic::{Code, Request};

use crate::probe::{Probe, Served, get, limits, reason, token};

#[tokio::test]
async fn a_message_over_the_limit_is_refused_and_the_connection_goes_on() {
    let mut limited = limits();
    limited.max_message_bytes = 1_000;
    let served = Served::start(limited, Probe::answering()).await;
    let channel = served.channel("someone");
    let large = GetFirmRequest {
        name: "n".repeat(1_001),
    };
    let refused = FirmServiceClient::new(channel.clone())
        .get_firm(large)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused:?}");
    assert_eq!(reason(&refused), "MESSAGE_TOO_LARGE");
    get(channel).await.unwrap();
}

#[tokio::test]
async fn more_calls_at_once_than_there_are_places_for_are_turned_away_at_once() {
    let mut limited = limits();
    limited.max_calls = 1;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
    let probe = Probe::doing(move || {
        let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
        async move {
            tell.notify_one();
            drop(wait.acquire().await);
            Ok(())
        }
    });
    let served = Arc::new(Served::start(limited, probe).await);
    let first = tokio::spawn({
        let served = Arc::clone(&served);
        async move { served.call("first").await }
    });
    begun.notified().await;
    let refused = served.call("second").await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused), "OVERLOADED");
    go_on.add_permits(10);
    first.await.unwrap().unwrap();
    served.call("second").await.unwrap();
}

#[tokio::test]
async fn one_who_calls_too_often_is_told_so_and_others_are_not() {
    let mut limited = limits();
    limited.rate.per_second = 1;
    limited.rate.burst = 2;
    let served = Served::start(limited, Probe::answering()).await;
    served.call("hasty").await.unwrap();
    served.call("hasty").await.unwrap();
    let refused = served.call("hasty").await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused), "RATE_LIMITED");
    served.call("calm").await.unwrap();
}

#[tokio::test]
async fn a_call_that_takes_longer_than_the_server_allows_is_ended() {
    let mut limited = limits();
    limited.deadline_ms = 50;
    let served = Served::start(limited, Probe::doing(std::future::pending)).await;
    let ended = served.call("someone").await.unwrap_err();
    assert_eq!(ended.code(), Code::DeadlineExceeded);
    assert_eq!(reason(&ended), "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn a_call_sees_how_long_its_caller_will_wait() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let probe = Probe::doing(move || {
        let tell = tell.clone();
        async move {
            tell.send(deadline::remaining()).unwrap();
            Ok(())
        }
    });
    let served = Served::start(limits(), probe).await;
    let mut client = FirmServiceClient::new(served.channel("someone"));
    let mut request = Request::new(GetFirmRequest::default());
    request.set_timeout(Duration::from_secs(7));
    client.get_firm(request).await.unwrap();
    let left = told.recv().await.unwrap().expect("there is a deadline");
    assert!(left <= Duration::from_secs(7), "{left:?}");

    // Whoever says nothing waits as long as their channel does, or the server allows.
    let patient = ChannelOptions {
        deadline: None,
        tokens: TokenSource::fixed(token("someone").into()),
        ca_file: None,
    };
    get(served.open(patient)).await.unwrap();
    let left = told.recv().await.unwrap().expect("there is a deadline");
    assert!(left <= Duration::from_secs(30), "{left:?}");
    assert!(left > Duration::from_secs(7), "{left:?}");
}

#[tokio::test]
async fn what_a_call_calls_in_turn_waits_no_longer_than_the_call() {
    let slow = Served::start(limits(), Probe::doing(std::future::pending)).await;
    let behind = slow.channel("relay");
    let relay = Probe::doing(move || get(behind.clone()));
    let mut limited = limits();
    limited.deadline_ms = 100;
    let served = Served::start(limited, relay).await;
    let ended = served.call("someone").await.unwrap_err();
    assert_eq!(ended.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_handler_that_panics_answers_internal_and_says_no_more() {
    let probe = Probe::doing(|| async { panic!("a secret of the house") });
    let served = Served::start(limits(), probe).await;
    let channel = served.channel("someone");
    for _ in 0..2 {
        let broken = get(channel.clone()).await.unwrap_err();
        assert_eq!(broken.code(), Code::Internal);
        assert_eq!(reason(&broken), "INTERNAL");
        assert!(!broken.message().contains("secret"), "{broken:?}");
    }
}

#[tokio::test]
async fn headers_over_the_limit_are_refused() {
    let served = Served::start(limits(), Probe::answering()).await;
    let mut client = FirmServiceClient::new(served.channel("someone"));
    let mut request = Request::new(GetFirmRequest::default());
    let long = "x".repeat(20_000).parse().unwrap();
    request.metadata_mut().insert("x-long", long);
    assert!(client.get_firm(request).await.is_err());
    served.call("someone").await.unwrap();
}
