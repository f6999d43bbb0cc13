//! Signing up, in and out; one's own account.

use serde_json::json;
use testkit::{Kit, TestRedis, each};

use super::{Manage, PASSWORD, Who, cookie};

/// Whoever signs up is signed in, by the cookie and by the token alike; signing out ends both.
#[tokio::test]
async fn whoever_signs_up_is_signed_in() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let body = json!({"email": "Ada@Example.com", "name": "Ada", "password": PASSWORD});
        let answer = manage.post(&Who::Nobody, "/api/v1/auth/register", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.body["person"]["email"], "Ada@Example.com");
        let flags = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(flags.contains("HttpOnly") && !flags.contains(PASSWORD), "{flags}");
        let by_cookie = cookie(&answer);
        let by_token = Who::Token(answer.body["token"].as_str().unwrap().to_owned());
        for who in [&by_cookie, &by_token] {
            let me = manage.get(who, "/api/v1/me").await;
            assert_eq!((me.status.as_u16(), &me.body["person"]["name"]), (200, &json!("Ada")), "{me:?}");
            assert_eq!(me.headers["cache-control"], "no-store");
            assert_eq!(me.body["email_verified"], false);
            let sessions = manage.get(who, "/api/v1/me/sessions").await;
            let [session] = sessions.body["sessions"].as_array().unwrap().as_slice() else { panic!() };
            assert_eq!(
                (&session["device"], &session["address"]),
                (&json!("curl/8.5.0"), &json!("203.0.113.7"))
            );
            assert_eq!(session["is_current"], true);
        }
        assert_eq!(manage.ask(&by_token, "POST", "/api/v1/auth/logout", None).await.status, 204);
        for who in [&by_cookie, &by_token] {
            manage.get(who, "/api/v1/me").await.error(401, "unauthenticated");
        }
    })
    .await;
}

/// A wrong password and an unknown address are refused with the same words, and after five of them with a delay.
#[tokio::test]
async fn a_failed_sign_in_tells_nothing_and_slows_down() {
    each(async |kit| {
        let manage = Manage::over(kit);
        manage.register("ada@example.com").await;
        let attempt = async |email: &str, password: &str| {
            let body = json!({"email": email, "password": password});
            manage.post(&Who::Nobody, "/api/v1/auth/login", body).await
        };
        let known = attempt("ada@example.com", "wrong").await;
        let unknown = attempt("nobody@example.com", "wrong").await;
        known.error(401, "bad_credentials");
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        assert!(known.headers.get("set-cookie").is_none());

        for _ in 0..4 {
            attempt("ada@example.com", "wrong").await.error(401, "bad_credentials");
        }
        let blocked = attempt("ada@example.com", PASSWORD).await;
        blocked.error(429, "too_many");
        assert_eq!(blocked.headers["retry-after"], "1");
        manage.kit.clock.advance(1000);
        let answer = attempt("ADA@example.com", PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(manage.get(&cookie(&answer), "/api/v1/me").await.status, 200);
    })
    .await;
}

/// A session that was there before somebody signs in is worth nothing afterwards.
#[tokio::test]
async fn signing_in_changes_the_session() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let first = manage.register("ada@example.com").await;
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let answer = manage.post(&first, "/api/v1/auth/login", body).await;
        assert_eq!(manage.get(&cookie(&answer), "/api/v1/me").await.status, 200);
        manage.get(&first, "/api/v1/me").await.error(401, "unauthenticated");
    })
    .await;
}

/// A token acts for its person as far as its scope goes, and not on the account itself; a revoked one is refused.
#[tokio::test]
async fn a_token_acts_for_its_person() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let ada = manage.register("ada@example.com").await;
        let new = async |scope: &str| {
            let body = json!({"name": "script", "scope": scope, "days": 1});
            let answer = manage.post(&ada, "/api/v1/me/tokens", body).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            let id = answer.body["token"]["id"].as_str().unwrap().to_owned();
            (Who::Token(answer.body["raw"].as_str().unwrap().to_owned()), id)
        };
        let ((reader, _), (writer, writer_id)) = (new("read").await, new("write").await);
        let list = manage.get(&reader, "/api/v1/me/tokens").await;
        assert_eq!(list.body["tokens"].as_array().unwrap().len(), 2);
        assert!(!list.body.to_string().contains("hash"), "{list:?}");

        let org = json!({"name": "Acme Inc."});
        manage.post(&reader, "/api/v1/orgs", org.clone()).await.error(403, "forbidden");
        let answer = manage.post(&writer, "/api/v1/orgs", org).await;
        assert_eq!((answer.status.as_u16(), &answer.body["slug"]), (201, &json!("acme-inc")), "{answer:?}");
        for (method, path, body) in [
            ("POST", "/api/v1/me/tokens", json!({"name": "more", "scope": "write"})),
            ("POST", "/api/v1/me/password", json!({"current": PASSWORD, "new": "another teapot harbour 9"})),
            ("PATCH", "/api/v1/me", json!({"name": "Eve"})),
            ("DELETE", "/api/v1/me", json!({"confirm": "ada@example.com"})),
            ("POST", "/api/v1/me/sessions/end-others", json!({})),
            ("DELETE", "/api/v1/orgs/acme-inc", json!({"confirm": "acme-inc"})),
        ] {
            let before = manage.kit.state().await;
            manage.ask(&writer, method, path, Some(body)).await.error(403, "forbidden");
            assert_eq!(manage.kit.state().await, before, "{method} {path}");
        }
        let revoked = manage.ask(&ada, "DELETE", &format!("/api/v1/me/tokens/{writer_id}"), None).await;
        assert_eq!(revoked.status, 204);
        manage.get(&writer, "/api/v1/me").await.error(401, "unauthenticated");
        // A token that is none is refused, whatever cookie comes with it.
        manage.get(&Who::Token("tbp_nonsense".into()), "/api/v1/me").await.error(401, "unauthenticated");
        manage.get(&Who::Token("tbs_nonsense".into()), "/api/v1/me").await.error(401, "unauthenticated");
    })
    .await;
}

/// What cannot be a command is refused with the field that is wrong.
#[tokio::test]
async fn bad_input_names_its_field() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let ada = manage.register("ada@example.com").await;
        let register =
            |email: &str, password: &str| json!({"email": email, "name": "A", "password": password});
        let before = manage.kit.state().await;
        for (method, path, body, field) in [
            ("POST", "/api/v1/auth/register", register("nobody", PASSWORD), "email"),
            ("POST", "/api/v1/auth/register", register("a@example.com", "short"), "password"),
            ("POST", "/api/v1/auth/register", register("a@example.com", "password1234"), "password"),
            ("POST", "/api/v1/me/tokens", json!({"name": "", "scope": "read"}), "name"),
            ("POST", "/api/v1/me/tokens", json!({"name": "a", "scope": "all"}), "scope"),
            ("POST", "/api/v1/me/tokens", json!({"name": "a", "scope": "read", "days": 0}), "days"),
            ("POST", "/api/v1/me/password", json!({"new": "another teapot harbour 9"}), "current"),
            (
                "POST",
                "/api/v1/me/password",
                json!({"current": "wrong", "new": "another teapot harbour 9"}),
                "current",
            ),
            ("DELETE", "/api/v1/me", json!({"confirm": "somebody@example.com"}), "confirm"),
            ("POST", "/api/v1/orgs", json!({"name": "A", "slug": "Not a slug"}), "slug"),
            ("POST", "/api/v1/orgs", json!({"name": ""}), "name"),
            ("POST", "/api/v1/auth/reset", json!({"token": "nonsense", "password": PASSWORD}), "token"),
        ] {
            let answer = manage.ask(&ada, method, path, Some(body)).await;
            let said = answer.invalid(path_of(&answer));
            assert_eq!(path_of(&answer), field, "{method} {path}: {said}");
        }
        let unknown = manage.post(&ada, "/api/v1/orgs", json!({"name": "A", "nmae": "B"})).await;
        unknown.error(400, "invalid");
        assert_eq!(path_of(&manage.post(&ada, "/api/v1/orgs", json!(["Acme", "acme"])).await), "");
        for path in ["/api/v1/me/tokens/nonsense", "/api/v1/me/sessions/nonsense"] {
            manage.ask(&ada, "DELETE", path, None).await.error(404, "not_found");
        }
        manage.ask(&ada, "PUT", "/api/v1/me", None).await.error(405, "method_not_allowed");
        assert_eq!(manage.kit.state().await, before);
    })
    .await;
}

fn path_of(answer: &crate::client::Answer) -> &str {
    answer.body["error"]["details"][0]["path"].as_str().unwrap_or_else(|| panic!("{answer:?}"))
}

/// With the sessions' store down nobody new signs in, and is told to try again; whoever is signed in stays so, and can leave.
#[tokio::test]
async fn without_the_store_nobody_new_signs_in() {
    each(async |kit| {
        let Some(mut redis) = TestRedis::start() else { return };
        let services = kit.with_redis(&redis.url()).await;
        let manage = Manage::over(Kit { services, ..kit });
        let body = json!({"email": "ada@example.com", "name": "Ada", "password": PASSWORD});
        let answer = manage.post(&Who::Nobody, "/api/v1/auth/register", body).await;
        let token = Who::Token(answer.body["token"].as_str().unwrap().to_owned());
        redis.stop();
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        manage.post(&Who::Nobody, "/api/v1/auth/login", body).await.error(503, "unavailable");
        assert_eq!(manage.get(&token, "/api/v1/me").await.status, 200);
    })
    .await;
}
