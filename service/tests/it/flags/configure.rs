use domain::Error as Refusal;
use domain::api_keys::KeyKind;
use domain::flags::Configuration;
use engine::ruleset::{
    Algorithm, Condition, Operator, Override, Prerequisite, Rollout, Rule, Serve, Step, Test, Weight, Window,
};
use service::audit::Verdict;
use testkit::each;

use crate::{evaluate, revisions};

fn rollout(weights: &[(&str, u32)]) -> Rollout {
    let weights = weights.iter().map(|&(variation, weight)| Weight { variation: variation.into(), weight });
    let algorithm = Algorithm::default();
    Rollout { bucket_by: None, seed: None, algorithm, weights: weights.collect(), ramp: None }
}

fn rule(id: &str, when: Condition, serve: Serve) -> Rule {
    Rule { id: id.into(), name: None, when, serve }
}

fn test(attribute: Option<&str>, op: Operator, values: &[&str]) -> Condition {
    let values = values.iter().map(|&value| value.into()).collect();
    Condition::Test(Test { attribute: attribute.map(Into::into), op, values })
}

fn user_1() -> Condition {
    test(Some("userId"), Operator::Eq, &["user-1"])
}

/// A configuration replaces the one before, takes a version and a revision, and is served at once.
#[tokio::test]
async fn a_configuration_is_served_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let configuration = Configuration {
            enabled: true,
            rules: vec![rule("first", user_1(), Serve::Variation("off".into()))],
            fallthrough: Serve::Rollout(rollout(&[("on", 40_000), ("off", 60_000)])),
            ..Configuration::fixed("on", "off")
        };
        let mut command = workspace.configure("menu", "dev", 1, configuration.clone());
        command.comment = Some("because".into());
        let row = kit.services.flags().configure(&workspace.developer, command).await.unwrap();

        let served = row.served;
        assert_eq!((row.version, row.enabled, served.rules, served.share), (2, true, 1, 40_000));
        let answer = evaluate(&kit.services, &raw, "menu");
        assert_eq!((answer.reason.as_str(), answer.version, answer.revision), ("segment_match", Some(2), 2));
        assert_eq!(revisions(&kit, &workspace).await, [2, 1, 1]);
        let stored =
            kit.database.rows("SELECT comment FROM audit_event WHERE action = 'flag.configured'").await;
        assert_eq!(stored[0]["comment"], "because");
        let verdict = kit.services.audit().verify(&workspace.owner, &workspace.organization).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole(_)), "{verdict:?}");
    })
    .await;
}

/// Whoever saw another version than the one that is there is told both, and overwrites nothing.
#[tokio::test]
async fn a_stale_author_is_told_both_versions() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let configuration = Configuration::fixed("on", "off");
        let configure = |version| workspace.configure("menu", "dev", version, configuration.clone());
        kit.services.flags().configure(&workspace.developer, configure(1)).await.unwrap();
        for seen in [1, 3, 0, -1, i64::MAX] {
            let attempt =
                async { kit.services.flags().configure(&workspace.developer, configure(seen)).await };
            let refusal = kit.refused(attempt).await;
            let message = "`menu` was changed in the meantime".to_owned();
            assert_eq!(refusal, Refusal::Conflict { message, seen: Some(seen), current: Some(2) });
        }
        // The other environments have versions of their own.
        let elsewhere = workspace.configure("menu", "prod", 1, configuration.clone());
        kit.services.flags().configure(&workspace.developer, elsewhere).await.unwrap();
    })
    .await;
}

/// Of authors who saw the same version one wins, and the others are told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_concurrent_authors_one_wins() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let mut authors = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (services, actor) = (kit.services.clone(), workspace.developer.clone());
            let command = workspace.configure("menu", "dev", 1, Configuration::fixed("on", "off"));
            authors.spawn(async move { services.flags().configure(&actor, command).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = authors.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 9), "{lost:?}");
        for outcome in lost {
            let Err(service::Error::Refused(refusal)) = outcome else { panic!("{outcome:?}") };
            assert!(
                matches!(refusal, Refusal::Conflict { seen: Some(1), current: Some(2), .. }),
                "{refusal:?}"
            );
        }
        assert_eq!(revisions(&kit, &workspace).await, [2, 1, 1]);
    })
    .await;
}

/// A configuration against the rules is refused with the path of every place that is.
#[tokio::test]
async fn a_configuration_against_the_rules_names_its_places() {
    let fixed = || Configuration::fixed("on", "off");
    let serve = || Serve::Variation("on".into());
    let ruled = |when| Configuration { rules: vec![rule("first", when, serve())], ..fixed() };
    let ramped = || {
        let mut rollout = rollout(&[("on", 100_000)]);
        let step = Step { at: 0, weights: vec![Weight { variation: "on".into(), weight: 1 }] };
        rollout.ramp = Some(engine::ruleset::Ramp { interpolation: Default::default(), steps: vec![step] });
        Serve::Rollout(rollout)
    };
    let override_of = |attributes: &[(&str, &[&str])], variation: &str| {
        let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        let attributes = attributes.iter().map(|&(name, of)| (name.to_owned(), values(of))).collect();
        vec![Override { attributes, variation: variation.into() }]
    };
    let cases: Vec<(Configuration, &[&str])> = vec![
        (Configuration { off_variation: "gone".into(), ..fixed() }, &["off_variation"]),
        (Configuration::fixed("gone", "off"), &["fallthrough.variation"]),
        (
            Configuration { fallthrough: Serve::Rollout(rollout(&[("on", 99_999)])), ..fixed() },
            &["fallthrough.rollout.weights"],
        ),
        (
            Configuration {
                fallthrough: Serve::Rollout(rollout(&[("on", u32::MAX), ("off", u32::MAX)])),
                ..fixed()
            },
            &["fallthrough.rollout.weights"],
        ),
        (
            Configuration {
                fallthrough: Serve::Rollout(rollout(&[("on", 50_000), ("gone", 50_000)])),
                ..fixed()
            },
            &["fallthrough.rollout.weights[1].variation"],
        ),
        (Configuration { fallthrough: ramped(), ..fixed() }, &["fallthrough.rollout.ramp.steps[0].weights"]),
        (
            Configuration { rules: vec![rule("first", user_1(), Serve::Rollout(rollout(&[])))], ..fixed() },
            &["rules[0].serve.rollout.weights"],
        ),
        (
            Configuration {
                rules: vec![rule("same", user_1(), serve()), rule("same", user_1(), serve())],
                ..fixed()
            },
            &["rules[1].id"],
        ),
        (Configuration { rules: vec![rule("", user_1(), serve())], ..fixed() }, &["rules[0].id"]),
        (
            Configuration {
                rules: vec![rule("first", user_1(), Serve::Variation("gone".into()))],
                ..fixed()
            },
            &["rules[0].serve.variation"],
        ),
        (ruled(test(None, Operator::Eq, &["a"])), &["rules[0].when.attribute"]),
        (ruled(test(Some("a"), Operator::InSegment, &["a"])), &["rules[0].when.attribute"]),
        (ruled(test(None, Operator::InSegment, &["gone"])), &["rules[0].when.values[0]"]),
        (ruled(test(Some("a"), Operator::Matches, &["("])), &["rules[0].when.values[0]"]),
        (ruled(test(Some("a"), Operator::SemverGt, &["one"])), &["rules[0].when.values[0]"]),
        (needing("gone", "on"), &["prerequisites[0].flag"]),
        (needing("other", "gone"), &["prerequisites[0].variations"]),
        (needing("menu", "on"), &["prerequisites"]),
        (ruled(test(Some("a"), Operator::Eq, &[])), &["rules[0].when.values"]),
        (ruled(test(Some("a"), Operator::Exists, &["a"])), &["rules[0].when.values"]),
        (
            ruled(Condition::All {
                all: vec![
                    user_1(),
                    Condition::Any {
                        any: vec![Condition::Not { not: Box::new(test(Some("a"), Operator::In, &[])) }],
                    },
                ],
            }),
            &["rules[0].when.all[1].any[0].not.values"],
        ),
        (Configuration { overrides: override_of(&[], "on"), ..fixed() }, &["overrides[0].match"]),
        (Configuration { overrides: override_of(&[("a", &[])], "on"), ..fixed() }, &["overrides[0].match"]),
        (
            Configuration { overrides: override_of(&[("a", &["b"])], "gone"), ..fixed() },
            &["overrides[0].variation"],
        ),
        (
            Configuration { window: Some(Window { from: Some(5), until: Some(5) }), ..fixed() },
            &["window.until"],
        ),
        (
            Configuration { off_variation: "gone".into(), ..Configuration::fixed("gone", "") },
            &["off_variation", "fallthrough.variation"],
        ),
    ];
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        workspace.flag("other").await;
        for (configuration, places) in &cases {
            let command = workspace.configure("menu", "dev", 1, configuration.clone());
            let refusal = kit.refused(kit.services.flags().configure(&workspace.developer, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{configuration:?}: {refusal:?}") };
            let named: Vec<_> = details.iter().map(|detail| detail.path.as_str()).collect();
            let expected: Vec<_> = places.iter().map(|place| format!("configuration.{place}")).collect();
            assert_eq!(named, expected, "{configuration:?}");
        }
    })
    .await;
}

/// A prerequisite is let in where its flag has the variation, and refused where it would close a circle.
#[tokio::test]
async fn prerequisites_are_checked_against_the_other_flags() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for flag in ["menu", "other"] {
            workspace.flag(flag).await;
        }
        let command = workspace.configure("menu", "dev", 1, needing("other", "on"));
        kit.services.flags().configure(&workspace.developer, command).await.unwrap();
        let command = workspace.configure("other", "dev", 1, needing("menu", "on"));
        let refusal = kit.refused(kit.services.flags().configure(&workspace.developer, command)).await;
        let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
        assert_eq!(details[0].path, "configuration.prerequisites");
        // Another environment has no circle.
        let command = workspace.configure("other", "staging", 1, needing("menu", "on"));
        kit.services.flags().configure(&workspace.developer, command).await.unwrap();
    })
    .await;
}

/// Another organization's flag is no prerequisite, and the refusal is that of a flag which does not exist.
#[tokio::test]
async fn a_prerequisite_is_a_flag_of_the_own_project() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        workspace.flag("menu").await;
        other.flag("theirs").await;
        let mut refusals = Vec::new();
        for asked in ["theirs", "nobodys"] {
            let command = workspace.configure("menu", "dev", 1, needing(asked, "on"));
            let refusal = kit.refused(kit.services.flags().configure(&workspace.developer, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
            refusals.push((details[0].path.clone(), details[0].message.replace(asked, "…")));
        }
        assert_eq!(refusals[0].0, "configuration.prerequisites[0].flag");
        assert_eq!(refusals[0], refusals[1]);
    })
    .await;
}

/// A prerequisite is refused that would take a flag out of service which needs this one.
#[tokio::test]
async fn prerequisites_are_checked_for_the_flags_above() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let levels = (0..8).map(|level| format!("level-{level}")).collect::<Vec<_>>();
        for flag in levels.iter().map(String::as_str).chain(["extra"]) {
            workspace.flag(flag).await;
        }
        // Each asks the one below twice: 1, 3, 7 evaluations and so on up to 255, of the 256 that there may be.
        for pair in levels.windows(2) {
            let mut twice = needing(&pair[0], "on");
            twice.prerequisites.push(twice.prerequisites[0].clone());
            let command = workspace.configure(&pair[1], "dev", 1, twice);
            kit.services.flags().configure(&workspace.developer, command).await.unwrap();
        }
        let command = workspace.configure("level-0", "dev", 1, needing("extra", "on"));
        let refusal = kit.refused(kit.services.flags().configure(&workspace.developer, command)).await;
        let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
        assert_eq!(details[0].path, "configuration.prerequisites");
        assert!(details[0].message.contains("level-7"), "{details:?}");
    })
    .await;
}

fn needing(flag: &str, variation: &str) -> Configuration {
    let prerequisite = Prerequisite { flag: flag.into(), variations: vec![variation.into()] };
    Configuration { prerequisites: vec![prerequisite], ..Configuration::fixed("on", "off") }
}

/// A comment that is too long or holds a NUL is refused.
#[tokio::test]
async fn a_comment_follows_the_rules() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        for comment in ["c".repeat(2001), "a\0b".to_owned()] {
            let mut command = workspace.configure("menu", "dev", 1, Configuration::fixed("on", "off"));
            command.comment = Some(comment);
            let refusal = kit.refused(kit.services.flags().configure(&workspace.developer, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
            assert_eq!(details[0].path, "comment");
        }
    })
    .await;
}

/// Whatever is accepted is evaluated: no operator that is let in is one that the engine leaves out.
#[tokio::test]
async fn whatever_is_accepted_is_evaluated() {
    // Segments cannot be made yet, so that no rule can name one.
    let operators = Operator::ALL.iter().copied().filter(|op| !op.is_segment()).map(|op| match op {
        Operator::Exists | Operator::NotExists => (op, &[][..]),
        Operator::InCidr => (op, &["10.0.0.0/8"][..]),
        op => (op, &["1"][..]),
    });
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        for (version, (operator, values)) in (1..).zip(operators.clone()) {
            let when = test(Some("userId"), operator, values);
            let rules = vec![rule("first", when, Serve::Variation("on".into()))];
            let configuration = Configuration { enabled: true, rules, ..Configuration::fixed("on", "off") };
            let command = workspace.configure("menu", "dev", version, configuration);
            kit.services.flags().configure(&workspace.developer, command).await.unwrap();
            let snapshot = kit.services.delivery().authenticate(&raw).unwrap().environment.snapshot();
            let warnings: Vec<_> = snapshot.compiled().warnings().collect();
            assert!(warnings.is_empty(), "{operator:?}: {warnings:?}");
        }
    })
    .await;
}
