//! API keys, and requests that are sent twice.

use std::collections::BTreeSet;

use domain::api_keys::KeyKind;
use serde_json::{Value, json};
use testkit::{START, each};

use super::{Manage, Who};
use crate::client::Answer;

const KEYS: &str = "/api/v1/manage/keys";

/// The id of no key.
const UNKNOWN: &str = "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84";

/// How long an answer is kept.
const DAY: i64 = 24 * 60 * 60 * 1000;

fn new() -> Value {
    json!({"name": "Checkout", "environment": "dev", "kind": "server"})
}

fn and(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn raw(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["raw"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

fn path(answer: &Answer) -> String {
    format!("{KEYS}/{}", answer.body["key"]["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")))
}

fn works(manage: &Manage, raw: &str) -> bool {
    manage.kit.services.delivery().authenticate(raw).is_some()
}

/// A key is made with all that it may have, shown without what is needed to use it, changed and revoked.
#[tokio::test]
async fn a_key_comes_changes_and_goes() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        let body = json!({
            "name": "Checkout", "environment": "dev", "kind": "browser", "expires_at": START.0 + 5000,
            "allowed_networks": ["10.1.2.3/8", "2001:db8::1"], "rate_limit": 200,
        });
        let made = manage.post(&people.admin, KEYS, body).await;
        let raw = raw(&made);
        assert!(raw.starts_with("tbc_dev_") && works(&manage, &raw), "{raw}");
        let person = workspace.admin.person().unwrap();
        let mut shown = json!({
            "id": made.body["key"]["id"], "prefix": raw[.."tbc_dev_".len() + 6], "name": "Checkout",
            "kind": "browser", "environment": "dev", "creator": {"id": person.id, "name": person.name},
            "created_at": START.0, "expires_at": START.0 + 5000, "revoked_at": null, "last_used_at": null,
            "allowed_networks": ["10.0.0.0/8", "2001:db8::1"], "rate_limit": 200, "replaced_by": null, "status": "active",
        });
        assert_eq!(made.body["key"], shown);
        let prefix = shown["prefix"].as_str().unwrap().to_owned();
        assert_eq!(manage.newest_entry(&workspace).await, ("api_key.created".into(), prefix.clone()));
        let path = path(&made);
        assert_eq!(manage.get(&people.developer, &path).await.body, shown);
        manage.expect_not_modified(&people.developer, &path).await;
        manage.expect_not_modified(&people.developer, KEYS).await;
        let list = manage.get(&people.developer, KEYS).await;
        assert_eq!(list.body, json!({"keys": [shown], "next": null, "total": 1}));

        for change in [
            json!({"name": "Shop"}),
            json!({"expires_at": START.0 + 9000}),
            json!({"expires_at": null}),
            json!({"allowed_networks": ["192.0.2.0/24"]}),
            json!({"allowed_networks": null}),
            json!({"rate_limit": 1}),
            json!({"rate_limit": null}),
            json!({"name": "Web", "rate_limit": 1_000_000}),
        ] {
            shown.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let entries = manage.kit.audit_entries().await;
            for _ in 0..2 {
                let changed = manage.ask(&people.admin, "PATCH", &path, Some(change.clone())).await;
                assert_eq!((changed.status.as_u16(), &changed.body), (200, &shown));
            }
            assert_eq!(manage.kit.audit_entries().await, entries + 1, "what is so already is no change");
            assert_eq!(manage.newest_entry(&workspace).await, ("api_key.updated".into(), prefix.clone()));
            assert_eq!(manage.get(&people.owner, &path).await.body, shown);
            assert!(works(&manage, &raw));
        }

        manage.kit.clock.advance(7);
        let revoked = manage.ask(&people.admin, "POST", &format!("{path}/revoke"), None).await;
        shown["revoked_at"] = json!(START.0 + 7);
        shown["status"] = json!("revoked");
        assert_eq!((revoked.status.as_u16(), &revoked.body), (200, &shown));
        assert!(!works(&manage, &raw), "a revoked key is refused at once");
        assert_eq!(manage.newest_entry(&workspace).await, ("api_key.revoked".into(), prefix));
        assert_eq!(manage.get(&people.developer, &path).await.body, shown);
        let again = format!("{path}/revoke");
        manage.get(&people.admin, "/api/v1/me").await;
        manage.refused(&people.admin, &[], "POST", &again, None).await.error(409, "conflict");
        let name = Some(json!({"name": "New"}));
        manage.refused(&people.admin, &[], "PATCH", &path, name).await.error(409, "conflict");
        let rotate = format!("{path}/rotate");
        manage.refused(&people.admin, &[], "POST", &rotate, None).await.error(409, "conflict");
    })
    .await;
}

/// A rotated key works beside the new one until the overlap is over, or until its own end. The new one has its settings.
#[tokio::test]
async fn a_rotated_key_works_for_a_while() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        for (expires, body, ends) in [
            (Value::Null, None, 86_400_000),
            (Value::Null, Some(json!({"overlap_s": 0})), 0),
            (Value::Null, Some(json!({"overlap_s": 2_592_000})), 2_592_000_000),
            (json!(60_000), Some(json!({"overlap_s": 3600})), 60_000),
            (json!(60_000), Some(json!({"overlap_s": 1})), 1000),
        ] {
            let what = format!("{expires}, {body:?}");
            let now = manage.kit.services.now().0;
            let expires = expires.as_i64().map(|after| now + after);
            let made = json!({
                "name": "Checkout", "environment": "dev", "kind": "server", "rate_limit": 7, "expires_at": expires,
                "allowed_networks": ["10.0.0.0/8"],
            });
            let old = manage.post(&people.admin, KEYS, made).await;
            let entries = manage.kit.audit_entries().await;
            let new = manage.ask(&people.admin, "POST", &format!("{}/rotate", path(&old)), body).await;
            assert_eq!(manage.kit.audit_entries().await, entries + 1, "{what}");
            let prefix = old.body["key"]["prefix"].as_str().unwrap().to_owned();
            assert_eq!(manage.newest_entry(&workspace).await, ("api_key.rotated".into(), prefix));
            let (old_raw, new_raw) = (raw(&old), raw(&new));
            let mut expected = old.body["key"].clone();
            for own in ["id", "prefix"] {
                assert_ne!(new.body["key"][own], expected[own]);
                expected[own] = new.body["key"][own].clone();
            }
            assert_eq!(new.body["key"], expected, "{what}");
            let shown = manage.get(&people.developer, &path(&old)).await;
            assert_eq!(shown.body["expires_at"], now + ends, "{what}");
            assert_eq!(shown.body["replaced_by"], new.body["key"]["id"], "{what}");
            let again = format!("{}/rotate", path(&old));
            if ends > 0 {
                let twice = manage.refused(&people.admin, &[], "POST", &again, None).await;
                twice.error(409, "conflict");
                let message = twice.body["error"]["message"].as_str().unwrap();
                assert!(message.contains(new.body["key"]["prefix"].as_str().unwrap()), "{message}");
                manage.kit.clock.advance(ends - 1);
                assert!(works(&manage, &old_raw) && works(&manage, &new_raw), "{what}");
                manage.kit.clock.advance(1);
            }
            assert!(!works(&manage, &old_raw), "{what}");
            let is_over = expires.is_some_and(|at| at <= manage.kit.services.now().0);
            assert_eq!(works(&manage, &new_raw), !is_over, "{what}");
            assert_eq!(manage.get(&people.admin, &path(&old)).await.body["status"], "expired");
            manage.refused(&people.admin, &[], "POST", &again, None).await.error(409, "conflict");
        }
    })
    .await;
}

/// Where the key that took the place of another works no more, that one may be rotated again.
#[tokio::test]
async fn a_revoked_successor_is_replaced() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let old = manage.post(&people.admin, KEYS, new()).await;
        let rotate = format!("{}/rotate", path(&old));
        let first = manage.ask(&people.admin, "POST", &rotate, None).await;
        manage.refused(&people.admin, &[], "POST", &rotate, None).await.error(409, "conflict");
        let revoke = format!("{}/revoke", path(&first));
        assert_eq!(manage.ask(&people.admin, "POST", &revoke, None).await.status, 200);
        let second = manage.ask(&people.admin, "POST", &rotate, None).await;
        assert_eq!(second.status, 201, "{second:?}");
        assert!(works(&manage, &raw(&second)));
        // It has the end that the first one had, which is none, and no successor of its own.
        let key = &second.body["key"];
        assert_eq!((&key["expires_at"], &key["replaced_by"]), (&Value::Null, &Value::Null));
        assert_eq!(
            manage.get(&people.admin, &path(&old)).await.body["replaced_by"],
            second.body["key"]["id"]
        );
        manage.kit.clock.advance(DAY);
        assert!(!works(&manage, &raw(&old)) && works(&manage, &raw(&second)));
    })
    .await;
}

/// Keys are listed the newest first, those of one environment too, and in parts that meet without a gap.
#[tokio::test]
async fn keys_are_listed_in_parts() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let mut made = Vec::new();
        for number in 0..5 {
            let environment = if number % 2 == 0 { "dev" } else { "prod" };
            let body = and(new(), "environment", json!(environment));
            let answer =
                manage.post(&people.admin, KEYS, and(body, "name", json!(format!("k{number}")))).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            made.push(format!("k{number}"));
            manage.kit.clock.advance(1);
        }
        made.reverse();
        let names = |answer: &Answer| -> Vec<String> {
            let keys = answer.body["keys"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
            keys.iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
        };
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for part in 1..=3 {
            let answer = manage.get(&people.developer, &format!("{KEYS}?limit=2{cursor}")).await;
            assert_eq!(answer.body["total"], 5);
            seen.extend(names(&answer));
            match answer.body["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => assert_eq!(part, 3),
            }
        }
        assert_eq!(seen, made);
        let of_dev = manage.get(&people.developer, &format!("{KEYS}?environment=dev")).await;
        assert_eq!(
            (names(&of_dev), &of_dev.body["total"]),
            (vec!["k4".into(), "k2".into(), "k0".into()], &json!(3))
        );
        let exact = manage.get(&people.developer, &format!("{KEYS}?limit=5")).await;
        assert_eq!(exact.body["next"], Value::Null);

        let missing = format!("{KEYS}?environment=missing");
        manage.refused(&people.admin, &[], "GET", &missing, None).await.error(404, "not_found");
        for (query, at) in [
            ("limit=0".to_owned(), "limit"),
            ("limit=101".to_owned(), "limit"),
            ("limit=x".to_owned(), "limit"),
            ("environment=No%20Key".to_owned(), "environment"),
            ("cursor=nope".to_owned(), "cursor"),
            (format!("environment=dev{cursor}"), "cursor"),
            ("nope=1".to_owned(), "nope"),
        ] {
            let path = format!("{KEYS}?{query}");
            manage.refused(&people.admin, &[], "GET", &path, None).await.invalid(at);
        }
    })
    .await;
}

/// Nothing changes for those who may not, for what is against the rules, and for what is not there: a key of another
/// project is not.
#[tokio::test]
async fn what_is_refused_changes_no_key() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let both = manage.people().await;
        let (_, people) = &both;
        let admin = &people.admin;
        let made = manage.post(admin, KEYS, new()).await;
        let second = json!({"name": "Second"});
        assert_eq!(manage.post(admin, "/api/v1/manage/projects", second).await.status, 201);
        let path = path(&made);
        let (revoke, rotate) = (format!("{path}/revoke"), format!("{path}/rotate"));
        manage.hidden_from_others(&both, KEYS).await;
        manage.hidden_from_others(&both, &path).await;
        manage.refused_to_others(&both, "POST", KEYS, Some(new())).await;
        let missing = format!("{KEYS}/{UNKNOWN}");
        for (method, path, body) in [
            ("PATCH", &path, Some(json!({"name": "Shop"}))),
            ("POST", &revoke, None),
            ("POST", &rotate, Some(json!({"overlap_s": 1}))),
        ] {
            manage.refused_to_others(&both, method, path, body.clone()).await;
            let elsewhere = [("x-project", "second")];
            let answer = manage.refused(admin, &elsewhere, method, path, body.clone()).await;
            answer.error(404, "not_found");
            let path = path.replace(made.body["key"]["id"].as_str().unwrap(), UNKNOWN);
            manage.refused(admin, &[], method, &path, body).await.error(404, "not_found");
        }
        manage.refused(admin, &[("x-project", "second")], "GET", &path, None).await.error(404, "not_found");
        for path in [&missing, &format!("{KEYS}/no-id")] {
            manage.refused(admin, &[], "GET", path, None).await.error(404, "not_found");
        }
        let nowhere = Some(and(new(), "environment", json!("missing")));
        manage.refused(admin, &[], "POST", KEYS, nowhere).await.error(404, "not_found");

        let limits = [
            ("name", json!(""), "name"),
            ("name", json!("n".repeat(101)), "name"),
            ("expires_at", json!(START.0), "expires_at"),
            ("rate_limit", json!(0), "rate_limit"),
            ("rate_limit", json!(1_000_001), "rate_limit"),
            ("rate_limit", json!(-1), "rate_limit"),
            ("allowed_networks", json!([]), "allowed_networks"),
            ("allowed_networks", json!(vec!["10.0.0.1"; 101]), "allowed_networks"),
            ("allowed_networks", json!(["10.0.0.0/8", "example.com"]), "allowed_networks[1]"),
            ("allowed_networks", json!(["10.0.0.0/33"]), "allowed_networks[0]"),
            ("allowed_networks", json!(["2001:db8::/32", "::/0", ""]), "allowed_networks[2]"),
            ("nope", json!(1), "nope"),
        ];
        for (field, value, at) in limits {
            let body = Some(and(new(), field, value.clone()));
            manage.refused(admin, &[], "POST", KEYS, body).await.invalid(at);
            let body = Some(json!({field: value}));
            manage.refused(admin, &[], "PATCH", &path, body).await.invalid(at);
        }
        for (field, value) in [("kind", json!("desktop")), ("environment", json!("No Key"))] {
            let body = Some(and(new(), field, value.clone()));
            manage.refused(admin, &[], "POST", KEYS, body).await.invalid(field);
            // Neither ever changes.
            let body = Some(json!({field: value}));
            manage.refused(admin, &[], "PATCH", &path, body).await.invalid(field);
        }
        manage.refused(admin, &[], "PATCH", &path, Some(json!({"name": null}))).await.invalid("name");
        for overlap in [json!(-1), json!(2_592_001), json!("1")] {
            let body = Some(json!({"overlap_s": overlap}));
            manage.refused(admin, &[], "POST", &rotate, body).await.invalid("overlap_s");
        }
    })
    .await;
}

/// Creates a key, once for each key of idempotency.
async fn create(manage: &Manage, who: &Who, once: &str, body: &Value) -> Answer {
    manage.ask_with(who, &[("idempotency-key", once)], "POST", KEYS, Some(body.clone())).await
}

async fn rows(manage: &Manage) -> (i64, i64) {
    let entries = "SELECT COUNT(*) FROM audit_event WHERE action = 'api_key.created'";
    let database = &manage.kit.database;
    (database.number("SELECT COUNT(*) FROM api_key").await, database.number(entries).await)
}

/// The same request sent again is answered as before, but for the secret, and done once. Another request with its key is
/// refused, another person's key is another one, and after a day it is forgotten.
#[tokio::test]
async fn a_request_that_is_sent_twice_is_done_once() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let first = create(&manage, &people.admin, "try-1", &new()).await;
        let secret = raw(&first);
        for _ in 0..2 {
            let again = create(&manage, &people.admin, "try-1", &new()).await;
            assert_eq!(again.status, 201, "{again:?}");
            assert_eq!(again.body, json!({"key": first.body["key"]}));
            assert_eq!(rows(&manage).await, (1, 1));
        }
        let stored = format!("{:?}", manage.kit.database.rows("SELECT * FROM answered_request").await);
        assert!(stored.contains("try-1") && !stored.contains(&secret["tb_dev_".len() + 6..]), "{stored}");

        let once = [("idempotency-key", "try-1")];
        let other = Some(and(new(), "name", json!("Other")));
        let refused = manage.refused(&people.admin, &once, "POST", KEYS, other).await;
        refused.error(409, "conflict");
        let elsewhere = [("idempotency-key", "try-1"), ("x-project", "default")];
        let refused = manage.refused(&people.admin, &elsewhere, "POST", KEYS, Some(new())).await;
        refused.error(409, "conflict");
        let long = "x".repeat(256);
        for bad in ["", &long] {
            let bad = [("idempotency-key", bad)];
            let refused = manage.refused(&people.admin, &bad, "POST", KEYS, Some(new())).await;
            refused.invalid("Idempotency-Key");
        }

        let others = create(&manage, &people.owner, "try-1", &new()).await;
        assert_ne!(raw(&others), secret);
        assert_eq!(rows(&manage).await, (2, 2));
        let rotated = [("idempotency-key", "try-2")];
        let rotate = format!("{}/rotate", path(&first));
        let first_turn = manage.ask_with(&people.admin, &rotated, "POST", &rotate, None).await;
        let second_turn = manage.ask_with(&people.admin, &rotated, "POST", &rotate, None).await;
        assert!(!raw(&first_turn).is_empty());
        assert_eq!(second_turn.body, json!({"key": first_turn.body["key"]}));

        manage.kit.clock.advance(DAY - 1);
        let again = create(&manage, &people.admin, "try-1", &new()).await;
        assert_eq!(again.body["key"]["id"], first.body["key"]["id"]);
        manage.kit.clock.advance(1);
        let new_one = create(&manage, &people.admin, "try-1", &new()).await;
        assert_ne!(raw(&new_one), secret);
    })
    .await;
}

/// What was refused is no answer: the same request is tried again.
#[tokio::test]
async fn what_was_refused_is_tried_again() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let body = and(new(), "environment", json!("preview"));
        create(&manage, &people.admin, "try-1", &body).await.error(404, "not_found");
        let preview = json!({"name": "Preview", "color": "sky"});
        assert_eq!(manage.post(&people.admin, "/api/v1/manage/environments", preview).await.status, 201);
        assert!(!raw(&create(&manage, &people.admin, "try-1", &body).await).is_empty());
        assert_eq!(rows(&manage).await, (1, 1));
    })
    .await;
}

/// Twenty at once are one: one has the secret, all have the same key.
#[tokio::test]
async fn twenty_at_once_are_one() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (_, people) = manage.people().await;
        let body = new();
        let tries = (0..20).map(|_| create(&manage, &people.admin, "try-1", &body));
        let answers = futures_util::future::join_all(tries).await;
        let ids: BTreeSet<_> = answers.iter().map(path).collect();
        assert_eq!(ids.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|answer| answer.status == 201));
        assert_eq!(answers.iter().filter(|answer| answer.body["raw"].is_string()).count(), 1);
        assert_eq!(rows(&manage).await, (1, 1));
    })
    .await;
}

/// What else is created is created once, too, and what is told once is not told again.
#[tokio::test]
async fn whatever_is_created_is_created_once() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, _) = manage.people().await;
        // A token may not make tokens.
        let admin = manage.session_of(&workspace.admin).await;
        let invitations = format!("/api/v1/orgs/{}/invitations", workspace.organization);
        for (path, body, secret) in [
            ("/api/v1/manage/projects", json!({"name": "Website"}), None),
            ("/api/v1/manage/environments", json!({"name": "Preview", "color": "sky"}), None),
            ("/api/v1/orgs", json!({"name": "Another"}), None),
            ("/api/v1/me/tokens", json!({"name": "A script", "scope": "read"}), Some("raw")),
            (invitations.as_str(), json!({"email": "grace@example.com", "role": "member"}), Some("token")),
        ] {
            let once = [("idempotency-key", path)];
            let mut first = manage.ask_with(&admin, &once, "POST", path, Some(body.clone())).await;
            let entries = manage.kit.audit_entries().await;
            if let Some(secret) = secret {
                assert!(first.body.as_object_mut().unwrap().remove(secret).is_some(), "{first:?}");
            }
            for _ in 0..2 {
                let again = manage.ask_with(&admin, &once, "POST", path, Some(body.clone())).await;
                assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
            }
            assert_eq!(manage.kit.audit_entries().await, entries);
        }
        let kept = async || manage.kit.database.rows("SELECT answer FROM answered_request").await;
        let all = format!("{:?}", kept().await);
        assert!(all.contains("grace@example.com") && all.contains("another"), "{all}");
        // Whoever is invited may have what tells of them erased, wherever that is; so may an organization be deleted.
        let grace = manage.register("grace@example.com").await;
        let gone =
            manage.ask(&grace, "DELETE", "/api/v1/me", Some(json!({"confirm": "grace@example.com"}))).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        let gone = Some(json!({"confirm": "another"}));
        assert_eq!(manage.ask(&admin, "DELETE", "/api/v1/orgs/another", gone).await.status, 204);
        let all = format!("{:?}", kept().await);
        assert!(!all.contains("grace@example.com") && !all.contains("another"), "{all}");
        // And what is too old to be given again goes by itself.
        manage.kit.clock.advance(DAY);
        manage.kit.services.accounts().tidy().await.unwrap();
        assert_eq!(kept().await.len(), 0);
        assert!(!workspace.api_key("preview", KeyKind::Server).await.is_empty());
    })
    .await;
}
