//! Who is let through, and what is open to everyone.

use std::path::Path;

use caseload_runtime::config::TlsConfig;
use caseload_runtime::{Channel, ChannelOptions, TokenSource};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tonic::Code;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ListServiceResponse, ServerReflectionRequest};

use crate::probe::{Probe, Served, get, limits, token};

#[tokio::test]
async fn a_call_without_a_token_is_refused() {
    let served = Served::start(limits(), Probe::answering()).await;
    let refused = get(served.open(ChannelOptions::default()))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn reflection_lists_what_is_served_to_everyone() {
    let served = Served::start(limits(), Probe::answering()).await;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(served.open(ChannelOptions::default()));
    let mut answers = client
        .server_reflection_info(futures::stream::iter([request]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(ListServiceResponse { service })) =
        answer.message_response
    else {
        panic!("not a list: {answer:?}");
    };
    let mut names: Vec<_> = service.into_iter().map(|one| one.name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "caseload.intake.v1.FirmService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
        ]
    );
}

#[tokio::test]
async fn reflection_answers_those_who_speak_v1alpha_alone() {
    use tonic_reflection::pb::v1alpha;
    use v1alpha::server_reflection_request::MessageRequest;
    use v1alpha::server_reflection_response::MessageResponse;

    let served = Served::start(limits(), Probe::answering()).await;
    let symbol = "caseload.intake.v1.FirmService".to_owned();
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(symbol)),
    };
    let channel = served.open(ChannelOptions::default());
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(channel);
    let mut answers = client
        .server_reflection_info(futures::stream::iter([request]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert!(
        matches!(
            answer.message_response,
            Some(MessageResponse::FileDescriptorResponse(_))
        ),
        "{answer:?}"
    );
}

/// An authority in a folder, and a certificate of its for this machine: `ca.pem`, `tls.crt`, `tls.key`.
fn certificates(folder: &Path) -> TlsConfig {
    let authority_key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = parameters.self_signed(&authority_key).unwrap();
    let issuer = Issuer::from_params(&parameters, &authority_key);
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    std::fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
    let config = TlsConfig {
        certificate_file: folder.join("tls.crt"),
        key_file: folder.join("tls.key"),
    };
    std::fs::write(&config.certificate_file, certificate.pem()).unwrap();
    std::fs::write(&config.key_file, key.serialize_pem()).unwrap();
    config
}

#[tokio::test]
async fn with_a_certificate_only_those_who_speak_tls_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut limited = limits();
    limited.preface_timeout_ms = 500;
    limited.tls = Some(certificates(folder.path()));
    let served = Served::start(limited, Probe::answering()).await;
    let options = |ca_file| ChannelOptions {
        ca_file,
        ..ChannelOptions::with_tokens(TokenSource::fixed(token("someone").into()))
    };
    let endpoint = format!("https://{}", served.address);

    let trusting = options(Some(folder.path().join("ca.pem")));
    get(Channel::lazy(&endpoint, trusting).unwrap())
        .await
        .expect("it is answered over TLS");

    let plain = get(served.channel("someone")).await.unwrap_err();
    assert_eq!(plain.code(), Code::Unavailable);

    let other = tempfile::tempdir().unwrap();
    certificates(other.path());
    let distrusting = options(Some(other.path().join("ca.pem")));
    let refused = get(Channel::lazy(&endpoint, distrusting).unwrap())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);

    let careless = Channel::lazy(&endpoint, options(None)).unwrap_err();
    assert!(careless.to_string().contains("ca_file"), "{careless}");
}
