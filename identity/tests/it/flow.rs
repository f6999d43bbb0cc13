//! Sign-ins that succeed.

use identity::{BadAnswer, Failure, Identity, Listed};
use serde_json::json;

use crate::kit::{HOUR, Kit, MINUTE, PUBLIC_URL, START, copy};
use crate::mock::{CLIENT_ID, KID, Signer, encode, merge, parameters};

fn ada(kit: &Kit) -> Identity {
    Identity {
        issuer: kit.mock.url.clone(),
        subject: "ada-1".to_owned(),
        email: Some("ada@example.com".to_owned()),
        email_verified: true,
        name: Some("Ada".to_owned()),
    }
}

#[tokio::test]
async fn a_person_signs_in_with_rs256() {
    let kit = Kit::oidc().await;
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
    assert_eq!(kit.mock.count("/userinfo"), 0, "the ID token has everything");
}

#[tokio::test]
async fn a_person_signs_in_with_es256() {
    let kit = Kit::oidc().await;
    kit.mock.sign_with(Signer::p256(), KID);
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn the_browser_is_sent_with_everything_that_binds_the_answer_to_it() {
    let kit = Kit::oidc().await;
    let first = kit.provider().begin().await.unwrap();
    let second = kit.provider().begin().await.unwrap();
    let (first, second) = (parameters(&first.redirect_to), parameters(&second.redirect_to));
    assert_eq!(first["tenant"], "1", "the address's own query stays");
    assert_eq!(first["redirect_uri"], format!("{PUBLIC_URL}/auth/sso/callback"));
    assert_eq!(first["redirect_uri"], kit.provider().callback_url());
    assert_eq!(first["scope"], "openid email profile");
    assert_eq!(first["client_id"], CLIENT_ID);
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(first[secret].len() >= 22, "{secret} has less than 128 bits");
        assert_ne!(first[secret], second[secret], "{secret}");
    }
}

#[tokio::test]
async fn a_pending_sign_in_can_be_kept_as_json_and_found_by_its_state() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    assert_eq!(pending.provider(), "sso");
    assert_eq!(pending.started_at(), START);
    assert!(pending.is_for(callback.state.as_deref().unwrap()));
    assert!(!pending.is_for(""));
    assert_eq!(kit.provider().complete(copy(&pending), callback).await, Ok(ada(&kit)));
}

#[tokio::test]
async fn the_listed_providers_can_be_found() {
    let kit = Kit::oidc().await;
    assert_eq!(kit.providers.list(), [Listed { id: "sso".to_owned(), label: "Example".to_owned() }]);
    assert_eq!(kit.provider().id(), "sso");
    assert_eq!(kit.provider().label(), "Example");
    assert!(kit.providers.get("google").is_none());
}

#[tokio::test]
async fn only_a_clear_word_verifies_an_address() {
    let kit = Kit::oidc().await;
    let cases = [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!("yes"), false),
        (json!(1), false),
        (json!(null), false),
    ];
    for (value, verified) in cases {
        kit.mock.world().claims["email_verified"] = value.clone();
        let found = kit.sign_in().await.unwrap();
        assert_eq!(
            (found.email.as_deref(), found.email_verified),
            (Some("ada@example.com"), verified),
            "{value}"
        );
    }
}

#[tokio::test]
async fn a_null_is_no_word_either() {
    let kit = Kit::oidc().await;
    let found = kit.sign_in_with(|_, claims| claims["email_verified"] = json!(null)).await.unwrap();
    assert!(!found.email_verified);
}

#[tokio::test]
async fn a_person_may_have_no_address_and_no_name() {
    let kit = Kit::oidc().await;
    for (email, name) in [(json!(null), json!(null)), (json!(" "), json!(""))] {
        kit.mock.world().claims =
            json!({ "sub": "ada-1", "email": email, "name": name, "email_verified": true });
        let nobody = Identity { email: None, email_verified: false, name: None, ..ada(&kit) };
        assert_eq!(kit.sign_in().await, Ok(nobody));
    }
    kit.mock.world().discovery = json!({ "userinfo_endpoint": null });
    kit.pass(HOUR);
    let found = kit.sign_in().await.unwrap();
    assert_eq!(
        (found.email, found.email_verified),
        (None, false),
        "no address is verified, whatever is said of it"
    );
    assert_eq!(kit.mock.count("/userinfo"), 2);
}

#[tokio::test]
async fn an_address_that_is_not_in_the_id_token_is_asked_for() {
    let kit = Kit::oidc().await;
    kit.mock.world().claims = json!({ "sub": "ada-1" });
    kit.mock.world().user = json!({
        "sub": "ada-1", "email": "ada@example.com", "email_verified": true, "name": "Ada",
    });
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn the_address_of_somebody_else_is_not_taken() {
    let kit = Kit::oidc().await;
    // The verified mark of the ID token must not go over to an address that came without one.
    kit.mock.world().claims = json!({ "sub": "ada-1", "email_verified": true });
    kit.mock.world().user = json!({ "sub": "ada-1", "email": "ada@example.com" });
    assert!(!kit.sign_in().await.unwrap().email_verified);
    kit.mock.world().user = json!({ "sub": "eve-1", "email": "eve@example.com", "email_verified": true });
    assert_eq!(kit.sign_in().await, Err(Failure::BadAnswer(BadAnswer::Subject)));
}

#[tokio::test]
async fn a_provider_is_asked_what_it_can_do_once_an_hour() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    kit.pass(HOUR - MINUTE);
    kit.sign_in().await.unwrap();
    assert_eq!(kit.mock.count("/.well-known/openid-configuration"), 1);
    assert_eq!(kit.mock.count("/keys"), 1);
    kit.pass(MINUTE);
    kit.sign_in().await.unwrap();
    assert_eq!(kit.mock.count("/.well-known/openid-configuration"), 2);
    assert_eq!(kit.mock.count("/keys"), 2);
}

#[tokio::test]
async fn what_was_learned_in_a_future_that_did_not_come_is_asked_again() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    kit.pass(-1);
    kit.sign_in().await.unwrap();
    assert_eq!(kit.mock.count("/.well-known/openid-configuration"), 2);
    assert_eq!(kit.mock.count("/keys"), 2);
}

#[tokio::test]
async fn a_provider_that_reads_the_secret_from_the_form_gets_it_there() {
    let kit = Kit::oidc().await;
    kit.mock.world().secret_in_form = true;
    kit.mock.world().discovery = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] });
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn a_provider_that_reads_the_header_gets_it_there() {
    let kit = Kit::oidc().await;
    let both = json!(["client_secret_post", "client_secret_basic"]);
    kit.mock.world().discovery = json!({ "token_endpoint_auth_methods_supported": both });
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn keys_of_other_kinds_do_not_stand_in_the_way() {
    let kit = Kit::oidc().await;
    let mut keys = vec![
        json!({ "kty": "AKP", "kid": KID, "alg": "ML-DSA-44", "pub": "AAAA" }),
        json!({ "kty": "OKP", "kid": KID, "crv": "Ed25519", "x": "AAAA" }),
        json!({ "kty": "EC", "kid": KID, "crv": "P-521", "x": "AAAA", "y": "AAAA" }),
        json!({ "kty": "EC", "kid": KID, "crv": "P-256", "x": "AAAA", "y": "AAAA" }),
        json!({ "kty": "RSA", "kid": KID, "n": 5, "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": KID }),
        json!("a key"),
    ];
    keys.append(&mut kit.mock.world().keys);
    kit.mock.world().keys = keys;
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn a_modulus_may_begin_with_zeros() {
    let kit = Kit::oidc().await;
    let modulus = [vec![0], kit.mock.world().signer.modulus()].concat();
    kit.mock.world().keys[0]["n"] = encode(modulus).into();
    assert_eq!(kit.sign_in().await, Ok(ada(&kit)));
}

#[tokio::test]
async fn without_a_name_every_key_of_the_kind_is_tried() {
    let kit = Kit::oidc().await;
    let signer = Signer::p256();
    kit.mock.world().keys = vec![
        Signer::rsa().public("rsa"),
        Signer::p256().public("other"),
        signer.public("right"),
        Signer::p256().public("another"),
    ];
    kit.mock.world().signer = signer;
    let found = kit.sign_in_with(|header, _| merge(header, &json!({ "kid": null }))).await;
    assert_eq!(found, Ok(ada(&kit)));
}
