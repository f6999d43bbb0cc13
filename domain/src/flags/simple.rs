//! The simple form of a configuration: what most flags need to say, by their kind.

use engine::ruleset::{Condition, Kind, Rollout, Rule, Serve, Test, Variation, Weight};
use serde::{Deserialize, Serialize};

use super::{Configuration, Percentage};

/// What a configuration of a simple shape says in short. Sent as a change, it leads to the same configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SimpleForm {
    /// Whether the flag is on.
    pub enabled: bool,
    /// Who is served the first variation, of those whom the rules let through; everybody where it is null.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>, minimum = 0, maximum = 100))]
    pub rollout_pct: Option<Percentage>,
    /// Tests that must all hold; only flags of the kinds segment and combined have some.
    pub rules: Vec<Test>,
}

/// The id of the rule that simple tests become.
const RULE: &str = "simple";

/// The variations that the simple form speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnOff<'v> {
    /// The first one.
    pub(super) on: &'v str,
    /// The last one.
    pub(super) off: &'v str,
}

impl<'v> OnOff<'v> {
    pub(super) fn of(variations: &'v [Variation]) -> Option<Self> {
        Some(Self { on: &variations.first()?.key, off: &variations.last()?.key })
    }

    /// A rollout that serves the first variation to a share, and the last one to the others. What decides who is who stays
    /// as it was; a ramp ends. None where there is a rollout over other variations already.
    pub(super) fn share(self, before: Option<&Serve>, share: Percentage) -> Option<Rollout> {
        let weight = |variation: &str, share: Percentage| Weight {
            variation: variation.to_owned(),
            weight: share.thousandths(),
        };
        let weights = vec![weight(self.on, share), weight(self.off, share.rest())];
        match before {
            Some(Serve::Rollout(rollout)) => {
                let is_known = |weight: &Weight| [self.on, self.off].contains(&weight.variation.as_str());
                let is_simple = rollout.weights.iter().all(is_known);
                is_simple.then(|| Rollout { weights, ramp: None, ..rollout.clone() })
            }
            Some(Serve::Variation(_)) | None => {
                let algorithm = engine::ruleset::Algorithm::default();
                Some(Rollout { bucket_by: None, seed: None, algorithm, weights, ramp: None })
            }
        }
    }

    /// The rule that simple tests become.
    pub(super) fn rule(tests: Vec<Test>, serve: Serve) -> Rule {
        let all = tests.into_iter().map(Condition::Test).collect();
        Rule { id: RULE.to_owned(), name: None, when: Condition::All { all }, serve }
    }

    /// The share of the first variation, if that and the last one are all that is served: none for everybody.
    fn share_of(self, serve: &Serve) -> Option<Option<Percentage>> {
        match serve {
            Serve::Variation(key) => (key == self.on).then_some(None),
            Serve::Rollout(rollout) => match (rollout.weights.as_slice(), &rollout.ramp) {
                ([on, off], None) if on.variation == self.on && off.variation == self.off => {
                    Percentage::from_thousandths(on.weight).map(Some)
                }
                _ => None,
            },
        }
    }
}

impl SimpleForm {
    /// The simple form of a configuration, if it has that shape.
    pub fn of(kind: Kind, variations: &[Variation], configuration: &Configuration) -> Option<Self> {
        let Configuration { enabled, off_variation, fallthrough, rules, .. } = configuration;
        let says_more = configuration.window.is_some()
            || !configuration.prerequisites.is_empty()
            || !configuration.overrides.is_empty();
        let on_off = OnOff::of(variations).filter(|_| !says_more)?;
        let is_off = matches!(fallthrough, Serve::Variation(key) if key == off_variation);
        let (rollout_pct, rules) = match (kind, rules.as_slice()) {
            (Kind::Boolean | Kind::Percentage, []) => (on_off.share_of(fallthrough)?, Vec::new()),
            (Kind::Segment | Kind::Combined, []) if is_off => (None, Vec::new()),
            (Kind::Segment | Kind::Combined, [rule]) if is_off => {
                let share = on_off.share_of(&rule.serve)?;
                (share.is_none() || kind == Kind::Combined).then_some((share, tests(rule)?))?
            }
            _ => return None,
        };
        Some(Self { enabled: *enabled, rollout_pct, rules })
    }
}

/// The tests of the rule that simple tests become.
fn tests(rule: &Rule) -> Option<Vec<Test>> {
    let Rule { id, name: None, when: Condition::All { all }, .. } = rule else { return None };
    let test = |condition: &Condition| match condition {
        Condition::Test(test) => Some(test.clone()),
        _ => None,
    };
    let tests: Vec<_> = all.iter().map(test).collect::<Option<_>>()?;
    (id == RULE && !tests.is_empty()).then_some(tests)
}
