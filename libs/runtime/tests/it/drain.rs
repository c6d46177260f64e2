//! Stopping: what is under way is finished, and nothing can hold it up for ever.

use std::sync::Arc;
use std::time::Duration;

use caseload_runtime::{App, ChannelOptions, Worker};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::probe::{Probe, Served, limits};

/// Long enough for any machine; a test that waits for it fails.
const FOREVER: Duration = Duration::from_secs(30);

async fn stopped(served: Served) {
    tokio::time::timeout(FOREVER, served.task)
        .await
        .expect("it stops in time")
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_call_under_way_is_finished() {
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
    let served = Served::start(limits(), probe).await;
    let channel = served.channel("someone");
    let call = tokio::spawn(crate::probe::get(channel));
    begun.notified().await;
    served.shutdown.cancel();
    // Once a new connection is refused, the drain has begun.
    let mut pause = tokio::time::interval(Duration::from_millis(5));
    while TcpStream::connect(served.address).await.is_ok() {
        pause.tick().await;
    }
    go_on.add_permits(1);
    call.await.unwrap().expect("it is answered");
    stopped(served).await;
}

#[tokio::test]
async fn it_says_that_it_is_not_ready_and_serves_on_until_that_is_noticed() {
    let mut limited = limits();
    limited.drain.settle_ms = 60_000;
    let served = Served::start(limited, Probe::answering()).await;
    served.shutdown.cancel();
    let mut health = HealthClient::new(served.open(ChannelOptions::default()));
    let mut pause = tokio::time::interval(Duration::from_millis(5));
    loop {
        let answer = health.check(HealthCheckRequest::default()).await.unwrap();
        if answer.into_inner().status() == ServingStatus::NotServing {
            break;
        }
        pause.tick().await;
    }
    served.call("someone").await.expect("it serves on");
    served.task.abort();
}

#[tokio::test]
async fn a_client_that_never_says_a_word_does_not_hold_it_up() {
    let mut limited = limits();
    limited.preface_timeout_ms = 600_000;
    limited.drain.deadline_ms = 600_000;
    let served = Served::start(limited, Probe::answering()).await;
    let _silent = TcpStream::connect(served.address).await.unwrap();
    served.call("someone").await.unwrap();
    served.shutdown.cancel();
    stopped(served).await;
}

#[tokio::test]
async fn a_call_that_never_ends_is_cut_at_the_deadline() {
    let begun = Arc::new(Notify::new());
    let tell = Arc::clone(&begun);
    let probe = Probe::doing(move || {
        tell.notify_one();
        std::future::pending()
    });
    let mut limited = limits();
    limited.drain.deadline_ms = 100;
    let served = Served::start(limited, probe).await;
    let call = tokio::spawn(crate::probe::get(served.channel("someone")));
    begun.notified().await;
    served.shutdown.cancel();
    stopped(served).await;
    assert!(call.await.unwrap().is_err());
}

#[tokio::test]
async fn a_stream_that_is_followed_is_ended_so_that_its_client_goes_elsewhere() {
    let mut limited = limits();
    limited.drain.deadline_ms = 600_000;
    let served = Served::start(limited, Probe::answering()).await;
    let options = ChannelOptions {
        deadline: None,
        ..ChannelOptions::default()
    };
    let mut followed = HealthClient::new(served.open(options))
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    followed.message().await.unwrap().expect("the status now");
    served.shutdown.cancel();
    let ended = loop {
        match followed.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it ends with a reason"),
            Err(status) => break status,
        }
    };
    assert_eq!(ended.code(), tonic::Code::Unavailable);
    stopped(served).await;
}

#[tokio::test]
async fn one_that_is_cut_leaves_nothing_behind() {
    let (running, watched) = tokio::sync::oneshot::channel::<()>();
    let running = std::sync::Mutex::new(Some(running));
    let worker = Worker::new("watched", move |stop| {
        let running = running.lock().unwrap().take();
        async move {
            stop.cancelled().await;
            drop(running);
            Ok(())
        }
    });
    let app = App::new("probe").service(Probe::answering()).worker(worker);
    let served = Served::start_app(limits(), app).await;
    served.call("someone").await.unwrap();
    served.task.abort();
    // The worker ends, and the port is free again.
    let ended = tokio::time::timeout(FOREVER, watched).await;
    assert!(ended.expect("the worker ends").is_err());
    let mut pause = tokio::time::interval(Duration::from_millis(5));
    while TcpStream::connect(served.address).await.is_ok() {
        pause.tick().await;
    }
}

#[tokio::test]
async fn workers_are_told_to_stop_and_waited_for() {
    let (begun, finished) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (tell, done) = (Arc::clone(&begun), Arc::clone(&finished));
    let worker = Worker::new("tidy", move |stop| {
        let (tell, done) = (Arc::clone(&tell), Arc::clone(&done));
        async move {
            tell.notify_one();
            stop.cancelled().await;
            tokio::task::yield_now().await;
            done.add_permits(1);
            Ok(())
        }
    });
    let served = Served::start_app(limits(), App::new("probe").worker(worker)).await;
    begun.notified().await;
    served.shutdown.cancel();
    stopped(served).await;
    assert_eq!(finished.available_permits(), 1);
}

#[tokio::test]
async fn a_worker_that_does_not_listen_is_left_behind_at_the_deadline() {
    let mut limited = limits();
    limited.drain.deadline_ms = 100;
    let worker = Worker::new("deaf", |_| std::future::pending());
    let served = Served::start_app(limited, App::new("probe").worker(worker)).await;
    served.shutdown.cancel();
    stopped(served).await;
}
