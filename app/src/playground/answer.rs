//! The server's answer: what flags serve, and each step that leads there. It is what `service` explains, as the browser
//! reads it.

use domain::ruleset::{Algorithm, Operator};
use domain::{EnvironmentKey, Millis, Reason};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What flags serve to a context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) environment: EnvironmentKey,
    /// The environment's revision that was evaluated.
    pub(super) revision: i64,
    /// The time of the evaluation.
    pub(super) now: Millis,
    /// An explanation of each flag, by key; with its steps where one flag was asked for.
    pub(super) flags: Vec<Explanation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Explanation {
    pub(super) flag: String,
    pub(super) value: Option<Value>,
    pub(super) variation: Option<String>,
    pub(super) reason: Reason,
    pub(super) rule: Option<String>,
    pub(super) bucket: Option<u32>,
    pub(super) version: Option<u64>,
    pub(super) enabled: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Window { from: Option<Millis>, until: Option<Millis>, now: Millis, held: bool },
    Enabled { held: bool },
    Prerequisite { variations: Vec<String>, explanation: Option<Box<Explanation>>, held: bool },
    Override { attributes: Vec<(String, Option<Value>)>, variation: Option<String>, held: bool },
    Rule { rule: String, condition: Held, held: bool },
    RuleOutOfService { rule: String },
    Fallthrough,
    Rollout(Rollout),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rollout {
    pub(super) bucket_by: Option<String>,
    pub(super) value: Option<Value>,
    pub(super) seed: String,
    pub(super) algorithm: Algorithm,
    pub(super) bucket: Option<u32>,
    /// How far each variation reaches, in thousandths of a percent.
    pub(super) reaches: Vec<(String, u32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) held: bool,
    #[serde(flatten)]
    pub(super) condition: Parts,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Parts {
    All(Vec<Held>),
    Any(Vec<Held>),
    Not(Box<Held>),
    Test(Test),
    Segments { negated: bool, segments: Vec<InSegment> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Test {
    pub(super) attribute: String,
    pub(super) op: Operator,
    pub(super) values: Vec<Value>,
    pub(super) values_count: u64,
    pub(super) actual: Option<Value>,
    pub(super) missed: Option<Missed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct InSegment {
    pub(super) segment: String,
    pub(super) held: bool,
    pub(super) by: Membership,
    pub(super) condition: Option<Held>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Missed {
    Missing,
    NotComparable,
    NoMatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Membership {
    Excluded,
    Included,
    Condition,
    None,
}

/// Reads what the service explained. Of many flags the steps are left out: nobody looks at all of them.
#[cfg(feature = "ssr")]
pub(super) fn read(explained: domain::history::Explained, with_steps: bool) -> service::Result<Answer> {
    let domain::history::Explained { environment, revision, now, flags } = explained;
    let read = |written: Box<serde_json::value::RawValue>| {
        let mut explanation: Explanation = serde_json::from_str(written.get())
            .map_err(|source| service::Error::Corrupt { what: "an explanation".to_owned(), source })?;
        if !with_steps {
            explanation.steps.clear();
        }
        Ok(explanation)
    };
    let flags = flags.into_iter().map(read).collect::<service::Result<_>>()?;
    Ok(Answer { environment, revision, now, flags })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_explanation_is_read_as_the_engine_writes_it() {
        let written = json!({
            "flag": "menu", "value": true, "variation": "on", "variation_index": 0, "reason": "segment_and_percentage",
            "rule": "pro", "bucket": 42, "version": 3, "revision": 7, "enabled": true,
            "steps": [
                {"step": "window", "from": 1, "until": null, "now": 5, "held": true},
                {"step": "enabled", "held": true},
                {"step": "prerequisite", "variations": ["on"], "explanation": null, "held": true},
                {"step": "override", "attributes": [["userId", "u"], ["tenant", null]], "variation": null, "held": false},
                {"step": "rule_out_of_service", "rule": "broken"},
                {"step": "rule", "rule": "pro", "held": true, "condition": {"held": true, "all": [
                    {"held": true, "test": {
                        "attribute": "plan", "op": "in", "values": ["pro"], "values_count": 1, "actual": "pro", "missed": null,
                    }},
                    {"held": true, "not": {"held": false, "any": []}},
                    {"held": true, "segments": {"negated": false, "segments": [
                        {"segment": "beta", "held": true, "by": "included", "condition": null},
                    ]}},
                ]}},
                {"step": "fallthrough"},
                {"step": "rollout", "bucket_by": null, "value": "u", "seed": "menu", "algorithm": "togglebit",
                    "bucket": 42, "reaches": [["on", 50_000], ["off", 100_000]]},
            ],
        });
        let read: Explanation = serde_json::from_value(written).unwrap();
        assert_eq!(read.steps.len(), 8);
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Explanation>(&again).unwrap(), read);
    }
}
