//! Whether an explanation agrees with the answer, and with itself.

use engine::{Compiled, Context, Explanation, Held, InSegment, Membership, Parts, Reason, Step};

/// Explains a flag and compares it with the answer of `evaluate`, in every field and every step.
pub(crate) fn check(compiled: &Compiled, key: &str, context: &Context<'_>, now: i64) {
    let detail = compiled.evaluate(key, context, now);
    let Some(explanation) = compiled.explain(key, context, now) else {
        assert_eq!(detail.reason, Reason::FlagNotFound);
        return;
    };
    assert_eq!(explanation.flag, key);
    // Of a value, this is its JSON text.
    assert_eq!(format!("{:?}", explanation.detail), format!("{detail:?}"));
    check_detail(&explanation);
    check_steps(&explanation);
    for step in &explanation.steps {
        if let Step::Prerequisite { explanation: Some(other), .. } = step {
            check(compiled, other.flag, context, now);
        }
    }
    let written = serde_json::to_string(&explanation).unwrap();
    let read: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(read["reason"], detail.reason.as_str());
    assert_eq!(read["steps"].as_array().map(Vec::len), Some(explanation.steps.len()));
}

fn check_detail(explanation: &Explanation<'_>) {
    let detail = explanation.detail;
    let is_nothing =
        [Reason::FlagNotFound, Reason::UnknownType, Reason::MalformedFlag].contains(&detail.reason);
    assert_eq!(detail.variation.is_none(), is_nothing);
    assert_eq!(detail.value.is_none(), is_nothing);
    assert_eq!(detail.variation_index.is_none(), is_nothing);
    assert_eq!(detail.version.is_none(), is_nothing);
    assert_eq!(explanation.steps.is_empty(), is_nothing);
    let by_bucket = [Reason::PercentageRollout, Reason::SegmentAndPercentage].contains(&detail.reason);
    assert_eq!(detail.bucket.is_some(), by_bucket);
    assert!(!(is_nothing && detail.enabled));
}

/// Each step may stand where it stands, and the last one leads to the answer.
fn check_steps(explanation: &Explanation<'_>) {
    let detail = explanation.detail;
    let mut rest = explanation.steps.as_slice();
    let mut below = 0;
    while let Some((step, later)) = rest.split_first() {
        rest = later;
        match step {
            Step::Window { held, .. } => check_gate(*held, later, explanation, Reason::FlagExpired),
            Step::Enabled { held } => check_gate(*held, later, explanation, Reason::FlagDisabled),
            Step::Prerequisite { variations, explanation: other, held } => {
                let served = other.as_ref().and_then(|other| other.detail.variation);
                assert_eq!(*held, served.is_some_and(|served| variations.contains(&served)));
                check_gate(*held, later, explanation, Reason::PrerequisiteFailed);
            }
            Step::Override { variation, held, .. } => {
                assert_eq!(*held, variation.is_some());
                assert_eq!(*held, later.is_empty());
                if *held {
                    assert_eq!((detail.reason, detail.variation), (Reason::OverrideMatch, *variation));
                }
            }
            Step::Rule { rule, condition, held, number, .. } => {
                assert!(*number > below);
                below = *number;
                assert_eq!(*held, condition.held);
                check_held(condition);
                if *held {
                    assert_eq!(detail.rule, Some(*rule));
                    check_served(later, explanation, true);
                    return;
                }
            }
            Step::RuleOutOfService { number, .. } => {
                assert!(*number > below);
                below = *number;
            }
            Step::Fallthrough => {
                assert_eq!(detail.rule, None);
                check_served(later, explanation, false);
                return;
            }
            Step::Rollout { .. } => panic!("a rollout that neither a rule nor the fallthrough serves"),
        }
    }
}

/// What lets through goes on to the rules or the fallthrough; what does not is the last step.
fn check_gate(held: bool, later: &[Step<'_>], explanation: &Explanation<'_>, reason: Reason) {
    assert_eq!(held, !later.is_empty());
    if !held {
        assert_eq!((explanation.detail.reason, explanation.detail.enabled), (reason, false));
    }
}

/// What follows the rule that held, or the fallthrough: nothing, or the rollout that decided.
fn check_served(later: &[Step<'_>], explanation: &Explanation<'_>, by_rule: bool) {
    let detail = explanation.detail;
    let [step] = later else {
        assert!(later.is_empty());
        let fixed = [Reason::Boolean, Reason::Fallthrough, Reason::SegmentNoMatch];
        assert!(if by_rule { detail.reason == Reason::SegmentMatch } else { fixed.contains(&detail.reason) });
        return;
    };
    let Step::Rollout { bucket, reaches, .. } = step else { panic!("{step:?} behind what decided") };
    assert_eq!(*bucket, detail.bucket);
    assert!(reaches.is_sorted_by_key(|(_, reach)| *reach));
    assert_eq!(reaches.last().map(|(_, reach)| *reach), Some(100_000));
    let Some(bucket) = bucket else {
        assert_eq!((detail.reason, detail.enabled), (Reason::MissingBucketKey, false));
        return;
    };
    let chosen = reaches.iter().find(|(_, reach)| bucket < reach).map(|(variation, _)| *variation);
    assert_eq!(chosen, detail.variation);
    let reason = if by_rule { Reason::SegmentAndPercentage } else { Reason::PercentageRollout };
    assert_eq!(detail.reason, reason);
}

/// A condition holds just where its parts say so.
fn check_held(condition: &Held<'_>) {
    let expected = match &condition.condition {
        Parts::All(parts) => {
            parts.iter().for_each(check_held);
            parts.iter().all(|part| part.held)
        }
        Parts::Any(parts) => {
            parts.iter().for_each(check_held);
            parts.iter().any(|part| part.held)
        }
        Parts::Not(part) => {
            check_held(part);
            !part.held
        }
        Parts::Test { op, missed, values, values_count, .. } => {
            assert!(values.len() <= *values_count);
            missed.is_none() != op.is_negative()
        }
        Parts::Segments { negated, segments } => {
            segments.iter().for_each(check_segment);
            segments.iter().any(|segment| segment.held) != *negated
        }
    };
    assert_eq!(condition.held, expected, "{condition:?}");
}

fn check_segment(segment: &InSegment<'_>) {
    let InSegment { held, by, condition, .. } = segment;
    assert_eq!(*held, [Membership::Included, Membership::Condition].contains(by));
    match (by, condition) {
        (Membership::Included | Membership::Excluded, Some(_)) | (Membership::Condition, None) => {
            panic!("{segment:?}")
        }
        (_, None) => {}
        (_, Some(condition)) => {
            assert_eq!(*held, condition.held);
            check_held(condition);
        }
    }
}
