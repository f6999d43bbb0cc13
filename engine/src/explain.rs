//! An answer with every step that led to it.

use serde::Serialize;
use serde_json::Value as Json;

use crate::compiled::{Compiled, FlagRef, Scope};
use crate::condition::{Attribute, Condition};
use crate::context::{Context, Path};
use crate::detail::Detail;
use crate::flag::Body;
use crate::number::Number;
use crate::operators::Match;
use crate::rollout::Rollout;
use crate::ruleset::{Algorithm, Operator};
use crate::segment::Membership;
use crate::trace::{Event, Trace};
use crate::value::Value;

/// The answer to an evaluation, and how it came about.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation<'r> {
    /// The flag's key.
    pub flag: &'r str,
    /// The answer: the one that `evaluate` gives.
    #[serde(flatten)]
    pub detail: Detail<'r>,
    /// What was looked at, in order, up to what decided.
    pub steps: Vec<Step<'r>>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step<'r> {
    /// The time window. Epoch milliseconds.
    Window {
        /// The first millisecond inside.
        from: Option<i64>,
        /// The first millisecond outside again.
        until: Option<i64>,
        /// The time of the evaluation.
        now: i64,
        /// Whether it lies inside.
        held: bool,
    },
    /// The switch.
    Enabled {
        /// Whether it is on.
        held: bool,
    },
    /// A flag that must serve certain variations first.
    Prerequisite {
        /// The variations that will do.
        variations: Vec<&'r str>,
        /// The other flag's own explanation; none where there is no such flag.
        explanation: Option<Box<Explanation<'r>>>,
        /// Whether it serves one of them.
        held: bool,
    },
    /// The overrides over one set of attributes.
    Override {
        /// The attributes and their values in the context.
        attributes: Vec<(&'r str, Option<Json>)>,
        /// The variation that an override serves for these values.
        variation: Option<&'r str>,
        /// Whether there is one.
        held: bool,
    },
    /// A rule.
    Rule {
        /// Its id.
        rule: &'r str,
        /// Its name for people.
        name: Option<&'r str>,
        /// Its place among the flag's rules, from 1.
        number: usize,
        /// Its condition, every part of it.
        condition: Held<'r>,
        /// Whether the condition holds.
        held: bool,
    },
    /// A rule that cannot do what it says, and was passed over.
    RuleOutOfService {
        /// Its id.
        rule: &'r str,
        /// Its name for people.
        name: Option<&'r str>,
        /// Its place among the flag's rules, from 1.
        number: usize,
    },
    /// No rule holds.
    Fallthrough,
    /// A rollout.
    Rollout {
        /// The attribute that is bucketed by; none for the user's id.
        bucket_by: Option<&'r str>,
        /// That attribute's value in the context.
        value: Option<Json>,
        /// The hash's seed.
        seed: &'r str,
        /// The hash.
        algorithm: Algorithm,
        /// The bucket; none where the value is missing or names nobody.
        bucket: Option<u32>,
        /// The variations, and how far each reaches at this time, in thousandths of a percent.
        reaches: Vec<(&'r str, u32)>,
    },
}

/// Whether a condition holds, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Held<'r> {
    /// Whether it does.
    pub held: bool,
    /// The parts.
    #[serde(flatten)]
    pub condition: Parts<'r>,
}

/// What a condition is made of.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts<'r> {
    /// Every one must hold.
    All(Vec<Held<'r>>),
    /// At least one must hold.
    Any(Vec<Held<'r>>),
    /// It must not hold.
    Not(Box<Held<'r>>),
    /// A test of one attribute.
    Test {
        /// The attribute.
        attribute: &'r str,
        /// The comparison.
        op: Operator,
        /// What it was compared with: the first of the rule's values.
        values: &'r [Json],
        /// How many values the rule has.
        values_count: usize,
        /// What the context has.
        actual: Option<Json>,
        /// Why no value matched; none where one did.
        missed: Option<Missed>,
    },
    /// A test of segments.
    Segments {
        /// Whether the context must be in none of them.
        negated: bool,
        /// Each of them.
        segments: Vec<InSegment<'r>>,
    },
}

/// Whether the context is in a segment, and why.
#[derive(Clone, Debug, Serialize)]
pub struct InSegment<'r> {
    /// The segment's key.
    pub segment: &'r str,
    /// Whether it is.
    pub held: bool,
    /// Why.
    pub by: Membership,
    /// The segment's condition, unless its lists decided.
    pub condition: Option<Held<'r>>,
}

/// Why none of a rule's values matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// The context has no such attribute, or it is null.
    Missing,
    /// The attribute's value is not of a kind that the operator compares: no number, no date, no version, no address.
    NotComparable,
    /// It was compared, and none matched.
    NoMatch,
}

impl Compiled {
    /// Evaluates one flag and tells how; none where there is no such flag. `now` is in epoch milliseconds.
    pub fn explain(&self, key: &str, context: &Context<'_>, now: i64) -> Option<Explanation<'_>> {
        self.flag(key).map(|flag| flag.explain(context, now))
    }
}

impl<'r> FlagRef<'r> {
    /// Evaluates the flag and tells how. `now` is in epoch milliseconds.
    pub fn explain(self, context: &Context<'_>, now: i64) -> Explanation<'r> {
        let scope = Scope { compiled: self.compiled, context, now };
        let mut recorder = Recorder { scope, steps: Vec::new() };
        let detail = self.trace(&scope, &mut recorder);
        Explanation { flag: self.key(), detail, steps: recorder.steps }
    }
}

/// Takes every step down.
struct Recorder<'r, 'c> {
    scope: Scope<'r, 'c>,
    steps: Vec<Step<'r>>,
}

impl<'r> Trace<'r> for Recorder<'r, '_> {
    fn nested(&self) -> Self {
        Self { scope: self.scope, steps: Vec::new() }
    }

    fn tell(&mut self, event: Event<'r, '_, Self>) {
        let scope = self.scope;
        let step = match event {
            Event::Window(window, held) => {
                Step::Window { from: window.from, until: window.until, now: scope.now, held }
            }
            Event::Enabled(held) => Step::Enabled { held },
            Event::Prerequisite(asked, detail, nested, held) => Step::Prerequisite {
                variations: asked.variations.iter().map(AsRef::as_ref).collect(),
                explanation: detail
                    .map(|detail| Box::new(Explanation { flag: &asked.flag, detail, steps: nested.steps })),
                held,
            },
            Event::Overrides(overrides, body) => {
                // Those behind the one that matched were not asked.
                for (attributes, variation) in overrides.each(scope.context) {
                    let held = variation.is_some();
                    self.steps.push(Step::Override {
                        attributes: attributes
                            .iter()
                            .map(|named| (named.name(), scope.context.with_by(named.by(), shown)))
                            .collect(),
                        variation: variation.and_then(|index| key(body, index)),
                        held,
                    });
                    if held {
                        break;
                    }
                }
                return;
            }
            Event::Rule(rule, held, segments) => Step::Rule {
                rule: &rule.id,
                name: rule.name.as_deref(),
                number: rule.place + 1,
                condition: scope.condition(&rule.when, segments),
                held,
            },
            Event::RuleOff(rule) => {
                Step::RuleOutOfService { rule: &rule.id, name: rule.name.as_deref(), number: rule.place + 1 }
            }
            Event::Fallthrough => Step::Fallthrough,
            Event::Rollout(rollout, body, bucket) => scope.rollout(rollout, body, bucket),
        };
        self.steps.push(step);
    }
}

fn key(body: &Body, variation: usize) -> Option<&str> {
    body.variations.get(variation).map(|variation| &*variation.key)
}

impl<'r> Scope<'r, '_> {
    fn rollout(self, rollout: &'r Rollout, body: &'r Body, bucket: Option<u32>) -> Step<'r> {
        let variations = rollout.variations.iter().map(|index| key(body, *index).unwrap_or_default());
        Step::Rollout {
            bucket_by: rollout.by.as_ref().map(Path::as_str),
            value: self.context.with_by(rollout.by.as_ref(), shown),
            seed: &rollout.seed,
            algorithm: rollout.algorithm,
            bucket,
            reaches: variations.zip(rollout.reaches(self.now).iter()).collect(),
        }
    }

    /// Every part of a condition, those too that were not needed for the answer.
    fn condition(self, condition: &'r Condition, segments: &[usize]) -> Held<'r> {
        let list = |parts: &'r [Condition]| -> Vec<_> {
            parts.iter().map(|part| self.condition(part, segments)).collect()
        };
        let parts = match condition {
            Condition::All(parts) => Parts::All(list(parts)),
            Condition::Any(parts) => Parts::Any(list(parts)),
            Condition::Not(part) => Parts::Not(Box::new(self.condition(part, segments))),
            Condition::Attribute(test) => self.test(test),
            Condition::Segments { places, negate } => Parts::Segments {
                negated: *negate,
                segments: places.iter().filter_map(|place| self.segment(segments, *place)).collect(),
            },
        };
        Held { held: condition.holds(&self, segments), condition: parts }
    }

    fn test(self, test: &'r Attribute) -> Parts<'r> {
        Parts::Test {
            attribute: test.path.as_str(),
            op: test.op,
            values: &test.values.first,
            values_count: test.values.count,
            actual: self.context.with(&test.path, shown),
            missed: self
                .context
                .with(&test.path, |value| missed(test, value))
                .unwrap_or(Some(Missed::Missing)),
        }
    }

    fn segment(self, segments: &[usize], place: usize) -> Option<InSegment<'r>> {
        let linked = self.compiled.segments.at(*segments.get(place)?)?;
        let body = linked.segment.body.as_ref()?;
        let by = body.membership(&self, &linked.segments);
        let when = body.when().filter(|_| matches!(by, Membership::Condition | Membership::None));
        let condition = when.map(|when| self.condition(when, &linked.segments));
        Some(InSegment { segment: linked.segment.key(), held: by.is_inside(), by, condition })
    }
}

fn missed(test: &Attribute, value: &Value<'_>) -> Option<Missed> {
    if matches!(value, Value::Null) {
        return Some(Missed::Missing);
    }
    if test.matcher.holds(value) {
        return None;
    }
    let is_comparable = value.any(|value| test.matcher.compare(value) != Match::NotComparable);
    Some(if is_comparable { Missed::NoMatch } else { Missed::NotComparable })
}

/// A value as JSON, for people to read; as text what nests too deep.
fn shown(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(Number::Int(int)) => match (i64::try_from(*int), u64::try_from(*int)) {
            (Ok(int), _) => int.into(),
            (_, Ok(int)) => int.into(),
            _ => int.to_string().into(),
        },
        Value::Number(Number::Float(float)) => (*float).into(),
        Value::Text(text) => text.as_ref().into(),
        Value::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| (*text).into()),
        Value::Tree(tree) => (*tree).clone(),
    }
}
