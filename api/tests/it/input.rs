//! What is refused, and what must not break anything.

use serde_json::json;
use testkit::each;

use crate::client::{Client, PREFIXES};

const LIMIT: usize = 1024 * 1024;

fn flag() -> String {
    format!("{}/flags/menu", PREFIXES[0])
}

/// A body of exactly so many bytes.
fn body_of(length: usize) -> String {
    let frame = r#"{"context":{"pad":""}}"#;
    frame.replace(r#""""#, &format!("\"{}\"", "x".repeat(length - frame.len())))
}

/// A query against the rules is refused, with the part that is.
#[tokio::test]
async fn a_query_against_the_rules_names_its_part() {
    let cases = [
        ("context=", "context"),
        ("context=%7B", "context"),
        ("context=%5B%5D", "context"),
        ("context=null", "context"),
        ("context=1", "context"),
        ("context=%7B%7D%7B%7D", "context"),
        ("context=%22text%22", "context"),
        ("nope=1", "query"),
        ("userId=%FF", "query"),
        ("userid=user-1", "query"),
        ("userId=a&userId=b", "query"),
        ("userId=a&context=%7B%7D&more=", "query"),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for prefix in PREFIXES {
            for path in ["/flags/menu", "/flags"] {
                for (query, part) in cases {
                    client.get(&format!("{prefix}{path}?{query}")).await.invalid(part);
                }
            }
        }
        assert!(client.get(&format!("{}?nope=1", flag())).await.invalid("query").contains("nope"));
        // What stands in the query of a POST would not count.
        client.post(&format!("{}?userId=user-1", flag()), "{}").await.invalid("query");
    })
    .await;
}

/// A body against the rules is refused, with the path of the field that is.
#[tokio::test]
async fn a_body_against_the_rules_names_its_field() {
    let cases: [(&[u8], &str); 26] = [
        (b"{", ""),
        (b"[", ""),
        (b"[]", ""),
        (b" [\"user-1\"]", ""),
        (b"[\"user-1\",{}]", ""),
        (b"null", ""),
        (b"1", ""),
        (b"\"text\"", ""),
        (b" ", ""),
        (b"\0", ""),
        (b"{} {}", ""),
        (b"{}x", ""),
        (b"\xEF\xBB\xBF{}", ""),
        (b"{\"userId\":1}", "userId"),
        (b"{\"userId\":[\"a\"]}", "userId"),
        (b"{\"userId\":{}}", "userId"),
        (b"{\"userId\":\"\xFF\"}", "userId"),
        (b"{\"userId\":\"a\nb\"}", "userId"),
        (b"{\"context\":1}", "context"),
        (b"{\"context\":[]}", "context"),
        (b"{\"context\":\"{}\"}", "context"),
        (b"{\"context\":{\"a\":}}", "context"),
        (b"{\"context\":{\"a\":01}}", "context"),
        (b"{\"nope\":1}", "nope"),
        (b"{\"userid\":\"a\"}", "userid"),
        (b"{\"userId\":\"a\",\"userId\":\"b\"}", ""),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for prefix in PREFIXES {
            for path in ["/flags/menu", "/flags"] {
                for (body, field) in &cases {
                    let answer = client.post(&format!("{prefix}{path}"), body.to_vec()).await;
                    answer.invalid(field);
                }
            }
        }
    })
    .await;
}

/// Bodies up to 1 MiB are read, larger ones are refused with the limit.
#[tokio::test]
async fn a_body_has_a_limit() {
    each(async |kit| {
        let client = Client::over(kit).await;
        assert_eq!(body_of(LIMIT).len(), LIMIT);
        for prefix in PREFIXES {
            for path in ["/flags/menu", "/flags"] {
                let path = format!("{prefix}{path}");
                assert_eq!(client.post(&path, body_of(LIMIT)).await.status, 200);
                let answer = client.post(&path, body_of(LIMIT + 1)).await;
                answer.error(413, "too_large");
                assert_eq!(answer.body["error"]["message"], "larger than the limit of 1048576 bytes");
            }
        }
    })
    .await;
}

/// Contexts that are strange but JSON are answered like any other, by an API that goes on working.
#[tokio::test]
async fn strange_contexts_are_answered() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5000), close.repeat(5000));
    let contexts = [
        json!({}).to_string(),
        r#"{"":""}"#.into(),
        r#"{"userId":""}"#.into(),
        r#"{"userId":1e999}"#.into(),
        r#"{"userId":-0}"#.into(),
        r#"{"userId":123456789012345678901234567890123456789012345678901234567890}"#.into(),
        r#"{"userId":1e-400}"#.into(),
        r#"{"userId":"\u0000"}"#.into(),
        r#"{"userId":"\ud800"}"#.into(),
        r#"{"userId":"a","userId":"b","userId":null}"#.into(),
        r#"{"userId":{"userId":{"userId":[[]]}}}"#.into(),
        format!(r#"{{"a":{}}}"#, deep("[", "]")),
        format!(r#"{{"userId":{}}}"#, deep(r#"{"a":"#, "}")),
        format!("{{{}}}", (0..5000).map(|n| format!(r#""{n}":{n}"#)).collect::<Vec<_>>().join(",")),
        format!(r#"{{"userId":"{}"}}"#, "\u{1F600}".repeat(10_000)),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for context in &contexts {
            let start: String = context.chars().take(60).collect();
            for path in [flag(), format!("{}/flags", PREFIXES[0])] {
                let answer = client.post(&path, format!(r#"{{"context":{context}}}"#)).await;
                assert_eq!(answer.status, 200, "{start}: {answer:?}");
            }
            assert_eq!(client.get(&flag()).await.status, 200);
        }
    })
    .await;
}

/// Bodies that are nothing at all are refused, by an API that goes on working.
#[tokio::test]
async fn nasty_bodies_break_nothing() {
    let bodies: Vec<Vec<u8>> = vec![
        vec![0; 1000],
        vec![0xFF; LIMIT],
        b"[".repeat(LIMIT),
        br#"{"a":"#.repeat(10_000),
        br#"{"userId":"\ud800"}"#.to_vec(),
        br#"{"userId":"\u12"}"#.to_vec(),
        br#"{"userId":1e999}"#.to_vec(),
        br#"{"context":{"\ud800":1}}"#.to_vec(),
        [br#"{"context":"#.to_vec(), b"[".repeat(60_000)].concat(),
        [br#"{"context":{"a":"#.to_vec(), br#"{"a":"#.repeat(12_000)].concat(),
        (0..=255).collect(),
    ];
    each(async |kit| {
        let client = Client::over(kit).await;
        for body in &bodies {
            let answer = client.post(&flag(), body.clone()).await;
            answer.error(400, "invalid");
            assert_eq!(client.get(&flag()).await.status, 200);
        }
    })
    .await;
}
