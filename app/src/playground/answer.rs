//! The server's answer: what flags serve, and each step that leads there. It is what `service` explains, as the browser
//! reads it.

use domain::ruleset::{Algorithm, Operator};
use domain::{EnvironmentKey, Millis, Reason};
use serde::{Deserialize, Serialize};
use serde_json::Value;
#[cfg(feature = "ssr")]
use serde_json::value::RawValue;

/// What flags serve to a context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) environment: EnvironmentKey,
    /// The environment's revision that was evaluated.
    pub(super) revision: i64,
    /// The time of the evaluation.
    pub(super) now: Millis,
    /// An explanation of each flag, by key: of the one that was asked for, with its steps, or of a page of all.
    pub(super) flags: Vec<Explanation>,
    /// Which page of them this is, from 1.
    pub(super) page: u32,
    /// How many there are on all pages.
    pub(super) total: u64,
}

/// How many flags a page has.
pub(super) const PAGE: u32 = 50;

/// Which of all flags are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// What their keys have in them; nothing asks for all.
    #[serde(default)]
    pub(super) search: Option<String>,
    /// The page of them, from 1; the first one unless said.
    #[serde(default)]
    pub(super) page: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Explanation {
    pub(super) flag: String,
    pub(super) value: Option<Value>,
    pub(super) variation: Option<String>,
    pub(super) reason: Reason,
    /// The id of the rule that decided.
    pub(super) rule: Option<String>,
    /// What that rule is called, which the steps tell.
    #[serde(default)]
    pub(super) decided: Option<String>,
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
    Rule { name: Option<String>, number: u32, condition: Held, held: bool },
    RuleOutOfService { name: Option<String>, number: u32 },
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

/// Reads what the service explained. Of a part of all flags the steps are left out: nobody looks at all of them.
#[cfg(feature = "ssr")]
pub(super) fn read(explained: domain::history::Explained, part: Option<Part>) -> service::Result<Answer> {
    let domain::history::Explained { environment, revision, now, flags } = explained;
    let with_steps = part.is_none();
    let (flags, page, total) = match part {
        Some(part) => cut(flags, &part)?,
        None => {
            let total = flags.len() as u64;
            (flags, 1, total)
        }
    };
    let read = |written: Box<RawValue>| {
        let mut explanation: Explanation = serde_json::from_str(written.get()).map_err(corrupt)?;
        explanation.decided = explanation.steps.iter().find_map(|step| match step {
            Step::Rule { name, number, held: true, .. } => Some(super::words::rule(*number, name.as_deref())),
            _ => None,
        });
        if !with_steps {
            explanation.steps.clear();
        }
        Ok(explanation)
    };
    let flags = flags.into_iter().map(read).collect::<service::Result<_>>()?;
    Ok(Answer { environment, revision, now, flags, page, total })
}

/// The flags of a part, which page that is, and how many flags its pages have. There is no page behind the last one.
#[cfg(feature = "ssr")]
fn cut(flags: Vec<Box<RawValue>>, part: &Part) -> service::Result<(Vec<Box<RawValue>>, u32, u64)> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        flag: std::borrow::Cow<'a, str>,
    }
    let search = part.search.as_deref().unwrap_or_default().to_lowercase();
    let mut found = Vec::with_capacity(flags.len());
    for written in flags {
        let named: Named<'_> = serde_json::from_str(written.get()).map_err(corrupt)?;
        if named.flag.to_lowercase().contains(&search) {
            found.push(written);
        }
    }
    let total = found.len();
    let size = PAGE as usize;
    let last = u32::try_from(total.div_ceil(size)).unwrap_or(u32::MAX).max(1);
    let page = part.page.unwrap_or(1).clamp(1, last);
    let flags = found.into_iter().skip((page as usize - 1) * size).take(size).collect();
    Ok((flags, page, total as u64))
}

#[cfg(feature = "ssr")]
fn corrupt(source: serde_json::Error) -> service::Error {
    service::Error::Corrupt { what: "an explanation".to_owned(), source }
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
                {"step": "rule_out_of_service", "rule": "broken", "name": null, "number": 1},
                {"step": "rule", "rule": "pro", "name": "Payers", "number": 2, "held": true, "condition": {"held": true, "all": [
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

    #[cfg(feature = "ssr")]
    #[test]
    fn all_flags_are_cut_into_pages() {
        let flags = |count: usize| {
            let written = |place: usize| {
                let json = json!({"flag": format!("flag-{place:03}"), "steps": []}).to_string();
                RawValue::from_string(json).unwrap()
            };
            (0..count).map(written).collect::<Vec<_>>()
        };
        let cut = |count: usize, search: &str, page: u32| {
            let part = Part { search: Some(search.to_owned()), page: Some(page) };
            let (found, page, total) = super::cut(flags(count), &part).unwrap();
            (found.first().map(|it| it.get()[9..17].to_owned()), found.len(), page, total)
        };
        let first = |key: &str| Some(key.to_owned());
        for (asked, found) in [
            (cut(120, "", 1), (first("flag-000"), 50, 1, 120)),
            (cut(120, "", 3), (first("flag-100"), 20, 3, 120)),
            (cut(120, "", 9), (first("flag-100"), 20, 3, 120)),
            (cut(100, "", 3), (first("flag-050"), 50, 2, 100)),
            (cut(120, "", 0), (first("flag-000"), 50, 1, 120)),
            (cut(120, "G-11", 1), (first("flag-110"), 10, 1, 10)),
            (cut(120, "none", 2), (None, 0, 1, 0)),
            (cut(0, "", 1), (None, 0, 1, 0)),
        ] {
            assert_eq!(asked, found);
        }
    }
}
