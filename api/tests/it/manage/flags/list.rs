use serde_json::{Value, json};
use testkit::{START, each};

use super::{Flags, keys};

/// Flags that differ in everything that is searched.
async fn some(flags: &Flags) {
    let me = flags.workspace.developer.person().unwrap().id;
    for body in [
        json!({"name": "Zebra crossing", "key": "alpha", "tags": ["Ürban", "web"], "kind": "percentage"}),
        json!({"name": "apple", "key": "Beta", "description": "100% of_all", "owner": null, "tags": ["web"]}),
        json!({"name": "Mango", "key": "gamma_ray", "temporary": true, "expires_at": START.0 + 50, "owner": me}),
        json!({"name": "mango", "key": "delta", "temporary": true, "owner": null, "tags": ["api", "web"]}),
    ] {
        flags.done("POST", "", body).await;
        flags.kit().clock.advance(10);
    }
}

/// Every filter finds what it says, alone and together, and the total counts what is found.
#[tokio::test]
async fn filters_find_what_they_say() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        some(&flags).await;
        flags.switch("alpha", "dev", true).await;
        flags.switch("Beta", "prod", true).await;
        let me = flags.workspace.developer.person().unwrap().id;
        let mine = format!("?owner={me}");
        flags.kit().clock.advance(50);
        let cases: Vec<(&str, &[&str])> = vec![
            ("", &["Beta", "alpha", "delta", "gamma_ray"]),
            ("?q=", &["Beta", "alpha", "delta", "gamma_ray"]),
            ("?q=BETA", &["Beta"]),
            ("?q=cross", &["alpha"]),
            ("?q=mango", &["delta", "gamma_ray"]),
            ("?q=%25", &["Beta"]),
            ("?q=_", &["Beta", "gamma_ray"]),
            ("?q=0%25", &["Beta"]),
            ("?q=!", &[]),
            ("?q=%C3%BCRB", &["alpha"]),
            ("?q=we", &["Beta", "alpha", "delta"]),
            ("?kind=percentage", &["alpha"]),
            ("?tag=web", &["Beta", "alpha", "delta"]),
            ("?tag=web&tag=api", &["delta"]),
            ("?tag=web,api", &["delta"]),
            ("?tag=we", &[]),
            ("?environment=dev&state=on", &["alpha"]),
            ("?environment=dev&state=off", &["Beta", "delta", "gamma_ray"]),
            ("?environment=prod&state=on", &["Beta"]),
            ("?environment=staging&state=on", &[]),
            (&mine, &["alpha", "gamma_ray"]),
            ("?owner=me", &[]),
            ("?owner=0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84", &[]),
            ("?stale=true", &["gamma_ray"]),
            ("?stale=false", &["Beta", "alpha", "delta"]),
            ("?archived=true", &[]),
            ("?q=mango&tag=web&stale=false&archived=false", &["delta"]),
        ];
        for (query, expected) in cases {
            let list = flags.get(query).await;
            assert_eq!(keys(&list), expected, "{query}");
            assert_eq!((&list["total"], &list["next"]), (&json!(expected.len()), &Value::Null), "{query}");
        }
        let mine = flags.ask(&flags.developer, "GET", "?owner=me", None).await;
        assert_eq!(keys(&mine.body), ["alpha", "gamma_ray"]);
        let one = flags.get("?environment=prod&q=alpha").await;
        let environments = one["flags"][0]["environments"].as_object().unwrap();
        assert_eq!(environments.keys().collect::<Vec<_>>(), ["prod"]);
        assert_eq!(flags.get("").await["flags"][0], flags.get("/Beta").await);
    })
    .await;
}

/// Pages follow each other without a gap in every order, whatever happens to flags that were shown already.
#[tokio::test]
async fn pages_follow_each_other() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        some(&flags).await;
        flags.done("PATCH", "/Beta", json!({"description": "another"})).await;
        for (sort, expected) in [
            ("key", ["Beta", "alpha", "delta", "gamma_ray"]),
            ("name", ["Beta", "gamma_ray", "delta", "alpha"]),
            ("created", ["alpha", "Beta", "gamma_ray", "delta"]),
            ("updated", ["alpha", "gamma_ray", "delta", "Beta"]),
        ] {
            for (sort, is_reversed) in [(sort.to_owned(), false), (format!("-{sort}"), true)] {
                let mut expected = expected.to_vec();
                if is_reversed {
                    expected.reverse();
                }
                for limit in [1, 3, 4] {
                    let mut found = Vec::new();
                    let mut cursor = String::new();
                    loop {
                        let page = flags.get(&format!("?sort={sort}&limit={limit}{cursor}")).await;
                        found.extend(keys(&page).into_iter().map(str::to_owned));
                        assert_eq!(page["total"], 4);
                        let Some(next) = page["next"].as_str() else { break };
                        cursor = format!("&cursor={next}");
                    }
                    assert_eq!(found, expected, "{sort}, {limit} at a time");
                }
            }
        }
    })
    .await;
}

/// A query against the rules names its field; a cursor is good for its own list alone.
#[tokio::test]
async fn a_query_against_the_rules_names_its_field() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        some(&flags).await;
        let next = flags.get("?limit=1").await["next"].as_str().unwrap().to_owned();
        let long = format!("?q={}", "x".repeat(201));
        let cursors =
            ["sort=name&", "q=a&", "archived=true&", "tag=web&"].map(|more| format!("?{more}cursor={next}"));
        let cases = [
            ("?colour=red", "colour"),
            ("?q=a&q=b", "q"),
            (&long, "q"),
            ("?q=%00", "q"),
            ("?tag=%00", "tag"),
            ("?tag=web,a%00", "tag"),
            ("?kind=other", "kind"),
            ("?kind=", "kind"),
            ("?environment=nope&state=on", "environment"),
            ("?environment=No", "environment"),
            ("?state=on", "environment"),
            ("?environment=dev&state=maybe", "state"),
            ("?owner=ada", "owner"),
            ("?stale=yes", "stale"),
            ("?archived=1", "archived"),
            ("?sort=size", "sort"),
            ("?limit=0", "limit"),
            ("?limit=101", "limit"),
            ("?limit=many", "limit"),
            ("?cursor=nonsense", "cursor"),
            ("?cursor=", "cursor"),
            ("?q=%FF", "query"),
        ];
        let cases = cases.into_iter().chain(cursors.iter().map(|query| (query.as_str(), "cursor")));
        for (query, field) in cases {
            let answer = flags.ask(&flags.member, "GET", query, None).await;
            assert!(!answer.invalid(field).is_empty(), "{query}");
        }
        assert_eq!(flags.get(&format!("?limit=3&cursor={next}")).await["flags"].as_array().unwrap().len(), 3);
        flags.refuses_others("GET", "", None, &[]).await;
        flags.refuses_others("GET", "/menu", None, &[]).await;
    })
    .await;
}

/// What somebody has already is not sent again; after a change it is.
#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        for path in ["", "/menu"] {
            let first = flags.ask(&flags.member, "GET", path, None).await;
            let tag = first.headers["etag"].to_str().unwrap();
            let known = [("if-none-match", tag)];
            let again = flags.ask_with(&flags.member, "GET", path, None, &known).await;
            assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null), "{path}");
            let state = first.body.to_string().contains(r#""enabled":true"#);
            flags.switch("menu", "dev", !state).await;
            let again = flags.ask_with(&flags.member, "GET", path, None, &known).await;
            assert_eq!(again.status, 200, "{path}");
        }
    })
    .await;
}

/// Flags of another organization are none of this list.
#[tokio::test]
async fn a_list_is_of_one_organization() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        let other = flags.kit().workspace().await;
        other.flag("theirs").await;
        assert_eq!(keys(&flags.get("?q=e").await), ["menu"]);
        flags.ask(&flags.member, "GET", "/theirs", None).await.error(404, "not_found");
    })
    .await;
}
