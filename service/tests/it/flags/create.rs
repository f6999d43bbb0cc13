use domain::api_keys::KeyKind;
use domain::flags::CreateFlag;
use domain::{Error as Refusal, FieldError};
use engine::ruleset::{Kind, ValueType, Variation};
use serde_json::{Value, json};
use service::audit::Verdict;
use testkit::{START, each};

use crate::{evaluate, off, revisions, table};

/// A new flag is off in every environment, takes one revision in each, is served at once, and is one entry of the log.
#[tokio::test]
async fn a_new_flag_is_off_everywhere_and_served_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let keys = [
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("staging", KeyKind::Server).await,
            workspace.api_key("prod", KeyKind::Server).await,
        ];
        workspace.flag("first").await;
        assert_eq!(revisions(&kit, &workspace).await, [1, 1, 1]);
        let before = kit.audit_entries().await;

        let command = CreateFlag {
            tags: vec!["web".into(), "checkout".into(), "web".into()],
            description: "One page".into(),
            ..workspace.boolean_flag("menu@v2")
        };
        let created = kit.services.flags().create(&workspace.developer, command).await.unwrap();

        assert_eq!(created.key.as_str(), "menu@v2");
        assert_eq!(revisions(&kit, &workspace).await, [2, 2, 2]);
        for raw in &keys {
            assert_eq!(evaluate(&kit.services, raw, "menu@v2"), off(1, 2));
        }
        assert_eq!(kit.audit_entries().await, before + 1);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let entry = log.last().unwrap();
        let id = workspace.developer.person().unwrap().id.to_string();
        assert_eq!((entry.action.as_str(), entry.resource.key.as_str()), ("flag.created", "menu@v2"));
        assert_eq!((entry.actor.id.as_ref(), entry.at), (Some(&id), START));
        let document = entry.new.as_ref().unwrap();
        assert_eq!((&document["key"], &document["description"]), (&json!("menu@v2"), &json!("One page")));
        assert_eq!((&document["owner"], &document["tags"]), (&json!(id), &json!(["checkout", "web"])));
        assert_eq!((&document["version"], &document["variations"][0]["key"]), (&json!(1), &json!("on")));
        assert_eq!(document["name"], workspace.boolean_flag("menu@v2").name);
        let starts = json!({"enabled": false, "off_variation": "off", "fallthrough": {"variation": "on"}});
        assert_eq!(document["configuration"], starts);
        let verdict = kit.services.audit().verify(&workspace.owner, &workspace.organization).await.unwrap();
        assert_eq!(verdict, Verdict::Whole(entry.seq));

        let table = table(&kit, &workspace.member, &workspace.project, None).await.unwrap();
        let flag = table.list.flags.iter().find(|flag| flag.key.as_str() == "menu@v2").unwrap();
        assert_eq!(flag.tags, ["checkout", "web"]);
        let dev = &flag.environments[&table.environment];
        assert_eq!((dev.enabled, dev.version, dev.updated_at), (false, 1, START));
    })
    .await;
}

/// Kinds that serve through rules serve "off" until they have some; the others serve "on" once they are switched on.
#[tokio::test]
async fn a_flag_starts_with_the_configuration_of_its_kind() {
    let serves = [
        (Kind::Boolean, "boolean", true),
        (Kind::Percentage, "fallthrough", true),
        (Kind::Advanced, "fallthrough", true),
        (Kind::Segment, "segment_no_match", false),
        (Kind::Combined, "segment_no_match", false),
    ];
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        for (kind, reason, value) in serves {
            let key = kind.as_str();
            let command = CreateFlag { kind, ..workspace.boolean_flag(key) };
            kit.services.flags().create(&workspace.developer, command).await.unwrap();
            let switch = workspace.switch(key, "dev", true);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
            let answer = evaluate(&kit.services, &raw, key);
            assert_eq!((answer.reason.as_str(), answer.value), (reason, json!(value)), "{key}");
        }
    })
    .await;
}

/// A key that the project has already is a conflict; another case of it, and another project's, are free.
#[tokio::test]
async fn a_key_is_taken_once_in_a_project() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let other = kit.workspace().await;
        workspace.flag("menu").await;
        let again =
            async { kit.services.flags().create(&workspace.admin, workspace.boolean_flag("menu")).await };
        let refusal = kit.refused(again).await;
        assert_eq!(refusal, Refusal::conflict("a flag has the key `menu` already"));

        workspace.flag("Menu").await;
        other.flag("menu").await;
        assert_eq!(revisions(&kit, &workspace).await, [2, 2, 2]);
        assert_eq!(revisions(&kit, &other).await, [1, 1, 1]);
    })
    .await;
}

/// A command against the rules is refused with the path of every field that is.
#[tokio::test]
async fn a_command_against_the_rules_names_its_fields() {
    let variation = |key: &str, value: Value| Variation { key: key.into(), value };
    type Change<'a> = Box<dyn Fn(&mut CreateFlag) + 'a>;
    let cases: Vec<(Change, &[&str])> = vec![
        (Box::new(|flag| flag.name = String::new()), &["name"]),
        (Box::new(|flag| flag.name = "n".repeat(201)), &["name"]),
        (Box::new(|flag| flag.name = "a\0b".into()), &["name"]),
        (Box::new(|flag| flag.description = "d".repeat(2001)), &["description"]),
        (Box::new(|flag| flag.description = "\0".into()), &["description"]),
        (Box::new(|flag| flag.tags = vec!["a".into(); 41]), &["tags"]),
        (Box::new(|flag| flag.tags = vec![String::new()]), &["tags"]),
        (Box::new(|flag| flag.tags = vec![" a".into()]), &["tags"]),
        (Box::new(|flag| flag.variations.truncate(1)), &["variations"]),
        (Box::new(|flag| flag.variations[1].key = "on".into()), &["variations[1].key"]),
        (Box::new(|flag| flag.variations[0].key = String::new()), &["variations[0].key"]),
        (Box::new(|flag| flag.variations[1].value = json!("no")), &["variations[1].value"]),
        (
            Box::new(|flag| {
                flag.value_type = ValueType::String;
                flag.variations = vec![variation("a", json!("a\0b")), variation("b", json!(1))];
            }),
            &["variations[0].value", "variations[1].value"],
        ),
        (
            Box::new(|flag| {
                flag.name = String::new();
                flag.tags = vec![String::new()];
            }),
            &["name", "tags"],
        ),
    ];
    each(async |kit| {
        let workspace = kit.workspace().await;
        for (place, (change, paths)) in cases.iter().enumerate() {
            let mut command = workspace.boolean_flag("menu");
            change(&mut command);
            let refusal = kit.refused(kit.services.flags().create(&workspace.developer, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("case {place}: {refusal:?}") };
            let named: Vec<_> = details.iter().map(|FieldError { path, .. }| path.as_str()).collect();
            assert_eq!(named, *paths, "case {place}");
        }
        workspace.flag("menu").await;
    })
    .await;
}

/// Text that merely looks like the escape of a NUL is a value like any other.
#[tokio::test]
async fn a_value_may_speak_of_nul() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        let value = json!(r"written \u0000 in JSON");
        let command = CreateFlag {
            value_type: ValueType::String,
            variations: vec![
                Variation { key: "other".into(), value: json!("other") },
                Variation { key: "speaks".into(), value: value.clone() },
            ],
            ..workspace.boolean_flag("menu")
        };
        kit.services.flags().create(&workspace.developer, command).await.unwrap();
        assert_eq!(evaluate(&kit.services, &raw, "menu").value, value);
    })
    .await;
}
