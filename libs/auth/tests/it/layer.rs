//! The policy in front of a service, as a client meets it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use caseload_auth::{AuthLayer, Caller, Remote};
use caseload_domain::{FirmId, ParalegalId};
use http::header::AUTHORIZATION;
use http::{Request, Response};
use serde_json::json;
use tonic::body::Body;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::support::contract::policy;
use crate::support::signer::Signer;
use crate::support::{KeyFile, authenticator, claims};

/// A service behind the layer that remembers whom it saw.
pub(crate) struct Gate {
    signer: Signer,
    layer: AuthLayer,
    reached: Arc<AtomicUsize>,
    seen: Arc<Mutex<Option<Caller>>>,
    file: KeyFile,
    remote: SocketAddr,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self::called_from("192.0.2.7:4711")
    }

    pub(crate) fn called_from(remote: &str) -> Self {
        let signer = Signer::ed("key");
        let file = KeyFile::with(&[signer.jwk()]);
        Self {
            layer: AuthLayer::new(authenticator(&file.config()), policy()),
            signer,
            reached: Arc::default(),
            seen: Arc::default(),
            file,
            remote: remote.parse().unwrap(),
        }
    }

    pub(crate) fn token(&self, role: &str) -> String {
        let mut claims = claims();
        claims["roles"] = json!([role]);
        claims["sub"] = role.into();
        match role {
            "attorney" | "firm_admin" => claims["firm"] = FirmId::generate().to_string().into(),
            "paralegal" => claims["paralegal"] = ParalegalId::generate().to_string().into(),
            _ => {}
        }
        self.signer.token(&claims)
    }

    /// Calls a method with these `authorization` headers.
    pub(crate) async fn call(&self, method: &str, headers: &[String]) -> Result<(), Status> {
        let mut request = Request::builder().uri(format!("http://host{method}"));
        for header in headers {
            request = request.header(AUTHORIZATION, header);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Remote(self.remote));
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Result<(), Status> {
        let (reached, seen) = (self.reached.clone(), self.seen.clone());
        let inner = service_fn(move |request: Request<Body>| {
            reached.fetch_add(1, Ordering::SeqCst);
            *seen.lock().unwrap() = request.extensions().get::<Caller>().cloned();
            let shown = format!("{:?}", request.headers().get(AUTHORIZATION));
            assert!(!shown.contains("Bearer"), "the token is not shown: {shown}");
            async { Ok::<_, Infallible>(Response::new(Body::empty())) }
        });
        let answer = self.layer.layer(inner).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        Status::from_header_map(answer.headers()).map_or(Ok(()), Err)
    }

    pub(crate) async fn call_as(&self, role: &str, method: &str) -> Result<(), Status> {
        self.call(method, &[format!("Bearer {}", self.token(role))])
            .await
    }

    fn reached(&self) -> usize {
        self.reached.load(Ordering::SeqCst)
    }
}

fn reason(status: &Status) -> String {
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.domain, "caseload");
    info.reason
}

#[tokio::test]
async fn a_caller_who_may_reaches_the_service_and_is_known_there() {
    let gate = Gate::new();
    assert!(
        gate.call_as("coordinator", "/test.v1.TestService/OfFirms")
            .await
            .is_ok()
    );
    let seen = gate.seen.lock().unwrap().clone().unwrap();
    assert_eq!(seen.subject, "coordinator");
    assert_eq!(seen.remote.as_deref(), Some("192.0.2.7:4711"));
}

#[tokio::test]
async fn each_reach_admits_its_own_callers_alone() {
    let gate = Gate::new();
    let cases = [
        // (method, role, may)
        ("OfFirms", "attorney", true),
        ("OfFirms", "paralegal", true),
        ("OfFirms", "coordinator", true),
        // Without the permission:
        ("OfFirms", "service", false),
        ("OfParalegals", "paralegal", true),
        ("OfParalegals", "billing_clerk", true),
        ("OfParalegals", "reviewer", false),
        ("OfParalegals", "firm_admin", false),
        ("OfSuite", "coordinator", true),
        // With the permission, but of a firm or a paralegal:
        ("OfSuite", "attorney", false),
        ("OfSuite", "paralegal", false),
    ];
    for (name, role, may) in cases {
        let before = gate.reached();
        let answer = gate
            .call_as(role, &format!("/test.v1.TestService/{name}"))
            .await;
        assert_eq!(answer.is_ok(), may, "{role} calls {name}");
        assert_eq!(
            gate.reached() - before,
            usize::from(may),
            "{role} calls {name}"
        );
        if let Err(status) = answer {
            assert_eq!(status.code(), Code::PermissionDenied);
            assert_eq!(reason(&status), "PERMISSION_DENIED");
            let details = status.get_details_error_info().unwrap();
            assert_eq!(
                details.metadata["method"],
                format!("test.v1.TestService/{name}")
            );
        }
    }
}

#[tokio::test]
async fn a_call_without_a_token_that_may_be_believed_is_unauthenticated() {
    let gate = Gate::new();
    let good = gate.token("coordinator");
    let forged = Signer::ed("key").token(&claims());
    let cases = [
        vec![],
        vec![String::new()],
        vec!["Bearer".to_owned()],
        vec!["Bearer ".to_owned()],
        vec![good.clone()],
        vec![format!("Basic {good}")],
        vec![format!("Bearer  {good}")],
        vec![format!("Bearer {good} ")],
        vec![format!("Bearer {forged}")],
        vec!["Bearer nonsense".to_owned()],
        // Two tokens, even the same, are none.
        vec![format!("Bearer {good}"), format!("Bearer {good}")],
        vec![format!("Bearer {good}"), "Bearer nonsense".to_owned()],
    ];
    for headers in cases {
        let status = gate
            .call("/test.v1.TestService/OfFirms", &headers)
            .await
            .unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{headers:?}");
        assert_eq!(reason(&status), "TOKEN_INVALID");
    }
    assert_eq!(gate.reached(), 0);
    let lower = vec![format!("bearer {good}")];
    assert!(
        gate.call("/test.v1.TestService/OfFirms", &lower)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_public_method_needs_no_token_and_has_no_caller() {
    let gate = Gate::new();
    for method in [
        "/test.v1.TestService/OfEveryone",
        "/grpc.health.v1.Health/Check",
    ] {
        assert!(gate.call(method, &[]).await.is_ok());
        assert!(
            gate.call(method, &["Bearer nonsense".to_owned()])
                .await
                .is_ok()
        );
        assert_eq!(*gate.seen.lock().unwrap(), None);
    }
}

#[tokio::test]
async fn an_unknown_method_is_answered_here_whoever_calls() {
    let gate = Gate::new();
    for method in [
        "/test.v1.TestService/New",
        "/other.v1.Service/Get",
        "/",
        "/metrics",
    ] {
        for answer in [
            gate.call(method, &[]).await,
            gate.call_as("coordinator", method).await,
        ] {
            assert_eq!(answer.unwrap_err().code(), Code::Unimplemented, "{method}");
        }
    }
    assert_eq!(gate.reached(), 0);
}

#[tokio::test]
async fn a_caller_who_was_put_there_from_outside_is_not_believed() {
    let gate = Gate::new();
    for method in ["OfEveryone", "OfFirms"] {
        let uri = format!("http://host/test.v1.TestService/{method}");
        let mut request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Caller {
            subject: "intruder".to_owned(),
            roles: vec![caseload_auth::Role::Coordinator],
            who: caseload_auth::Who::Suite,
            remote: None,
        });
        let answer = gate.send(request).await;
        assert_eq!(answer.is_ok(), method == "OfEveryone");
        assert_eq!(*gate.seen.lock().unwrap(), None);
    }
}

#[tokio::test]
async fn while_no_keys_are_known_calls_are_unavailable_and_not_denied() {
    let gate = Gate::new();
    std::fs::remove_file(gate.file.path()).unwrap();
    let status = gate
        .call_as("coordinator", "/test.v1.TestService/OfFirms")
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(reason(&status), "UNAVAILABLE");
    assert!(gate.call("/grpc.health.v1.Health/Check", &[]).await.is_ok());
}
