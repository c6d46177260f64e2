//! The one TLS provider, and certificates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsConfig;

/// A certificate or key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read as PEM.
    #[error("can't read {path}: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: rustls::pki_types::pem::Error,
    },
    /// The certificate and the key do not fit together.
    #[error("the certificate and its key can't be used: {0}")]
    Rejected(#[from] rustls::Error),
}

/// Makes ring the provider of all TLS in the process. Called first thing in `main`; later calls change nothing.
pub fn install_provider() {
    // The error only says that a provider was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What a server offers: this certificate, and HTTP/2 alone.
pub(crate) fn server(config: &TlsConfig) -> Result<Arc<rustls::ServerConfig>, TlsError> {
    install_provider();
    let pem = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::Pem { path, source }
    };
    let certificates = CertificateDer::pem_file_iter(&config.certificate_file)
        .and_then(Iterator::collect)
        .map_err(pem(&config.certificate_file))?;
    let key = PrivateKeyDer::from_pem_file(&config.key_file).map_err(pem(&config.key_file))?;
    let mut server = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    server.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(server))
}
