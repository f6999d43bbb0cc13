use std::collections::BTreeSet;

use engine::ruleset::{
    Condition, FULL_WEIGHT, Flag, Kind, Override, Prerequisite, Rule, Serve, ValueType, Variation, Weight,
    Window,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::holds_nul;
use crate::{Error, FieldError, Result};

/// What a flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Whether the flag is on.
    pub enabled: bool,
    /// The key of the variation that is served while it is off.
    pub off_variation: String,
    /// Whether clients that speak LaunchDarkly's format are to report each evaluation. Nothing else heeds it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub track_events: bool,
    /// When it may serve anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Flags that must serve certain variations first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
    /// Values for named contexts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// Tried in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What is served where no rule matches.
    pub fallthrough: Serve,
}

impl Configuration {
    /// A configuration that is off and, once switched on, serves one variation to everybody.
    pub fn fixed(on: impl Into<String>, off: impl Into<String>) -> Self {
        Self {
            enabled: false,
            off_variation: off.into(),
            track_events: false,
            window: None,
            prerequisites: Vec::new(),
            overrides: Vec::new(),
            rules: Vec::new(),
            fallthrough: Serve::Variation(on.into()),
        }
    }

    /// What a new flag of a kind does once it is switched on: the kinds that serve through rules serve "off" until they have
    /// some.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `variations` where there are none.
    pub fn preset(kind: Kind, variations: &[Variation]) -> Result<Self> {
        let (Some(on), Some(off)) = (variations.first(), variations.last()) else {
            return Err(Error::invalid("variations", "there are none"));
        };
        let served = match kind {
            Kind::Boolean | Kind::Percentage | Kind::Advanced => on,
            Kind::Segment | Kind::Combined => off,
        };
        Ok(Self::fixed(served.key.clone(), off.key.clone()))
    }

    /// The configuration part of a stored document.
    pub fn of(flag: Flag) -> Self {
        let Flag {
            enabled,
            off_variation,
            track_events,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
            ..
        } = flag;
        Self { enabled, off_variation, track_events, window, prerequisites, overrides, rules, fallthrough }
    }

    /// Checks it against the flag's variations.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules, below `configuration`.
    pub fn check(&self, variations: &[Variation]) -> Result<()> {
        Error::refuse(self.faults(variations)).map_err(|error| error.below("configuration"))
    }

    /// What is against the rules, where the flag has these variations. The paths begin at the configuration.
    pub fn faults(&self, variations: &[Variation]) -> Vec<FieldError> {
        let mut checker = Checker { variations, details: Vec::new() };
        if serde_json::to_value(self).is_ok_and(|value| holds_nul(&value)) {
            checker.fail("", "contains a NUL character");
        }
        checker.configuration(self);
        checker.details
    }
}

/// Checks a flag's variations: distinct keys, values of the declared type.
///
/// # Errors
/// [`Error::Invalid`] with every path that is against the rules, below `variations`.
pub fn check_variations(variations: &[Variation], value_type: ValueType) -> Result<()> {
    let mut details = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, variation) in variations.iter().enumerate() {
        let mut fail = |field: &str, message: &str| {
            details.push(FieldError {
                path: format!("variations[{place}].{field}"),
                message: message.to_owned(),
            });
        };
        if variation.key.is_empty() || variation.key.len() > 100 || variation.key.contains('\0') {
            fail("key", "1 to 100 bytes, no NUL");
        }
        if !seen.insert(&variation.key) {
            fail("key", "another variation has this key");
        }
        if !has_type(&variation.value, value_type) {
            fail("value", "not of the flag's value type");
        }
        if holds_nul(&variation.value) {
            fail("value", "contains a NUL character");
        }
    }
    Error::refuse(details)
}

fn has_type(value: &Value, value_type: ValueType) -> bool {
    match value_type {
        ValueType::Boolean => value.is_boolean(),
        ValueType::String => value.is_string(),
        ValueType::Number => value.is_number(),
        ValueType::Json => true,
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}

struct Checker<'a> {
    variations: &'a [Variation],
    details: Vec<FieldError>,
}

impl Checker<'_> {
    fn fail(&mut self, path: &str, message: impl Into<String>) {
        self.details.push(FieldError { path: path.to_owned(), message: message.into() });
    }

    fn configuration(&mut self, configuration: &Configuration) {
        let Configuration {
            enabled: _,
            off_variation,
            track_events: _,
            window,
            prerequisites,
            overrides,
            rules,
            fallthrough,
        } = configuration;
        self.variation("off_variation", off_variation);
        if let Some(Window { from: Some(from), until: Some(until) }) = window
            && until <= from
        {
            self.fail("window.until", "is not after `from`");
        }
        for (place, prerequisite) in prerequisites.iter().enumerate() {
            if prerequisite.variations.is_empty() {
                self.fail(&format!("prerequisites[{place}].variations"), "names none");
            }
        }
        for (place, entry) in overrides.iter().enumerate() {
            self.variation(&format!("overrides[{place}].variation"), &entry.variation);
            if entry.attributes.is_empty() || entry.attributes.values().any(Vec::is_empty) {
                self.fail(&format!("overrides[{place}].match"), "names no values");
            }
        }
        let mut ids = BTreeSet::new();
        for (place, rule) in rules.iter().enumerate() {
            if rule.id.is_empty() || !ids.insert(&rule.id) {
                self.fail(&format!("rules[{place}].id"), "is empty or another rule's");
            }
            self.condition(&format!("rules[{place}].when"), &rule.when);
            self.serve(&format!("rules[{place}].serve"), &rule.serve);
        }
        self.serve("fallthrough", fallthrough);
    }

    fn variation(&mut self, path: &str, key: &str) {
        if !self.variations.iter().any(|variation| variation.key == key) {
            self.fail(path, format!("no variation `{key}`"));
        }
    }

    fn serve(&mut self, path: &str, serve: &Serve) {
        match serve {
            Serve::Variation(key) => self.variation(&format!("{path}.variation"), key),
            Serve::Rollout(rollout) => {
                self.weights(&format!("{path}.rollout.weights"), &rollout.weights);
                let steps = rollout.ramp.iter().flat_map(|ramp| &ramp.steps).enumerate();
                for (place, step) in steps {
                    self.weights(&format!("{path}.rollout.ramp.steps[{place}].weights"), &step.weights);
                }
            }
        }
    }

    fn weights(&mut self, path: &str, weights: &[Weight]) {
        for (place, weight) in weights.iter().enumerate() {
            self.variation(&format!("{path}[{place}].variation"), &weight.variation);
        }
        let sum: u64 = weights.iter().map(|weight| u64::from(weight.weight)).sum();
        if sum != u64::from(FULL_WEIGHT) {
            self.fail(
                path,
                format!("add up to {sum} thousandths of a percent, not to {FULL_WEIGHT} (100 %)"),
            );
        }
    }

    fn condition(&mut self, path: &str, condition: &Condition) {
        match condition {
            Condition::All { all } => self.conditions(&format!("{path}.all"), all),
            Condition::Any { any } => self.conditions(&format!("{path}.any"), any),
            Condition::Not { not } => self.condition(&format!("{path}.not"), not),
            Condition::Test(test) => {
                if test.attribute.is_some() == test.op.is_segment() {
                    let message = if test.op.is_segment() { "is not for segments" } else { "is missing" };
                    self.fail(&format!("{path}.attribute"), message);
                }
                if test.values.is_empty() == test.op.takes_values() {
                    self.fail(
                        &format!("{path}.values"),
                        "`exists` and `not_exists` take none, every other operator needs some",
                    );
                }
            }
        }
    }

    fn conditions(&mut self, path: &str, parts: &[Condition]) {
        for (place, part) in parts.iter().enumerate() {
            self.condition(&format!("{path}[{place}]"), part);
        }
    }
}

/// What is wrong with a condition that stands at a path.
pub(crate) fn check_condition(path: &str, condition: &Condition) -> Vec<FieldError> {
    let mut checker = Checker { variations: &[], details: Vec::new() };
    checker.condition("", condition);
    let place = |detail: FieldError| {
        let below = detail.path.trim_start_matches("configuration.").trim_start_matches('.');
        let path = [path, below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        FieldError { path, ..detail }
    };
    checker.details.into_iter().map(place).collect()
}
