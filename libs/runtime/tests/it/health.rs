//! Health follows what must be well; liveness does not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use caseload_runtime::{App, Channel, ChannelOptions, NotReady, Readiness, Worker, WorkerError};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::probe::{Probe, Served, limits};

/// What is told of a service at an address.
async fn told(address: SocketAddr, service: &str) -> ServingStatus {
    let channel = Channel::lazy(&format!("http://{address}"), ChannelOptions::default()).unwrap();
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let answer = HealthClient::new(channel).check(request).await.unwrap();
    answer.into_inner().status()
}

/// Waits until it is told; fails after a while.
async fn until(address: SocketAddr, service: &str, status: ServingStatus) {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    tokio::time::timeout(Duration::from_secs(20), async {
        while told(address, service).await != status {
            pause.tick().await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("{service:?} is not told to be {status:?}"));
}

#[tokio::test]
async fn readiness_follows_its_checks_on_both_ports_and_liveness_does_not() {
    let well = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&well);
    let check = Readiness::new("database", move || {
        let well = asked.load(Ordering::SeqCst);
        async move {
            well.then_some(())
                .ok_or_else(|| NotReady::because("the database is away"))
        }
    });
    let app = App::new("probe")
        .service(Probe::answering())
        .ready_when(check);
    let served = Served::start_app(limits(), app).await;
    let names = ["", "readiness", "caseload.intake.v1.FirmService"];
    for address in [served.address, served.health] {
        for name in names {
            until(address, name, ServingStatus::NotServing).await;
        }
        assert_eq!(told(address, "liveness").await, ServingStatus::Serving);
    }
    well.store(true, Ordering::SeqCst);
    for address in [served.address, served.health] {
        for name in names {
            until(address, name, ServingStatus::Serving).await;
        }
    }
    well.store(false, Ordering::SeqCst);
    until(served.health, "readiness", ServingStatus::NotServing).await;
    assert_eq!(
        told(served.health, "liveness").await,
        ServingStatus::Serving
    );
}

#[tokio::test]
async fn a_check_that_never_answers_is_not_well() {
    let check = Readiness::new("stuck", std::future::pending);
    let app = App::new("probe").ready_when(check);
    let served = Served::start_app(limits(), app).await;
    until(served.health, "", ServingStatus::NotServing).await;
}

#[tokio::test]
async fn a_worker_that_fails_shows_in_readiness_and_is_started_again() {
    let broken = Arc::new(AtomicBool::new(false));
    let breaks = Arc::clone(&broken);
    let worker = Worker::new("sweep", move |stop| {
        let broken = Arc::clone(&breaks);
        async move {
            let mut pause = tokio::time::interval(Duration::from_millis(5));
            while !stop.is_cancelled() {
                pause.tick().await;
                if broken.load(Ordering::SeqCst) {
                    return Err(WorkerError::new("the table is not there"));
                }
            }
            Ok(())
        }
    });
    let app = App::new("probe").worker(worker);
    let served = Served::start_app(limits(), app).await;
    until(served.health, "", ServingStatus::Serving).await;
    broken.store(true, Ordering::SeqCst);
    until(served.health, "", ServingStatus::NotServing).await;
    broken.store(false, Ordering::SeqCst);
    until(served.health, "", ServingStatus::Serving).await;
}

#[tokio::test]
async fn the_health_port_offers_nothing_else() {
    let served = Served::start(limits(), Probe::answering()).await;
    let channel = Channel::lazy(
        &format!("http://{}", served.health),
        ChannelOptions::default(),
    )
    .unwrap();
    let refused = crate::probe::get(channel).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unimplemented);
}
