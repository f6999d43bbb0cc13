//! What OpenFeature's clients follow.

use serde_json::json;
use testkit::each;

use super::{Events, ask, follow};
use crate::client::Client;

const DAY: i64 = 86_400_000;

async fn with_token(client: &Client, token: &str, last_event_id: Option<&str>) -> Events {
    follow(client.front(), ask(&format!("/ofrep/v1/stream?token={token}"), None, last_event_id)).await
}

fn token(client: &Client) -> String {
    let delivery = client.kit.services.delivery();
    delivery.pass(&delivery.authenticate(&client.key).unwrap())
}

/// Each change is a hint, and nothing more: neither values nor rules.
#[tokio::test]
async fn a_change_is_a_hint() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = with_token(&client, &token(&client), None).await;
        // Something may have changed since the values were asked for.
        events.expect("message").await;
        client.switch(false).await;
        let hint = events.expect("message").await;
        let id = events.last_id.clone();
        assert_eq!(hint, json!({"type": "refetchEvaluation", "etag": format!("\"{id}\"")}));
        drop(events);
        // Who comes back and has missed nothing hears of the next change, who has missed one hears at once.
        let mut events = with_token(&client, &token(&client), Some(&id)).await;
        client.switch(true).await;
        events.expect("message").await;
        assert_ne!(events.last_id, id);
        let newer = events.last_id.clone();
        let mut events = with_token(&client, &token(&client), Some(&id)).await;
        events.expect("message").await;
        assert_eq!(events.last_id, newer);
    })
    .await;
}

/// A token is the same for a day at least, so that its address stays the same, and ends.
#[tokio::test]
async fn a_token_ends() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let first = token(&client);
        let mut events = with_token(&client, &first, None).await;
        events.expect("message").await;
        client.kit.clock.advance(DAY - 1);
        assert_eq!(token(&client), first);
        client.kit.clock.advance(DAY);
        assert_ne!(token(&client), first);
        with_token(&client, &first, None).await;
        client.kit.clock.advance(1);
        let refused = client.send(ask(&format!("/ofrep/v1/stream?token={first}"), None, None)).await;
        refused.error(401, "unauthenticated");
        client.switch(false).await;
        assert_eq!(events.expect("end").await, json!({"reason": "expired"}));
        assert_eq!(events.next().await, None);
        // The next one works.
        with_token(&client, &token(&client), None).await;
    })
    .await;
}

/// What nobody signed opens nothing, and a token opens nothing else.
#[tokio::test]
async fn a_token_is_signed_and_good_for_hints_alone() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let token = token(&client);
        assert!(!token.contains(&client.key) && !client.key.contains(&token));
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'Q' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            let refused = client.send(ask(&format!("/ofrep/v1/stream?token={forged}"), None, None)).await;
            refused.error(401, "unauthenticated");
        }
        for path in ["/api/v1/ruleset", "/api/v1/eval/flags", "/api/v1/stream"] {
            client.send(ask(path, Some(&token), None)).await.error(401, "unauthenticated");
        }
        for query in ["", "?token=", "?token=x"] {
            let refused = client.send(ask(&format!("/ofrep/v1/stream{query}"), None, None)).await;
            refused.error(401, "unauthenticated");
        }
        client.send(ask(&format!("/ofrep/v1/stream?token={token}&a=1"), None, None)).await.invalid("query");
    })
    .await;
}
