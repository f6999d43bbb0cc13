//! ID tokens that are not for us, not for now, or not by the provider.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use identity::{BadAnswer, Failure, Identity, Step};
use serde_json::{Value, json};

use crate::kit::{Kit, MINUTE, SECOND, START};
use crate::mock::{CLIENT_ID, CLIENT_SECRET, Instead, KID, Signer, encode, merge};

const NOW: i64 = START / SECOND;
const UNREADABLE: BadAnswer = BadAnswer::Unreadable(Step::IdToken);

/// Signs in with claims replaced, and one with null taken away.
async fn with_claims(claims: Value) -> Result<Identity, BadAnswer> {
    let kit = Kit::oidc().await;
    bad(kit.sign_in_with(move |_, all| merge(all, &claims)).await)
}

async fn with_header(header: Value) -> Result<Identity, BadAnswer> {
    let kit = Kit::oidc().await;
    bad(kit.sign_in_with(move |all, _| merge(all, &header)).await)
}

fn bad(result: Result<Identity, Failure>) -> Result<Identity, BadAnswer> {
    result.map_err(|failure| match failure {
        Failure::BadAnswer(answer) => answer,
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn claims_that_are_wrong() {
    let cases = [
        (json!({ "iss": "https://evil.example.com" }), BadAnswer::Issuer),
        (json!({ "iss": "" }), BadAnswer::Issuer),
        (json!({ "iss": null }), UNREADABLE),
        (json!({ "aud": "somebody else" }), BadAnswer::Audience),
        (json!({ "aud": [] }), BadAnswer::Audience),
        (json!({ "aud": ["somebody else"] }), BadAnswer::Audience),
        (json!({ "aud": null }), UNREADABLE),
        (json!({ "aud": [CLIENT_ID, "somebody else"] }), BadAnswer::AuthorizedParty),
        (json!({ "aud": [CLIENT_ID, "somebody else"], "azp": "somebody else" }), BadAnswer::AuthorizedParty),
        (json!({ "azp": "somebody else" }), BadAnswer::AuthorizedParty),
        (json!({ "nonce": "another" }), BadAnswer::Nonce),
        (json!({ "nonce": "" }), BadAnswer::Nonce),
        (json!({ "nonce": null }), BadAnswer::Nonce),
        (json!({ "sub": "" }), BadAnswer::Subject),
        (json!({ "sub": null }), BadAnswer::Subject),
        (json!({ "exp": null }), UNREADABLE),
        (json!({ "iat": null }), UNREADABLE),
        (json!({ "exp": "tomorrow" }), UNREADABLE),
    ];
    for (claims, expected) in cases {
        assert_eq!(with_claims(claims.clone()).await, Err(expected), "{claims}");
    }
}

#[tokio::test]
async fn several_audiences_with_us_as_the_authorized_party() {
    let cases = [
        json!({ "aud": [CLIENT_ID] }),
        json!({ "aud": [CLIENT_ID, "somebody else"], "azp": CLIENT_ID }),
        json!({ "azp": CLIENT_ID }),
    ];
    for claims in cases {
        assert!(with_claims(claims.clone()).await.is_ok(), "{claims}");
    }
}

#[tokio::test]
async fn a_minute_between_the_clocks_is_forgiven_and_no_more() {
    let cases = [
        (json!({ "exp": NOW - 59 }), Ok(())),
        (json!({ "exp": NOW - 60 }), Err(BadAnswer::Expired)),
        (json!({ "exp": NOW as f64 - 59.5 }), Ok(())),
        (json!({ "exp": NOW as f64 - 60.5 }), Err(BadAnswer::Expired)),
        (json!({ "iat": NOW + 60 }), Ok(())),
        (json!({ "iat": NOW + 61 }), Err(BadAnswer::Future)),
        (json!({ "iat": NOW as f64 + 60.5 }), Err(BadAnswer::Future)),
        (json!({ "nbf": NOW + 60 }), Ok(())),
        (json!({ "nbf": NOW + 61 }), Err(BadAnswer::Future)),
        (json!({ "nbf": NOW - 1000 }), Ok(())),
        (json!({ "exp": -1 }), Err(BadAnswer::Expired)),
        (json!({ "iat": 1e300 }), Err(BadAnswer::Future)),
    ];
    for (claims, expected) in cases {
        assert_eq!(with_claims(claims.clone()).await.map(|_| ()), expected, "{claims}");
    }
}

#[tokio::test]
async fn a_provider_whose_clock_is_wrong() {
    let kit = Kit::oidc().await;
    for (seconds, expected) in
        [(-3659, Ok(())), (-3660, Err(BadAnswer::Expired)), (60, Ok(())), (61, Err(BadAnswer::Future))]
    {
        kit.mock.world().now = NOW + seconds;
        assert_eq!(bad(kit.sign_in().await).map(|_| ()), expected, "{seconds}");
    }
}

#[tokio::test]
async fn the_time_that_the_provider_takes_to_answer_is_no_difference_between_the_clocks() {
    let kit = Kit::oidc().await;
    let clock = Arc::clone(&kit.now);
    let slow = kit.sign_in_with(move |_, claims| {
        clock.fetch_add(90 * SECOND, Ordering::Relaxed);
        claims["iat"] = json!(NOW + 90);
    });
    assert!(slow.await.is_ok());
}

#[tokio::test]
async fn algorithms_that_are_not_accepted() {
    for alg in
        ["none", "None", "NONE", "HS256", "HS512", "RS1", "RS384", "PS256", "ES384", "EdDSA", "rs256", ""]
    {
        assert_eq!(with_header(json!({ "alg": alg })).await, Err(BadAnswer::Algorithm), "{alg}");
    }
    assert_eq!(with_header(json!({ "alg": null })).await, Err(UNREADABLE));
}

#[tokio::test]
async fn a_token_that_is_not_signed() {
    let kit = Kit::oidc().await;
    kit.mock.world().signer = Signer::None;
    assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::Algorithm));
    // Nor when it only pretends to be.
    let pretended = kit.sign_in_with(|header, _| header["alg"] = json!("RS256")).await;
    assert_eq!(bad(pretended), Err(BadAnswer::Signature));
}

#[tokio::test]
async fn a_token_that_is_signed_with_what_everybody_knows() {
    let kit = Kit::oidc().await;
    for secret in [CLIENT_SECRET.into(), Signer::rsa().modulus()] {
        kit.mock.world().signer = Signer::Hmac(secret);
        assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::Algorithm));
    }
}

#[tokio::test]
async fn a_critical_extension() {
    assert_eq!(with_header(json!({ "crit": ["exp"], "exp": 1 })).await, Err(BadAnswer::Critical));
    assert_eq!(with_header(json!({ "crit": [] })).await, Err(BadAnswer::Critical));
}

#[tokio::test]
async fn a_token_by_another_key_of_the_same_name() {
    let kit = Kit::oidc().await;
    kit.mock.world().keys = vec![Signer::p256().public(KID)];
    kit.mock.world().signer = Signer::p256();
    assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::Signature));
}

#[tokio::test]
async fn a_token_that_was_changed() {
    let kit = Kit::oidc().await;
    for part in 0..3 {
        kit.mock.world().forge = Box::new(move |token| {
            let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
            match part {
                0 => parts[0] = encode(json!({ "alg": "RS256", "kid": KID }).to_string()),
                1 => parts[1] = encode(json!({ "sub": "eve-1" }).to_string()),
                _ => parts[2] = encode([7; 256]),
            }
            parts.join(".")
        });
        assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::Signature), "part {part}");
    }
}

#[tokio::test]
async fn tokens_that_are_none() {
    type Forge = fn(String) -> String;
    let kit = Kit::oidc().await;
    let forges: [Forge; 7] = [
        |_| String::new(),
        |_| "...".to_owned(),
        |token| token.replacen('.', "", 1),
        |token| format!("{token}."),
        |token| format!("{token}.x"),
        |token| format!("{token}="),
        |token| format!("!{token}"),
    ];
    for (place, forge) in forges.into_iter().enumerate() {
        kit.mock.world().forge = Box::new(forge);
        assert_eq!(bad(kit.sign_in().await), Err(UNREADABLE), "{place}");
    }
}

#[tokio::test]
async fn keys_that_are_for_something_else() {
    let changes = [
        json!({ "use": "enc" }),
        json!({ "alg": "RS512" }),
        json!({ "alg": "ES256" }),
        json!({ "kty": "EC" }),
        json!({ "n": "not base64!" }),
        json!({ "e": null }),
        json!({ "kid": "other" }),
        json!({ "kid": null }),
    ];
    for change in changes {
        let kit = Kit::oidc().await;
        merge(&mut kit.mock.world().keys[0], &change);
        assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::UnknownKey), "{change}");
    }
}

#[tokio::test]
async fn a_key_of_another_kind_than_the_token_says() {
    assert_eq!(with_header(json!({ "alg": "ES256" })).await, Err(BadAnswer::UnknownKey));
}

#[tokio::test]
async fn a_coordinate_has_its_length() {
    let kit = Kit::oidc().await;
    let signer = Signer::p256();
    let (x, y) = signer.point();
    kit.mock.sign_with(signer, KID);
    assert!(kit.sign_in().await.is_ok());
    kit.pass(60 * MINUTE);
    // Put together they are the same point.
    let moved = json!({ "x": encode(&x[..31]), "y": encode([&x[31..], &y].concat()) });
    merge(&mut kit.mock.world().keys[0], &moved);
    assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::UnknownKey));
}

#[tokio::test]
async fn a_key_that_says_as_little_as_possible() {
    let kit = Kit::oidc().await;
    merge(&mut kit.mock.world().keys[0], &json!({ "use": null, "alg": "RS256" }));
    assert!(kit.sign_in().await.is_ok());
}

#[tokio::test]
async fn a_new_key_is_found_at_once() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    let signer = Signer::p256();
    kit.mock.world().keys.push(signer.public("second"));
    kit.mock.world().signer = signer;
    assert!(kit.sign_in_with(|header, _| header["kid"] = json!("second")).await.is_ok());
    assert_eq!(kit.mock.count("/keys"), 2);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    let unknown = |name: &'static str| kit.sign_in_with(move |header, _| header["kid"] = json!(name));
    for name in ["a", "b", "a"] {
        assert_eq!(bad(unknown(name).await), Err(BadAnswer::UnknownKey));
    }
    assert_eq!(kit.mock.count("/keys"), 2);
    kit.pass(MINUTE - 1);
    assert_eq!(bad(unknown("c").await), Err(BadAnswer::UnknownKey));
    assert_eq!(kit.mock.count("/keys"), 2);
    kit.pass(1);
    assert_eq!(bad(unknown("c").await), Err(BadAnswer::UnknownKey));
    assert_eq!(kit.mock.count("/keys"), 3);
    // Whoever has a known key goes in meanwhile.
    assert!(kit.sign_in_with(|_, _| {}).await.is_ok());
    assert_eq!(kit.mock.count("/keys"), 3);
}

#[tokio::test]
async fn a_wrong_signature_by_a_known_key_asks_for_nothing() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    kit.mock.world().signer = Signer::None;
    let forged = kit.sign_in_with(|header, _| header["alg"] = json!("RS256")).await;
    assert_eq!(bad(forged), Err(BadAnswer::Signature));
    assert_eq!(kit.mock.count("/keys"), 1);
}

#[tokio::test]
async fn a_new_key_without_a_name_is_found_too() {
    let kit = Kit::oidc().await;
    let nameless = |header: &mut Value, _: &mut Value| merge(header, &json!({ "kid": null }));
    kit.mock.sign_with(Signer::p256(), "old");
    kit.sign_in_with(nameless).await.unwrap();
    kit.mock.sign_with(Signer::p256(), "new");
    assert!(kit.sign_in_with(nameless).await.is_ok());
    assert_eq!(kit.mock.count("/keys"), 2);
    // Once a minute this too.
    kit.mock.world().signer = Signer::p256();
    assert_eq!(bad(kit.sign_in_with(nameless).await), Err(BadAnswer::Signature));
    assert_eq!(kit.mock.count("/keys"), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_had() {
    let kit = Kit::oidc().await;
    kit.mock.world().instead.insert("/keys", Instead::json(404, &json!({})));
    let expected = BadAnswer::Status { step: Step::Keys, status: 404 };
    assert_eq!(bad(kit.sign_in().await), Err(expected));
    kit.mock.world().instead.insert("/keys", Instead::json(200, &json!({ "keys": {} })));
    assert_eq!(bad(kit.sign_in().await), Err(BadAnswer::Unreadable(Step::Keys)));
}
