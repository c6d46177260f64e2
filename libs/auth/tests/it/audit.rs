//! What a denial leaves behind.

use std::io;
use std::sync::{Arc, Mutex};

use caseload_auth::{Caller, Role, Who};
use caseload_domain::FirmId;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use tonic::Code;
use tracing_subscriber::fmt::MakeWriter;

use crate::layer::Gate;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn every_denial_is_recorded_with_who_what_why_and_whence_and_never_the_token() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(lines.clone())
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .finish();
    // For the whole process: a subscriber of one thread may miss what another thread has logged before.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let remote = "192.0.2.99:4711";
    let gate = Gate::called_from(remote);
    let (attorney, expired) = (gate.token("attorney"), "e30.e30.e30".to_owned());
    for token in [&attorney, &expired] {
        let header = format!("Bearer {token}");
        assert!(
            gate.call("/test.v1.TestService/OfSuite", &[header])
                .await
                .is_err()
        );
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let denied: Vec<_> = text.lines().filter(|line| line.contains(remote)).collect();
    assert_eq!(denied.len(), 2, "{text}");
    for (line, subject, reason) in [
        (denied[0], "attorney", "REACH"),
        (denied[1], "", "TOKEN_MALFORMED"),
    ] {
        assert!(line.contains(&format!("subject=\"{subject}\"")), "{line}");
        assert!(line.contains(&format!("reason=\"{reason}\"")), "{line}");
        assert!(
            line.contains("method=\"/test.v1.TestService/OfSuite\""),
            "{line}"
        );
        assert!(
            line.contains(" audit: ") && line.contains("remote=\"192.0.2.99"),
            "{line}"
        );
    }
    for token in [attorney, expired] {
        assert!(!text.contains(&token), "{text}");
    }

    // Another firm's resource is answered as if there were none, and yet it is on record who asked.
    let other = FirmId::generate();
    let curious = Caller {
        subject: "curious".to_owned(),
        roles: vec![Role::Attorney],
        who: Who::Firm(FirmId::generate()),
        remote: Some(remote.to_owned()),
    };
    assert_eq!(curious.scope_for(other), None);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = text.lines().find(|line| line.contains("OTHER_FIRM"));
    let line = line.expect("it is on record");
    for part in ["curious", &other.to_string(), remote, " audit: "] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn denials_are_counted_by_reason() {
    let exporter = InMemoryMetricExporter::default();
    let provider = SdkMeterProvider::builder()
        .with_periodic_exporter(exporter.clone())
        .build();
    opentelemetry::global::set_meter_provider(provider.clone());
    let gate = Gate::new();
    for _ in 0..3 {
        let answer = gate.call("/test.v1.TestService/OfSuite", &[]).await;
        assert_eq!(answer.unwrap_err().code(), Code::Unauthenticated);
    }
    assert!(
        gate.call_as("attorney", "/test.v1.TestService/OfSuite")
            .await
            .is_err()
    );
    provider.force_flush().unwrap();
    let counted = |reason: &str| {
        let batches = exporter.get_finished_metrics().unwrap();
        let metrics = batches
            .iter()
            .flat_map(|one| one.scope_metrics().collect::<Vec<_>>());
        let mut most = 0;
        for metric in metrics.flat_map(|scope| scope.metrics().collect::<Vec<_>>()) {
            if metric.name() != "caseload.auth.denials" {
                continue;
            }
            let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() else {
                panic!("the count is a sum");
            };
            for point in sum.data_points() {
                if point.attributes().any(|pair| pair.value.as_str() == reason) {
                    most = most.max(point.value());
                }
            }
        }
        most
    };
    // Other tests of this process may count too.
    assert!(counted("NO_TOKEN") >= 3);
    assert!(counted("REACH") >= 1);
}
