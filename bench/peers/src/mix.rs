//! An environment of believable flags, for what compiling costs.

use serde_json::{Value, json};

use crate::togglebit::{flag, in_segment, rule, segment, test};

pub const FLAGS: usize = 10_000;
pub const SEGMENTS: usize = 50;
/// The length of the long list.
pub const IDS: usize = 1_000_000;

/// Key and document of each flag. Of twenty, eight are switches, four are rollouts, and eight have rules.
pub fn flags() -> Vec<(String, String)> {
    (0..FLAGS).map(|n| flag(&key(n), fields(n))).collect()
}

pub fn segments() -> Vec<(String, String)> {
    let fields = |n: usize| {
        let ids: Vec<_> = (0..20).map(|i| format!("user-{}", n * 100 + i)).collect();
        json!({ "included": ids, "when": test("email", "ends_with", vec![format!("@company{n}.example.com")]) })
    };
    (0..SEGMENTS).map(|n| segment(&segment_key(n), fields(n))).collect()
}

/// A segment that names a million ids: its document.
pub fn long_list() -> (String, String) {
    let ids: Vec<_> = (0..IDS).map(|n| format!("user-{n:07}")).collect();
    segment("everyone", json!({ "included": ids }))
}

pub fn key(n: usize) -> String {
    format!("team-{}-feature-{n}", n % 40)
}

fn segment_key(n: usize) -> String {
    format!("segment-{}", n % SEGMENTS)
}

fn rollout(percent: usize) -> Value {
    let on = percent * 1000;
    let weights =
        json!([{ "variation": "on", "weight": on }, { "variation": "off", "weight": 100_000 - on }]);
    json!({ "rollout": { "weights": weights } })
}

fn fields(n: usize) -> Value {
    let plans = || test("plan", "in", vec!["pro", "team", "enterprise"]);
    let country = || test("country", "in", vec!["DE", "FR", "ES", "IT"]);
    match n % 20 {
        0..8 => {
            json!({ "kind": "boolean", "enabled": !n.is_multiple_of(3), "fallthrough": { "variation": "on" } })
        }
        8..12 => json!({ "kind": "percentage", "fallthrough": rollout(n % 100) }),
        12..15 => json!({ "kind": "segment", "rules": [rule("plans", plans())] }),
        15 => {
            let when = json!({ "all": [plans(), country()] });
            json!({ "kind": "combined", "rules": [{ "id": "some", "when": when, "serve": rollout(n % 100) }] })
        }
        16 => json!({ "kind": "segment", "rules": [rule("segment", in_segment(&segment_key(n)))] }),
        17 => json!({
            "prerequisites": [{ "flag": key(n - 17), "variations": ["on"] }],
            "rules": [rule("plans", plans()), rule("segment", in_segment(&segment_key(n)))],
        }),
        18 => {
            let users: Vec<_> = (0..5).map(|i| format!("user-{}", n + i)).collect();
            json!({
                "overrides": [{ "match": { "userId": users }, "variation": "on" }],
                "rules": [
                    rule("version", test("appVersion", "semver_gte", vec!["2.3.0"])),
                    rule("age", test("age", "gt", vec![17])),
                    rule("mail", test("email", "ends_with", vec!["@example.com", "@example.org"])),
                ],
                "fallthrough": rollout(10),
            })
        }
        _ => {
            let users: Vec<_> = (0..20).map(|i| format!("user-{}", n + i)).collect();
            let pattern = format!("^[a-z.]+@team{}[.]example[.]com$", n / 20 % 50);
            json!({
                "rules": [
                    rule("users", test("userId", "in", users)),
                    rule("mail", json!({ "all": [test("email", "matches", vec![pattern]), country()] })),
                    rule("neither", json!({ "not": { "any": [plans(), country()] } })),
                ],
            })
        }
    }
}
