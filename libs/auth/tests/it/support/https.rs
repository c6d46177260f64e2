//! A provider's key server: real TLS on a port of its own, answers as told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use caseload_auth::AuthConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{self, ServerConfig};

use super::ISSUER;

pub(crate) struct Provider {
    shared: Arc<Shared>,
    url: String,
    directory: tempfile::TempDir,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    acceptor: TlsAcceptor,
    answer: Mutex<Vec<u8>>,
    asked: AtomicUsize,
    /// A permit for every answer that may go out.
    held: Semaphore,
}

impl Provider {
    pub(crate) async fn with(keys: &[Value]) -> Self {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), own.cert.pem()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key.into())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/jwks", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            acceptor: TlsAcceptor::from(Arc::new(tls)),
            answer: Mutex::default(),
            asked: AtomicUsize::new(0),
            held: Semaphore::new(Semaphore::MAX_PERMITS),
        });
        let served = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(served.clone(), stream));
            }
        });
        let provider = Self {
            shared,
            url,
            directory,
            task,
        };
        provider.publish(keys);
        provider
    }

    pub(crate) fn publish(&self, keys: &[Value]) {
        self.answers("200 OK", "", &json!({ "keys": keys }).to_string());
    }

    /// From now on every request is answered so.
    pub(crate) fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        *self.shared.answer.lock().unwrap() = answer.into_bytes();
    }

    /// Holds every answer back until [`release`](Self::release).
    pub(crate) fn hold(&self) {
        self.shared.held.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn release(&self) {
        self.shared.held.add_permits(1_000);
    }

    /// How often the keys were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A configuration that asks often, so that a test need not wait.
    pub(crate) fn config(&self) -> AuthConfig {
        AuthConfig {
            ca_file: Some(self.ca_file()),
            refresh_minimum_ms: 1,
            ..AuthConfig::with_key_url(ISSUER, self.url())
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(shared: Arc<Shared>, stream: TcpStream) {
    let Ok(mut stream) = shared.acceptor.accept(stream).await else {
        return;
    };
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_buf(&mut request).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    shared.asked.fetch_add(1, Ordering::SeqCst);
    let answer = shared.answer.lock().unwrap().clone();
    let Ok(permit) = shared.held.acquire().await else {
        return;
    };
    drop(permit);
    // The other side may have hung up, which is a matter of the test.
    if stream.write_all(&answer).await.is_ok() {
        stream.shutdown().await.ok();
    }
}
