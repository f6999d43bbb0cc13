//! Other systems' bucketing against what their own published clients answered: `spec/bucketing.json`.

use std::collections::BTreeMap;

use engine::bucket::{Choice, choose};
use engine::ruleset::{Algorithm, FULL_WEIGHT};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    seed: String,
    value: String,
    weights: Vec<u32>,
    bucket: u32,
    place: usize,
}

fn known() -> BTreeMap<String, Vec<Known>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/bucketing.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn buckets_and_variations_are_the_originals() {
    let mut wrong = Vec::new();
    for (name, answers) in known() {
        let algorithm = Algorithm::deserialize(json!(name)).unwrap();
        assert!(answers.len() >= 12, "{name} has {} answers only", answers.len());
        for known in answers {
            assert_eq!(known.weights.iter().sum::<u32>(), FULL_WEIGHT, "{name} {known:?}");
            let mut sum = 0;
            let reaches = known.weights.iter().map(|weight| {
                sum += weight;
                sum
            });
            let choice = choose(algorithm, &known.seed, &known.value, reaches);
            if choice != (Choice { bucket: known.bucket, place: Some(known.place) }) {
                wrong.push(format!("{name}: {known:?}: {choice:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_algorithm_has_known_answers() {
    let known = known();
    for algorithm in Algorithm::ALL {
        assert!(
            *algorithm == Algorithm::Togglebit || known.contains_key(algorithm.as_str()),
            "{algorithm:?}: its answers are in spec/README.md or spec/bucketing.json"
        );
    }
}
