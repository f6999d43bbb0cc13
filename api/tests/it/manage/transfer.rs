//! Whole projects as documents.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use testkit::each;

use super::Who;
use super::place::Place;

const EXPORT: &str = "/export?format=json";
const IMPORT: &str = "/import";

/// A document with something of everything.
fn document() -> Value {
    json!({
        "format": 1,
        "project": {"name": "Shop"},
        "environments": [
            {"key": "qa", "name": "Quality", "color": "violet", "protected": false},
            {"key": "prod", "name": "Production", "color": "rose", "protected": false},
            {"key": "dev", "name": "Development", "color": "sky", "protected": false},
            {"key": "staging", "name": "Staging", "color": "amber", "protected": false}
        ],
        "segments": {"beta": {
            "name": "Beta", "description": "Testers",
            "environments": {
                "dev": {"included": ["user-1"], "when": {"attribute": "plan", "op": "eq", "values": ["pro"]}},
                "prod": {}, "qa": {"by": "company", "excluded": ["acme"]}, "staging": {}
            }
        }},
        "flags": {
            "menu": {
                "name": "Menu", "kind": "segment", "value_type": "boolean", "client_side": true,
                "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
                "tags": ["a", "b"],
                "environments": {
                    "dev": {
                        "enabled": true, "off_variation": "off",
                        "rules": [{
                            "id": "beta", "when": {"op": "in_segment", "values": ["beta"]},
                            "serve": {"variation": "on"}
                        }],
                        "fallthrough": {"variation": "off"}
                    },
                    "prod": fixed(false), "qa": fixed(true), "staging": fixed(false)
                }
            },
            "old": {
                "name": "Old", "kind": "boolean", "value_type": "string", "archived": true, "temporary": true,
                "expires_at": 5,
                "variations": [{"key": "on", "value": "yes"}, {"key": "off", "value": "no"}],
                "environments": {
                    "dev": fixed(true), "prod": fixed(false), "qa": fixed(false), "staging": fixed(false)
                }
            }
        },
        "templates": {"switch": {"name": "Switch", "shape": {
            "kind": "boolean", "value_type": "boolean", "client_side": false,
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "tags": [],
            "configuration": fixed(false)
        }}}
    })
}

fn fixed(enabled: bool) -> Value {
    json!({"enabled": enabled, "off_variation": "off", "fallthrough": {"variation": "on"}})
}

async fn import(place: &Place, document: &Value) -> Value {
    let answer = place.post(&place.admin, IMPORT, document.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// What became of each thing that is not unchanged.
fn outcomes(plan: &Value) -> Vec<String> {
    let text = |thing: &Value, name: &str| thing[name].as_str().unwrap().to_owned();
    let things = plan["things"].as_array().unwrap().iter();
    let changed = things.filter(|thing| thing["outcome"] != "unchanged");
    changed.map(|thing| ["kind", "key", "outcome"].map(|name| text(thing, name)).join(" ")).collect()
}

/// What is imported is exported again as it was, and does what it says.
#[tokio::test]
async fn a_document_comes_back() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let mut sent = document();
        sent["flags"]["menu"]["owner"] = json!(place.workspace.developer.person().unwrap().email);
        sent["flags"]["old"]["owner"] = json!("nobody@example.com");
        let plan = import(&place, &sent).await;
        assert_eq!(plan["notes"], json!(["flags.old.owner: no member has this address"]));
        assert_eq!(
            outcomes(&plan),
            [
                "project  changed",
                "environment dev changed",
                "environment prod changed",
                "environment qa created",
                "environment staging changed",
                "segment beta created",
                "flag menu created",
                "flag old created",
                "template switch created"
            ]
            .into_iter()
            .filter(|line| !plan_unchanged(&plan, line))
            .collect::<Vec<_>>()
        );
        sent["flags"]["old"].as_object_mut().unwrap().remove("owner");
        let exported = place.get(&place.member, EXPORT).await.body;
        assert_eq!(exported, sent);
        let served = place.served("dev").await;
        assert_eq!(
            served,
            json!({"menu": {
                "flagVersion": 1, "trackEvents": false, "value": false, "variation": 1, "version": 1
            }})
        );
        assert_eq!(place.served("qa").await["menu"]["value"], true);
        let told = "SELECT new_document FROM audit_event WHERE action = 'segment.created'";
        let told = place.kit().database.rows(told).await;
        let told: Value = serde_json::from_str(told[0]["new_document"].as_str().unwrap()).unwrap();
        assert_eq!((&told["name"], &told["description"]), (&json!("Beta"), &json!("Testers")));
        assert_eq!(told["environments"]["dev"]["included"], json!(["user-1"]));
        assert_eq!(told["environments"]["qa"]["by"], "company");
        // The same again is no change.
        let (state, entries) = (place.kit().state().await, place.kit().audit_entries().await);
        let plan = import(&place, &sent).await;
        assert_eq!(outcomes(&plan), [""; 0]);
        assert_eq!(plan["things"].as_array().unwrap().len(), 1 + 4 + 1 + 2 + 1);
        assert!(place.kit().state().await == state);
        assert_eq!(place.kit().audit_entries().await, entries);
    })
    .await;
}

/// Environments that have the names that the document gives them anyway do not change.
fn plan_unchanged(plan: &Value, line: &str) -> bool {
    let things = plan["things"].as_array().unwrap();
    things.iter().any(|thing| {
        let key = format!("{} {} ", thing["kind"].as_str().unwrap(), thing["key"].as_str().unwrap());
        thing["kind"] == "environment" && thing["outcome"] == "unchanged" && line.starts_with(&key)
    })
}

/// What the document does not speak of stays; what it says otherwise changes, place by place. Each thing is an entry of the log.
#[tokio::test]
async fn a_document_is_merged() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("own").await;
        import(&place, &document()).await;
        let mut whole = place.get(&place.admin, EXPORT).await.body;
        let own = &whole["flags"]["own"];
        assert_eq!(
            own["environments"]["qa"],
            json!({
                "enabled": false, "off_variation": "off", "fallthrough": {"variation": "on"}
            })
        );
        let mut part = document();
        part["segments"] =
            json!({"beta": {"name": "Beta", "environments": {"dev": {"included": ["user-2"]}}}});
        part["flags"] = json!({"menu": document()["flags"]["menu"]});
        part["flags"]["menu"]["environments"] = json!({"qa": fixed(false)});
        part["flags"]["menu"]["name"] = json!("The menu");
        part["flags"]["old"] = document()["flags"]["old"].clone();
        part["flags"]["old"]["archived"] = json!(false);
        part["templates"] = json!({});
        let last = place.kit().audit_entries().await;
        let plan = import(&place, &part).await;
        assert_eq!(outcomes(&plan), ["segment beta changed", "flag menu changed", "flag old changed"]);
        let things = plan["things"].as_array().unwrap();
        let menu = things.iter().find(|thing| thing["key"] == "menu").unwrap();
        assert_eq!(
            menu["changes"],
            json!([
                {"path": "environments.qa.enabled", "old": true, "new": false},
                {"path": "name", "old": "Menu", "new": "The menu"}
            ])
        );
        whole["segments"]["beta"]["environments"]["dev"] = json!({"included": ["user-2"]});
        whole["segments"]["beta"].as_object_mut().unwrap().remove("description");
        whole["flags"]["menu"]["environments"]["qa"] = fixed(false);
        whole["flags"]["menu"]["name"] = json!("The menu");
        whole["flags"]["old"].as_object_mut().unwrap().remove("archived");
        assert_eq!(place.get(&place.admin, EXPORT).await.body, whole);
        assert_eq!(place.served("dev").await["old"]["value"], "yes");
        let log = "SELECT action FROM audit_event WHERE resource_kind <> 'api_key' AND org_id =
            (SELECT org_id FROM audit_event WHERE action = 'project.imported' LIMIT 1) ORDER BY seq";
        let entries = place.kit().database.rows(log).await;
        let actions: Vec<_> =
            entries[entries.len() - 6..].iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(
            actions,
            [
                "project.imported",
                "segment.updated",
                "segment.configured",
                "flag.updated",
                "flag.configured",
                "flag.restored"
            ]
        );
        assert!(place.kit().audit_entries().await >= last + 6);
    })
    .await;
}

/// A new name of the project, a new order of its environments, and what each of them is called or protected from are entries
/// of their own, as they are when they are changed one by one.
#[tokio::test]
async fn each_thing_that_changes_is_an_entry() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let environment = |key: &str, name: &str, color: &str, protected: bool| {
            json!({"key": key, "name": name, "color": color, "protected": protected})
        };
        let import = async |name: &str, environments: Value| {
            let log = async || {
                let (member, organization) = (&place.workspace.member, &place.workspace.organization);
                place.kit().log(member, organization).await
            };
            let last = log().await.len();
            let sent = json!({"format": 1, "project": {"name": name}, "environments": environments});
            let plan = import(&place, &sent).await;
            let entries: Vec<_> = log().await.into_iter().skip(last).map(|entry| {
                let [old, new] = [entry.old, entry.new].map(|it| it.as_ref().map(Value::to_string).unwrap_or_default());
                (entry.action, entry.resource.key, old, new)
            }).collect();
            assert_eq!(entries.first().map(|it| it.0.as_str()), Some("project.imported"), "{plan}");
            entries[1..].to_vec()
        };
        let entry = |action: &str, key: &str, old: &str, new: &str| {
            (action.to_owned(), key.to_owned(), old.to_owned(), new.to_owned())
        };
        let dev = environment("dev", "Development", "sky", false);
        let staging = environment("staging", "Staging", "amber", false);
        let prod = environment("prod", "Production", "rose", false);
        assert_eq!(
            import("Shop", json!([dev, prod, staging])).await,
            [
                entry("project.renamed", "default", r#"{"name":"Default"}"#, r#"{"name":"Shop"}"#),
                entry(
                    "environment.reordered",
                    "default",
                    r#"{"order":["dev","staging","prod"]}"#,
                    r#"{"order":["dev","prod","staging"]}"#
                ),
            ]
        );
        let qa = environment("qa", "Quality", "teal", false);
        let made = r#"{"color":"teal","copy_from":null,"name":"Quality","protected":false}"#;
        let live = environment("prod", "Live", "rose", true);
        assert_eq!(
            import("Shop", json!([dev, live, staging, qa])).await,
            [
                entry(
                    "environment.updated",
                    "prod",
                    r#"{"color":"rose","name":"Production"}"#,
                    r#"{"color":"rose","name":"Live"}"#
                ),
                entry("environment.protected", "prod", "false", "true"),
                entry("environment.created", "qa", "", made),
            ]
        );
    })
    .await;
}

/// A flag does what a new one does where the document says nothing: of the kinds that serve through rules that is "off".
#[tokio::test]
async fn what_is_not_said_is_what_a_new_flag_does() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let kinds = ["boolean", "percentage", "advanced", "segment", "combined"];
        let flag = |kind: &str| {
            let mut flag = document()["flags"]["menu"].clone();
            flag["kind"] = json!(kind);
            flag["environments"] = json!({"dev": fixed(true)});
            (kind.to_owned(), flag)
        };
        let mut sent = document();
        sent["flags"] = Value::Object(kinds.map(flag).into_iter().collect());
        import(&place, &sent).await;
        let whole = place.get(&place.admin, EXPORT).await.body;
        for (kind, served) in kinds.into_iter().zip(["on", "on", "on", "off", "off"]) {
            let environments = &whole["flags"][kind]["environments"];
            assert_eq!(environments["dev"], fixed(true));
            let expected =
                json!({"enabled": false, "off_variation": "off", "fallthrough": {"variation": served}});
            for environment in ["prod", "qa", "staging"] {
                assert_eq!(environments[environment], expected, "{kind}");
            }
        }
    })
    .await;
}

/// With `replace` flags that the document does not have are archived, and served no more.
#[tokio::test]
async fn a_document_replaces() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.workspace.flag("own").await;
        let plan = place.post(&place.admin, "/import?mode=replace", document()).await.body;
        assert!(outcomes(&plan).contains(&"flag own changed".to_owned()), "{plan}");
        let whole = place.get(&place.admin, EXPORT).await.body;
        assert_eq!(whole["flags"]["own"]["archived"], true);
        assert!(place.served("dev").await.get("own").is_none());
    })
    .await;
}

/// A dry run shows what would be, and changes nothing.
#[tokio::test]
async fn a_dry_run_shows_the_plan() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.protect("prod").await;
        let (state, entries) = (place.kit().state().await, place.kit().audit_entries().await);
        let plan = place.post(&place.admin, "/import?dry_run=true", document()).await;
        assert_eq!((plan.status.as_u16(), &plan.body["dry_run"]), (200, &json!(true)));
        assert!(outcomes(&plan.body).contains(&"flag menu created".to_owned()));
        let now = place.kit().state().await;
        assert!(now == state, "{:?}", state.changes(&now));
        assert_eq!(place.kit().audit_entries().await, entries);
        // It is protected until the import has ended, whatever the document says.
        place.invalid(&place.admin, IMPORT, document(), &["comment"]).await;
        let answer = place.post(&place.admin, "/import?comment=moving", document()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    })
    .await;
}

/// A document that tells of some environments leaves the others in their places, and protection where nothing is said of it;
/// a new one may be protected at once.
#[tokio::test]
async fn environments_that_are_left_out_stay_as_they_are() {
    each(async |kit| {
        let place = Place::over(kit).await;
        place.protect("prod").await;
        let part = |environments: Value| {
            json!({"format": 1, "project": {"name": "Default"}, "environments": environments})
        };
        let prod = json!({"key": "prod", "name": "Production", "color": "rose"});
        let plan = import(&place, &part(json!([prod]))).await;
        assert_eq!(outcomes(&plan), [""; 0]);
        let eu = json!({"key": "eu-prod", "name": "Production, EU", "color": "rose", "protected": true});
        let plan = import(&place, &part(json!([eu, prod]))).await;
        assert_eq!(outcomes(&plan), ["project  changed", "environment eu-prod created"]);
        let there = place.get(&place.member, "/environments").await.body;
        let there: Vec<_> = there["environments"].as_array().unwrap().iter().collect();
        let keys: Vec<_> = there.iter().map(|it| it["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["dev", "staging", "prod", "eu-prod"]);
        let protected: Vec<_> = there.iter().map(|it| it["protected"].as_bool().unwrap()).collect();
        assert_eq!(protected, [false, false, true, true]);

        let many: Vec<_> = (0..47)
            .map(|n| json!({"key": format!("more-{n}"), "name": "More", "color": "sky"}))
            .collect();
        place.invalid(&place.admin, IMPORT, part(json!(many)), &["environments"]).await;
        import(&place, &part(json!(many[..46]))).await;
        let flag = json!({"name": "F", "kind": "boolean", "value_type": "boolean",
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}]});
        let flags: Map<_, _> = (0..4001).map(|n| (format!("flag-{n}"), flag.clone())).collect();
        let mut document = part(json!([prod]));
        document["flags"] = json!(flags);
        place.invalid(&place.admin, IMPORT, document, &["flags"]).await;
    })
    .await;
}

/// What is wrong is named by its place in the document, in JSON and in YAML, and nothing is imported.
#[tokio::test]
async fn a_document_with_a_fault_is_refused_whole() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let with = |pointer: &str, value: Value| {
            let mut document = document();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match document.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
                parent => parent[name] = value,
            }
            document
        };
        let rules = "/flags/menu/environments/dev/rules/0";
        let dev = "flags.menu.environments.dev";
        for (document, path) in [
            (with("/format", json!(2)), "format".to_owned()),
            (with("/format", json!(0)), "format".to_owned()),
            (with("/surprise", json!(0)), "surprise".to_owned()),
            (with("/project/name", json!("")), "project.name".to_owned()),
            (with("/environments/1/key", json!("qa")), "environments[1].key".to_owned()),
            (with("/environments/1/color", json!("pink")), "environments[1].color".to_owned()),
            (with("/environments/1/name", json!("")), "environments[1].name".to_owned()),
            (with("/flags/menu/name", json!("")), "flags.menu.name".to_owned()),
            (with("/flags/menu/kind", json!("odd")), "flags.menu.kind".to_owned()),
            (with("/flags/bulk", document()["flags"]["old"].clone()), "flags.bulk".to_owned()),
            (with("/flags/new", document()["flags"]["old"].clone()), "flags.new".to_owned()),
            (with("/segments/new", document()["segments"]["beta"].clone()), "segments.new".to_owned()),
            (with("/flags/menu/tags", json!([" "])), "flags.menu.tags".to_owned()),
            (with("/flags/menu/expires_at", json!(7)), "flags.menu.expires_at".to_owned()),
            (with("/flags/menu/variations/0/value", json!(1)), "flags.menu.variations[0].value".to_owned()),
            (with("/flags/menu/environments/moon", fixed(true)), "flags.menu.environments.moon".to_owned()),
            (
                with(&format!("{rules}/serve"), json!({"variation": "no"})),
                format!("{dev}.rules[0].serve.variation"),
            ),
            (with(&format!("{rules}/when/values"), json!(["nope"])), format!("{dev}.rules[0].when")),
            (with(&format!("{rules}/surprise"), json!(1)), format!("{dev}.rules[0].surprise")),
            (
                with("/segments/beta/environments/qa/by", json!("")),
                "segments.beta.environments.qa.by".to_owned(),
            ),
            (
                with("/segments/beta/environments/dev/when", json!({"op": "in_segment", "values": ["beta"]})),
                "segments.beta.environments.dev.when".to_owned(),
            ),
            (
                with("/templates/switch/shape/variations", json!([])),
                "templates.switch.shape.variations".to_owned(),
            ),
        ] {
            let (state, entries) = (place.kit().state().await, place.kit().audit_entries().await);
            for kind in ["application/json", "application/yaml; charset=utf-8"] {
                // JSON is YAML.
                let sent = Some(document.to_string());
                let answer = place.ask_as(&place.admin, "POST", IMPORT, kind, sent).await;
                let details = answer.error(400, "invalid").as_array().unwrap();
                let is_named = details.iter().any(|detail| detail["path"] == path);
                assert!(is_named, "{path}: {details:?}");
            }
            let now = place.kit().state().await;
            assert!(now == state, "{path}: {:?}", state.changes(&now));
            assert_eq!(place.kit().audit_entries().await, entries);
        }
        // A key that is there twice: none of the two is what somebody wanted.
        for (key, path) in [("beta", "segments"), ("old", "flags"), ("switch", "templates")] {
            let text = document().to_string();
            let again = format!(r#""{key}":{},"{key}":{{"#, document()[path][key]);
            let twice = text.replacen(&format!(r#""{key}":{{"#), &again, 1);
            for kind in ["application/json", "application/yaml"] {
                let (state, entries) = (place.kit().state().await, place.kit().audit_entries().await);
                let answer = place.ask_as(&place.admin, "POST", IMPORT, kind, Some(twice.clone())).await;
                let details = answer.error(400, "invalid");
                assert!(details[0]["message"].as_str().unwrap().contains(key), "{details}");
                if kind == "application/json" {
                    assert_eq!(details[0]["path"], path, "{details}");
                }
                assert!(place.kit().state().await == state);
                assert_eq!(place.kit().audit_entries().await, entries);
            }
        }
        let again = format!(r#""qa":{},"qa":{{"enabled""#, fixed(true));
        let twice = document().to_string().replacen(r#""qa":{"enabled""#, &again, 1);
        let answer = place.ask_as(&place.admin, "POST", IMPORT, "application/json", Some(twice)).await;
        answer.invalid("flags.menu.environments");
        for (kind, sent) in [
            ("application/yaml", "a: [".to_owned()),
            ("application/yaml", "a: &a [x]\nb: [*a, *c]".to_owned()),
            ("application/yaml", "- 1".to_owned()),
            ("application/json", "[]".to_owned()),
            ("application/json", "format: 1".to_owned()),
            ("text/plain", "format: 1".to_owned()),
        ] {
            place.ask_as(&place.admin, "POST", IMPORT, kind, Some(sent)).await.error(400, "invalid");
        }
        let long = " ".repeat(32 * 1024 * 1024 + 1);
        place
            .ask_as(&place.admin, "POST", IMPORT, "application/json", Some(long))
            .await
            .error(413, "too_large");
        for (path, field) in [
            ("/import?mode=odd", "mode"),
            ("/import?dry_run=maybe", "dry_run"),
            ("/import?surprise=1", "surprise"),
        ] {
            place.invalid(&place.admin, path, document(), &[field]).await;
        }
        place.get(&place.member, "/export?format=toml").await.invalid("format");
        // The type of values is what applications rely on.
        import(&place, &document()).await;
        let mut other = document();
        other["flags"]["old"]["value_type"] = json!("json");
        place.invalid(&place.admin, IMPORT, other, &["flags.old.value_type"]).await;
    })
    .await;
}

/// Whoever sees a project may export it, and an admin imports. Nobody learns of keys or ids by it.
#[tokio::test]
async fn importing_takes_an_admin() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let key = place.workspace.api_key("dev", domain::api_keys::KeyKind::Server).await;
        for (method, path, body) in [("GET", EXPORT, None), ("POST", IMPORT, Some(document()))] {
            place.refused(&Who::Nobody, method, path, body.clone(), (401, "unauthenticated")).await;
            place.refused(&place.outsider, method, path, body, (404, "not_found")).await;
        }
        for who in [&place.member, &place.developer] {
            place.refused(who, "POST", IMPORT, Some(document()), (403, "forbidden")).await;
        }
        // Before the document is read: for whoever may, one as long as this is too long.
        let long = " ".repeat(32 * 1024 * 1024 + 1);
        let answer = place.ask_as(&place.developer, "POST", IMPORT, "application/json", Some(long)).await;
        answer.error(403, "forbidden");
        import(&place, &document()).await;
        let text = place.text(&place.member, "/export").await;
        assert!(text.starts_with("format: 1\n"), "{text}");
        assert!(!text.contains(&key) && !text.contains(&key[..12]));
        let ids = place
            .kit()
            .database
            .rows("SELECT resource_id FROM audit_event WHERE resource_kind = 'flag'")
            .await;
        for id in ids {
            assert!(!text.contains(id["resource_id"].as_str().unwrap()));
        }
    })
    .await;
}

/// A project that is not there is neither exported nor imported into.
#[tokio::test]
async fn a_project_that_is_missing_is_not_found() {
    each(async |kit| {
        let place = Place::over(kit).await;
        let (state, entries) = (place.kit().state().await, place.kit().audit_entries().await);
        for (method, path, body) in [("GET", EXPORT, None), ("POST", IMPORT, Some(document()))] {
            let Who::Token(token) = &place.admin else { unreachable!() };
            let request = axum::http::Request::builder()
                .method(method)
                .uri(format!("/api/v1/manage{path}"))
                .header("authorization", format!("Bearer {token}"))
                .header("x-org-id", place.workspace.organization.as_str())
                .header("x-project", "nope");
            let body = body.map_or(axum::body::Body::empty(), |body| body.to_string().into());
            let answer = crate::client::send(&place.manage.router, request.body(body).unwrap()).await;
            answer.error(404, "not_found");
        }
        assert!(place.kit().state().await == state);
        assert_eq!(place.kit().audit_entries().await, entries);
    })
    .await;
}

fn name() -> impl Strategy<Value = String> {
    "[^\\x00]{1,20}"
}

fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has none", |number| number.is_finite()).prop_map(Value::from),
        "[^\\x00]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map("[^\\x00]{0,6}", inner, 0..3).prop_map(|fields| json!(fields)),
        ]
    })
    .boxed()
}

/// What a flag with the variations `a` and `b` does somewhere.
fn configuration() -> impl Strategy<Value = Value> {
    let test = (name(), prop_oneof![Just("eq"), Just("not_in"), Just("contains")], name())
        .prop_map(|(attribute, op, value)| json!({"attribute": attribute, "op": op, "values": [value]}));
    let segment = prop_oneof![Just("in_segment"), Just("not_in_segment")]
        .prop_map(|op| json!({"op": op, "values": ["seg"]}));
    let when =
        prop_oneof![test, segment, name().prop_map(|it| json!({"not": {"attribute": it, "op": "exists"}}))];
    let serve = prop_oneof![
        Just(json!({"variation": "a"})),
        (0..=100_000_u32).prop_map(|share| json!({"rollout": {"algorithm": "togglebit", "weights": [
            {"variation": "a", "weight": share}, {"variation": "b", "weight": 100_000 - share}
        ]}})),
    ];
    let rule = (when, serve.clone(), proptest::option::of(name()));
    (any::<bool>(), any::<bool>(), vec(rule, 0..3), serve, vec((name(), name()), 0..2)).prop_map(
        |(enabled, tracked, rules, fallthrough, overrides)| {
            let mut made = json!({"enabled": enabled, "off_variation": "b", "fallthrough": fallthrough});
            if tracked {
                made["track_events"] = json!(true);
            }
            if !rules.is_empty() {
                let rules = rules.into_iter().enumerate().map(|(place, (when, serve, name))| {
                    let mut rule = json!({"id": format!("rule-{place}"), "when": when, "serve": serve});
                    if let Some(name) = name {
                        rule["name"] = json!(name);
                    }
                    rule
                });
                made["rules"] = rules.collect();
            }
            if !overrides.is_empty() {
                let one = |(attribute, value): (String, String)| json!({"match": {(attribute): [value]}, "variation": "a"});
                made["overrides"] = overrides.into_iter().map(one).collect();
            }
            made
        },
    )
}

const ENVIRONMENTS: [&str; 4] = ["dev", "prod", "qa", "staging"];

fn flag() -> impl Strategy<Value = Value> {
    let configurations = proptest::array::uniform4(configuration());
    (name(), value(), value(), any::<[bool; 3]>(), configurations, proptest::option::of(any::<i64>())).prop_map(
        |(name, a, b, [client_side, temporary, archived], configurations, expires_at)| {
            let environments: Map<_, _> =
                ENVIRONMENTS.into_iter().map(str::to_owned).zip(configurations).collect();
            let mut made = json!({
                "name": name, "kind": "advanced", "value_type": "json",
                "variations": [{"key": "a", "value": a}, {"key": "b", "value": b}], "environments": environments
            });
            for (field, is_set) in
                [("client_side", client_side), ("temporary", temporary), ("archived", archived)]
            {
                if is_set {
                    made[field] = json!(true);
                }
            }
            if let (true, Some(at)) = (temporary, expires_at) {
                made["expires_at"] = json!(at);
            }
            made
        },
    )
}

fn project() -> impl Strategy<Value = Value> {
    let segment = (name(), vec(name(), 0..3)).prop_map(|(name, mut included)| {
        included.sort();
        included.dedup();
        let dev = if included.is_empty() { json!({}) } else { json!({"included": included}) };
        json!({"name": name, "environments": {"dev": dev, "prod": {}, "qa": {}, "staging": {}}})
    });
    let flags = btree_map("[A-Za-z0-9][A-Za-z0-9._@-]{0,20}", flag(), 0..4);
    (name(), segment, flags, Just(ENVIRONMENTS.to_vec()).prop_shuffle(), name()).prop_map(
        |(name, segment, flags, order, label)| {
            let environments: Value = order
                .iter()
                .map(|key| json!({"key": key, "name": label, "color": "sky", "protected": false}))
                .collect();
            json!({
                "format": 1, "project": {"name": name}, "environments": environments,
                "segments": {"seg": segment}, "flags": flags, "templates": {}
            })
        },
    )
}

/// Whatever a project has, exporting it, importing that elsewhere and exporting it there gives the same document, byte for
/// byte, in YAML and in JSON.
#[tokio::test]
async fn what_is_exported_is_the_same_elsewhere() {
    each(async |kit| {
        let mut runner = TestRunner::deterministic();
        let here = Place::over(kit).await;
        for case in 0..6 {
            let document = project().new_tree(&mut runner).unwrap().current();
            let here = here.another().await;
            import(&here, &document).await;
            assert_eq!(here.get(&here.admin, EXPORT).await.body, document, "case {case}");
            let yaml = here.text(&here.member, "/export?format=yaml").await;
            let there = here.another().await;
            let answer =
                there.ask_as(&there.admin, "POST", IMPORT, "application/yaml", Some(yaml.clone())).await;
            assert_eq!(answer.status, 200, "{answer:?}: {yaml}");
            assert_eq!(there.text(&there.member, "/export").await, yaml, "case {case}");
            assert_eq!(
                there.text(&there.member, EXPORT).await,
                here.text(&here.member, EXPORT).await,
                "case {case}"
            );
        }
    })
    .await;
}
