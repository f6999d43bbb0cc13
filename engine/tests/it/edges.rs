//! When answers change by time alone.

use serde_json::json;

use crate::documents::{compile, with};

const MINUTE: i64 = 60_000;

#[test]
fn windows_have_two_edges() {
    let compiled = compile([&with("sale", "window", json!({"from": 1000, "until": 5000}))], []);
    let edges = [(0, Some(1000)), (999, Some(1000)), (1000, Some(5000)), (4999, Some(5000)), (5000, None)];
    for (now, edge) in edges {
        assert_eq!(compiled.next_change(now), edge, "{now}");
    }
}

#[test]
fn ramps_change_at_steps_and_linear_ones_each_minute() {
    let weights =
        |on: u32| json!([{"variation": "on", "weight": on}, {"variation": "off", "weight": 100_000 - on}]);
    let ramp = |interpolation: &str| {
        let steps = json!([
            {"at": 10 * MINUTE, "weights": weights(10_000)},
            {"at": 12 * MINUTE + 1, "weights": weights(90_000)},
        ]);
        let rollout =
            json!({"weights": weights(0), "ramp": {"interpolation": interpolation, "steps": steps}});
        compile([&with("new-menu", "fallthrough", json!({"rollout": rollout}))], [])
    };
    let (steps, linear) = (ramp("step"), ramp("linear"));
    for (now, by_steps, on_a_line) in [
        (0, Some(10 * MINUTE), Some(10 * MINUTE)),
        (10 * MINUTE, Some(12 * MINUTE + 1), Some(11 * MINUTE)),
        (11 * MINUTE - 1, Some(12 * MINUTE + 1), Some(11 * MINUTE)),
        (12 * MINUTE, Some(12 * MINUTE + 1), Some(12 * MINUTE + 1)),
        (12 * MINUTE + 1, None, None),
    ] {
        assert_eq!(steps.next_change(now), by_steps, "{now}");
        assert_eq!(linear.next_change(now), on_a_line, "{now}");
    }
}

#[test]
fn the_earliest_of_all_flags_counts() {
    let sale = with("sale", "window", json!({"from": null, "until": 5000}));
    let soon = with("soon", "window", json!({"from": 3000, "until": null}));
    let compiled = compile([&sale, &soon, &with("plain", "enabled", json!(true))], []);
    assert_eq!(compiled.next_change(0), Some(3000));
    assert_eq!(compiled.next_change(3000), Some(5000));
    assert_eq!(compiled.next_change(5000), None);
    assert_eq!(compile([&with("plain", "enabled", json!(true))], []).next_change(0), None);
}
