//! A store that speaks S3.

use object_store::aws::{AmazonS3, AmazonS3Builder};
use secrecy::{ExposeSecret as _, SecretString};

use super::connector::Connector;
use crate::config::documents::S3Config;

/// Opens a bucket. Nothing is asked of it yet.
pub(super) fn open(config: &S3Config) -> Result<AmazonS3, String> {
    let connector = Connector::new(config.ca_file.as_deref())?;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_http_connector(connector);
    if let Some(endpoint) = &config.endpoint {
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(id) = &config.access_key_id {
        let secret = secret(config)?;
        builder = builder
            .with_access_key_id(id)
            .with_secret_access_key(secret.expose_secret());
    }
    builder.build().map_err(|why| why.to_string())
}

fn secret(config: &S3Config) -> Result<SecretString, String> {
    if let Some(secret) = &config.secret_access_key {
        return Ok(secret.clone());
    }
    let Some(file) = &config.secret_access_key_file else {
        return Err("there is no secret beside access_key_id".to_owned());
    };
    let text = std::fs::read_to_string(file)
        .map_err(|why| format!("can't read {}: {why}", file.display()))?;
    Ok(text.trim().into())
}
