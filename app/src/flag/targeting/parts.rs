//! Parts of configurations in words, for whoever compares two.

use domain::ruleset::{Algorithm, Condition, Override, Prerequisite, Rule, Serve};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::words::{self, NAMED, held, shares};

/// A part of a configuration, by its path, for whoever compares it; none of what is plain already, and of what words
/// would leave something out of.
pub(crate) fn part(path: &str, value: &Value) -> Option<String> {
    if !value.is_object() {
        return None;
    }
    match crate::ui::diff_path::last_field(path) {
        "rules" => {
            let rule: Rule = read(value)?;
            let name = rule.name.map(|name| format!("“{name}”: ")).unwrap_or_default();
            whole_condition(&rule.when)?;
            Some(format!("{name}{}, serve {}", held(&rule.when), whole_serve(&rule.serve)?))
        }
        "overrides" => {
            let Override { attributes, variation } = read(value)?;
            let pairs = attributes.iter().map(|(name, values)| format!("{name} {}", values.join(", ")));
            Some(format!("{variation} for {}", pairs.collect::<Vec<_>>().join(" and ")))
        }
        "prerequisites" => {
            let Prerequisite { flag, variations } = read(value)?;
            Some(format!("{flag} serves {}", variations.join(" or ")))
        }
        "fallthrough" | "serve" => whole_serve(&read(value)?),
        "rollout" => whole_serve(&Serve::Rollout(read(value)?)),
        "when" | "all" | "any" | "not" => whole_condition(&read(value)?),
        _ => None,
    }
}

/// A condition, unless its values are too many to be named.
fn whole_condition(condition: &Condition) -> Option<String> {
    fn is_named(condition: &Condition) -> bool {
        match condition {
            Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().all(is_named),
            Condition::Not { not } => is_named(not),
            Condition::Test(test) => test.values.len() <= NAMED,
        }
    }
    is_named(condition).then(|| words::condition(condition))
}

/// What is served, unless there is more to its shares than who gets how much.
fn whole_serve(served: &Serve) -> Option<String> {
    let is_whole = match served {
        Serve::Variation(_) => true,
        Serve::Rollout(it) => it.seed.is_none() && it.ramp.is_none() && it.algorithm == Algorithm::default(),
    };
    // A share of everything is another thing than the variation itself.
    is_whole.then(|| match served {
        Serve::Variation(key) => key.clone(),
        Serve::Rollout(rollout) => shares(rollout),
    })
}

/// Reads a part from its text, as whole configurations are read: the same code does both.
fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_str(&value.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_of_configurations_are_said_in_words() {
        let weights = json!({"weights": [{"variation": "on", "weight": 25_000}, {"variation": "off", "weight": 75_000}]});
        for (path, json, words) in [
            ("fallthrough.rollout", weights.clone(), Some("25 % on, 75 % off")),
            (
                "rules[r1]",
                json!({"id": "r1", "name": "Beta", "when": {"op": "in_segment", "values": ["beta"]}, "serve": {"variation": "on"}}),
                Some("“Beta”: if in segment beta, serve on"),
            ),
            ("rules[r1].serve", json!({"rollout": weights}), Some("25 % on, 75 % off")),
            (
                "rules[r1].serve",
                json!({"rollout": {"weights": [{"variation": "on", "weight": 100_000}]}}),
                Some("100 % on"),
            ),
            (
                "overrides[on]",
                json!({"match": {"userId": ["u", "v"]}, "variation": "on"}),
                Some("on for userId u, v"),
            ),
            (
                "prerequisites[menu]",
                json!({"flag": "menu", "variations": ["on", "beta"]}),
                Some("menu serves on or beta"),
            ),
            (
                "rules[r1].when.all[1]",
                json!({"attribute": "plan", "op": "in", "values": ["pro"]}),
                Some("plan is one of pro"),
            ),
            ("off_variation", json!("off"), None),
            ("rules[r1]", json!({"id": "r1"}), None),
            ("fallthrough", json!({"rollout": {"seed": "s", "weights": []}}), None),
            ("rules[r1].when", json!({"op": "in_segment", "values": ["1", "2", "3", "4", "5", "6"]}), None),
        ] {
            assert_eq!(part(path, &json).as_deref(), words, "{path}");
        }
    }
}
