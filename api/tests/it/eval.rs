//! Evaluation: what is answered.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use domain::api_keys::KeyKind;
use domain::flags::{Configuration, CreateFlag};
use domain::ruleset::{Condition, Operator, Rule, Serve, Test, ValueType, Variation};
use serde_json::{Value, json};
use testkit::each;

use crate::client::{Answer, Client, PREFIXES};

/// Asserts the time that an answer says it took, and takes it out of the answer.
fn timed(mut answer: Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    let latency = answer.body.as_object_mut().unwrap().remove("latency_ms").unwrap();
    assert!((0.0..10_000.0).contains(&latency.as_f64().unwrap()), "{latency}");
    answer.body
}

fn menu() -> Value {
    json!({
        "key": "menu", "enabled": true, "value": true, "variation": "on", "reason": "boolean", "rule": null,
        "version": 2, "revision": 2
    })
}

/// One flag answers the same on both paths, by query and by body, field for field.
#[tokio::test]
async fn one_flag_answers_the_same_however_it_is_asked() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for prefix in PREFIXES {
            let path = format!("{prefix}/flags/menu");
            let context = "%7B%22plan%22%3A%22pro%22%7D";
            for answer in [
                client.get(&path).await,
                client.get(&format!("{path}?userId=user-1")).await,
                client.get(&format!("{path}?userId=user-1&context={context}")).await,
                client.get(&format!("{path}?userId=&context=%7B%7D")).await,
                client.post(&path, "").await,
                client.post(&path, "{}").await,
                client.post(&path, r#"{"userId":"user-1"}"#).await,
                client.post(&path, r#"{"userId":null,"context":null}"#).await,
                client.post(&path, r#" {"userId":"user-1","context":{"plan":"pro","n":[1,{}]}} "#).await,
            ] {
                assert_eq!(timed(answer), menu());
            }
        }
    })
    .await;
}

/// All flags answer by their keys, each as it would alone, without a time of its own.
#[tokio::test]
async fn all_flags_answer_by_key() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.workspace.flag("a-flag").await;
        let off = json!({
            "key": "a-flag", "enabled": false, "value": false, "variation": "off", "reason": "flag_disabled",
            "rule": null, "version": 1, "revision": 3
        });
        let mut on = menu();
        on["revision"] = json!(3);
        let all = json!({"flags": {"a-flag": off, "menu": on}, "revision": 3});
        for prefix in PREFIXES {
            let path = format!("{prefix}/flags");
            for answer in [
                client.get(&path).await,
                client.get(&format!("{path}?userId=user-1&context=%7B%7D")).await,
                client.post(&path, "").await,
                client.post(&path, r#"{"userId":"user-1","context":{"plan":"pro"}}"#).await,
            ] {
                assert_eq!(timed(answer), all);
            }
        }
    })
    .await;
}

/// A flag that nobody made is an answer, not an error: value null, and a reason.
#[tokio::test]
async fn an_unknown_flag_is_an_answer() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let expected = |key: &str| {
            json!({
                "key": key, "enabled": false, "value": null, "variation": null, "reason": "flag_not_found",
                "rule": null, "version": null, "revision": 2
            })
        };
        // Keys are case-sensitive; what could be no key is not found either.
        for key in ["nope", "Menu", "menu.", "a b", "ä", "..", "\"", "<script>"] {
            let path = format!("{}/flags/{}", PREFIXES[0], percent(key));
            assert_eq!(timed(client.get(&path).await), expected(key));
            assert_eq!(timed(client.post(&path, "{}").await), expected(key));
        }
    })
    .await;
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A key in the path may be percent-encoded, and every character that a key may have works plain too.
#[tokio::test]
async fn a_key_may_be_percent_encoded() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.workspace.flag("menu@v2.1_b-c").await;
        for key in ["menu@v2.1_b-c".to_owned(), "menu%40v2.1_b-c".to_owned(), percent("menu@v2.1_b-c")] {
            let answer = timed(client.get(&format!("{}/flags/{key}", PREFIXES[0])).await);
            assert_eq!(
                (&answer["key"], &answer["reason"]),
                (&json!("menu@v2.1_b-c"), &json!("flag_disabled"))
            );
        }
        client.get(&format!("{}/flags/%FF%FE", PREFIXES[0])).await.invalid("key");
    })
    .await;
}

/// The context decides: `userId` beside it wins over one inside, `targetingKey` over both, and rules see its attributes.
#[tokio::test]
async fn the_context_decides() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let test = |attribute: &str, value: &str| {
            let values = vec![value.into()];
            Condition::Test(Test { attribute: Some(attribute.into()), op: Operator::Eq, values })
        };
        let rule =
            |id: &str, when| Rule { id: id.into(), name: None, when, serve: Serve::Variation("off".into()) };
        let rules = vec![rule("user", test("userId", "user-1")), rule("plan", test("org.plan", "pro"))];
        let configuration = Configuration { enabled: true, rules, ..Configuration::fixed("on", "off") };
        let configure = client.workspace.configure("menu", "dev", 2, configuration);
        client.kit.services.flags().configure(&client.workspace.developer, configure).await.unwrap();
        let path = format!("{}/flags/menu", PREFIXES[0]);
        let cases = [
            (r#"{"userId":"user-1"}"#, json!("user")),
            (r#"{"context":{"userId":"user-1"}}"#, json!("user")),
            (r#"{"userId":"user-1","context":{"userId":"user-2"}}"#, json!("user")),
            (r#"{"userId":"user-2","context":{"userId":"user-1"}}"#, json!(null)),
            (r#"{"context":{"userId":"user-2","userId":"user-1"}}"#, json!("user")),
            (r#"{"context":{"org":{"plan":"pro"}}}"#, json!("plan")),
            (r#"{"context":{"org.plan":"pro"}}"#, json!("plan")),
            (r#"{"context":{"org":"pro"}}"#, json!(null)),
        ];
        for (body, rule) in cases {
            let answer = timed(client.post(&path, body).await);
            assert_eq!(answer["rule"], rule, "{body}");
            let reason = if rule.is_null() { "boolean" } else { "segment_match" };
            assert_eq!(
                (&answer["reason"], &answer["enabled"]),
                (&json!(reason), &json!(rule.is_null())),
                "{body}"
            );
        }
        let by_query =
            client.get(&format!("{path}?userId=user-1&context=%7B%22userId%22%3A%22x%22%7D")).await;
        assert_eq!(timed(by_query)["rule"], "user");
    })
    .await;
}

/// Values arrive as they were written: texts, numbers to the last digit, objects in their order.
#[tokio::test]
async fn values_arrive_as_they_were_written() {
    let values = [
        (ValueType::String, json!("Grüße \"quoted\" \u{1F600} </script>")),
        (ValueType::Number, json!(9_007_199_254_740_993_i64)),
        (ValueType::Number, json!(0.1)),
        (ValueType::Json, json!({"b": [1, null, {"a": true}], "a": ""})),
        (ValueType::Json, json!(null)),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for (place, (value_type, value)) in values.iter().enumerate() {
            let key = format!("value-{place}");
            let other = match value_type {
                ValueType::String => json!("other"),
                _ => json!(0),
            };
            let variations = vec![
                Variation { key: "on".into(), value: other },
                Variation { key: "off".into(), value: value.clone() },
            ];
            let command =
                CreateFlag { value_type: *value_type, variations, ..client.workspace.boolean_flag(&key) };
            client.kit.services.flags().create(&client.workspace.developer, command).await.unwrap();
            let answer = timed(client.get(&format!("{}/flags/{key}", PREFIXES[0])).await);
            assert_eq!((&answer["value"], &answer["variation"]), (value, &json!("off")));
        }
    })
    .await;
}

/// A browser's key sees what is marked for browsers, over the wire too.
#[tokio::test]
async fn a_browser_sees_what_is_marked_for_browsers() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let shown = CreateFlag { client_side: true, ..client.workspace.boolean_flag("shown") };
        client.kit.services.flags().create(&client.workspace.developer, shown).await.unwrap();
        client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
        let all = timed(client.post(&format!("{}/flags", PREFIXES[0]), "").await);
        assert_eq!(all["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["shown"]);
        let hidden = timed(client.post(&format!("{}/flags/menu", PREFIXES[0]), "").await);
        assert_eq!(hidden["reason"], "flag_not_found");
    })
    .await;
}

/// With the database gone evaluations are answered as before.
#[tokio::test]
async fn evaluations_outlive_the_database() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.kit.database.database.clone().close().await.unwrap();
        assert_eq!(timed(client.get(&format!("{}/flags/menu", PREFIXES[0])).await), menu());
        client.kit.clock.advance(1);
        assert_eq!(timed(client.post(&format!("{}/flags/menu", PREFIXES[1]), "{}").await), menu());
    })
    .await;
}
