//! How a store that speaks S3 is reached: with the HTTP client and the TLS of every other connection of the suite, where
//! the store's own library would bring others along.

use std::path::Path;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::PATIENCE;

type Inner = Client<HttpsConnector<TcpConnector>, HttpRequestBody>;

/// Makes clients that share their connections.
#[derive(Debug, Clone)]
pub(super) struct Connector(Inner);

impl Connector {
    /// Of servers that the machine trusts, or that an authority has signed.
    pub(super) fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let unfit = |why: &dyn std::fmt::Display| format!("certificates can't be used: {why}");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| unfit(&why))?;
        let tls = match ca_file {
            None => builder.with_native_roots().map_err(|why| unfit(&why))?,
            Some(file) => {
                let mut roots = RootCertStore::empty();
                for certificate in CertificateDer::pem_file_iter(file).map_err(|why| unfit(&why))? {
                    let certificate = certificate.map_err(|why| unfit(&why))?;
                    roots.add(certificate).map_err(|why| unfit(&why))?;
                }
                builder.with_root_certificates(roots)
            }
        };
        // Plaintext too: the configuration allows such an endpoint in development alone, and the address at which a
        // machine is told its own role speaks nothing else.
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self(client))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[tonic::async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = tokio::time::timeout(PATIENCE, self.0.request(request))
            .await
            .map_err(|why| HttpError::new(HttpErrorKind::Timeout, why))?;
        let answer = answer.map_err(|why| {
            let kind = if why.is_connect() {
                HttpErrorKind::Connect
            } else {
                HttpErrorKind::Interrupted
            };
            HttpError::new(kind, why)
        })?;
        Ok(answer.map(|body| {
            let broken = |why| HttpError::new(HttpErrorKind::Interrupted, why);
            HttpResponseBody::new(body.map_err(broken))
        }))
    }
}
