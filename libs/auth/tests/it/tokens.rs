//! Every way in which a token may not be believed, and the few in which it may.

use caseload_auth::{AuthConfig, Caller, Denial, InvalidToken, Role, Who};
use caseload_domain::{FirmId, ParalegalId};
use ring::hmac;
use serde_json::{Value, json};

use crate::support::signer::{Signer, unsigned};
use crate::support::{AUDIENCE, House, KeyFile, authenticator, claims, now};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

fn invalid(why: InvalidToken) -> Denial {
    Denial::Token(why)
}

/// Good claims, with some changed: null takes a claim away.
fn claims_with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[tokio::test]
async fn a_good_token_of_each_algorithm_is_believed() {
    for signer in [Signer::ed("a"), Signer::ec("b"), Signer::rsa("c")] {
        let house = House::with(signer);
        let caller = house
            .authenticator
            .authenticate(&house.signer.token(&claims()))
            .await;
        let expected = Caller {
            subject: "coordinator@caseload.example".to_owned(),
            roles: vec![Role::Coordinator],
            who: Who::Suite,
            remote: None,
        };
        assert_eq!(caller, Ok(expected), "{}", house.signer.alg());
    }
}

#[tokio::test]
async fn a_token_for_several_audiences_is_believed_when_ours_is_one() {
    let house = House::new();
    let token = house
        .signer
        .token(&claims_with(&json!({"aud": ["other", AUDIENCE]})));
    assert!(house.authenticator.authenticate(&token).await.is_ok());
}

#[tokio::test]
async fn the_type_may_be_written_in_either_form() {
    let house = House::new();
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        let token = house.signer.token_with(&json!({"typ": typ}), &claims());
        assert!(
            house.authenticator.authenticate(&token).await.is_ok(),
            "{typ}"
        );
    }
}

#[tokio::test]
async fn a_forged_signature_is_refused() {
    for signer in [Signer::ed("a"), Signer::ec("b"), Signer::rsa("c")] {
        let house = House::with(signer);
        let good = house.signer.token(&claims());
        let (message, signature) = good.rsplit_once('.').unwrap();
        let mut bytes = BASE64.decode(signature).unwrap();
        bytes[7] ^= 1;
        let forged = format!("{message}.{}", BASE64.encode(&bytes));
        assert_eq!(
            house.refuses_token(&forged).await,
            invalid(InvalidToken::Signature)
        );
        for cut in [
            format!("{message}."),
            format!("{message}.{}", BASE64.encode(&bytes[1..])),
        ] {
            assert_eq!(
                house.refuses_token(&cut).await,
                invalid(InvalidToken::Signature)
            );
        }
        let (header, _) = message.split_once('.').unwrap();
        let other = BASE64.encode(claims_with(&json!({"sub": "boss"})).to_string());
        let swapped = format!("{header}.{other}.{signature}");
        assert_eq!(
            house.refuses_token(&swapped).await,
            invalid(InvalidToken::Signature)
        );
    }
}

#[tokio::test]
async fn another_key_under_the_same_id_is_refused() {
    let house = House::new();
    let token = Signer::ed(&house.signer.kid).token(&claims());
    assert_eq!(
        house.refuses_token(&token).await,
        invalid(InvalidToken::Signature)
    );
}

#[tokio::test]
async fn the_algorithm_none_is_refused() {
    let house = House::new();
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": house.signer.kid});
        let bare = format!("{}.", unsigned(&header.to_string(), &claims().to_string()));
        assert_eq!(
            house.refuses_token(&bare).await,
            invalid(InvalidToken::Algorithm)
        );
    }
}

#[tokio::test]
async fn a_public_key_is_not_a_shared_secret() {
    for signer in [Signer::ed("a"), Signer::ec("b"), Signer::rsa("c")] {
        let house = House::with(signer);
        let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": house.signer.kid});
        let message = unsigned(&header.to_string(), &claims().to_string());
        let key = hmac::Key::new(hmac::HMAC_SHA256, &house.signer.public());
        let tag = hmac::sign(&key, message.as_bytes());
        let forged = format!("{message}.{}", BASE64.encode(tag));
        assert_eq!(
            house.refuses_token(&forged).await,
            invalid(InvalidToken::Algorithm)
        );
    }
}

#[tokio::test]
async fn the_header_does_not_choose_the_algorithm() {
    let house = House::with(Signer::rsa("rsa"));
    for alg in ["RS384", "RS512", "PS256", "ES256", "EdDSA"] {
        let token = house.signer.token_with(&json!({"alg": alg}), &claims());
        assert_eq!(
            house.refuses_token(&token).await,
            invalid(InvalidToken::Algorithm),
            "{alg}"
        );
    }
}

#[tokio::test]
async fn an_algorithm_that_the_configuration_does_not_name_is_refused() {
    let (ed, ec) = (Signer::ed("ed"), Signer::ec("ec"));
    let file = KeyFile::with(&[ed.jwk(), ec.jwk()]);
    let strict = authenticator(&AuthConfig {
        algorithms: vec![caseload_auth::Algorithm::EdDsa],
        ..file.config()
    });
    assert!(strict.authenticate(&ed.token(&claims())).await.is_ok());
    let refused = strict.authenticate(&ec.token(&claims())).await;
    assert_eq!(refused, Err(invalid(InvalidToken::UnknownKey)));
}

#[tokio::test]
async fn a_token_of_another_issuer_or_audience_is_refused() {
    let house = House::new();
    let cases = [
        (
            json!({"iss": "https://other.example"}),
            InvalidToken::Issuer,
        ),
        (
            json!({"iss": "https://issuer.example/"}),
            InvalidToken::Issuer,
        ),
        (json!({"aud": "caseload-billing"}), InvalidToken::Audience),
        (
            json!({"aud": ["caseload-billing", "caseload-timekeeping"]}),
            InvalidToken::Audience,
        ),
        (json!({"aud": []}), InvalidToken::Audience),
    ];
    for (change, why) in cases {
        assert_eq!(
            house.refuses(&claims_with(&change)).await,
            invalid(why),
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_claim_that_is_missing_is_refused() {
    let house = House::new();
    for claim in ["iss", "aud", "sub", "exp", "iat", "jti", "roles"] {
        let without = claims_with(&json!({claim: null}));
        assert_eq!(
            house.refuses(&without).await,
            invalid(InvalidToken::Malformed),
            "{claim}"
        );
    }
}

#[tokio::test]
async fn a_claim_of_another_type_is_refused() {
    let house = House::new();
    let cases = [
        json!({"iss": [crate::support::ISSUER]}),
        json!({"iss": 7}),
        json!({"aud": {"0": AUDIENCE}}),
        json!({"aud": [AUDIENCE, 7]}),
        json!({"sub": ["someone"]}),
        json!({"exp": (now() + 600).to_string()}),
        json!({"exp": 1e300}),
        json!({"iat": "now"}),
        json!({"nbf": "then"}),
        json!({"jti": 1}),
        json!({"roles": "coordinator"}),
        json!({"roles": [["coordinator"]]}),
        json!({"firm": 1}),
        json!({"paralegal": {}}),
    ];
    for change in cases {
        let refused = house.refuses(&claims_with(&change)).await;
        assert_eq!(refused, invalid(InvalidToken::Malformed), "{change}");
    }
}

#[tokio::test]
async fn a_claim_that_is_there_twice_is_refused() {
    let house = House::new();
    for claim in ["iss", "aud", "sub", "exp", "iat", "jti", "roles"] {
        let good = claims();
        let twice = format!("{{\"{claim}\":{},{}", good[claim], &good.to_string()[1..]);
        let token = house
            .signer
            .sign(&house.signer.header().to_string(), &twice);
        let refused = house.refuses_token(&token).await;
        assert_eq!(refused, invalid(InvalidToken::Malformed), "{claim}");
    }
    let header = format!(
        r#"{{"alg":"none",{}"#,
        &house.signer.header().to_string()[1..]
    );
    let token = house.signer.sign(&header, &claims().to_string());
    assert_eq!(
        house.refuses_token(&token).await,
        invalid(InvalidToken::Malformed)
    );
}

#[tokio::test]
async fn an_expired_token_is_refused_once_the_leeway_is_over() {
    let house = House::new();
    let at = |exp: i64| claims_with(&json!({"iat": now() - 600, "exp": exp}));
    assert_eq!(
        house.refuses(&at(now() - 11)).await,
        invalid(InvalidToken::Expired)
    );
    assert_eq!(house.refuses(&at(0)).await, invalid(InvalidToken::Expired));
    let just = house.signer.token(&at(now() - 2));
    assert!(house.authenticator.authenticate(&just).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    let house = House::new();
    let cases = [
        json!({"nbf": now() + 60}),
        json!({"iat": now() + 60}),
        json!({"iat": i64::MAX, "exp": i64::MAX}),
    ];
    for change in cases {
        let refused = house.refuses(&claims_with(&change)).await;
        assert_eq!(refused, invalid(InvalidToken::Early), "{change}");
    }
    let soon = house
        .signer
        .token(&claims_with(&json!({"iat": now() + 2, "nbf": now() + 2})));
    assert!(house.authenticator.authenticate(&soon).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_valid_for_more_than_an_hour_or_for_no_time_is_refused() {
    let house = House::new();
    let cases = [
        json!({"exp": now() + 3_601 + 5, "iat": now()}),
        json!({"exp": i64::MAX}),
        json!({"iat": i64::MIN}),
        json!({"iat": now() + 5, "exp": now() + 5}),
    ];
    for change in cases {
        let refused = house.refuses(&claims_with(&change)).await;
        assert_eq!(refused, invalid(InvalidToken::Lifetime), "{change}");
    }
    let (iat, exp) = (now(), now() + 3_600);
    let hour = house.signer.token(&claims_with(
        &json!({"iat": iat, "exp": exp.min(iat + 3_600)}),
    ));
    assert!(house.authenticator.authenticate(&hour).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_type_is_refused() {
    let house = House::new();
    for typ in [json!("JWT"), json!("id_token"), json!(""), Value::Null] {
        let token = house.signer.token_with(&json!({"typ": typ}), &claims());
        assert_eq!(
            house.refuses_token(&token).await,
            invalid(InvalidToken::Type),
            "{typ}"
        );
    }
}

#[tokio::test]
async fn a_header_that_brings_extensions_or_keys_of_its_own_is_refused() {
    let house = House::new();
    let changes = [
        json!({"crit": ["exp"], "exp": 1}),
        json!({"crit": []}),
        json!({"jku": "https://evil.example/jwks"}),
        json!({"jwk": house.signer.jwk()}),
        json!({"x5u": "https://evil.example/certificate"}),
    ];
    for change in changes {
        let token = house.signer.token_with(&change, &claims());
        assert_eq!(
            house.refuses_token(&token).await,
            invalid(InvalidToken::Header),
            "{change}"
        );
    }
    for name in ["crit", "jku", "jwk", "x5u"] {
        let header = format!(
            r#"{{"{name}":null,{}"#,
            &house.signer.header().to_string()[1..]
        );
        let token = house.signer.sign(&header, &claims().to_string());
        assert_eq!(
            house.refuses_token(&token).await,
            invalid(InvalidToken::Header),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_token_without_a_key_id_or_with_an_unknown_one_is_refused() {
    let house = House::new();
    for kid in [Value::Null, json!("another"), json!("")] {
        let token = house.signer.token_with(&json!({"kid": kid}), &claims());
        assert_eq!(
            house.refuses_token(&token).await,
            invalid(InvalidToken::UnknownKey),
            "{kid}"
        );
    }
}

#[tokio::test]
async fn a_token_longer_than_8_kib_is_refused_before_it_is_decoded() {
    let house = House::new();
    let padded = |length: usize| {
        let claims = claims_with(&json!({"padding": "x".repeat(length)}));
        house.signer.token(&claims)
    };
    let long = padded(6_500);
    assert!(long.len() > 8 * 1024);
    assert_eq!(
        house.refuses_token(&long).await,
        invalid(InvalidToken::TooLong)
    );
    let noise = ".".repeat(8 * 1024 + 1);
    assert_eq!(
        house.refuses_token(&noise).await,
        invalid(InvalidToken::TooLong)
    );
    let fits = padded(5_500);
    assert!(fits.len() <= 8 * 1024);
    assert!(house.authenticator.authenticate(&fits).await.is_ok());
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let house = House::new();
    let header = BASE64.encode(house.signer.header().to_string());
    let texts = [
        String::new(),
        "token".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        "a.b.c.d.e".to_owned(),
        format!("{header}=.e30.AA"),
        format!("{}.e30.AA", BASE64.encode("[]")),
        format!("{}.e30.AA", BASE64.encode("{\"alg\":1}")),
        format!("{}.e30.AA", BASE64.encode(b"\xff\xfe")),
    ];
    for text in texts {
        let refused = house.refuses_token(&text).await;
        assert_eq!(refused, invalid(InvalidToken::Malformed), "{text}");
    }
    let not_json = house
        .signer
        .sign(&house.signer.header().to_string(), "claims");
    assert_eq!(
        house.refuses_token(&not_json).await,
        invalid(InvalidToken::Malformed)
    );
}

#[tokio::test]
async fn a_subject_that_can_not_be_recorded_is_refused() {
    let house = House::new();
    for subject in ["", "line\nbreak", "system:sequencer", &"x".repeat(257)] {
        let refused = house.refuses(&claims_with(&json!({"sub": subject}))).await;
        assert_eq!(refused, invalid(InvalidToken::Subject), "{subject:?}");
    }
}

#[tokio::test]
async fn roles_firm_and_paralegal_must_fit_together() {
    let house = House::new();
    let (firm, paralegal) = (FirmId::generate(), ParalegalId::generate());
    let believed = [
        (
            json!({"roles": ["attorney"], "firm": firm.to_string()}),
            Who::Firm(firm),
        ),
        (
            json!({"roles": ["firm_admin", "attorney"], "firm": firm.to_string()}),
            Who::Firm(firm),
        ),
        (
            json!({"roles": ["paralegal"], "paralegal": paralegal.to_string()}),
            Who::Paralegal(paralegal),
        ),
        (json!({"roles": ["reviewer", "billing_clerk"]}), Who::Suite),
    ];
    for (change, who) in believed {
        let token = house.signer.token(&claims_with(&change));
        let caller = house.authenticator.authenticate(&token).await.unwrap();
        assert_eq!(caller.who, who, "{change}");
    }
    let refused = [
        json!({"roles": []}),
        json!({"roles": ["attorney"]}),
        json!({"roles": ["Attorney"], "firm": firm.to_string()}),
        json!({"roles": ["attorney", "owner"], "firm": firm.to_string()}),
        json!({"roles": ["attorney"], "firm": "acme"}),
        json!({"roles": ["attorney"], "firm": firm.to_string().to_uppercase()}),
        json!({"roles": ["attorney"], "firm": ""}),
        json!({"roles": ["attorney"], "paralegal": paralegal.to_string()}),
        json!({"roles": ["attorney"], "firm": firm.to_string(), "paralegal": paralegal.to_string()}),
        json!({"roles": ["paralegal"]}),
        json!({"roles": ["paralegal"], "firm": firm.to_string()}),
        json!({"roles": ["coordinator"], "firm": firm.to_string()}),
        json!({"roles": ["coordinator"], "paralegal": paralegal.to_string()}),
        json!({"roles": ["attorney", "coordinator"], "firm": firm.to_string()}),
        json!({"roles": ["attorney", "paralegal"], "firm": firm.to_string()}),
    ];
    for change in refused {
        let refused = house.refuses(&claims_with(&change)).await;
        assert_eq!(refused, invalid(InvalidToken::Roles), "{change}");
    }
}
