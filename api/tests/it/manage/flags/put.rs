use serde_json::json;
use testkit::each;

use super::{Flags, Who};

/// A flag that is written down is created once, and then kept as it is written.
#[tokio::test]
async fn a_flag_is_what_is_written_down() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let written = json!({"name": "Menu", "tags": ["food"], "temporary": true});
        let put = async |body: &serde_json::Value| {
            flags.ask(&flags.developer, "PUT", "/menu", Some(body.clone())).await
        };
        let made = put(&written).await;
        assert_eq!((made.status.as_u16(), &made.body["key"]), (201, &json!("menu")), "{made:?}");
        flags.switch("menu", "dev", true).await;
        let (there, state) = (flags.get("/menu").await, flags.kit().state().await);
        let again = put(&written).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &there));
        assert!(flags.kit().state().await == state);

        let other = put(&json!({"name": "The menu", "client_side": true, "version": 1})).await;
        assert_eq!((&other.body["name"], &other.body["tags"]), (&json!("The menu"), &json!([])));
        assert_eq!((&other.body["temporary"], &other.body["client_side"]), (&json!(false), &json!(true)));
        assert_eq!((&other.body["version"], &other.body["owner"]), (&json!(2), &there["owner"]));
        assert_eq!(other.body["environments"]["dev"]["enabled"], true);
        assert_eq!(other.body["environments"]["dev"]["version"], 3);
    })
    .await;
}

/// What a flag is never changed to clashes; what is against the rules names its field.
#[tokio::test]
async fn what_cannot_be_is_refused() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        for (path, body) in [
            ("/menu", json!({"name": "a", "kind": "percentage"})),
            ("/menu", json!({"name": "a", "value_type": "json"})),
            ("/menu", json!({"name": "a", "version": 9})),
            ("/other", json!({"name": "a", "version": 1})),
        ] {
            flags.refused((&flags.developer, 409, "conflict"), "PUT", path, Some(body)).await;
        }
        flags.flag("gone").await;
        flags.done_by(&flags.admin, "POST", "/gone/archive", json!({})).await;
        let gone = Some(json!({"name": "b"}));
        flags.refused((&flags.developer, 409, "conflict"), "PUT", "/gone", gone).await;
        for (path, body, field) in [
            ("/a%20b", json!({"name": "a"}), "key"),
            ("/new", json!({"name": "a"}), "key"),
            ("/menu", json!({}), ""),
            ("/menu", json!({"name": ""}), "name"),
            ("/menu", json!({"name": "a", "expires_at": 1}), "expires_at"),
            ("/menu", json!({"name": "a", "key": "b"}), "key"),
            ("/other", json!({"name": "a", "value_type": "json"}), "variations"),
        ] {
            flags.invalid("PUT", path, body, field).await;
        }
        let body = || Some(json!({"name": "a"}));
        for path in ["/menu", "/other"] {
            flags.refused((&Who::Nobody, 401, "unauthenticated"), "PUT", path, body()).await;
            flags.refused((&flags.outsider, 404, "not_found"), "PUT", path, body()).await;
            flags.refused((&flags.member, 403, "forbidden"), "PUT", path, body()).await;
        }
        let nowhere = [("x-project", "nope")];
        flags.ask_with(&flags.admin, "PUT", "/menu", body(), &nowhere).await.error(404, "not_found");
    })
    .await;
}
