//! Which of a provider's keys are believed, and which sets are refused whole.

use caseload_auth::{Denial, InvalidToken};
use serde_json::{Value, json};

use crate::support::signer::Signer;
use crate::support::{KeyFile, authenticator, claims};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

/// A key's entry with some members changed: null takes one away.
fn changed(signer: &Signer, changes: &Value) -> Value {
    let mut jwk = signer.jwk();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(name);
        } else {
            jwk[name] = value.clone();
        }
    }
    jwk
}

/// Whether a token of the signer is believed when its key is published so, beside another that is sound.
async fn believed(signer: &Signer, jwk: Value) -> Result<(), Denial> {
    let file = KeyFile::with(&[jwk, Signer::ed("beside").jwk()]);
    let token = signer.token(&claims());
    authenticator(&file.config())
        .authenticate(&token)
        .await
        .map(drop)
}

const UNKNOWN: Denial = Denial::Token(InvalidToken::UnknownKey);

#[tokio::test]
async fn a_key_for_signatures_is_believed() {
    let signer = Signer::ec("key");
    for change in [
        json!({}),
        json!({"use": null}),
        json!({"alg": null}),
        json!({"key_ops": ["verify"]}),
        json!({"x5c": ["ignored"], "x5t": "ignored", "ext": true}),
    ] {
        assert_eq!(
            believed(&signer, changed(&signer, &change)).await,
            Ok(()),
            "{change}"
        );
    }
    let ed = Signer::ed("ed");
    assert_eq!(
        believed(&ed, changed(&ed, &json!({"alg": "Ed25519"}))).await,
        Ok(())
    );
}

#[tokio::test]
async fn a_key_of_another_use_kind_or_algorithm_is_passed_over() {
    for signer in [Signer::ed("a"), Signer::ec("b"), Signer::rsa("c")] {
        for change in [
            json!({"use": "enc"}),
            json!({"key_ops": ["encrypt", "wrapKey"]}),
            json!({"alg": "HS256"}),
            json!({"alg": "RS512"}),
            json!({"kty": "oct", "k": "c2VjcmV0"}),
            json!({"kty": "new"}),
            json!({"kid": null}),
            json!({"kid": ""}),
            json!({"d": "the private half"}),
        ] {
            let refused = believed(&signer, changed(&signer, &change)).await;
            assert_eq!(refused, Err(UNKNOWN), "{} {change}", signer.alg());
        }
    }
}

#[tokio::test]
async fn a_key_on_another_curve_or_of_another_size_is_passed_over() {
    let ec = Signer::ec("ec");
    let zeroes = BASE64.encode([0; 32]);
    for change in [
        json!({"crv": "P-384"}),
        json!({"crv": "secp256k1"}),
        json!({"crv": null}),
        json!({"x": BASE64.encode([1; 31])}),
        json!({"y": null}),
        // Not on the curve.
        json!({"x": zeroes, "y": zeroes}),
        json!({"x": "not base64url!"}),
    ] {
        assert_eq!(
            believed(&ec, changed(&ec, &change)).await,
            Err(UNKNOWN),
            "{change}"
        );
    }
    let ed = Signer::ed("ed");
    for change in [
        json!({"crv": "X25519"}),
        json!({"crv": "Ed448"}),
        json!({"x": BASE64.encode([1; 31])}),
        json!({"x": ""}),
    ] {
        assert_eq!(
            believed(&ed, changed(&ed, &change)).await,
            Err(UNKNOWN),
            "{change}"
        );
    }
    let rsa = Signer::rsa("rsa");
    for change in [
        // 1024 and 8192 bits.
        json!({"n": BASE64.encode([0xff; 128])}),
        json!({"n": BASE64.encode([0xff; 1024])}),
        json!({"e": BASE64.encode([1])}),
        json!({"e": BASE64.encode([2])}),
        json!({"e": BASE64.encode([0xff; 9])}),
        json!({"e": ""}),
        json!({"n": null}),
    ] {
        assert_eq!(
            believed(&rsa, changed(&rsa, &change)).await,
            Err(UNKNOWN),
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_set_that_is_malformed_or_ambiguous_is_refused_whole() {
    let signer = Signer::ed("key");
    let good = signer.jwk();
    let many: Vec<_> = (0..33)
        .map(|number| changed(&signer, &json!({"kid": number.to_string()})))
        .collect();
    let long = changed(&signer, &json!({"padding": "x".repeat(64 * 1024)}));
    let documents = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        json!({"keys": good}).to_string(),
        json!({"keys": []}).to_string(),
        json!({"keys": [good, 7]}).to_string(),
        json!({"keys": [good, {"kid": "no kind"}]}).to_string(),
        json!({"keys": [good, changed(&signer, &json!({"kid": 7}))]}).to_string(),
        // Which of the two is meant can't be told, even though one may not verify.
        json!({"keys": [good, good]}).to_string(),
        json!({"keys": [good, changed(&signer, &json!({"use": "enc"}))]}).to_string(),
        json!({"keys": many}).to_string(),
        json!({"keys": [long]}).to_string(),
        format!(r#"{{"keys":[],"keys":[{good}]}}"#),
        format!(r#"{{"keys":[{{"kid":"other",{}]}}"#, &good.to_string()[1..]),
    ];
    for document in documents {
        let file = KeyFile::with(&[]);
        file.write(&document);
        let service = authenticator(&file.config());
        let refused = service.authenticate(&signer.token(&claims())).await;
        let start: String = document.chars().take(200).collect();
        assert!(matches!(refused, Err(Denial::Keys(_))), "{start}");
        assert!(service.ready().await.is_err(), "{start}");
    }
}
