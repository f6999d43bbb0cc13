//! What applications report that they have evaluated themselves.

use axum::http::Method;
use domain::api_keys::KeyKind;
use domain::flags::CreateFlag;
use serde_json::{Value, json};
use testkit::{Kit, START, UsageRow, each, usage_row};

use crate::client::{Answer, Client};

const PATH: &str = "/api/v1/events";
const HOUR: i64 = 3_600_000;

/// What is counted.
async fn counted(kit: &Kit) -> Vec<UsageRow> {
    kit.services.delivery().flush_usage().await.unwrap();
    kit.usage().await
}

async fn report(client: &Client, body: Value) -> Answer {
    client.post(PATH, body.to_string()).await
}

async fn taken(client: &Client, body: Value) {
    let answer = report(client, body).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (202, &Value::Null), "{answer:?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

/// Reports add up with each other and with what was asked; nobody makes rows up.
#[tokio::test]
async fn reports_are_counted_with_what_is_asked() {
    each(async |kit| {
        let client = Client::over(kit).await;
        assert_eq!(client.get("/api/v1/eval/flags/menu").await.status, 200);
        taken(
            &client,
            json!({"evaluations": [
                {"flag": "menu", "variation": "on", "reason": "boolean", "version": 2, "count": 10},
                {"flag": "menu", "variation": "on", "reason": "boolean", "version": 1, "count": 5},
                {"flag": "menu", "variation": "gone", "reason": "boolean", "count": 2},
                {"flag": "menu", "variation": null, "reason": "of a later version", "count": 3},
                {"flag": "menu", "variation": "off", "version": 99, "count": 4},
                {"flag": "made up", "variation": "on", "reason": "boolean", "version": 1, "count": 6},
                {"flag": "made up too", "count": 7},
            ]}),
        )
        .await;
        taken(&client, json!({"evaluations": []})).await;
        assert_eq!(
            counted(&client.kit).await,
            [
                usage_row(0, "", "", "flag_not_found", 13),
                usage_row(0, "menu", "", "", 3),
                usage_row(0, "menu", "", "boolean", 2),
                usage_row(0, "menu", "off", "", 4),
                usage_row(0, "menu", "on", "boolean", 16),
            ]
        );
        let months = client.kit.database.rows("SELECT served, reported FROM usage_month").await;
        assert_eq!(months, [json!({"served": 1, "reported": 37})]);
        // A version that there is not is none.
        let uses = client.kit.database.rows("SELECT flag, version FROM flag_use ORDER BY version").await;
        let menu = |version: i64| json!({"flag": "menu", "version": version});
        assert_eq!(uses, [menu(0), menu(1), menu(2)]);
    })
    .await;
}

/// A report counts in the hour in which it was evaluated, within a day, and else in the present one.
#[tokio::test]
async fn a_report_counts_in_its_hour() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.kit.clock.advance(30 * HOUR);
        let now = client.kit.services.now().0;
        let evaluations =
            json!([{"flag": "menu", "variation": "on", "reason": "boolean", "version": 2, "count": 1}]);
        for (from, to) in [
            (None, None),
            (Some(now - 4 * HOUR), Some(now - 3 * HOUR)),
            (None, Some(now - 2 * HOUR)),
            (Some(now - 25 * HOUR), Some(now - HOUR)),
            (None, Some(now + HOUR)),
            (None, Some(i64::MIN)),
        ] {
            taken(&client, json!({"evaluations": evaluations, "from": from, "to": to})).await;
        }
        let menu = |hour, count| usage_row(hour, "menu", "on", "boolean", count);
        assert_eq!(counted(&client.kit).await, [menu(27, 1), menu(28, 1), menu(30, 4)]);
        // The last time counts, and none that is still to come.
        assert_eq!(client.kit.database.number("SELECT evaluated_at FROM flag_use").await, now);
    })
    .await;
}

/// A report that is sent again counts once: each kind of key has ids of its own, and each environment.
#[tokio::test]
async fn a_report_that_is_sent_again_counts_once() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let body = json!({"id": "first", "evaluations": [{"flag": "nope", "count": 2}]});
        for _ in 0..3 {
            taken(&client, body.clone()).await;
        }
        let count = async |client: &Client| counted(&client.kit).await.iter().map(|row| row.4).sum::<i64>();
        assert_eq!(count(&client).await, 2);
        // After it was written down, too.
        taken(&client, body.clone()).await;
        assert_eq!(count(&client).await, 2);
        taken(&client, json!({"id": "second", "evaluations": body["evaluations"]})).await;
        assert_eq!(count(&client).await, 4);
        client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
        taken(&client, body.clone()).await;
        client.key = client.workspace.api_key("prod", KeyKind::Server).await;
        taken(&client, body.clone()).await;
        assert_eq!(count(&client).await, 8);
    })
    .await;
}

/// A browser's key counts the flags that it may see; any other as one that is not there, and the answer tells neither.
#[tokio::test]
async fn a_browser_reports_what_it_may_see() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let seen = CreateFlag { client_side: true, ..client.workspace.boolean_flag("seen") };
        client.kit.services.flags().create(&client.workspace.developer, seen).await.unwrap();
        client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
        for flag in ["seen", "menu"] {
            let entry =
                json!({"flag": flag, "variation": "on", "reason": "boolean", "version": 1, "count": 3});
            taken(&client, json!({"evaluations": [entry]})).await;
        }
        let expected = [usage_row(0, "", "", "flag_not_found", 3), usage_row(0, "seen", "on", "boolean", 3)];
        assert_eq!(counted(&client.kit).await, expected);
        assert_eq!(client.kit.database.number("SELECT COUNT(*) FROM flag_use").await, 1);
    })
    .await;
}

/// What cannot be read names its place, and counts nothing of the report.
#[tokio::test]
async fn what_is_wrong_is_named() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let good = json!({"flag": "menu", "variation": "on", "count": 1});
        let entry = |field: &str, value: Value| {
            let mut entry = good.clone();
            entry[field] = value;
            json!({"evaluations": [good.clone(), entry]})
        };
        let with = |field: &str, value: Value| {
            let mut body = json!({"evaluations": [good.clone()]});
            body[field] = value;
            body
        };
        let long = "x".repeat(201);
        for (body, path) in [
            (entry("count", json!(0)), "evaluations[1].count"),
            (entry("count", json!(-1)), "evaluations[1].count"),
            (entry("count", json!(1.5)), "evaluations[1].count"),
            (entry("count", json!(1_000_000_001)), "evaluations[1].count"),
            (entry("count", json!(u64::MAX)), "evaluations[1].count"),
            (entry("count", json!(null)), "evaluations[1].count"),
            (entry("flag", json!("")), "evaluations[1].flag"),
            (entry("flag", json!(long)), "evaluations[1].flag"),
            (entry("flag", json!("a\0")), "evaluations[1].flag"),
            (entry("variation", json!(long)), "evaluations[1].variation"),
            (entry("variation", json!(7)), "evaluations[1].variation"),
            (entry("reason", json!(long)), "evaluations[1].reason"),
            (entry("version", json!(0)), "evaluations[1].version"),
            (entry("value", json!(true)), "evaluations[1].value"),
            (json!({"evaluations": vec![good.clone(); 1001]}), "evaluations"),
            (json!({}), ""),
            (json!([]), ""),
            (with("from", json!(1)), "to"),
            (json!({"evaluations": [], "from": 2, "to": 1}), "to"),
            (with("to", json!("yesterday")), "to"),
            (with("attributes", json!(vec!["a"; 101])), "attributes"),
            (with("attributes", json!(["x".repeat(101)])), "attributes"),
            (with("attributes", json!({"plan": "pro"})), "attributes"),
            (with("id", json!("")), "id"),
            (with("id", json!("two words")), "id"),
            (with("id", json!("x".repeat(65))), "id"),
            (with("user", json!("user-1")), "user"),
        ] {
            let answer = report(&client, body.clone()).await;
            let details = answer.error(400, "invalid").as_array().unwrap();
            assert_eq!(details[0]["path"], path, "{answer:?}");
        }
        client.post(&format!("{PATH}?id=1"), good.to_string()).await.invalid("query");
        client.post(PATH, "").await.error(400, "invalid");
        client.post(PATH, "x".repeat(1024 * 1024 + 1)).await.error(413, "too_large");
        assert_eq!(counted(&client.kit).await, []);
        // The most that one report can say is taken.
        let entry = json!({"flag": "menu", "variation": "on", "reason": "boolean", "count": 1_000_000_000});
        taken(&client, json!({"evaluations": vec![entry; 1000]})).await;
        assert_eq!(counted(&client.kit).await, [usage_row(0, "menu", "on", "boolean", 1_000_000_000_000)]);
    })
    .await;
}

/// Nobody reports without a key that works, nor more often than it may; and it counts as a use of the key.
#[tokio::test]
async fn a_report_takes_a_key() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let own = std::mem::replace(&mut client.key, "tb_dev_nope".into());
        let body = json!({"evaluations": [{"flag": "menu", "count": 1}]});
        report(&client, body.clone()).await.error(401, "unauthenticated");
        client.key = own;
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = client.send(client.request(method, PATH, String::new().into())).await;
            answer.error(405, "method_not_allowed");
        }
        let command = serde_json::from_value(json!({
            "project": client.workspace.project, "environment": "dev", "name": "limited", "kind": "server",
            "rate_limit": 1
        }));
        let made =
            client.kit.services.api_keys().create(&client.workspace.admin, command.unwrap()).await.unwrap();
        client.key = made.raw.unwrap();
        let answer = report(&client, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.headers["x-ratelimit-remaining"]),
            (202, &"0".parse().unwrap())
        );
        report(&client, body).await.error(429, "too_many");
        assert_eq!(counted(&client.kit).await, [usage_row(0, "menu", "", "", 1)]);
        let used = client.kit.services.api_keys();
        let used = used.find(&client.workspace.member, &client.workspace.project, made.key.id).await.unwrap();
        assert_eq!(used.last_used_at, Some(START));
    })
    .await;
}

/// What cannot be written down is held as far as there is room, and refused beyond it, with nothing of it counted.
#[tokio::test]
async fn there_is_no_end_of_room() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let workspace = &client.workspace;
        let variations: Vec<_> = (0..50).map(|number| json!({"key": format!("v{number}"), "value": number})).collect();
        let body = json!({
            "project": workspace.project, "key": "wide", "name": "wide", "kind": "advanced", "value_type": "number",
            "variations": variations
        });
        let wide: CreateFlag = serde_json::from_value(body).unwrap();
        client.kit.services.flags().create(&workspace.developer, wide).await.unwrap();
        client.kit.clock.advance(48 * HOUR);
        client.kit.services.delivery().flush_usage().await.unwrap();
        client.kit.database.execute("ALTER TABLE usage_hour RENAME TO away").await;
        let now = client.kit.services.now().0;
        let reasons = ["boolean", "fallthrough", "segment_match", "percentage_rollout", "flag_disabled", "override_match",
            "flag_expired", "segment_no_match", "unknown_type", "malformed_flag"];
        let all = |hours: i64| {
            let entry = |number: usize, reason: &str| json!({"flag": "wide", "variation": format!("v{number}"), "reason": reason, "count": 1});
            let entries: Vec<_> = (0..50).flat_map(|number| reasons.map(|reason| entry(number, reason))).collect();
            json!({"evaluations": entries, "to": now - hours * HOUR})
        };
        for hours in 0..20 {
            taken(&client, all(hours)).await;
            assert!(client.kit.services.delivery().flush_usage().await.is_err());
        }
        report(&client, all(20)).await.error(503, "unavailable");
        client.kit.database.execute("ALTER TABLE away RENAME TO usage_hour").await;
        assert_eq!(counted(&client.kit).await.len(), 10_000);
        taken(&client, all(20)).await;
        assert_eq!(counted(&client.kit).await.len(), 10_500);
    })
    .await;
}

/// Reported names of attributes are known like those of contexts.
#[tokio::test]
async fn names_of_attributes_are_reported() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let attributes = json!(["plan", "org.size", "ada@example.com", "", "two words"]);
        report(&client, json!({"evaluations": [], "attributes": attributes})).await.invalid("attributes");
        let attributes = json!(["plan", "org.size", "ada@example.com", "two words"]);
        taken(&client, json!({"evaluations": [], "attributes": attributes})).await;
        client.kit.services.delivery().flush_usage().await.unwrap();
        let rows = client.kit.database.rows("SELECT name FROM context_attribute ORDER BY name").await;
        assert_eq!(rows, [json!({"name": "org.size"}), json!({"name": "plan"})]);
    })
    .await;
}
