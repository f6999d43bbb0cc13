//! The flags that are asked for: the same in Togglebit's words and in Unleash's.
//!
//! Every fifth flag is on for everybody, the next one for 95 % of the users, the next one for twenty listed users, the
//! next one where the plan is one of two, and the last one for 95 % of those in three countries. What is asked for is on
//! in all of them, but for those who are among the 5 %.

use serde_json::{Value, json};

/// The context that is asked with: the user's id and the attributes.
pub(crate) const USER: &str = "user-12";
pub(crate) const ATTRIBUTES: [(&str, &str); 2] = [("plan", "pro"), ("country", "DE")];

const PLANS: [&str; 2] = ["pro", "team"];
const COUNTRIES: [&str; 3] = ["AT", "DE", "FR"];

/// A project with so many flags, which do the same in all its environments, as a document to import.
pub(crate) fn project(name: &str, environments: &[String], count: usize) -> Value {
    let flags: serde_json::Map<_, _> =
        (0..count).map(|number| (key(number), togglebit(number, environments))).collect();
    let environments: Vec<_> = environments.iter().map(|key| environment(key)).collect();
    json!({"format": 1, "project": {"name": name}, "environments": environments, "flags": flags})
}

/// An environment of a project.
pub(crate) fn environment(key: &str) -> Value {
    json!({"key": key, "name": key, "color": "teal"})
}

/// So many flags as Unleash's clients are sent them.
pub(crate) fn features(count: usize) -> Value {
    json!({"version": 2, "features": (0..count).map(unleash).collect::<Vec<_>>()})
}

/// The key of a flag.
pub(crate) fn key(number: usize) -> String {
    format!("flag-{number:05}")
}

fn users() -> Vec<String> {
    (0..20).map(|number| format!("user-{number}")).collect()
}

fn togglebit(number: usize, environments: &[String]) -> Value {
    let on = json!({"variation": "on"});
    let off = json!({"variation": "off"});
    let most = json!({"rollout": {"weights": [
        {"variation": "on", "weight": 95_000},
        {"variation": "off", "weight": 5_000},
    ]}});
    let rule = |attribute: &str, values: Value, serve: &Value| json!([{"id": "r1", "when": {"attribute": attribute, "op": "in", "values": values}, "serve": serve}]);
    let (kind, rules, fallthrough) = match number % 5 {
        0 => ("boolean", json!([]), on),
        1 => ("percentage", json!([]), most),
        2 => ("segment", rule("userId", json!(users()), &on), off),
        3 => ("segment", rule("plan", json!(PLANS), &on), off),
        _ => ("combined", rule("country", json!(COUNTRIES), &most), off),
    };
    let configuration =
        json!({"enabled": true, "off_variation": "off", "rules": rules, "fallthrough": fallthrough});
    let everywhere: serde_json::Map<_, _> =
        environments.iter().map(|environment| (environment.clone(), configuration.clone())).collect();
    json!({
        "name": key(number),
        "kind": kind,
        "value_type": "boolean",
        "client_side": true,
        "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        "environments": everywhere,
    })
}

fn unleash(number: usize) -> Value {
    let is_in = |attribute: &str, values: &[&str]| json!([{"contextName": attribute, "operator": "IN", "values": values}]);
    let most = json!({"rollout": "95", "stickiness": "userId", "groupId": key(number)});
    let (strategy, parameters, constraints) = match number % 5 {
        0 => ("default", json!({}), json!([])),
        1 => ("flexibleRollout", most, json!([])),
        2 => ("userWithId", json!({"userIds": users().join(",")}), json!([])),
        3 => ("default", json!({}), is_in("plan", &PLANS)),
        _ => ("flexibleRollout", most, is_in("country", &COUNTRIES)),
    };
    json!({
        "name": key(number),
        "type": "release",
        "enabled": true,
        "project": "default",
        "stale": false,
        "impressionData": false,
        "strategies": [{"name": strategy, "parameters": parameters, "constraints": constraints}],
        "variants": [],
    })
}
