//! Keys come, go and can't be reached, without a restart.

use std::sync::Arc;

use caseload_auth::{
    AuthConfig, AuthConfigError, Authenticator, Denial, Environment, InvalidToken,
};
use futures::future::join_all;
use serde_json::Value;

use crate::support::https::Provider;
use crate::support::signer::Signer;
use crate::support::{AUDIENCE, ISSUER, KeyFile, authenticator, claims, eventually};

const UNKNOWN: Denial = Denial::Token(InvalidToken::UnknownKey);

#[tokio::test]
async fn a_new_key_in_the_file_is_believed_and_a_key_that_was_taken_out_is_not() {
    let (old, new) = (Signer::ed("old"), Signer::ec("new"));
    let file = KeyFile::with(&[old.jwk()]);
    let service = authenticator(&AuthConfig {
        refresh_interval_ms: 1,
        ..file.config()
    });
    let (with_old, with_new) = (old.token(&claims()), new.token(&claims()));
    assert!(service.authenticate(&with_old).await.is_ok());
    assert_eq!(service.authenticate(&with_new).await, Err(UNKNOWN));

    file.publish(&[old.jwk(), new.jwk()]);
    eventually("the new key is believed", async || {
        service.authenticate(&with_new).await.is_ok()
    })
    .await;
    assert!(service.authenticate(&with_old).await.is_ok());

    // Even a token that was verified and is remembered is refused once its key is gone.
    file.publish(&[new.jwk()]);
    eventually("the old key is not believed", async || {
        service.authenticate(&with_old).await == Err(UNKNOWN)
    })
    .await;
    assert!(service.authenticate(&with_new).await.is_ok());
}

#[tokio::test]
async fn a_key_that_is_replaced_under_its_id_takes_its_tokens_with_it() {
    let (old, new) = (Signer::ed("key"), Signer::ed("key"));
    let file = KeyFile::with(&[old.jwk()]);
    let service = authenticator(&AuthConfig {
        refresh_interval_ms: 1,
        ..file.config()
    });
    let token = old.token(&claims());
    assert!(service.authenticate(&token).await.is_ok());
    file.publish(&[new.jwk()]);
    eventually("the old key's token is refused", async || {
        service.authenticate(&token).await == Err(Denial::Token(InvalidToken::Signature))
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_damaged_or_gone_leaves_the_last_good_keys_for_a_time() {
    let signer = Signer::ed("key");
    let file = KeyFile::with(&[signer.jwk()]);
    let token = signer.token(&claims());
    let patient = authenticator(&AuthConfig {
        refresh_interval_ms: 1,
        ..file.config()
    });
    let impatient = authenticator(&AuthConfig {
        refresh_interval_ms: 1,
        keep_keys_ms: 20,
        ..file.config()
    });
    assert!(patient.authenticate(&token).await.is_ok());
    assert!(impatient.authenticate(&token).await.is_ok());
    file.write("{");
    eventually("the keys are given up", async || {
        matches!(impatient.authenticate(&token).await, Err(Denial::Keys(_)))
    })
    .await;
    assert!(impatient.ready().await.is_err());
    assert!(patient.authenticate(&token).await.is_ok());
    std::fs::remove_file(file.path()).unwrap();
    assert!(patient.authenticate(&token).await.is_ok());

    file.publish(&[signer.jwk()]);
    eventually("the keys are back", async || {
        impatient.ready().await.is_ok()
    })
    .await;
    assert!(impatient.authenticate(&token).await.is_ok());
}

#[tokio::test]
async fn keys_are_fetched_over_https_and_again_when_a_token_names_an_unknown_one() {
    let (old, new) = (Signer::ed("old"), Signer::rsa("new"));
    let provider = Provider::with(&[old.jwk()]).await;
    let service = authenticator(&provider.config());
    assert!(service.authenticate(&old.token(&claims())).await.is_ok());
    assert_eq!(provider.asked(), 1);

    provider.publish(&[old.jwk(), new.jwk()]);
    let token = new.token(&claims());
    eventually("the new key is believed", async || {
        service.authenticate(&token).await.is_ok()
    })
    .await;
    let asked = provider.asked();
    for _ in 0..100 {
        assert!(service.authenticate(&token).await.is_ok());
        assert!(service.authenticate(&old.token(&claims())).await.is_ok());
    }
    assert_eq!(
        provider.asked(),
        asked,
        "known keys are not asked for again"
    );
}

#[tokio::test]
async fn made_up_key_ids_do_not_flood_the_provider() {
    let signer = Signer::ed("key");
    let provider = Provider::with(&[signer.jwk()]).await;
    let service = authenticator(&AuthConfig {
        refresh_minimum_ms: 3_600_000,
        ..provider.config()
    });
    assert!(service.authenticate(&signer.token(&claims())).await.is_ok());
    for number in 0..100 {
        let token = Signer::ed(&number.to_string()).token(&claims());
        assert_eq!(service.authenticate(&token).await, Err(UNKNOWN));
    }
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn many_calls_at_once_wait_for_one_fetch() {
    let signer = Signer::ed("key");
    let provider = Provider::with(&[signer.jwk()]).await;
    let service = Arc::new(authenticator(&provider.config()));
    provider.hold();
    let calls = (0..200).map(|_| {
        let (service, token) = (service.clone(), signer.token(&claims()));
        async move { service.authenticate(&token).await }
    });
    let calls = tokio::spawn(join_all(calls));
    eventually("the provider is asked", async || provider.asked() == 1).await;
    // A caller who gives up takes nothing away from the others.
    let gone = signer.token(&claims());
    let gave_up = tokio::time::timeout(std::time::Duration::ZERO, service.authenticate(&gone));
    assert!(gave_up.await.is_err());
    provider.release();
    assert!(
        calls
            .await
            .unwrap()
            .into_iter()
            .all(|answer| answer.is_ok())
    );
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn old_keys_serve_while_the_provider_is_asked_and_while_it_is_down() {
    let signer = Signer::ed("key");
    let provider = Provider::with(&[signer.jwk()]).await;
    let service = authenticator(&AuthConfig {
        refresh_interval_ms: 1,
        ..provider.config()
    });
    let token = signer.token(&claims());
    assert!(service.authenticate(&token).await.is_ok());
    provider.answers("503 Service Unavailable", "", "");
    let asked = provider.asked();
    eventually("the provider was asked in vain", async || {
        assert!(service.authenticate(&token).await.is_ok());
        provider.asked() > asked + 1
    })
    .await;
    provider.hold();
    assert!(
        service.authenticate(&token).await.is_ok(),
        "nobody waits for newer keys"
    );
}

#[tokio::test]
async fn a_provider_that_is_down_from_the_start_makes_tokens_uncheckable_until_it_is_up() {
    let signer = Signer::ed("key");
    let provider = Provider::with(&[signer.jwk()]).await;
    provider.answers("500 Internal Server Error", "", "");
    let service = authenticator(&provider.config());
    let token = signer.token(&claims());
    assert!(matches!(
        service.authenticate(&token).await,
        Err(Denial::Keys(_))
    ));
    provider.publish(&[signer.jwk()]);
    eventually("tokens can be checked", async || {
        service.authenticate(&token).await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_not_waited_for_for_ever() {
    let signer = Signer::ed("key");
    let provider = Provider::with(&[signer.jwk()]).await;
    provider.hold();
    let service = authenticator(&AuthConfig {
        fetch_timeout_ms: 50,
        ..provider.config()
    });
    let refused = service.authenticate(&signer.token(&claims())).await;
    assert!(matches!(refused, Err(Denial::Keys(_))));
}

#[tokio::test]
async fn redirects_are_not_followed_and_answers_are_bounded() {
    let signer = Signer::ed("key");
    let (provider, other) = (
        Provider::with(&[]).await,
        Provider::with(&[signer.jwk()]).await,
    );
    let keys = serde_json::json!({"keys": [signer.jwk()]}).to_string();
    let location = format!("location: {}\r\n", other.url());
    let padded = format!("{}{keys}", " ".repeat(64 * 1024));
    for (status, headers, body) in [
        ("302 Found", location.as_str(), keys.as_str()),
        ("307 Temporary Redirect", &location, ""),
        ("200 OK", "", &padded),
        ("201 Created", "", &keys),
        ("200 OK", "", "<html>"),
    ] {
        provider.answers(status, headers, body);
        let service = authenticator(&provider.config());
        let refused = service.authenticate(&signer.token(&claims())).await;
        assert!(matches!(refused, Err(Denial::Keys(_))), "{status}");
    }
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_provider_with_a_certificate_of_another_authority_is_not_believed() {
    let signer = Signer::ed("key");
    let (provider, other) = (
        Provider::with(&[signer.jwk()]).await,
        Provider::with(&[]).await,
    );
    let service = authenticator(&AuthConfig {
        ca_file: Some(other.ca_file()),
        ..provider.config()
    });
    let refused = service.authenticate(&signer.token(&claims())).await;
    assert!(matches!(refused, Err(Denial::Keys(_))));
    assert_eq!(provider.asked(), 0);
}

#[tokio::test]
async fn a_configuration_that_would_weaken_the_check_is_refused() {
    let good = || KeyFile::with(&[]).config();
    let refused = |config: &AuthConfig| {
        Authenticator::new(config, AUDIENCE, Environment::Production).unwrap_err()
    };
    for address in [
        "http://issuer.example/jwks",
        "http://127.0.0.1/jwks",
        "file:///etc/passwd",
        "https://user:secret@issuer.example/jwks",
        "/jwks",
        "",
    ] {
        let config = AuthConfig::with_key_url(ISSUER, address);
        assert!(
            matches!(refused(&config), AuthConfigError::NotHttps),
            "{address}"
        );
    }
    let both = AuthConfig {
        jwks_url: Some("https://issuer.example/jwks".to_owned()),
        ..good()
    };
    assert!(matches!(refused(&both), AuthConfigError::OneKeySource));
    let neither = AuthConfig {
        jwks_file: None,
        ..good()
    };
    assert!(matches!(refused(&neither), AuthConfigError::OneKeySource));
    let lenient = AuthConfig {
        leeway_seconds: 31,
        ..good()
    };
    assert!(matches!(refused(&lenient), AuthConfigError::Leeway(31)));
    let none = AuthConfig {
        algorithms: Vec::new(),
        ..good()
    };
    assert!(matches!(refused(&none), AuthConfigError::NoAlgorithms));
    let nobody = AuthConfig {
        issuer: String::new(),
        ..good()
    };
    assert!(matches!(refused(&nobody), AuthConfigError::NoIssuer));
    let no_audience = AuthConfig {
        audience: Some(String::new()),
        ..good()
    };
    assert!(matches!(refused(&no_audience), AuthConfigError::NoAudience));
    let at_once = AuthConfig {
        refresh_minimum_ms: 0,
        ..good()
    };
    assert!(matches!(
        refused(&at_once),
        AuthConfigError::Zero("refresh_minimum_ms")
    ));
}

#[test]
fn a_configuration_names_asymmetric_algorithms_alone_and_no_unknown_key() {
    let read = |change: (&str, Value)| {
        let mut config = serde_json::json!({"issuer": ISSUER, "jwks_file": "keys"});
        config[change.0] = change.1;
        serde_json::from_value::<AuthConfig>(config)
    };
    assert!(read(("algorithms", serde_json::json!(["ES256", "RS256", "EdDSA"]))).is_ok());
    for word in ["HS256", "none", "es256", "PS256"] {
        assert!(
            read(("algorithms", serde_json::json!([word]))).is_err(),
            "{word}"
        );
    }
    assert!(read(("leeway", Value::from(10))).is_err());
}
