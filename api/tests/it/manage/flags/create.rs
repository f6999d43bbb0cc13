use serde_json::json;
use testkit::{START, each};

use super::Flags;

/// What is left out is what most flags are; the flag is off everywhere, and served as such at once.
#[tokio::test]
async fn a_flag_needs_no_more_than_a_name() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let made = flags.done("POST", "", json!({"name": "New Menu!"})).await;
        assert_eq!(flags.logged(1).await, [("flag.created".to_owned(), "new-menu".to_owned())]);
        assert_eq!(made["key"], "new-menu");
        assert_eq!((&made["kind"], &made["value_type"]), (&json!("boolean"), &json!("boolean")));
        let variations = json!([{"key": "on", "value": true}, {"key": "off", "value": false}]);
        assert_eq!(made["variations"], variations);
        let me = flags.workspace.developer.person().unwrap();
        assert_eq!(made["owner"], json!({"id": me.id, "name": me.name}));
        for (field, value) in [
            ("description", json!("")),
            ("client_side", json!(false)),
            ("tags", json!([])),
            ("temporary", json!(false)),
            ("expires_at", json!(null)),
            ("stale", json!(false)),
            ("archived_at", json!(null)),
            ("version", json!(1)),
            ("created_at", json!(START.0)),
            ("updated_at", json!(START.0)),
        ] {
            assert_eq!(made[field], value, "{field}");
        }
        let environments = made["environments"].as_object().unwrap();
        assert_eq!(environments.keys().collect::<Vec<_>>(), ["dev", "prod", "staging"]);
        for (environment, state) in environments {
            assert_eq!((&state["enabled"], &state["version"]), (&json!(false), &json!(1)), "{environment}");
            assert_eq!(state["served"]["variation"], "on", "{environment}");
            assert_eq!(flags.served(environment, "new-menu").await, json!(false), "{environment}");
        }
        assert_eq!(flags.get("/new-menu").await, made);
    })
    .await;
}

/// Everything that can be said of a flag is kept, with each tag once; a configuration of its own starts switched off.
#[tokio::test]
async fn a_flag_may_say_everything() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let member = flags.workspace.member.person().unwrap().id;
        let body = json!({
            "name": "Headline", "key": "Headline@v2", "description": "Three wordings.", "value_type": "string",
            "variations": [{"key": "a", "value": "A"}, {"key": "b", "value": "B"}], "client_side": true,
            "tags": ["web", "growth", "web"], "owner": member, "temporary": true, "expires_at": START.0 + 1000,
            "configuration": {
                "enabled": true, "off_variation": "b",
                "fallthrough": {"rollout": {"weights": [
                    {"variation": "a", "weight": 25000}, {"variation": "b", "weight": 75000}
                ]}},
            },
        });
        let made = flags.done("POST", "", body).await;
        assert_eq!(made["kind"], "advanced");
        assert_eq!(made["tags"], json!(["growth", "web"]));
        assert_eq!(made["owner"]["id"], json!(member));
        assert_eq!((&made["temporary"], &made["expires_at"]), (&json!(true), &json!(START.0 + 1000)));
        assert_eq!(made["client_side"], true);
        let prod = &made["environments"]["prod"];
        assert_eq!((&prod["enabled"], &prod["served"]["share"]), (&json!(false), &json!(25_000)));
        assert_eq!(flags.served("prod", "Headline@v2").await, json!("B"));

        flags.kit().clock.advance(1000);
        assert_eq!(flags.get("/Headline@v2").await["stale"], true);
        let nobodys = json!({"name": "b", "owner": null, "kind": "combined"});
        let nobodys = flags.done("POST", "", nobodys).await;
        assert_eq!((&nobodys["owner"], &nobodys["kind"]), (&json!(null), &json!("combined")));
        assert_eq!(nobodys["environments"]["dev"]["served"]["share"], 0);
    })
    .await;
}

/// A share and tests make a flag of the kind that they speak of, off everywhere, that serves so once it is switched on.
#[tokio::test]
async fn a_flag_may_start_with_a_share_or_rules() {
    let test = || json!([{"attribute": "plan", "op": "eq", "values": ["pro"]}]);
    let rule = || json!([{"id": "pro", "when": test()[0], "serve": {"variation": "on"}}]);
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for (body, kind, share) in [
            (json!({"name": "a", "rollout_pct": 25}), "percentage", json!(25_000)),
            (json!({"name": "b", "rules": test()}), "segment", json!(0)),
            (json!({"name": "c", "rules": test(), "rollout_pct": 12.5}), "combined", json!(0)),
            (json!({"name": "d", "rules": rule()}), "advanced", json!(100_000)),
            (json!({"name": "e", "kind": "boolean", "rollout_pct": 50}), "boolean", json!(50_000)),
            (json!({"name": "f", "kind": "combined", "rules": test()}), "combined", json!(0)),
            (json!({"name": "g", "rules": []}), "boolean", json!(100_000)),
        ] {
            let made = flags.done("POST", "", body.clone()).await;
            assert_eq!(made["kind"], kind, "{body}");
            let dev = &made["environments"]["dev"];
            assert_eq!((&dev["enabled"], &dev["served"]["share"]), (&json!(false), &share), "{body}");
            let name = body["name"].as_str().unwrap();
            let simple = flags.get(&format!("/{name}/environments/dev")).await["simple"].clone();
            if let (false, Some(share)) = (kind == "advanced", body.get("rollout_pct")) {
                assert_eq!(simple["rollout_pct"].as_f64(), share.as_f64(), "{body}");
            }
            if ["segment", "combined"].contains(&kind) {
                assert_eq!(simple["rules"], test(), "{body}");
            }
        }
    })
    .await;
}

/// What is against the rules names its field, and a configuration that cannot be evaluated the place in it.
#[tokio::test]
async fn a_flag_against_the_rules_names_its_fields() {
    let fixed = |field: &str, value: serde_json::Value| {
        let mut configuration =
            json!({"enabled": false, "off_variation": "off", "fallthrough": {"variation": "on"}});
        configuration[field] = value;
        json!({"name": "a", "configuration": configuration})
    };
    let segment = json!([{
        "id": "one", "when": {"op": "in_segment", "values": ["beta"]}, "serve": {"variation": "on"}
    }]);
    each(async |kit| {
        let flags = Flags::over(kit).await;
        for (body, field) in [
            (json!({}), ""),
            (json!({"name": ""}), "name"),
            (json!({"name": "x".repeat(201)}), "name"),
            (json!({"name": "a\u{0}"}), "name"),
            (json!({"name": "日本"}), "key"),
            (json!({"name": "a", "key": "a b"}), "key"),
            (json!({"name": "Bulk"}), "key"),
            (json!({"name": "New"}), "key"),
            (json!({"name": "a", "key": "new"}), "key"),
            (json!({"name": "a", "description": "x".repeat(2001)}), "description"),
            (json!({"name": "a", "kind": "other"}), "kind"),
            (json!({"name": "a", "value_type": "string"}), "variations"),
            (json!({"name": "a", "variations": [{"key": "on", "value": true}]}), "variations"),
            (
                json!({"name": "a", "variations": [{"key": "a", "value": true}, {"key": "b", "value": 1}]}),
                "variations[1].value",
            ),
            (json!({"name": "a", "tags": [" a"]}), "tags"),
            (json!({"name": "a", "owner": "nobody"}), "owner"),
            (json!({"name": "a", "owner": "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84"}), "owner"),
            (json!({"name": "a", "owner": flags.workspace.outsider.person().unwrap().id}), "owner"),
            (json!({"name": "a", "expires_at": START.0 + 1}), "expires_at"),
            (json!({"name": "a", "temporary": true, "expires_at": START.0}), "expires_at"),
            (json!({"name": "a", "environments": {}}), "environments"),
            (fixed("off_variation", json!("none")), "configuration.off_variation"),
            (fixed("rules", segment.clone()), "configuration.rules[0].when.values[0]"),
            (
                fixed("prerequisites", json!([{"flag": "nope", "variations": ["on"]}])),
                "configuration.prerequisites[0].flag",
            ),
        ] {
            flags.invalid("POST", "", body, field).await;
        }
        let segment = json!([{"op": "in_segment", "values": ["beta"]}]);
        let bad = json!([{"attribute": "plan", "op": "matches", "values": ["("]}]);
        let whole = fixed("off_variation", json!("off"))["configuration"].clone();
        for (more, field) in [
            (json!({"rollout_pct": 101}), "rollout_pct"),
            (json!({"rollout_pct": "half"}), "rollout_pct"),
            (json!({"rollout_pct": 5, "configuration": whole}), "rollout_pct"),
            (json!({"rules": [], "configuration": whole}), "rules"),
            (json!({"kind": "segment", "rollout_pct": 5}), "rollout_pct"),
            (json!({"kind": "combined", "rollout_pct": 5}), "rollout_pct"),
            (json!({"kind": "advanced", "rollout_pct": 5}), "rollout_pct"),
            (json!({"kind": "boolean", "rules": segment}), "rules[0]"),
            (json!({"rules": segment}), "rules[0].values[0]"),
            (json!({"rules": bad}), "rules[0].values[0]"),
            (json!({"rules": [{"attribute": "plan", "op": "eq"}]}), "rules[0].values"),
        ] {
            let mut body = json!({"name": "a"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            flags.invalid("POST", "", body, field).await;
        }
        flags.refuses_others("POST", "", Some(json!({"name": "a"})), &[&flags.member]).await;
    })
    .await;
}

/// Where the database is gone, that is not the asker's fault, and trying again may help.
#[tokio::test]
async fn without_a_database_nothing_is_created() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.kit().database.database.clone().close().await.unwrap();
        let answer = flags.ask(&flags.developer, "POST", "", Some(json!({"name": "a"}))).await;
        assert_eq!((answer.status.as_u16(), &answer.body["error"]["code"]), (503, &json!("unavailable")));
    })
    .await;
}

/// A key is taken once, whether it was chosen or suggested, and by an archived flag too.
#[tokio::test]
async fn a_key_is_taken_once() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        flags.flag("menu").await;
        for body in [json!({"name": "Menu"}), json!({"name": "b", "key": "menu"})] {
            flags.refused((&flags.developer, 409, "conflict"), "POST", "", Some(body)).await;
        }
        flags.done_by(&flags.admin, "POST", "/menu/archive", json!({})).await;
        flags.refused((&flags.developer, 409, "conflict"), "POST", "", Some(json!({"name": "menu"}))).await;
        flags.flag("Menu").await;
    })
    .await;
}

/// A request that is sent again with its key is answered as before, and done once.
#[tokio::test]
async fn a_flag_is_created_once_however_often_it_is_sent() {
    each(async |kit| {
        let flags = Flags::over(kit).await;
        let key = [("idempotency-key", "first-try")];
        let post = async |name: &str| {
            flags.ask_with(&flags.developer, "POST", "", Some(json!({"name": name})), &key).await
        };
        let first = post("menu").await;
        assert_eq!(first.status, 201, "{first:?}");
        let (state, entries) = (flags.kit().state().await, flags.kit().audit_entries().await);
        let again = post("menu").await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        post("other").await.error(409, "conflict");
        assert!(flags.kit().state().await == state);
        assert_eq!(flags.kit().audit_entries().await, entries);
    })
    .await;
}
