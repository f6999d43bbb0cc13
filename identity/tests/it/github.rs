//! GitHub.

use identity::{BadAnswer, Callback, Failure, Identity, Outage, Refusal, Step};
use serde_json::{Value, json};

use crate::kit::{Kit, copy};
use crate::mock::{Instead, parameters};

const TOKEN: &str = "/login/oauth/access_token";

fn email(address: &str, primary: bool, verified: bool) -> Value {
    json!({ "email": address, "primary": primary, "verified": verified, "visibility": null })
}

async fn grace() -> Kit {
    let kit = Kit::github().await;
    kit.mock.world().user =
        json!({ "id": 583_231, "login": "grace", "name": "Grace", "email": "public@example.com" });
    kit.mock.world().emails =
        json!([email("old@example.com", false, true), email("grace@example.com", true, true)]);
    kit
}

#[tokio::test]
async fn a_person_signs_in() {
    let kit = grace().await;
    let expected = Identity {
        issuer: kit.mock.url.clone(),
        subject: "583231".to_owned(),
        email: Some("grace@example.com".to_owned()),
        email_verified: true,
        name: Some("Grace".to_owned()),
    };
    assert_eq!(kit.sign_in().await, Ok(expected));
    let world = kit.mock.world();
    let emails = world.seen.iter().find(|seen| seen.path == "/user/emails").unwrap();
    assert_eq!(emails.query.as_deref(), Some("per_page=100"));
}

#[tokio::test]
async fn the_browser_is_sent_to_the_site() {
    let kit = grace().await;
    let begun = kit.provider().begin().await.unwrap();
    assert!(begun.redirect_to.starts_with(&format!("{}/login/oauth/authorize?", kit.mock.url)));
    let asked = parameters(&begun.redirect_to);
    assert_eq!(asked["scope"], "read:user user:email");
    assert!(!asked.contains_key("nonce"));
    assert!(kit.mock.world().seen.is_empty(), "nothing has to be asked for that");
}

#[tokio::test]
async fn only_the_address_that_is_primary_and_verified_counts() {
    let kit = grace().await;
    let lists = [
        json!([]),
        json!([email("grace@example.com", true, false), email("old@example.com", false, true)]),
        json!([email("old@example.com", false, true)]),
    ];
    for emails in lists {
        kit.mock.world().emails = emails.clone();
        let found = kit.sign_in().await.unwrap();
        assert_eq!((found.email, found.email_verified), (None, false), "{emails}");
    }
}

#[tokio::test]
async fn who_has_no_name_is_called_by_the_login() {
    let kit = grace().await;
    for name in [json!(null), json!(""), json!("  ")] {
        kit.mock.world().user["name"] = name;
        assert_eq!(kit.sign_in().await.unwrap().name.as_deref(), Some("grace"));
    }
}

#[tokio::test]
async fn errors_come_with_the_status_200() {
    let kit = grace().await;
    let code = |refusal| match refusal {
        Refusal::Code(code) => ("code", code.as_str().to_owned()),
        Refusal::Client(code) => ("client", code.as_str().to_owned()),
        Refusal::Other(code) => ("other", code.as_str().to_owned()),
    };
    let cases = [
        ("bad_verification_code", "code"),
        ("incorrect_client_credentials", "client"),
        ("redirect_uri_mismatch", "client"),
        ("unverified_user_email", "other"),
    ];
    for (error, kind) in cases {
        let body = json!({ "error": error, "error_description": "The code …", "error_uri": "https://docs.github.com/" });
        kit.mock.world().instead.insert(TOKEN, Instead::json(200, &body));
        let failure = kit.sign_in().await.unwrap_err();
        let Failure::Refused(refusal) = failure else { panic!("{failure:?}") };
        assert_eq!(code(refusal), (kind, error.to_owned()));
    }
}

#[tokio::test]
async fn consent_that_is_denied() {
    let kit = grace().await;
    let (pending, callback) = kit.consent().await;
    let denied = Callback { code: None, error: Some("access_denied".to_owned()), ..callback };
    assert_eq!(kit.provider().complete(pending, denied).await, Err(Failure::Denied));
}

#[tokio::test]
async fn a_state_that_is_wrong() {
    let kit = grace().await;
    let (pending, callback) = kit.consent().await;
    let forged = Callback { state: Some("forged".to_owned()), ..callback };
    assert_eq!(kit.provider().complete(pending, forged).await, Err(Failure::State));
    assert!(kit.mock.world().seen.is_empty());
}

#[tokio::test]
async fn a_code_that_is_replayed() {
    let kit = grace().await;
    let (pending, callback) = kit.consent().await;
    let again =
        Callback { code: callback.code.clone(), state: callback.state.clone(), ..Callback::default() };
    assert!(kit.provider().complete(copy(&pending), callback).await.is_ok());
    let failure = kit.provider().complete(pending, again).await.unwrap_err();
    assert!(matches!(&failure, Failure::Refused(Refusal::Code(_))), "{failure:?}");
}

#[tokio::test]
async fn it_may_say_who_it_is() {
    let kit = grace().await;
    let url = kit.mock.url.clone();
    let cases = [
        (format!("{url}/login/oauth"), true),
        (url.clone(), true),
        (format!("{url}/"), false),
        (format!("{url}.evil.example.com"), false),
        (String::new(), false),
    ];
    for (iss, right) in cases {
        let (pending, callback) = kit.consent().await;
        let result = kit.provider().complete(pending, Callback { iss: Some(iss.clone()), ..callback }).await;
        let expected = if right { Ok(()) } else { Err(Failure::BadAnswer(BadAnswer::CallbackIssuer)) };
        assert_eq!(result.map(|_| ()), expected, "{iss}");
    }
}

#[tokio::test]
async fn an_api_that_does_not_answer_as_it_should() {
    for (path, step) in [("/user", Step::User), ("/user/emails", Step::Emails)] {
        let kit = grace().await;
        let cases = [
            (Instead::status(403), Failure::BadAnswer(BadAnswer::Status { step, status: 403 })),
            (Instead::status(502), Failure::Unreachable(Outage::Status { step, status: 502 })),
            (Instead::redirect(301, "/elsewhere"), Failure::BadAnswer(BadAnswer::Redirect(step))),
            (Instead::json(200, &json!({ "id": "ada" })), Failure::BadAnswer(BadAnswer::Unreadable(step))),
            (Instead::json(200, &json!({})), Failure::BadAnswer(BadAnswer::Unreadable(step))),
        ];
        for (answer, expected) in cases {
            kit.mock.world().instead.insert(path, answer);
            assert_eq!(kit.sign_in().await, Err(expected));
        }
        assert_eq!(kit.mock.count("/elsewhere"), 0);
    }
}
