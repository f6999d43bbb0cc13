//! What those see who are not signed in: the landing page, its demonstration, and refusals as pages.

use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use serde_json::Value;
use testkit::each;

use crate::client::{Answer, Client, Sent};
use crate::dashboard::Dashboard;

/// The flag of the demonstration, somebody's id, the first 32 bits of the MD5 of both with a colon between them, and what
/// decision 1 makes of that. Computed with Python's `hashlib`.
const KNOWN: [(&str, u32, u64); 6] = [
    ("ada", 1_362_485_421, 21_854),
    ("emma", 3_233_082_873, 73_828),
    ("kai", 1_252_197_440, 40_974),
    ("noah", 2_423_320_730, 30_207),
    ("yuki", 2_205_230_061, 61_300),
    ("zoe", 3_574_077_955, 55_779),
];

async fn get(client: &Client, path: &str, cookie: Option<&str>) -> Answer {
    let headers = vec![(ACCEPT, "text/html,*/*;q=0.8".to_owned())];
    client.send(&Sent { method: "GET", path: path.into(), headers, ..Sent::default() }, cookie, &[]).await
}

/// How many people a page or an answer has, and how many of them are in.
fn counted(body: &str) -> (usize, usize) {
    // Each is there twice: as a cell, and as a line of the scale.
    (body.matches("data-user=").count(), body.matches(r#"data-in="true""#).count() / 2)
}

fn header<'a>(answer: &'a Answer, name: &HeaderName) -> &'a str {
    answer.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn the_front_page_is_whole_without_script() {
    each(async |kit| {
        let dashboard = Dashboard::over(kit);
        let page = get(&dashboard.client, "/", None).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        assert_eq!(header(&page, &CACHE_CONTROL), "no-store");
        assert!(header(&page, &CONTENT_SECURITY_POLICY).contains("script-src 'self'"), "{page:?}");
        assert!(!page.touches_cookies(), "{page:?}");
        assert_eq!(counted(&page.body), (48, 11));
        assert!(!page.body.contains(".wasm") && !page.body.contains(" style="), "{}", page.body);
        let scripts: Vec<_> =
            page.body.split("<script").skip(1).filter(|script| script.contains("src=")).collect();
        assert!(scripts.len() == 1 && scripts[0].contains(r#"src="/landing.js""#), "{scripts:?}");
        for part in ["how-it-works", "code", "comparison", "self-hosting"] {
            let (link, place) = (format!("href=\"#{part}\""), format!("id=\"{part}\""));
            assert!(page.body.contains(&link) && page.body.contains(&place), "{part}");
        }

        let chosen = get(&dashboard.client, "/?percent=50&utm_source=x", None).await;
        assert_eq!((chosen.status, counted(&chosen.body)), (StatusCode::OK, (48, 24)));
        let wrong = get(&dashboard.client, "/?percent=101", None).await;
        assert_eq!((wrong.status, counted(&wrong.body)), (StatusCode::BAD_REQUEST, (48, 11)));
        assert!(
            wrong.body.contains("The percentage must be a whole number from 0 to 100."),
            "{}",
            wrong.body
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_goes_to_their_flags() {
    each(async |kit| {
        let dashboard = Dashboard::over(kit);
        let headers = vec![(CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned())];
        let form =
            Sent { method: "POST", path: "/sign-in/demo".into(), headers, body: "role=developer".into() };
        let signed_in = dashboard.client.send(&form, None, &dashboard.client.own()).await;
        let cookie = format!("togglebit={}", signed_in.cookie("togglebit").unwrap());
        let home = get(&dashboard.client, "/?percent=50", Some(&cookie)).await;
        assert_eq!(home.status, StatusCode::SEE_OTHER, "{home:?}");
        assert_eq!(home.location(), Some("/o/demo/default/flags"));
        // A cookie that is worth nothing is nobody's.
        let nobody = get(&dashboard.client, "/", Some("togglebit=AAAAAAAAAAAAAAAAAAAAAA")).await;
        assert_eq!(nobody.status, StatusCode::OK, "{nobody:?}");
    })
    .await;
}

#[tokio::test]
async fn the_demonstration_is_bucketed_as_documented() {
    each(async |kit| {
        let dashboard = Dashboard::over(kit);
        let mut before = 0;
        for percent in 0..=100 {
            let path = format!("/demo/rollout?percent={percent}");
            let answer = get(&dashboard.client, &path, None).await;
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
            assert_eq!(header(&answer, &CACHE_CONTROL), "public, max-age=3600");
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!((&body["flag"], &body["percent"]), (&"new-menu".into(), &percent.into()));
            let people = body["people"].as_array().unwrap();
            assert_eq!(people.len(), 48);
            for person in people {
                let bucket = person["bucket"].as_u64().unwrap();
                // So whoever is in stays in: their bucket does not know of the percentage.
                assert_eq!(person["enabled"], bucket < percent * 1000, "{percent} %: {person}");
                assert_eq!(person["reason"], "percentage_rollout", "{person}");
            }
            for (id, hash, bucket) in KNOWN {
                let person = people.iter().find(|person| person["userId"] == id).unwrap();
                assert_eq!(person["bucket"], bucket, "{id}");
                assert_eq!(person["enabled"], u64::from(hash % 100) < percent, "{id} at {percent} %");
            }
            let enabled = people.iter().filter(|person| person["enabled"] == true).count();
            assert_eq!(body["enabled"], enabled);
            assert!(enabled >= before, "{percent} %");
            before = enabled;
        }
        assert_eq!(before, 48);
    })
    .await;
}

#[tokio::test]
async fn the_demonstration_says_what_it_cannot_read() {
    each(async |kit| {
        let dashboard = Dashboard::over(kit);
        for query in [
            "",
            "?",
            "?percent",
            "?percent=",
            "?percent=101",
            "?percent=-1",
            "?percent=%2B5",
            "?percent=2.5",
            "?percent=ten",
            "?percent=99999999999999999999",
            "?percent=1&percent=2",
            "?Percent=10",
        ] {
            let answer = get(&dashboard.client, &format!("/demo/rollout{query}"), None).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {answer:?}");
            assert_eq!(header(&answer, &CACHE_CONTROL), "no-store", "{query}");
        }
        let ask = Sent { method: "GET", path: "/demo/rollout?percent=101".into(), ..Sent::default() };
        let answer = dashboard.client.send(&ask, None, &[]).await;
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], "invalid");
        assert_eq!(body["error"]["details"][0]["path"], "percent");
    })
    .await;
}

/// What layers refuse is a page for those who look with a browser, with the id that the log has.
#[tokio::test]
async fn refusals_are_pages_where_pages_are_asked_for() {
    each(async |kit| {
        let dashboard = Dashboard::over(kit);
        let elsewhere = [(HeaderName::from_static("sec-fetch-site"), "cross-site".to_owned())];
        let mut form = Sent { method: "POST", path: "/sign-out".into(), ..Sent::default() };
        let for_programs = dashboard.client.send(&form, None, &elsewhere).await;
        assert_eq!(for_programs.status, StatusCode::FORBIDDEN);
        assert_eq!(header(&for_programs, &CONTENT_TYPE), "application/json");

        form.headers.push((ACCEPT, "text/html".to_owned()));
        let page = dashboard.client.send(&form, None, &elsewhere).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{page:?}");
        assert!(header(&page, &CONTENT_TYPE).starts_with("text/html"), "{page:?}");
        let id = header(&page, &HeaderName::from_static("x-request-id"));
        for text in ["You may not do this", "The request comes from another site.", id] {
            assert!(!text.is_empty() && page.body.contains(text), "{text}: {}", page.body);
        }
        assert_eq!(page.headers.get_all(CONTENT_TYPE).iter().count(), 1);
        assert_eq!(header(&page, &HeaderName::from_static("x-frame-options")), "DENY");

        let missing = get(&dashboard.client, "/nowhere", None).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.body.contains("There is no such page"), "{}", missing.body);
    })
    .await;
}
