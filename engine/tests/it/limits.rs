//! Large rulesets, large contexts, and what happens at the limits and beyond them: one warning, and nothing else breaks.

use std::collections::BTreeSet;
use std::fmt::Write;

use engine::limits::{
    CONDITION_DEPTH, PATH_PARTS, PATTERN_LENGTH, PREREQUISITE_EVALUATIONS, RULE_SEGMENT_EVALUATIONS,
    SEGMENT_DEPTH, SEGMENT_EVALUATIONS,
};
use engine::ruleset::{Condition, Flag, Operator, Ruleset, Test};
use engine::{Compiled, Context, Explanation, FlagRef, Reason, Step};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::NOW;
use crate::documents::{compile, flag, needing, nested, ruled, segment, with, within};

/// Holds for everybody.
fn always() -> Value {
    json!({"attribute": "nothing", "op": "not_exists"})
}

fn serves(compiled: &Compiled, key: &str, context: &Context<'_>) -> String {
    compiled.evaluate(key, context, NOW).variation.unwrap_or("nothing").to_owned()
}

fn serves_nobody(compiled: &Compiled, key: &str) -> String {
    serves(compiled, key, &Context::default())
}

/// The warnings of the flag or segment with this key.
fn warnings<'c>(compiled: &'c Compiled, key: &str) -> Vec<&'c str> {
    compiled.warnings().filter(|warning| warning.key == key).map(|warning| warning.message.as_str()).collect()
}

/// A rule with this condition works, together with its neighbours.
fn assert_works(when: &Value) {
    let compiled = compile([&ruled("it", when), &flag("z-after", 1)], []);
    assert_eq!(compiled.warnings().count(), 0, "{:?}", compiled.warnings().next());
    assert_eq!(serves_nobody(&compiled, "z-after"), "on");
}

/// A rule with this condition is out of service with one warning, and its neighbours work.
fn assert_refused(when: &Value, why: &str) {
    let mut it = ruled("it", when);
    let next = json!({"id": "next", "when": always(), "serve": {"variation": "on"}});
    it["rules"].as_array_mut().unwrap().push(next);
    let compiled = compile([&it, &flag("z-after", 1)], []);
    let all: Vec<_> = compiled.warnings().collect();
    let [warning] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(warning.key, "it");
    assert!(warning.message.starts_with("rules[0].when: ") && warning.message.contains(why), "{warning}");
    assert_eq!(compiled.evaluate("it", &Context::default(), NOW).rule, Some("next"));
    // Whoever counts the rules counts the one that is refused, too.
    let explanation = compiled.explain("it", &Context::default(), NOW).unwrap();
    let is_next = |step: &Step<'_>| matches!(step, Step::Rule { rule: "next", number: 2, held: true, .. });
    assert!(explanation.steps.iter().any(is_next), "{:?}", explanation.steps);
    assert_eq!(serves_nobody(&compiled, "z-after"), "on");
}

#[test]
fn ten_thousand_flags() {
    let when = json!({"attribute": "plan", "op": "eq", "values": ["pro"]});
    let flags: Vec<_> = (0..10_000).map(|number| ruled(&format!("flag-{number}"), &when)).collect();
    let compiled = compile(&flags, []);
    assert_eq!((compiled.flags().count(), compiled.warnings().count()), (10_000, 0));
    let context = Context::from_json(br#"{"plan":"pro"}"#).unwrap();
    for flag in compiled.flags() {
        assert_eq!(compiled.evaluate(flag.key(), &context, NOW).rule, Some("r"), "{}", flag.key());
    }
    assert_eq!(compiled.evaluate("flag-10000", &context, NOW).reason, Reason::FlagNotFound);
}

#[test]
fn rules_may_nest_fifty_deep() {
    let leaf = r#"{"attribute":"x","op":"eq","values":["a"]}"#;
    for (open, close) in [(r#"{"all":["#, "]}"), (r#"{"any":["#, "]}"), (r#"{"not":"#, "}")] {
        let when = nested(open, leaf, close, 50);
        let text = ruled("deep", &json!("WHEN")).to_string().replace(r#""WHEN""#, &when);
        let ruleset = format!(r#"{{"format":1,"environment":"e","revision":1,"flags":{{"deep":{text}}}}}"#);
        let ruleset: Ruleset = serde_json::from_str(&ruleset).unwrap();
        let ways = [Compiled::from_documents(1, [("deep", text.as_str())]), Compiled::from_ruleset(&ruleset)];
        for compiled in ways {
            assert_eq!(compiled.warnings().count(), 0, "{open}");
            for (context, expected) in [(r#"{"x":"a"}"#, "on"), (r#"{"x":"b"}"#, "off")] {
                let context = Context::from_json(context.as_bytes()).unwrap();
                assert_eq!(serves(&compiled, "deep", &context), expected, "{open}");
            }
        }
    }
}

/// Nested without JSON, which has a limit of its own.
fn nots(levels: usize) -> Flag {
    let mut flag = Flag::deserialize(ruled("it", &always())).unwrap();
    let test = Test { attribute: Some("nothing".to_owned()), op: Operator::NotExists, values: Vec::new() };
    let when = (1..levels).fold(Condition::Test(test), |not, _| Condition::Not { not: Box::new(not) });
    flag.rules[0].when = when;
    flag
}

#[test]
fn conditions_beyond_the_depth_are_refused() {
    let compile = |levels| {
        let (it, after) = (nots(levels), Flag::deserialize(flag("z-after", 1)).unwrap());
        let flags = [it, after].into_iter().map(|flag| (flag.key.clone(), flag)).collect();
        let environment = "e".to_owned();
        let segments = Default::default();
        Compiled::from_ruleset(&Ruleset { format: 1, environment, revision: 1, flags, segments })
    };
    // An odd number of denials: an even number of levels is one less of them, and a test.
    assert_eq!(warnings(&compile(CONDITION_DEPTH), "it"), [""; 0]);
    assert_eq!(serves_nobody(&compile(CONDITION_DEPTH - 1), "it"), "on");
    for levels in [CONDITION_DEPTH + 1, 1_000] {
        let compiled = compile(levels);
        assert_eq!(compiled.warnings().count(), 1);
        assert_eq!(
            warnings(&compiled, "it"),
            [format!("rules[0].when: conditions nest deeper than {CONDITION_DEPTH}")]
        );
        assert_eq!(serves_nobody(&compiled, "it"), "off");
        assert_eq!(serves_nobody(&compiled, "z-after"), "on");
    }
}

#[test]
fn paths_beyond_their_parts_are_refused() {
    let exists = |parts: usize| json!({"attribute": vec!["a"; parts].join("."), "op": "exists"});
    assert_works(&exists(PATH_PARTS));
    assert_refused(&exists(PATH_PARTS + 1), "more than 16 parts");
    assert_refused(&exists(100_000), "more than 16 parts");
}

#[test]
fn patterns_beyond_their_size_are_refused() {
    let matches = |pattern: &str| json!({"attribute": "x", "op": "matches", "values": [pattern]});
    assert_works(&matches(&"é".repeat(PATTERN_LENGTH)));
    assert_refused(&matches(&"é".repeat(PATTERN_LENGTH + 1)), "longer than 1000 characters");
    assert_refused(&matches(&"a".repeat(1 << 20)), "longer than 1000 characters");
    for too_large in ["a{1000}{1000}", r"\p{L}{1000}", "(?:(?:(?:a{100}){100}){100}){100}"] {
        assert_refused(&matches(too_large), "too large once compiled");
    }
    assert_refused(&matches(&nested("(", "a", ")", 400)), "nest");
}

#[test]
fn patterns_that_backtrack_elsewhere_take_one_pass() {
    // Two to the length of the text in an engine that backtracks.
    let text = format!(r#"{{"x":"{}!"}}"#, "a".repeat(100_000));
    let context = Context::from_json(text.as_bytes()).unwrap();
    for pattern in ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*a){12}b", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
        let when = json!({"attribute": "x", "op": "matches", "values": [pattern]});
        let compiled = compile([&ruled("it", &when)], []);
        assert_eq!(compiled.warnings().count(), 0, "{pattern}");
        assert_eq!(serves(&compiled, "it", &context), "off", "{pattern}");
    }
}

#[test]
fn a_list_of_a_million_ids_answers() {
    let ids = (0..1_000_000).fold(String::new(), |mut ids, id| {
        write!(ids, r#","user-{id}""#).unwrap();
        ids
    });
    let when = json!({"attribute": "userId", "op": "in", "values": "IDS"});
    let text = ruled("it", &when).to_string().replace(r#""IDS""#, &format!("[{}]", &ids[1..]));
    let compiled = Compiled::from_documents(1, [("it", text.as_str())]);
    // So often that looking through the list would not end: 10¹⁰ comparisons.
    for id in (0..2_000_000).step_by(200) {
        let text = format!(r#"{{"userId":"user-{id}"}}"#);
        let context = Context::from_json(text.as_bytes()).unwrap();
        assert_eq!(serves(&compiled, "it", &context), if id < 1_000_000 { "on" } else { "off" }, "{id}");
    }
}

/// A flag that asks for `x` and for `x.y.z` in every way that there is to read a value, and has no rule that holds.
fn curious() -> Value {
    let asked = [
        ("eq", json!(["1", 1.5, true])),
        ("contains", json!(["é"])),
        ("matches", json!(["(a+)+$"])),
        ("gt", json!([1])),
        ("before", json!([NOW])),
        ("semver_gt", json!(["1.0.0"])),
        ("in_cidr", json!(["10.0.0.0/8"])),
    ];
    let test = |(op, values)| json!({"attribute": "x", "op": op, "values": values});
    let path = json!({"attribute": "x.y.z", "op": "eq", "values": ["1"]});
    let tests = asked.into_iter().map(test).chain([path]);
    let rules = tests.enumerate().map(|(place, test)| {
        json!({"id": place.to_string(), "when": {"all": [test, {"any": []}]}, "serve": {"variation": "on"}})
    });
    with("curious", "rules", rules.collect())
}

#[test]
fn a_context_of_a_megabyte_answers() {
    const SIZE: usize = 1 << 20;
    let wide = |name: &str| {
        (0..SIZE / 16).fold(String::new(), |mut text, number| {
            write!(text, r#""{name}{number:07}":1,"#).unwrap();
            text
        })
    };
    let contexts = [
        format!(r#"{{"x":"{}"}}"#, "a".repeat(SIZE)),
        format!(r#"{{"x":"{}"}}"#, r"\u0061".repeat(SIZE / 6)),
        format!(r#"{{"x":{}}}"#, "9".repeat(SIZE)),
        format!(r#"{{"x":"1.{}"}}"#, "1-".repeat(SIZE / 2)),
        format!(r#"{{"x":{}}}"#, nested("[", "", "]", SIZE / 2)),
        format!(r#"{{"x":{}}}"#, nested(r#"{"y":"#, "1", "}", SIZE / 6)),
        format!(r#"{{"x":{}}}"#, nested(r#"{"y":{"z":"#, "1", "}}", SIZE / 12)),
        format!(r#"{{{}"x":2}}"#, wide("x.")),
        format!(r#"{{"x":{{{}"y":{{"z":2}}}}}}"#, wide("y.")),
        format!(r#"{{{}"x":2}}"#, r#""x":1,"#.repeat(SIZE / 6)),
        format!(r#"{{"x":[{}2]}}"#, "0,".repeat(SIZE / 2)),
    ];
    let compiled = compile([&curious()], []);
    assert_eq!(compiled.warnings().count(), 0);
    for text in &contexts {
        let context = Context::from_json(text.as_bytes()).unwrap();
        // Every rule reads the whole attribute; what is not linear in its length would take hours.
        let detail = compiled.evaluate("curious", &context, NOW);
        assert_eq!(detail.reason, Reason::Boolean, "{}", &text[..40]);
    }
}

fn keys(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}-{number:05}")).collect()
}

/// Flags each of which needs the one before it; the first needs the last where they form a cycle.
fn chain(count: usize, is_cycle: bool) -> Compiled {
    let keys = keys("flag", count);
    let first = if is_cycle { needing(&keys[0], keys.last()) } else { flag(&keys[0], 1) };
    let rest = keys.windows(2).map(|pair| needing(&pair[1], [&pair[0]]));
    let flags: Vec<_> = [first, flag("z-after", 1)].into_iter().chain(rest).collect();
    compile(&flags, [])
}

/// Segments each of which uses the one before it, and a flag for those in the last.
fn segment_chain(count: usize, is_cycle: bool) -> Compiled {
    let keys = keys("segment", count);
    let last = keys.last().unwrap();
    let first = if is_cycle { within(&[last]) } else { always() };
    let rest = keys.windows(2).map(|pair| segment(&pair[1], &within(&[&pair[0]])));
    let segments: Vec<_> = std::iter::once(segment(&keys[0], &first)).chain(rest).collect();
    compile([&ruled("it", &within(&[last])), &flag("z-after", 1)], &segments)
}

/// tokio gives a worker thread 2 MiB. Some of it is left for those who call the engine.
const WORKER_STACK: usize = 3 << 19;

/// The deepest explanation there is needs nearly that in a release, and four times as much without optimisation, where
/// each of its thousand levels costs several kilobytes.
const EXPLANATION_STACK: usize = if cfg!(debug_assertions) { 8 << 20 } else { WORKER_STACK };

fn on_a_stack_of(size: usize, f: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(size).spawn(f).unwrap().join().unwrap();
}

/// How many evaluations an explanation tells of.
fn evaluations(explanation: &Explanation<'_>) -> usize {
    let below = explanation.steps.iter().map(|step| match step {
        Step::Prerequisite { explanation: Some(explanation), .. } => evaluations(explanation),
        _ => 0,
    });
    1 + below.sum::<usize>()
}

/// How many evaluations a flag takes. All of it is asked for: compiling, evaluating, explaining, writing it down.
fn asked(compiled: &Compiled, key: &str) -> usize {
    let context = Context::default();
    let explanation = compiled.explain(key, &context, NOW).unwrap();
    assert_eq!(explanation.detail.variation, compiled.evaluate(key, &context, NOW).variation);
    assert!(!serde_json::to_string(&explanation).unwrap().is_empty());
    evaluations(&explanation)
}

#[test]
fn prerequisites_beyond_their_number_are_refused() {
    on_a_stack_of(WORKER_STACK, || {
        let most = usize::try_from(PREREQUISITE_EVALUATIONS).unwrap();
        let compiled = chain(most, false);
        assert_eq!(compiled.warnings().count(), 0);
        let last = format!("flag-{:05}", most - 1);
        assert_eq!(serves_nobody(&compiled, &last), "on");
        assert_eq!(asked(&compiled, &last), most);

        let compiled = chain(most + 1, false);
        let beyond = format!("flag-{most:05}");
        assert_eq!(compiled.warnings().count(), 1);
        assert_eq!(warnings(&compiled, &beyond), ["prerequisites: need more than 256 evaluations"]);
        assert_eq!(compiled.evaluate(&beyond, &Context::default(), NOW).reason, Reason::MalformedFlag);
        assert_eq!(serves_nobody(&compiled, &last), "on");
    });
}

#[test]
fn ten_thousand_prerequisites_in_a_chain() {
    on_a_stack_of(WORKER_STACK, || {
        let compiled = chain(10_000, false);
        let most = usize::try_from(PREREQUISITE_EVALUATIONS).unwrap();
        for flag in compiled.flags().map(FlagRef::key).step_by(most - 1) {
            assert!(asked(&compiled, flag) <= most, "{flag}");
        }
        // One that is refused counts as one evaluation to those that need it, so that every 256th is refused.
        let warned: BTreeSet<_> = compiled.warnings().map(|warning| &warning.key).collect();
        assert_eq!((warned.len(), compiled.warnings().count()), (10_000 / most, 10_000 / most));
        assert_eq!(serves_nobody(&compiled, "z-after"), "on");
    });
}

#[test]
fn ten_thousand_prerequisites_in_a_cycle() {
    on_a_stack_of(WORKER_STACK, || {
        let compiled = chain(10_000, true);
        let warned: Vec<_> = compiled.warnings().collect();
        assert_eq!(warned.len(), 10_000);
        assert!(warned.iter().all(|warning| warning.message.contains("needs itself")));
        for flag in compiled.flags().map(FlagRef::key).filter(|key| *key != "z-after") {
            assert_eq!(compiled.evaluate(flag, &Context::default(), NOW).reason, Reason::MalformedFlag);
        }
        assert_eq!(serves_nobody(&compiled, "z-after"), "on");
    });
}

#[test]
fn a_lattice_of_prerequisites_is_bounded() {
    // Each layer's two flags need both of the layer below: 2⁵⁰ ways to the bottom.
    let name = |layer: usize, side: usize| format!("flag-{layer:02}-{side}");
    let document = |layer: usize, side: usize| match layer {
        0 => flag(&name(layer, side), 1),
        layer => needing(&name(layer, side), [name(layer - 1, 0), name(layer - 1, 1)]),
    };
    let flags: Vec<_> = (0..50).flat_map(|layer| [document(layer, 0), document(layer, 1)]).collect();
    let compiled = compile(&flags, []);
    let most = usize::try_from(PREREQUISITE_EVALUATIONS).unwrap();
    for flag in compiled.flags().map(FlagRef::key) {
        assert!(asked(&compiled, flag) <= most, "{flag}");
        assert!(warnings(&compiled, flag).len() <= 1, "{flag}");
    }
    // 2ⁿ⁺¹ - 1 evaluations reach down from layer n.
    assert_eq!(serves_nobody(&compiled, "flag-07-0"), "on");
    assert_eq!(warnings(&compiled, "flag-08-0"), ["prerequisites: need more than 256 evaluations"]);
}

#[test]
fn segments_beyond_their_depth_are_refused() {
    let most = usize::try_from(SEGMENT_DEPTH).unwrap();
    let compiled = segment_chain(most, false);
    assert_eq!((compiled.warnings().count(), serves_nobody(&compiled, "it").as_str()), (0, "on"));

    let compiled = segment_chain(most + 1, false);
    let beyond = format!("segment-{most:05}");
    assert_eq!(warnings(&compiled, &beyond), ["when: segments use segments more than 16 deep"]);
    // The rule that names it is out of service with it, and says so.
    assert_eq!(warnings(&compiled, "it").len(), 1);
    assert_eq!(compiled.warnings().count(), 2);
    assert_eq!(serves_nobody(&compiled, "it"), "off");
    assert_eq!(serves_nobody(&compiled, "z-after"), "on");
}

#[test]
fn ten_thousand_segments_in_a_chain_and_in_a_cycle() {
    on_a_stack_of(WORKER_STACK, || {
        for is_cycle in [false, true] {
            let compiled = segment_chain(10_000, is_cycle);
            let off = if is_cycle { 10_000 } else { 10_000 - usize::try_from(SEGMENT_DEPTH).unwrap() };
            // One for each segment that is out of service, and one for the rule.
            assert_eq!(compiled.warnings().count(), off + 1);
            assert_eq!((asked(&compiled, "it"), serves_nobody(&compiled, "it").as_str()), (1, "off"));
            assert_eq!(serves_nobody(&compiled, "z-after"), "on");
        }
    });
}

#[test]
fn segments_beyond_their_number_are_refused() {
    let most = usize::try_from(SEGMENT_EVALUATIONS).unwrap();
    let leaves: Vec<_> =
        keys("leaf", most).iter().map(|key| segment(key, &json!({"not": always()}))).collect();
    let named = |count: usize| segment("top", &json!({"op": "in_segment", "values": keys("leaf", count)}));
    let compiled = |count: usize| {
        let top = named(count);
        compile([&ruled("it", &within(&["top"]))], leaves.iter().chain([&top]))
    };
    assert_eq!(compiled(most - 1).warnings().count(), 0);
    assert_eq!(warnings(&compiled(most), "top"), ["when: needs more than 256 segments"]);
}

#[test]
fn a_rule_beyond_what_the_rules_of_a_flag_may_need_is_passed_over() {
    let leaves = keys("leaf", usize::try_from(SEGMENT_EVALUATIONS).unwrap() - 1);
    let mut segments: Vec<_> = leaves.iter().map(|key| segment(key, &json!({"not": always()}))).collect();
    segments.push(segment("large", &json!({"op": "in_segment", "values": leaves})));
    segments.push(segment("all", &always()));
    let most = usize::try_from(RULE_SEGMENT_EVALUATIONS / SEGMENT_EVALUATIONS).unwrap();
    let rule = |number: usize, when: Value| json!({"id": format!("r{number}"), "when": when, "serve": {"variation": "on"}});
    let compiled = |large: usize| {
        let mut it = ruled("it", &within(&["large"]));
        let larges = (0..large).map(|number| rule(number, within(&["large"])));
        // One rule too many does not take those after it along that need nothing, or little.
        it["rules"] = larges.chain([rule(large, within(&["all"]))]).collect();
        compile([&it], &segments)
    };
    let rule_of =
        |compiled: &Compiled| compiled.evaluate("it", &Context::default(), NOW).rule.map(str::to_owned);
    let within_limit = compiled(most - 1);
    assert_eq!(within_limit.warnings().count(), 0);
    assert_eq!(rule_of(&within_limit), Some(format!("r{}", most - 1)));
    let full = compiled(most);
    let message =
        |rule: usize| format!("rules[{rule}].when: with the rules before it, needs more than 4096 segments");
    assert_eq!(warnings(&full, "it"), [message(most)]);
    assert_eq!(rule_of(&full), None);
    let beyond = compile(
        [&{
            let mut it = ruled("it", &within(&["large"]));
            let larges =
                (0..most + 1).map(|number| if number == 3 { within(&["all"]) } else { within(&["large"]) });
            it["rules"] = larges.enumerate().map(|(number, when)| rule(number, when)).collect();
            it
        }],
        &segments,
    );
    assert_eq!(warnings(&beyond, "it"), [message(most)]);
    assert_eq!(rule_of(&beyond), Some("r3".to_owned()));
}

#[test]
fn a_segment_counts_as_often_as_it_is_named() {
    // Nobody is inside, so that each is asked as often as the one above names it: 3¹⁵ times for the lowest.
    let three_times = |below: &str| json!({"any": [within(&[below]), {"not": {"op": "not_in_segment", "values": [below]}}, within(&[below])]});
    let twice = |below: &str| within(&[below, below]);
    let ways: [&dyn Fn(&str) -> Value; 2] = [&three_times, &twice];
    for (way, most) in ways.into_iter().zip([5, 8]) {
        let keys = keys("segment", 16);
        let lowest = segment(&keys[0], &json!({"not": always()}));
        let rest = keys.windows(2).map(|pair| segment(&pair[1], &way(&pair[0])));
        let segments: Vec<_> = std::iter::once(lowest).chain(rest).collect();
        let compiled = compile([&ruled("it", &within(&[keys.last().unwrap()]))], &segments);
        for (place, key) in keys.iter().enumerate() {
            assert_eq!(warnings(&compiled, key).is_empty(), place < most, "{key}");
        }
        assert_eq!(serves_nobody(&compiled, "it"), "off");
    }
}

/// As many prerequisites as there may be, and below them segments as deep as they may be, each with a condition as deep
/// as it may be. Serves `on` to everybody.
fn deepest() -> (Compiled, String) {
    let deep = |inside: Value| (1..CONDITION_DEPTH).fold(inside, |part, _| json!({"all": [part]}));
    let keys = keys("segment", usize::try_from(SEGMENT_DEPTH).unwrap());
    let lowest = segment(&keys[0], &deep(always()));
    let rest = keys.windows(2).map(|pair| segment(&pair[1], &deep(within(&[&pair[0]]))));
    let segments: Vec<_> = std::iter::once(lowest).chain(rest).collect();
    let names = self::keys("flag", usize::try_from(PREREQUISITE_EVALUATIONS).unwrap());
    let it = ruled(&names[0], &deep(within(&[keys.last().unwrap()])));
    let above = names.windows(2).map(|pair| needing(&pair[1], [&pair[0]]));
    let flags: Vec<_> = std::iter::once(it).chain(above).collect();
    let compiled = compile(&flags, &segments);
    assert_eq!(compiled.warnings().count(), 0);
    (compiled, names.last().unwrap().clone())
}

#[test]
fn the_deepest_evaluation_fits_a_worker_thread() {
    on_a_stack_of(WORKER_STACK, || {
        let (compiled, key) = deepest();
        assert_eq!(serves_nobody(&compiled, &key), "on");
    });
}

#[test]
fn the_deepest_explanation_fits_a_worker_thread() {
    on_a_stack_of(EXPLANATION_STACK, || {
        let (compiled, key) = deepest();
        assert_eq!(asked(&compiled, &key), usize::try_from(PREREQUISITE_EVALUATIONS).unwrap());
    });
}
