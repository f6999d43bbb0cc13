//! The ruleset: the same for all, sent once.

use std::io::Read;

use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{Request, Response};
use testkit::each;
use tower::ServiceExt;

use crate::client::Client;

async fn ask(client: &Client, encodings: Option<&str>, known: Option<&str>) -> Response<Body> {
    let mut request = Request::get("/api/v1/ruleset").header(AUTHORIZATION, format!("Bearer {}", client.key));
    for (name, value) in [(ACCEPT_ENCODING, encodings), (IF_NONE_MATCH, known)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    client.front().clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn read(answer: Response<Body>) -> Vec<u8> {
    to_bytes(answer.into_body(), 10_000_000).await.unwrap().to_vec()
}

/// The documents as the engine's own format has them.
#[tokio::test]
async fn it_is_what_the_engine_reads() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let answer = client.get("/api/v1/ruleset").await;
        assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
        assert_eq!(answer.headers[CACHE_CONTROL], "private, no-cache");
        assert_eq!(answer.headers[VARY], "accept-encoding");
        let ruleset: engine::ruleset::Ruleset = serde_json::from_value(answer.body).unwrap();
        assert_eq!(ruleset.environment, "dev");
        assert!(ruleset.flags["menu"].enabled);
        let context = engine::Context::default();
        assert!(engine::Compiled::from_ruleset(&ruleset).evaluate("menu", &context, 0).enabled);
        client.get("/api/v1/ruleset?a=1").await.invalid("query");
    })
    .await;
}

/// Each encoding says the same under a tag of its own, and whoever has one has them all.
#[tokio::test]
async fn it_is_compressed_as_the_client_likes() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let plain = read(ask(&client, None, None).await).await;
        let mut tags = Vec::new();
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, zstd", "zstd"),
            ("GZIP;q=0.5, identity;q=0.1", "gzip"),
            ("br;q=0.2, zstd;q=0.8, gzip;q=0.9", "gzip"),
            ("*", "br"),
            ("*, br;q=0", "zstd"),
            ("br;q=x, gzip", "gzip"),
            ("identity, br;q=0.1", "identity"),
            ("deflate", "identity"),
            ("", "identity"),
            ("*;q=0", "identity"),
        ] {
            let answer = ask(&client, Some(accepted), None).await;
            assert_eq!(answer.status(), 200);
            let told =
                answer.headers().get(CONTENT_ENCODING).map_or("identity", |value| value.to_str().unwrap());
            assert_eq!(told, encoding, "{accepted}");
            tags.push((encoding, answer.headers()[ETAG].to_str().unwrap().to_owned()));
            let body = read(answer).await;
            let mut text = Vec::new();
            match encoding {
                "br" => drop(brotli::Decompressor::new(&body[..], 4096).read_to_end(&mut text).unwrap()),
                "zstd" => text = zstd::decode_all(&body[..]).unwrap(),
                "gzip" => drop(flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut text).unwrap()),
                _ => text = body,
            }
            assert_eq!(text, plain, "{accepted}");
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4, "{tags:?}");
        assert!(
            tags.iter().all(|(encoding, tag)| tag.starts_with("\"1-") && tag.contains(encoding)),
            "{tags:?}"
        );

        for (_, tag) in &tags {
            for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
                let answer = ask(&client, Some("gzip"), Some(&known)).await;
                assert_eq!(answer.status(), 304, "{known}");
                assert_eq!(answer.headers()[ETAG], tag.as_str());
                assert_eq!(read(answer).await.len(), 0);
            }
        }
        client.workspace.flag("other").await;
        for (_, tag) in &tags {
            assert_eq!(ask(&client, Some("gzip"), Some(tag)).await.status(), 200);
        }
    })
    .await;
}
