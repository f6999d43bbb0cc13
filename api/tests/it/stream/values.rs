//! What a browser key follows.

use domain::api_keys::KeyKind;
use domain::flags::{FlagChanges, UpdateFlag};
use serde_json::{Value, json};
use testkit::{START, each};

use super::{Events, ask, follow};
use crate::client::Client;

/// A flag for browsers that is on for whoever has the plan `pro`, and a key that sees it.
async fn browser(client: &mut Client) {
    for (key, client_side) in [("banner", true), ("secret", false)] {
        let mut command = client.workspace.boolean_flag(key);
        command.client_side = client_side;
        client.kit.services.flags().create(&client.workspace.developer, command).await.unwrap();
    }
    client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
}

/// Replaces what a flag does in `dev`.
async fn configure(client: &Client, key: &str, version: i64, change: Value) {
    let mut configuration = json!({
        "enabled": true, "off_variation": "off", "fallthrough": {"variation": "off"},
        "rules": [{"id": "pro", "when": {"attribute": "plan", "op": "eq", "values": ["pro"]}, "serve": {"variation": "on"}}]
    });
    configuration.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let configuration = serde_json::from_value(configuration).unwrap();
    let command = client.workspace.configure(key, "dev", version, configuration);
    client.kit.services.flags().configure(&client.workspace.developer, command).await.unwrap();
}

async fn with_context(client: &Client, context: &Value) -> Events {
    let query: String = form(&[("key", &client.key), ("context", &context.to_string())]);
    follow(client.front(), ask(&format!("/api/v1/stream?{query}"), None, None)).await
}

fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// First the values for the context, then those that change: neither rules, nor flags that are not for browsers.
#[tokio::test]
async fn values_follow_the_context() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let mut pro = with_context(&client, &json!({"userId": "u", "plan": "pro"})).await;
        let mut free = with_context(&client, &json!({"userId": "u", "plan": "free"})).await;
        for events in [&mut pro, &mut free] {
            let put = events.expect("put").await;
            assert_eq!(put["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["banner"]);
            assert_eq!(put["flags"]["banner"]["value"], false);
            assert_eq!(put["flags"]["banner"]["reason"], "flag_disabled");
        }
        configure(&client, "banner", 1, json!({})).await;
        let patch = pro.expect("patch").await;
        assert_eq!(patch["flags"]["banner"]["value"], true);
        assert_eq!(patch["flags"]["banner"]["rule"], "pro");
        assert!(!patch.to_string().contains("plan"), "{patch}");
        // For whom nothing changed nothing is told: the next that is heard of is the next change.
        configure(&client, "secret", 1, json!({})).await;
        configure(&client, "banner", 2, json!({"fallthrough": {"variation": "on"}})).await;
        let patch = free.expect("patch").await;
        assert_eq!(patch["flags"]["banner"]["version"], 3);
        assert_eq!(patch["flags"]["banner"]["value"], true);
        configure(&client, "banner", 3, json!({"rules": [], "fallthrough": {"variation": "off"}})).await;
        let patch = pro.expect("patch").await;
        assert_eq!(
            (&patch["flags"]["banner"]["version"], &patch["flags"]["banner"]["value"]),
            (&json!(4), &json!(false))
        );
    })
    .await;
}

/// `userId` beside the context is the user, as everywhere.
#[tokio::test]
async fn the_user_may_stand_beside() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let when = json!({"attribute": "userId", "op": "eq", "values": ["ann \"&\u{e9}"]});
        configure(
            &client,
            "banner",
            1,
            json!({"rules": [{"id": "r", "when": when, "serve": {"variation": "on"}}]}),
        )
        .await;
        for (context, expected) in
            [(None, true), (Some(r#"{"userId":"bob","a":1}"#), true), (Some("{}"), true)]
        {
            let mut fields = vec![("key", client.key.as_str()), ("userId", "ann \"&\u{e9}")];
            fields.extend(context.map(|context| ("context", context)));
            let request = ask(&format!("/api/v1/stream?{}", form(&fields)), None, None);
            let put = follow(client.front(), request).await.expect("put").await;
            assert_eq!(put["flags"]["banner"]["value"], expected, "{context:?}");
        }
    })
    .await;
}

/// A flag that browsers may see no more is taken from them; what is purged is told where they see it.
#[tokio::test]
async fn what_is_hidden_is_deleted() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let mut events = with_context(&client, &json!({})).await;
        events.expect("put").await;
        let (workspace, services) = (&client.workspace, &client.kit.services);
        for (flag, comment) in [(Some("secret"), None), (Some("banner"), None), (None, None)] {
            let flag = flag.map(|key| key.parse().unwrap());
            let command = domain::flags::PurgeCaches { flag, comment };
            services
                .flags()
                .purge(&workspace.admin, &workspace.project, "dev".parse().unwrap(), command)
                .await
                .unwrap();
        }
        let revision = events.expect("purge").await["revision"].as_u64().unwrap();
        assert_eq!(events.expect("purge").await, json!({"revision": revision + 1, "flag": null}));
        let changes = FlagChanges { client_side: Some(false), ..FlagChanges::default() };
        let command =
            UpdateFlag { project: workspace.project.clone(), key: "banner".parse().unwrap(), changes };
        services.flags().update(&workspace.developer, command).await.unwrap();
        let delete = events.expect("delete").await;
        assert_eq!(delete["flags"], json!(["banner"]));
    })
    .await;
}

/// Time changes values, too: at the edge of a window the value is told, without a change.
#[tokio::test]
async fn time_changes_values() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let window = json!({"from": START.0 + 1000, "until": START.0 + 5000});
        configure(&client, "banner", 1, json!({"window": window, "fallthrough": {"variation": "on"}})).await;
        let mut events = with_context(&client, &json!({})).await;
        assert_eq!(events.expect("put").await["flags"]["banner"]["value"], false);
        for (later, expected) in [(1000, true), (4000, false)] {
            client.kit.clock.advance(later);
            client.kit.services.delivery().refresh().await.unwrap();
            assert_eq!(events.expect("patch").await["flags"]["banner"]["value"], expected);
        }
    })
    .await;
}

/// What is told is counted once; what is looked at and not told is not.
#[tokio::test]
async fn what_is_told_is_counted() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let mut events = with_context(&client, &json!({"plan": "pro"})).await;
        events.expect("put").await;
        configure(&client, "secret", 1, json!({})).await;
        configure(&client, "banner", 1, json!({})).await;
        events.expect("patch").await;
        client.kit.services.delivery().flush_usage().await.unwrap();
        let rows =
            client.kit.database.rows("SELECT flag, reason, count FROM usage_hour ORDER BY reason").await;
        let rows: Vec<_> = rows.iter().map(|row| json!([row["flag"], row["reason"], row["count"]])).collect();
        assert_eq!(rows, [json!(["banner", "flag_disabled", 1]), json!(["banner", "segment_match", 1])]);
    })
    .await;
}

/// A key that may see rules stands in no address, and a context has to be one.
#[tokio::test]
async fn bad_requests_are_told_so() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let server = client.key.clone();
        browser(&mut client).await;
        let refused = client.send(ask(&format!("/api/v1/stream?key={server}"), None, None)).await;
        refused.error(403, "forbidden");
        for query in ["", "?key=", "?key=tbc_dev_unknown"] {
            let refused = client.send(ask(&format!("/api/v1/stream{query}"), None, None)).await;
            refused.error(401, "unauthenticated");
        }
        let with = |query: &str| ask(&format!("/api/v1/stream?key={}&{query}", client.key), None, None);
        client.send(with("context=[]")).await.invalid("context");
        client.send(with("context=%7B")).await.invalid("context");
        client.send(with("userId=a&userId=b")).await.invalid("query");
        client.send(with("context=%FF")).await.invalid("query");
        client.send(with("plan=pro")).await.invalid("query");
        // A browser key sees no rules.
        client.get("/api/v1/ruleset").await.error(403, "forbidden");
    })
    .await;
}
