use std::fmt;

use engine::ruleset::{
    Condition, Kind, Operator, Override, Prerequisite, Rule, Serve, Test, Variation, Window,
};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use validator::Validate;

use super::simple::OnOff;
use super::{Configuration, Percentage};
use crate::check::{no_nul, present};
use crate::orgs::ProjectRef;
use crate::{EnvironmentKey, Error, FieldError, FlagKey, Result};

/// A flag in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagAt {
    /// The project.
    pub project: ProjectRef,
    /// The flag.
    pub key: FlagKey,
    /// The environment.
    pub environment: EnvironmentKey,
}

/// Switches a flag in one environment, now.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SwitchNow {
    /// Why, for the audit log. Needed to switch on in a protected environment, never to switch off.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("payments fail")))]
    pub comment: Option<String>,
}

/// Replaces what a flag does in one environment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplaceConfiguration {
    /// Whether the flag is on.
    pub enabled: bool,
    /// The key of the variation that is served while it is off.
    pub off_variation: String,
    /// Whether clients that speak LaunchDarkly's format are to report each evaluation. Nothing else heeds it.
    #[serde(default)]
    pub track_events: bool,
    /// When it may serve anything else.
    #[serde(default)]
    pub window: Option<Window>,
    /// Flags that must serve certain variations first.
    #[serde(default)]
    pub prerequisites: Vec<Prerequisite>,
    /// Values for named contexts, before the rules.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Tried in order.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What is served where no rule matches.
    pub fallthrough: Serve,
    /// The version that the author saw; another one there now is a conflict.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("more testers")))]
    pub comment: Option<String>,
}

impl ReplaceConfiguration {
    /// The configuration that it says.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            enabled: self.enabled,
            track_events: self.track_events,
            window: self.window,
            prerequisites: self.prerequisites.clone(),
            overrides: self.overrides.clone(),
            rules: self.rules.clone(),
            fallthrough: self.fallthrough.clone(),
            ..Configuration::fixed("", &self.off_variation)
        }
    }
}

/// Changes what a flag does in one environment, field by field: in the general form, or in the simple one, which says
/// `rollout_pct`, and `rules` that are tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeConfiguration {
    /// Whether the flag is on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub enabled: Option<bool>,
    /// The key of the variation that is served while it is off.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub off_variation: Option<String>,
    /// Whether clients that speak LaunchDarkly's format are to report each evaluation. Nothing else heeds it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub track_events: Option<bool>,
    /// When it may serve anything else; null for always.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Window>))]
    pub window: Option<Option<Window>>,
    /// Flags that must serve certain variations first.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub prerequisites: Option<Vec<Prerequisite>>,
    /// Values for named contexts, before the rules.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub overrides: Option<Vec<Override>>,
    /// Rules, which are tried in order; or tests that must all hold, which become one rule.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub rules: Option<Vec<AnyRule>>,
    /// What is served where no rule matches.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub fallthrough: Option<Serve>,
    /// The share that is served the first variation, the others the last one; null for everybody.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 100))]
    pub rollout_pct: Option<Option<Percentage>>,
    /// The version that the author saw; another one there now is a conflict. Switching off alone heeds none.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why, for the audit log. Needed in a protected environment, but to switch off alone.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("a quarter of all")))]
    pub comment: Option<String>,
}

/// A rule, or a test of the simple form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum AnyRule {
    /// A rule: `id`, `when` and `serve`.
    Rule(Rule),
    /// A test: `attribute`, `op` and `values`.
    Test(Test),
}

/// Written by hand for the same reason as a condition's: untagged, serde would not say which field is wrong.
impl<'de> Deserialize<'de> for AnyRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(RuleVisitor)
    }
}

struct RuleVisitor;

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Id,
    Name,
    When,
    Serve,
    Attribute,
    Op,
    Values,
}

#[derive(Default)]
struct Fields {
    id: Option<String>,
    name: Option<Option<String>>,
    when: Option<Condition>,
    serve: Option<Serve>,
    attribute: Option<String>,
    op: Option<Operator>,
    values: Option<Vec<Value>>,
}

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = AnyRule;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a rule with `id`, `when` and `serve`, or a test with `attribute`, `op` and `values`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<AnyRule, A::Error> {
        let mut fields = Fields::default();
        while let Some(field) = map.next_key::<Field>()? {
            let is_twice = match field {
                Field::Id => fields.id.replace(map.next_value()?).is_some(),
                Field::Name => fields.name.replace(map.next_value()?).is_some(),
                Field::When => fields.when.replace(map.next_value()?).is_some(),
                Field::Serve => fields.serve.replace(map.next_value()?).is_some(),
                Field::Attribute => fields.attribute.replace(map.next_value()?).is_some(),
                Field::Op => fields.op.replace(map.next_value()?).is_some(),
                Field::Values => fields.values.replace(map.next_value()?).is_some(),
            };
            if is_twice {
                return Err(A::Error::custom("a field is there twice"));
            }
        }
        fields.rule()
    }
}

impl Fields {
    fn rule<E: serde::de::Error>(self) -> std::result::Result<AnyRule, E> {
        let is_rule = self.id.is_some() || self.name.is_some() || self.when.is_some() || self.serve.is_some();
        let is_test = self.attribute.is_some() || self.op.is_some() || self.values.is_some();
        match (is_rule, is_test) {
            (true, true) => Err(E::custom("a rule with `when` and `serve` has no test of its own")),
            (false, _) => {
                let op = self.op.ok_or_else(|| E::missing_field("op"))?;
                let (attribute, values) = (self.attribute, self.values.unwrap_or_default());
                Ok(AnyRule::Test(Test { attribute, op, values }))
            }
            (true, false) => Ok(AnyRule::Rule(Rule {
                id: self.id.ok_or_else(|| E::missing_field("id"))?,
                name: self.name.flatten(),
                when: self.when.ok_or_else(|| E::missing_field("when"))?,
                serve: self.serve.ok_or_else(|| E::missing_field("serve"))?,
            })),
        }
    }
}

/// `rules` as they were sent.
enum Sent {
    Rules(Vec<Rule>),
    /// At least one.
    Tests(Vec<Test>),
}

impl ChangeConfiguration {
    /// Whether it says nothing but that the flag is on or off.
    pub fn switches(&self) -> Option<bool> {
        let rest = Self { enabled: None, ..self.clone() };
        self.enabled.filter(|_| rest.says_nothing())
    }

    fn says_nothing(&self) -> bool {
        let nothing = Self { version: self.version, comment: self.comment.clone(), ..Self::default() };
        *self == nothing
    }

    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of the field that contradicts another.
    pub fn check(&self) -> Result<()> {
        crate::validate(self)?;
        if self.fallthrough.is_some() && self.rollout_pct.is_some() {
            return Err(Error::invalid("rollout_pct", "contradicts `fallthrough`: send one of them"));
        }
        match self.sent()? {
            Some(Sent::Tests(_)) if self.fallthrough.is_some() => Err(Error::invalid(
                "fallthrough",
                "contradicts `rules` that are tests: where they do not hold, the off variation is served",
            )),
            _ => Ok(()),
        }
    }

    /// The configuration that this makes of another one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of what the simple form cannot say of this flag.
    pub fn apply(
        &self,
        kind: Kind,
        variations: &[Variation],
        before: &Configuration,
    ) -> Result<Configuration> {
        let mut after = before.clone();
        if let Some(enabled) = self.enabled {
            after.enabled = enabled;
        }
        if let Some(off_variation) = &self.off_variation {
            after.off_variation.clone_from(off_variation);
        }
        if let Some(track_events) = self.track_events {
            after.track_events = track_events;
        }
        if let Some(window) = self.window {
            after.window = window;
        }
        if let Some(prerequisites) = &self.prerequisites {
            after.prerequisites.clone_from(prerequisites);
        }
        if let Some(overrides) = &self.overrides {
            after.overrides.clone_from(overrides);
        }
        if let Some(fallthrough) = &self.fallthrough {
            after.fallthrough.clone_from(fallthrough);
        }
        let sent = self.sent()?;
        if sent.is_none() && self.rollout_pct.is_none() {
            return Ok(after);
        }
        let on_off = OnOff::of(variations).ok_or_else(|| Error::invalid("", "the flag has no variations"))?;
        match kind {
            Kind::Boolean | Kind::Percentage => self.whole(kind, on_off, sent, &mut after)?,
            Kind::Segment | Kind::Combined => self.ruled(kind, on_off, sent, &mut after)?,
            Kind::Advanced => {
                if self.rollout_pct.is_some() {
                    return Err(Error::invalid("rollout_pct", format!("{ADVANCED}: send `fallthrough`")));
                }
                match sent {
                    Some(Sent::Tests(_)) => {
                        let message = format!("{ADVANCED}: a rule has `id`, `when` and `serve`");
                        return Err(Error::invalid("rules[0]", message));
                    }
                    Some(Sent::Rules(rules)) => after.rules = rules,
                    None => {}
                }
            }
        }
        Ok(after)
    }

    /// Of a kind whose simple form says what everybody is served.
    fn whole(
        &self,
        kind: Kind,
        on_off: OnOff<'_>,
        sent: Option<Sent>,
        after: &mut Configuration,
    ) -> Result<()> {
        match sent {
            Some(Sent::Tests(_)) => {
                let kind = kind.as_str();
                let message =
                    format!("a {kind} flag's simple form has no tests: a rule has `id`, `when` and `serve`");
                return Err(Error::invalid("rules[0]", message));
            }
            Some(Sent::Rules(rules)) => after.rules = rules,
            None => {}
        }
        if let Some(share) = self.rollout_pct {
            after.fallthrough = serve(on_off, Some(&after.fallthrough), share)?;
        }
        Ok(())
    }

    /// Of a kind whose simple form says whom a rule lets through.
    fn ruled(
        &self,
        kind: Kind,
        on_off: OnOff<'_>,
        sent: Option<Sent>,
        after: &mut Configuration,
    ) -> Result<()> {
        if kind == Kind::Segment && self.rollout_pct.flatten().is_some() {
            let message =
                "a segment flag serves everybody whom its rules let through: a combined one has a share";
            return Err(Error::invalid("rollout_pct", message));
        }
        match (sent, self.rollout_pct) {
            (Some(Sent::Tests(tests)), share) => {
                let before = match after.rules.as_slice() {
                    [rule] => Some(&rule.serve),
                    _ => None,
                };
                let serve = match (kind, share, before) {
                    (Kind::Segment, ..) => Serve::Variation(on_off.on.to_owned()),
                    (_, Some(share), before) => {
                        // What is replaced whole need not have been simple.
                        serve(on_off, before, share).or_else(|_| serve(on_off, None, share))?
                    }
                    (_, None, Some(kept)) if is_simple(on_off, kept) => kept.clone(),
                    (_, None, _) => serve(on_off, None, Some(Percentage::ALL))?,
                };
                after.rules = vec![OnOff::rule(tests, serve)];
                after.fallthrough = Serve::Variation(after.off_variation.clone());
                Ok(())
            }
            (Some(Sent::Rules(rules)), Some(Some(_))) if !rules.is_empty() => {
                Err(Error::invalid("rollout_pct", "contradicts `rules` that say themselves what they serve"))
            }
            (Some(Sent::Rules(rules)), share) => {
                after.rules = rules;
                match share.flatten() {
                    Some(_) => Err(no_rule()),
                    None => Ok(()),
                }
            }
            (None, Some(share)) => match after.rules.as_mut_slice() {
                [rule] if kind == Kind::Combined => {
                    rule.serve = serve(on_off, Some(&rule.serve), share)?;
                    Ok(())
                }
                [] if share.is_some() => Err(no_rule()),
                [_, _, ..] if share.is_some() => Err(Error::invalid(
                    "rollout_pct",
                    "the flag has several rules: send `rules` that say what they serve",
                )),
                _ => Ok(()),
            },
            (None, None) => Ok(()),
        }
    }

    /// What is wrong, in the terms of what was sent.
    pub fn place(&self, fault: FieldError) -> FieldError {
        let FieldError { path, message } = fault;
        let is_tests = matches!(self.rules.as_deref(), Some([AnyRule::Test(_), ..]));
        let is_share = self.rollout_pct.is_some();
        let path = match path.strip_prefix("rules[0].") {
            Some(rest) if is_tests => match rest.strip_prefix("when.all[") {
                Some(place) => format!("rules[{place}"),
                None if rest.starts_with("serve") && is_share => "rollout_pct".to_owned(),
                None => "rules".to_owned(),
            },
            Some(rest) if rest.starts_with("serve") && is_share && self.rules.is_none() => {
                "rollout_pct".to_owned()
            }
            None if path.starts_with("fallthrough") && is_share => "rollout_pct".to_owned(),
            _ => path,
        };
        FieldError { path, message }
    }

    fn sent(&self) -> Result<Option<Sent>> {
        let Some(sent) = &self.rules else { return Ok(None) };
        let (mut rules, mut tests) = (Vec::new(), Vec::new());
        for (place, any) in sent.iter().enumerate() {
            match any {
                AnyRule::Rule(rule) => rules.push(rule.clone()),
                AnyRule::Test(test) => tests.push(test.clone()),
            }
            if !rules.is_empty() && !tests.is_empty() {
                let message = "one list has rules with `when` and `serve`, or tests, and not both";
                return Err(Error::invalid(format!("rules[{place}]"), message));
            }
        }
        Ok(Some(if tests.is_empty() { Sent::Rules(rules) } else { Sent::Tests(tests) }))
    }
}

const ADVANCED: &str = "an advanced flag has no simple form";

fn no_rule() -> Error {
    Error::invalid("rollout_pct", "there is no rule that it could be a share of: send `rules` too")
}

/// What the simple form serves: a share, or everybody.
fn serve(on_off: OnOff<'_>, before: Option<&Serve>, share: Option<Percentage>) -> Result<Serve> {
    let Some(share) = share else { return Ok(Serve::Variation(on_off.on.to_owned())) };
    on_off.share(before, share).map(Serve::Rollout).ok_or_else(|| {
        Error::invalid("rollout_pct", "more than two variations are served: say their weights in a `rollout`")
    })
}

fn is_simple(on_off: OnOff<'_>, serve: &Serve) -> bool {
    match serve {
        Serve::Variation(_) => false,
        kept @ Serve::Rollout(rollout) => {
            rollout.ramp.is_none() && on_off.share(Some(kept), Percentage::ALL).is_some()
        }
    }
}
