//! OFREP: what providers of OpenFeature that know no vendor are answered.

use std::time::{Duration, Instant};

use api::Front;
use axum::body::Body;
use axum::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{Method, Request};
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::flags::{Configuration, CreateFlag};
use domain::ruleset::{Kind, ValueType, Variation};
use serde_json::{Value, json};
use service::Services;
use testkit::{START, each};
use tower::ServiceExt;

use crate::client::{Answer, Client, over, send};

const ONE: &str = "/ofrep/v1/evaluate/flags/menu";
const ALL: &str = "/ofrep/v1/evaluate/flags";
const ALICE: &str = r#"{"context":{"targetingKey":"alice"}}"#;

/// Asserts that it says why there is no value, and returns what it says for people.
fn failed<'a>(answer: &'a Answer, status: u16, key: Option<&str>, code: &str) -> &'a str {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.headers[CONTENT_TYPE], "application/json", "{answer:?}");
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store", "{answer:?}");
    let fields: Vec<_> = answer.body.as_object().unwrap().keys().collect();
    let expected: &[&str] = match key {
        Some(_) => &["errorCode", "errorDetails", "key"],
        None => &["errorCode", "errorDetails"],
    };
    assert_eq!(fields, expected, "{answer:?}");
    assert_eq!((answer.body["key"].as_str(), &answer.body["errorCode"]), (key, &json!(code)), "{answer:?}");
    answer.body["errorDetails"].as_str().filter(|details| !details.is_empty()).unwrap()
}

/// The flags of an answer about all, by their keys.
fn flags(answer: &Answer) -> Vec<(&str, &Value)> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let flags = answer.body["flags"].as_array().unwrap();
    flags.iter().map(|flag| (flag["key"].as_str().unwrap(), flag)).collect()
}

async fn create(client: &Client, command: CreateFlag) {
    client.kit.services.flags().create(&client.workspace.developer, command).await.unwrap();
}

/// Creates a flag with the texts `on`, `other` and `off`, and says what it does in `dev`.
async fn configured(client: &Client, key: &str, kind: Kind, configuration: Value) {
    let variation = |key: &str| Variation { key: key.into(), value: key.into() };
    let variations = ["on", "other", "off"].map(variation).to_vec();
    let value_type = ValueType::String;
    create(client, CreateFlag { kind, value_type, variations, ..client.workspace.boolean_flag(key) }).await;
    let mut whole = json!({"enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"}});
    whole.as_object_mut().unwrap().extend(configuration.as_object().unwrap().clone());
    let configuration: Configuration = serde_json::from_value(whole).unwrap();
    let command = client.workspace.configure(key, "dev", 1, configuration);
    client.kit.services.flags().configure(&client.workspace.developer, command).await.unwrap();
}

/// A key with a limit, or with networks.
async fn bounded(client: &Client, networks: Option<&str>, rate_limit: Option<u32>) -> String {
    let allowed_networks = networks.map(|network| vec![network.parse().unwrap()]);
    let command = client.workspace.key("dev", KeyKind::Server);
    client.workspace.create_key(CreateApiKey { allowed_networks, rate_limit, ..command }).await
}

/// One flag answers with its value, and with what there is to say of it, field for field.
#[tokio::test]
async fn one_flag_answers() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let expected = json!({
            "key": "menu", "value": true, "reason": "STATIC", "variant": "on",
            "metadata": {"reason": "boolean", "version": 2, "flagSetId": "dev", "revision": 2}
        });
        for path in [ONE, "//ofrep/v1/evaluate/flags/menu", "/ofrep/v1/evaluate/flags/%6D%65nu"] {
            for body in [ALICE, "", "{}", r#"{"context":{}}"#, r#"{"context":null}"#] {
                let answer = client.post(path, body).await;
                assert_eq!((answer.status.as_u16(), &answer.body), (200, &expected), "{path} {body}");
                assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
                assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
            }
        }
    })
    .await;
}

/// Every reason is told in OpenFeature's words, beside a value and a variant.
#[tokio::test]
async fn reasons_are_those_of_openfeature() {
    let split = |by: &str| {
        json!({"rollout": {"bucket_by": by, "weights": [
        {"variation": "on", "weight": 0}, {"variation": "other", "weight": 100_000}]}})
    };
    let rule = |serve: &Value| {
        json!([{"id": "pro", "serve": serve,
            "when": {"attribute": "plan", "op": "eq", "values": ["pro"]}}])
    };
    let on = json!({"variation": "on"});
    let cases = [
        ("off", Kind::Advanced, json!({"enabled": false}), "DISABLED", "off", "flag_disabled"),
        ("over", Kind::Advanced, json!({"window": {"until": START.0}}), "DISABLED", "off", "flag_expired"),
        ("fixed", Kind::Advanced, json!({}), "STATIC", "on", "fallthrough"),
        (
            "named",
            Kind::Advanced,
            json!({"overrides": [{"match": {"userId": ["alice"]}, "variation": "other"}]}),
            "TARGETING_MATCH",
            "other",
            "override_match",
        ),
        ("ruled", Kind::Advanced, json!({"rules": rule(&on)}), "TARGETING_MATCH", "on", "segment_match"),
        (
            "part",
            Kind::Advanced,
            json!({"fallthrough": split("plan")}),
            "SPLIT",
            "other",
            "percentage_rollout",
        ),
        (
            "ruled-part",
            Kind::Advanced,
            json!({"rules": rule(&split("plan"))}),
            "SPLIT",
            "other",
            "segment_and_percentage",
        ),
        (
            "nobody",
            Kind::Advanced,
            json!({"fallthrough": split("absent")}),
            "DEFAULT",
            "off",
            "missing_bucket_key",
        ),
        (
            "dependent",
            Kind::Advanced,
            json!({"prerequisites": [{"flag": "off", "variations": ["on"]}]}),
            "DEFAULT",
            "off",
            "prerequisite_failed",
        ),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        let body = r#"{"context":{"targetingKey":"alice","plan":"pro"}}"#;
        for (key, kind, configuration, reason, variant, own) in &cases {
            configured(&client, key, *kind, configuration.clone()).await;
            let answer = client.post(&format!("{ALL}/{key}"), body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let said = ["reason", "variant", "value"].map(|field| answer.body[field].as_str().unwrap());
            assert_eq!(said, [*reason, *variant, *variant], "{key}: {answer:?}");
            assert_eq!(answer.body["metadata"]["reason"], *own, "{key}: {answer:?}");
            let rule = if key.starts_with("ruled") { json!("pro") } else { json!(null) };
            assert_eq!(answer.body["metadata"]["rule"], rule, "{key}");
        }
        // A flag that serves through rules, and has none that holds.
        create(&client, CreateFlag { kind: Kind::Segment, ..client.workspace.boolean_flag("segment") }).await;
        let switch = client.workspace.switch("segment", "dev", true);
        client.kit.services.flags().switch(&client.workspace.developer, switch).await.unwrap();
        let answer = client.post(&format!("{ALL}/segment"), body).await.body;
        assert_eq!((&answer["reason"], &answer["value"]), (&json!("DEFAULT"), &json!(false)), "{answer}");
        assert_eq!(answer["metadata"]["reason"], "segment_no_match");
    })
    .await;
}

/// Values of each type arrive as they were written, nothing of them left out.
#[tokio::test]
async fn values_arrive_as_they_were_written() {
    let values = [
        (ValueType::String, json!("Grüße \"quoted\"")),
        (ValueType::Number, json!(9_007_199_254_740_993_i64)),
        (ValueType::Number, json!(1.0)),
        (ValueType::Json, json!({"b": [1, null, {"a": true}]})),
        (ValueType::Json, json!([])),
        (ValueType::Json, json!(null)),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for (place, (value_type, value)) in values.iter().enumerate() {
            let key = format!("value-{place}");
            let other = if *value_type == ValueType::String { json!("x") } else { json!(0) };
            let variations = vec![
                Variation { key: "on".into(), value: other },
                Variation { key: "off".into(), value: value.clone() },
            ];
            let value_type = *value_type;
            create(&client, CreateFlag { value_type, variations, ..client.workspace.boolean_flag(&key) })
                .await;
            let answer = client.post(&format!("{ALL}/{key}"), ALICE).await;
            let told = answer.body.as_object().unwrap();
            assert_eq!((&told["value"], &told["variant"]), (value, &json!("off")), "{answer:?}");
        }
    })
    .await;
}

/// A flag that there is not is not found, and its key is said; so is one that a browser may not know of, in the same words.
#[tokio::test]
async fn an_unknown_flag_is_not_found() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        for (sent, key) in
            [("nope", "nope"), ("Menu", "Menu"), ("a%20b", "a b"), ("%FF", "\u{FFFD}"), ("%2F", "/")]
        {
            let answer = client.post(&format!("{ALL}/{sent}"), ALICE).await;
            failed(&answer, 404, Some(key), "FLAG_NOT_FOUND");
        }
        let nope = client.post(&format!("{ALL}/nope"), ALICE).await.body;
        client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
        let hidden = client.post(ONE, ALICE).await;
        let details = failed(&hidden, 404, Some("menu"), "FLAG_NOT_FOUND");
        assert_eq!(nope["errorDetails"], details);
    })
    .await;
}

/// A flag that cannot be read is an error by itself, and one among others.
#[tokio::test]
async fn a_flag_that_cannot_be_read_is_an_error() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.workspace.flag("broken").await;
        let damage = "UPDATE environment_document SET document = '{}' WHERE key = 'broken'";
        client.kit.database.execute(damage).await;
        let node = Node::of(client.kit.another_node().await);
        let one = node.ask(&client, &format!("{ALL}/broken")).await;
        let details = failed(&one, 400, Some("broken"), "PARSE_ERROR").to_owned();
        let all = node.ask(&client, ALL).await;
        let flags = flags(&all);
        let expected = json!({"key": "broken", "errorCode": "PARSE_ERROR", "errorDetails": details});
        assert_eq!(flags[0], ("broken", &expected));
        assert_eq!((flags[1].0, &flags[1].1["value"]), ("menu", &json!(true)));
        assert_eq!(flags.len(), 2);
    })
    .await;
}

/// All flags answer in the order of their keys, each as it would alone, but for what would make each another after every
/// change of the environment.
#[tokio::test]
async fn all_flags_answer() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.workspace.flag("a-flag").await;
        let delivery = client.kit.services.delivery();
        let pass = delivery.pass(&delivery.authenticate(&client.key).unwrap());
        let address = format!("/ofrep/v1/stream?token={pass}");
        let followed = Request::get(&address).body(Body::empty()).unwrap();
        assert_eq!(client.front().clone().oneshot(followed).await.unwrap().status(), 200);
        for path in [ALL, "//ofrep/v1/evaluate/flags"] {
            for body in [ALICE, "", "{}", r#"{"context":{}}"#] {
                let answer = client.post(path, body).await;
                let flag = |key: &str, value: bool, reason: &str, variant: &str, own: &str, version: u64| {
                    json!({"key": key, "value": value, "reason": reason, "variant": variant,
                        "metadata": {"reason": own, "version": version}})
                };
                let flags = [
                    flag("a-flag", false, "DISABLED", "off", "flag_disabled", 1),
                    flag("menu", true, "STATIC", "on", "boolean", 2),
                ];
                let stream =
                    json!({"type": "sse", "endpoint": {"requestUri": address}, "inactivityDelaySec": 120});
                let expected =
                    json!({"flags": flags, "metadata": {"flagSetId": "dev"}, "eventStreams": [stream]});
                assert_eq!((answer.status.as_u16(), &answer.body), (200, &expected));
                assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
                assert_eq!(answer.headers[CACHE_CONTROL], "private, no-cache");
            }
        }
    })
    .await;
}

/// A browser's key sees the flags that are marked for browsers, and where none is, none.
#[tokio::test]
async fn a_browser_sees_what_is_marked_for_browsers() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
        assert!(flags(&client.post(ALL, ALICE).await).is_empty());
        create(&client, CreateFlag { client_side: true, ..client.workspace.boolean_flag("shown") }).await;
        let answer = client.post(ALL, ALICE).await;
        assert_eq!(flags(&answer).iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["shown"]);
        assert_eq!(client.post(&format!("{ALL}/shown"), ALICE).await.body["value"], false);
    })
    .await;
}

/// The user is `targetingKey`, and attributes decide. What is beside the context is not looked at.
#[tokio::test]
async fn the_context_decides() {
    let rules = json!([
        {"id": "alice", "serve": {"variation": "other"},
            "when": {"attribute": "targetingKey", "op": "eq", "values": ["alice"]}},
        {"id": "org", "serve": {"variation": "off"},
            "when": {"attribute": "org.plan", "op": "eq", "values": ["pro"]}}]);
    each(async |kit| {
        let client = Client::over(kit).await;
        configured(&client, "page", Kind::Advanced, json!({"rules": rules})).await;
        for (body, variant) in [
            (r#"{"context":{"targetingKey":"alice"}}"#, "other"),
            (r#"{"context":{"targetingKey":"bob","org":{"plan":"pro"}}}"#, "off"),
            (r#"{"context":{"org.plan":"pro"}}"#, "off"),
            (r#"{"context":{"targetingKey":"bob"},"targetingKey":"alice","flags":[1,{}]}"#, "on"),
            (r#" {"unknown":{"deep":[[]]},"context" : {"targetingKey":"alice"}} "#, "other"),
        ] {
            let answer = client.post(&format!("{ALL}/page?anything=1"), body).await;
            assert_eq!((answer.status.as_u16(), &answer.body["variant"]), (200, &json!(variant)), "{body}");
            let all = client.post(&format!("{ALL}?anything=1"), body).await;
            assert_eq!(flags(&all)[1].1["variant"], variant, "{body}");
        }
    })
    .await;
}

/// A body that is no JSON is one error, a context that is no object another; each says the key where one was asked for.
#[tokio::test]
async fn bad_bodies_are_refused() {
    let cases: [(&[u8], &str); 16] = [
        (b"{", "PARSE_ERROR"),
        (b"[]", "PARSE_ERROR"),
        (b" [{}]", "PARSE_ERROR"),
        (b"null", "PARSE_ERROR"),
        (b"1", "PARSE_ERROR"),
        (b" ", "PARSE_ERROR"),
        (b"{}x", "PARSE_ERROR"),
        (b"\xFF", "PARSE_ERROR"),
        (b"{\"context\":}", "PARSE_ERROR"),
        (b"{\"context\":{\"a\":\"\xFF\"}}", "PARSE_ERROR"),
        (b"{\"context\":{},\"context\":{}}", "PARSE_ERROR"),
        (b"{\"context\":[]}", "INVALID_CONTEXT"),
        (b"{\"context\":1}", "INVALID_CONTEXT"),
        (b"{\"context\":\"alice\"}", "INVALID_CONTEXT"),
        (b"{\"context\":true}", "INVALID_CONTEXT"),
        (b"{\"context\":{\"\\ud800\":1}}", "INVALID_CONTEXT"),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for (body, code) in cases {
            failed(&client.post(ONE, body.to_vec()).await, 400, Some("menu"), code);
            failed(&client.post(&format!("{ALL}/nope"), body.to_vec()).await, 400, Some("nope"), code);
            failed(&client.post(ALL, body.to_vec()).await, 400, None, code);
        }
        let large = format!(r#"{{"context":{{"pad":"{}"}}}}"#, "x".repeat(1024 * 1024));
        failed(&client.post(ONE, large.clone()).await, 413, Some("menu"), "GENERAL");
        failed(&client.post(ALL, large).await, 413, None, "GENERAL");
    })
    .await;
}

/// A key may be sent in each of the ways that providers' users write down. Nothing else is one, and all that is none is
/// refused alike, whatever else is wrong with the request.
#[tokio::test]
async fn a_key_is_sent_in_three_ways() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let ask = async |path: &str, headers: &[(&str, String)]| {
            let request = Request::builder().method(Method::POST).uri(path);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
            client.send(request.body(Body::from(ALICE)).unwrap()).await
        };
        let (authorization, alone) = (AUTHORIZATION.as_str(), "x-api-key");
        let key = client.key.clone();
        let good = [
            vec![(authorization, format!("Bearer {key}"))],
            vec![(authorization, format!("bearer  {key} "))],
            vec![(authorization, key.clone())],
            vec![(alone, key.clone())],
            vec![(authorization, "Basic cHJveHk6eA==".into()), (alone, key.clone())],
            vec![(authorization, key.clone()), (alone, "x".into())],
        ];
        for headers in &good {
            assert_eq!(ask(ONE, headers).await.status, 200, "{headers:?}");
            assert_eq!(ask(ALL, headers).await.status, 200, "{headers:?}");
        }
        let bad = [
            vec![],
            vec![(authorization, format!("Basic {key}"))],
            vec![(authorization, format!("{key}x"))],
            vec![(authorization, format!("{key} {key}"))],
            vec![(alone, format!("Bearer {key}"))],
            vec![(alone, String::new()), (authorization, "Bearer".into())],
            vec![("x-api-keys", key.clone())],
        ];
        for headers in &bad {
            for (path, key) in [(ONE, Some("menu")), (&format!("{ALL}/nope"), Some("nope")), (ALL, None)] {
                let answer = ask(path, headers).await;
                let details = failed(&answer, 401, key, "GENERAL");
                assert_eq!(details, "a valid key or token is needed, as in `Authorization: Bearer KEY`");
                assert_eq!(answer.headers[WWW_AUTHENTICATE], "Bearer");
            }
        }
        // Elsewhere a key is sent in one way alone.
        for headers in &good[2..4] {
            ask("/api/v1/eval/flags/menu", headers).await.error(401, "unauthenticated");
        }
    })
    .await;
}

/// A key that may not be used from here, or has asked too often, is told so in whole seconds and in this form.
#[tokio::test]
async fn a_key_is_kept_within_its_bounds() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        client.key = bounded(&client, Some("10.0.0.0/8"), None).await;
        failed(&client.post(ONE, "no JSON").await, 403, Some("menu"), "GENERAL");
        failed(&client.post(ALL, ALICE).await, 403, None, "GENERAL");
        client.key = bounded(&client, None, Some(2)).await;
        let one = client.post(ONE, ALICE).await;
        assert_eq!(
            (one.status.as_u16(), &one.headers["x-ratelimit-remaining"]),
            (200, &"1".parse().unwrap())
        );
        let all = client.post(ALL, ALICE).await;
        assert_eq!(
            (all.status.as_u16(), &all.headers["x-ratelimit-remaining"]),
            (200, &"0".parse().unwrap())
        );
        for (path, key) in [(ONE, Some("menu")), (ALL, None)] {
            let answer = client.post(path, ALICE).await;
            failed(&answer, 429, key, "GENERAL");
            assert_eq!(answer.headers[RETRY_AFTER], "1");
            assert_eq!(answer.headers["x-ratelimit-limit"], "2");
        }
        client.kit.clock.advance(1000);
        assert_eq!(client.post(ONE, ALICE).await.status, 200);
    })
    .await;
}

/// Paths that there are not and methods that are not taken are errors in this form, without a key: nobody may take one
/// for a flag that there is not.
#[tokio::test]
async fn unknown_paths_and_methods_are_errors() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for path in [
            "",
            "/",
            "/v1",
            "/v1/configuration",
            "/v1/evaluate/flags/",
            "/v1/evaluate/flags/menu/more",
            "/v2/evaluate/flags",
        ] {
            for base in ["/ofrep", "//ofrep"] {
                for method in [Method::GET, Method::POST, Method::OPTIONS] {
                    let request = client.request(method, &format!("{base}{path}"), Body::empty());
                    failed(&client.send(request).await, 404, None, "GENERAL");
                }
            }
        }
        for path in [ONE, ALL, "//ofrep/v1/evaluate/flags"] {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let answer = client.send(client.request(method, path, Body::empty())).await;
                failed(&answer, 405, None, "GENERAL");
                assert_eq!(answer.headers[ALLOW], "POST,OPTIONS");
            }
        }
    })
    .await;
}

/// Asks for all flags with a tag.
async fn again(client: &Client, body: &str, tag: &str) -> Answer {
    let mut request = client.request(Method::POST, ALL, Body::from(body.to_owned()));
    request.headers_mut().insert(IF_NONE_MATCH, tag.parse().unwrap());
    client.send(request).await
}

/// Whoever has an answer is not sent it again, until something in it is another: a value, for another context too, or a
/// version; not the environment's revision alone.
#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let rules = json!([{"id": "pro", "serve": {"variation": "other"},
        "when": {"attribute": "plan", "op": "eq", "values": ["pro"]}}]);
    each(async |kit| {
        let mut client = Client::over(kit).await;
        configured(&client, "page", Kind::Advanced, json!({"rules": rules})).await;
        let tag = |answer: &Answer| answer.headers[ETAG].to_str().unwrap().to_owned();
        let first = client.post(ALL, ALICE).await;
        let known = tag(&first);
        assert!(known.starts_with('"') && known.ends_with('"'), "{known}");
        client.kit.clock.advance(60_000);
        for sent in [known.clone(), format!("W/{known}"), format!("\"x\", W/{known}"), "*".into()] {
            let answer = again(&client, ALICE, &sent).await;
            assert_eq!((answer.status.as_u16(), &answer.body), (304, &Value::Null), "{sent}");
            assert_eq!(tag(&answer), known);
        }
        // The next day the stream has another address.
        client.kit.clock.advance(86_400_000);
        let next_day = again(&client, ALICE, &known).await;
        assert_eq!((next_day.status.as_u16(), &next_day.body["flags"]), (200, &first.body["flags"]));
        assert_ne!(next_day.body["eventStreams"], first.body["eventStreams"]);
        let known = tag(&next_day);
        // Another context with the same result is known, too; one with another result is not.
        assert_eq!(again(&client, r#"{"context":{"targetingKey":"bob"}}"#, &known).await.status, 304);
        let pro = again(&client, r#"{"context":{"targetingKey":"alice","plan":"pro"}}"#, &known).await;
        assert_eq!((pro.status.as_u16(), &flags(&pro)[1].1["value"]), (200, &json!("other")));
        assert_ne!(tag(&pro), known);
        // A flag that the key may not see changes its revision, and nothing that it is answered.
        create(&client, CreateFlag { client_side: true, ..client.workspace.boolean_flag("shown") }).await;
        let server =
            std::mem::replace(&mut client.key, client.workspace.api_key("dev", KeyKind::Browser).await);
        let shown = tag(&client.post(ALL, ALICE).await);
        let switch = client.workspace.switch("menu", "dev", false);
        client.kit.services.flags().switch(&client.workspace.developer, switch).await.unwrap();
        assert_eq!(again(&client, ALICE, &shown).await.status, 304);
        client.key = server;
        let changed = again(&client, ALICE, &known).await;
        assert_eq!((changed.status.as_u16(), &flags(&changed)[0].1["value"]), (200, &json!(false)));
    })
    .await;
}

/// Another node of the same instance, which has seen nothing since it started.
struct Node(Front);

impl Node {
    fn of(services: Services) -> Self {
        Self(over(&services))
    }

    async fn ask(&self, client: &Client, path: &str) -> Answer {
        send(&self.0, client.request(Method::POST, path, Body::from(ALICE))).await
    }

    /// Whether `menu` is on there.
    async fn menu(&self, client: &Client, query: &str) -> Value {
        flags(&self.ask(client, &format!("{ALL}{query}")).await)[0].1["value"].clone()
    }
}

/// A node that has not seen what a provider was told of elsewhere looks before it answers.
#[tokio::test]
async fn nobody_is_answered_with_less_than_they_have_heard_of() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let node = Node::of(client.kit.another_node().await);
        let mut on = true;
        let mut revision = 2;
        let epoch = client.kit.services.delivery().epoch();
        for hint in ["{}-EPOCH", "%22{}-EPOCH%22", "W/%22{}-EPOCH%22&flagConfigLastModified=1771622898"] {
            let hint = hint.replace("EPOCH", &epoch);
            on = !on;
            revision += 1;
            let switch = client.workspace.switch("menu", "dev", on);
            client.kit.services.flags().switch(&client.workspace.developer, switch).await.unwrap();
            let query =
                |revision: u64| format!("?flagConfigEtag={}", hint.replace("{}", &revision.to_string()));
            // None, or of no use, or of another database, or of what is there already.
            for seen in ["", "?flagConfigEtag=", "?flagConfigEtag=99-other", "?flagConfigEtag=99", &query(2)]
            {
                assert_eq!(node.menu(&client, seen).await, !on, "{seen} asks for nothing that is not there");
            }
            assert_eq!(node.menu(&client, &query(revision)).await, on, "{hint}");
        }
    })
    .await;
}

/// Whoever makes up what they have heard of waits for it, and many of them at once wait for the same: the database is not
/// looked at as often as they like. It need not be there.
#[tokio::test]
async fn what_is_made_up_is_looked_for_seldom() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let node = Node::of(client.kit.another_node().await);
        let made_up =
            &format!("?flagConfigEtag=18446744073709551615-{}", client.kit.services.delivery().epoch());
        let started = Instant::now();
        for _ in 0..4 {
            assert_eq!(node.menu(&client, made_up).await, true);
        }
        // A tenth of a second between each two.
        assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
        let started = Instant::now();
        let asked = (0..200).map(|_| node.menu(&client, made_up));
        assert!(futures_util::future::join_all(asked).await.iter().all(|value| *value == true));
        // Apart, they would take twenty seconds.
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        client.kit.database.database.clone().close().await.unwrap();
        assert_eq!(node.menu(&client, made_up).await, true);
    })
    .await;
}

/// What is asked is counted, and so is that the key was used.
#[tokio::test]
async fn evaluations_are_counted() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.post(ONE, ALICE).await;
        client.post(ALL, ALICE).await;
        client.post(&format!("{ALL}/nope"), ALICE).await;
        client.post(ONE, "no JSON").await;
        client.kit.services.delivery().flush_usage().await.unwrap();
        let rows = client.kit.database.rows("SELECT flag, variation, reason, count FROM usage_hour ORDER BY flag").await;
        let row = |flag: &str, variation: &str, reason: &str, count: u64| {
            json!({"flag": flag, "variation": variation, "reason": reason, "count": count})
        };
        assert_eq!(rows, [row("", "", "flag_not_found", 1), row("menu", "on", "boolean", 2)]);
    })
    .await;
}
