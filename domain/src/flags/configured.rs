use engine::ruleset::{Kind, Override, Prerequisite, Rule, Serve, Variation, Window};
use serde::{Deserialize, Serialize};

use super::{Configuration, SimpleForm, contradictions};
use crate::{EnvironmentKey, FieldError, FlagKey, Millis};

/// What a flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigurationView {
    /// The flag's key.
    pub flag: FlagKey,
    /// The environment's key.
    pub environment: EnvironmentKey,
    /// The configuration's version in this environment; grows by one with each change.
    pub version: i64,
    /// The environment's revision; grows by one with each change of anything in it.
    pub revision: i64,
    /// When the configuration last changed.
    pub updated_at: Millis,
    /// The preset that its shape follows.
    pub kind: Kind,
    /// Whether the flag is on.
    pub enabled: bool,
    /// The key of the variation that is served while it is off.
    pub off_variation: String,
    /// Whether clients that speak LaunchDarkly's format are to report each evaluation. Nothing else heeds it.
    pub track_events: bool,
    /// When it may serve anything else.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub window: Option<Window>,
    /// Flags that must serve certain variations first.
    pub prerequisites: Vec<Prerequisite>,
    /// Values for named contexts, before the rules.
    pub overrides: Vec<Override>,
    /// Tried in order.
    pub rules: Vec<Rule>,
    /// What is served where no rule matches.
    pub fallthrough: Serve,
    /// The simple form, where the configuration has that shape.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub simple: Option<SimpleForm>,
    /// What is allowed, and most likely not meant: tests of a rule that contradict each other.
    pub warnings: Vec<FieldError>,
}

impl ConfigurationView {
    /// The view of a configuration. The environment's revision and the versions are those that it has or is about to get.
    pub fn of(
        (flag, environment): (FlagKey, EnvironmentKey),
        (version, revision, updated_at): (i64, i64, Millis),
        (kind, variations): (Kind, &[Variation]),
        configuration: Configuration,
    ) -> Self {
        let simple = SimpleForm::of(kind, variations, &configuration);
        let warnings = warnings(&configuration.rules);
        let Configuration {
            enabled,
            off_variation,
            track_events,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
        } = configuration;
        Self {
            flag,
            environment,
            version,
            revision,
            updated_at,
            kind,
            enabled,
            off_variation,
            track_events,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
            simple,
            warnings,
        }
    }
}

fn warnings(rules: &[Rule]) -> Vec<FieldError> {
    let of_rule = |(place, rule): (usize, &Rule)| {
        contradictions(&rule.when).into_iter().map(move |found| {
            let inside = if found.path.is_empty() { String::new() } else { format!(".{}", found.path) };
            FieldError { path: format!("rules[{place}].when{inside}"), message: found.message }
        })
    };
    rules.iter().enumerate().flat_map(of_rule).collect()
}
