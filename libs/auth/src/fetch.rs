//! Reading a key set from where the provider keeps it, never more than its longest.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::AsyncReadExt as _;

use crate::InvalidKeySet;
use crate::config::{AuthConfig, AuthConfigError, Source};
use crate::jwks::LONGEST;

/// A key set could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("the file can't be read: {0}")]
    File(#[from] std::io::Error),
    #[error("the provider can't be reached: {0:?}")]
    Connection(#[from] hyper_util::client::legacy::Error),
    #[error("the provider answered {0}")]
    Status(StatusCode),
    #[error("the provider's answer broke off: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    #[error("the provider did not answer within {0:?}")]
    Timeout(Duration),
    #[error(transparent)]
    Invalid(#[from] InvalidKeySet),
}

/// Where a key set is read from.
#[derive(Debug)]
pub(crate) enum Reader {
    File(PathBuf),
    Provider(Box<Provider>),
}

/// A provider's address. hyper's client follows no redirects, and the connector takes no other scheme than https.
#[derive(Debug)]
pub(crate) struct Provider {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    url: Uri,
    timeout: Duration,
}

impl Reader {
    pub(crate) fn new(config: &AuthConfig) -> Result<Self, AuthConfigError> {
        Ok(match config.source()? {
            Source::File(file) => Self::File(file),
            Source::Url(url) => Self::Provider(Box::new(Provider {
                client: client(config.ca_file.as_deref())?,
                url,
                timeout: Duration::from_millis(config.fetch_timeout_ms),
            })),
        })
    }

    pub(crate) async fn read(&self) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::File(file) => read_file(file).await,
            Self::Provider(provider) => tokio::time::timeout(provider.timeout, provider.read())
                .await
                .map_err(|_| FetchError::Timeout(provider.timeout))?,
        }
    }
}

impl Provider {
    async fn read(&self) -> Result<Vec<u8>, FetchError> {
        let answer = self.client.get(self.url.clone()).await?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status()));
        }
        let body = Limited::new(answer.into_body(), LONGEST);
        let body = body.collect().await.map_err(FetchError::Body)?;
        Ok(body.to_bytes().into())
    }
}

async fn read_file(file: &Path) -> Result<Vec<u8>, FetchError> {
    // One byte more than the longest shows that there is more.
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut document = Vec::new();
    tokio::fs::File::open(file)
        .await?
        .take(most)
        .read_to_end(&mut document)
        .await?;
    Ok(document)
}

fn client(
    ca_file: Option<&Path>,
) -> Result<Client<HttpsConnector<HttpConnector>, Empty<Bytes>>, AuthConfigError> {
    let unfit = |why: &dyn std::fmt::Display| AuthConfigError::Certificates(why.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unfit(&error))?;
    let builder = match ca_file {
        None => builder.with_native_roots().map_err(|error| unfit(&error))?,
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unfit(&error))? {
                roots
                    .add(certificate.map_err(|error| unfit(&error))?)
                    .map_err(|error| unfit(&error))?;
            }
            if roots.is_empty() {
                return Err(unfit(&"the file holds no certificate"));
            }
            builder.with_root_certificates(roots)
        }
    };
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(builder.with_no_client_auth())
        .https_only()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}
