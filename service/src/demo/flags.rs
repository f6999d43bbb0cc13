//! The demo's flags: each kind, in states that a real product has them in.

use std::collections::BTreeMap;

use domain::flags::{Configuration, CreateFlag, FirstOwner, Start};
use domain::orgs::ProjectRef;
use engine::ruleset::{
    Algorithm, Condition, FULL_WEIGHT, Kind, Operator, Override, Rollout, Rule, Serve, Test, ValueType,
    Variation, Weight,
};
use serde_json::{Value, json};

use crate::error::Result;
use crate::scope::stored;

/// A flag and what it does in each environment.
pub(super) struct DemoFlag {
    pub(super) create: CreateFlag,
    pub(super) configurations: Vec<(&'static str, Configuration)>,
}

/// What every flag says of itself.
struct About(&'static str, &'static str, &'static str, &'static [&'static str]);

/// The weight of one percent.
const PERCENT: u32 = FULL_WEIGHT / 100;

pub(super) fn all(project: &ProjectRef) -> Result<Vec<DemoFlag>> {
    let flag = |about, kind, environments: [Configuration; 3]| switchable(project, about, kind, environments);
    Ok(vec![
        flag(
            About("checkout-v2", "New checkout", "One page instead of three steps.", &["checkout", "web"]),
            Kind::Boolean,
            [with_override(on(fixed("on"))), on(fixed("on")), fixed("on")],
        )?,
        flag(
            About("dark-mode", "Dark mode", "The theme switch in the account menu.", &["design", "web"]),
            Kind::Boolean,
            [on(fixed("on")), on(fixed("on")), on(fixed("on"))],
        )?,
        flag(
            About(
                "maintenance-banner",
                "Maintenance banner",
                "Announces planned downtime on every page.",
                &["ops"],
            ),
            Kind::Boolean,
            [fixed("on"), fixed("on"), fixed("on")],
        )?,
        flag(
            About(
                "legacy-export-api",
                "Legacy export API",
                "Version 1 of the CSV export, to be removed.",
                &["api"],
            ),
            Kind::Boolean,
            [fixed("on"), on(fixed("on")), on(fixed("on"))],
        )?,
        flag(
            About(
                "search-ranking-v3",
                "Search ranking v3",
                "Ranks by recent clicks.",
                &["search", "experiment"],
            ),
            Kind::Percentage,
            [on(share(100)), on(share(50)), on(share(25))],
        )?,
        flag(
            About("guided-onboarding", "Guided onboarding", "Five steps after sign-up.", &["growth", "web"]),
            Kind::Percentage,
            [on(share(100)), on(share(100)), on(share(10))],
        )?,
        flag(
            About(
                "beta-dashboard",
                "Beta dashboard",
                "The new start page, for those who asked for it.",
                &["web"],
            ),
            Kind::Segment,
            [
                on(rules(Serve::Variation("on".into()), &BETA)),
                on(rules(Serve::Variation("on".into()), &BETA)),
                rules(Serve::Variation("on".into()), &BETA),
            ],
        )?,
        flag(
            About("enterprise-sso", "Enterprise single sign-on", "SAML and SCIM settings.", &["security"]),
            Kind::Segment,
            [ENTERPRISE; 3].map(|rule| on(rules(Serve::Variation("on".into()), &rule))),
        )?,
        flag(
            About("ai-summaries", "AI summaries", "Summaries above long threads.", &["experiment", "ai"]),
            Kind::Combined,
            [100, 60, 30].map(|percent| on(rules(split(percent), &PAYING))),
        )?,
        flag(
            About("instant-payouts", "Instant payouts", "Pays out within a minute.", &["payments"]),
            Kind::Combined,
            [on(rules(split(100), &EURO)), on(rules(split(50), &EURO)), rules(split(15), &EURO)],
        )?,
        headline(project)?,
        upload_limit(project)?,
    ])
}

/// A rule's id, name, attribute and values.
#[derive(Clone, Copy)]
struct DemoRule(&'static str, &'static str, &'static str, &'static [&'static str]);

const BETA: DemoRule = DemoRule("beta-testers", "Beta testers", "group", &["beta", "internal"]);
const ENTERPRISE: DemoRule = DemoRule("enterprise", "Enterprise plan", "plan", &["enterprise"]);
const PAYING: DemoRule = DemoRule("paying", "Paying plans", "plan", &["pro", "team", "enterprise"]);
const EURO: DemoRule = DemoRule("euro", "Euro countries", "country", &["DE", "FR", "NL", "ES", "IT"]);

fn switchable(
    project: &ProjectRef,
    about: About,
    kind: Kind,
    environments: [Configuration; 3],
) -> Result<DemoFlag> {
    let variations = vec![variation("on", json!(true)), variation("off", json!(false))];
    flag(project, about, kind, ValueType::Boolean, variations, environments)
}

fn flag(
    project: &ProjectRef,
    About(key, name, description, tags): About,
    kind: Kind,
    value_type: ValueType,
    variations: Vec<Variation>,
    environments: [Configuration; 3],
) -> Result<DemoFlag> {
    let create = CreateFlag {
        project: project.clone(),
        key: stored(key)?,
        name: name.into(),
        description: description.into(),
        kind,
        value_type,
        client_side: tags.contains(&"web"),
        variations,
        tags: tags.iter().map(|&tag| tag.into()).collect(),
        owner: FirstOwner::Creator,
        temporary: false,
        expires_at: None,
        start: Start::Preset,
    };
    Ok(DemoFlag {
        create,
        configurations: ["dev", "staging", "prod"].into_iter().zip(environments).collect(),
    })
}

fn headline(project: &ProjectRef) -> Result<DemoFlag> {
    let variations = vec![
        variation("ship", json!("Ship on Friday. Sleep on Saturday.")),
        variation("calm", json!("Release calmly.")),
        variation("plain", json!("Feature flags, self-hosted.")),
    ];
    let thirds = || {
        on(Configuration {
            fallthrough: rollout(&[("ship", 34 * PERCENT), ("calm", 33 * PERCENT), ("plain", 33 * PERCENT)]),
            ..Configuration::fixed("ship", "plain")
        })
    };
    let about = About(
        "homepage-headline",
        "Homepage headline",
        "Three wordings, measured by sign-ups.",
        &["growth", "web"],
    );
    let off = Configuration { enabled: false, ..thirds() };
    flag(project, about, Kind::Advanced, ValueType::String, variations, [thirds(), thirds(), off])
}

fn upload_limit(project: &ProjectRef) -> Result<DemoFlag> {
    let variations = vec![
        variation("large", json!({"megabytes": 500, "resumable": true})),
        variation("medium", json!({"megabytes": 100, "resumable": true})),
        variation("small", json!({"megabytes": 25, "resumable": false})),
    ];
    let limits = || {
        let rules = vec![
            rule(ENTERPRISE, Serve::Variation("large".into())),
            rule(PAYING, Serve::Variation("medium".into())),
        ];
        on(Configuration { rules, ..Configuration::fixed("small", "small") })
    };
    let about = About(
        "upload-limits",
        "Upload limits",
        "How large an attachment may be, by plan.",
        &["api", "limits"],
    );
    flag(project, about, Kind::Advanced, ValueType::Json, variations, [limits(), limits(), limits()])
}

fn variation(key: &str, value: Value) -> Variation {
    Variation { key: key.into(), value }
}

fn on(configuration: Configuration) -> Configuration {
    Configuration { enabled: true, ..configuration }
}

fn fixed(variation: &str) -> Configuration {
    Configuration::fixed(variation, "off")
}

fn share(percent: u32) -> Configuration {
    Configuration { fallthrough: split(percent), ..fixed("on") }
}

fn rules(serve: Serve, of: &DemoRule) -> Configuration {
    Configuration { rules: vec![rule(*of, serve)], ..fixed("off") }
}

fn with_override(configuration: Configuration) -> Configuration {
    let attributes = BTreeMap::from([("userId".to_owned(), vec!["support-desk".to_owned()])]);
    Configuration { overrides: vec![Override { attributes, variation: "off".into() }], ..configuration }
}

fn rule(DemoRule(id, name, attribute, values): DemoRule, serve: Serve) -> Rule {
    let values = values.iter().map(|&value| value.into()).collect();
    let when = Condition::Test(Test { attribute: Some(attribute.into()), op: Operator::In, values });
    Rule { id: id.into(), name: Some(name.into()), when, serve }
}

fn split(percent: u32) -> Serve {
    rollout(&[("on", percent * PERCENT), ("off", FULL_WEIGHT - percent * PERCENT)])
}

fn rollout(weights: &[(&str, u32)]) -> Serve {
    let weights =
        weights.iter().map(|&(variation, weight)| Weight { variation: variation.into(), weight }).collect();
    Serve::Rollout(Rollout {
        bucket_by: None,
        seed: None,
        algorithm: Algorithm::default(),
        weights,
        ramp: None,
    })
}
