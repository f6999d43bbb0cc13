//! What is true of every ruleset and every context.
//!
//! The cases are the same in each run. `PROPTEST_RNG_SEED=7 PROPTEST_CASES=100000 cargo test … properties` tries others,
//! and more of them.

use std::collections::BTreeMap;

use engine::ruleset::{Flag, Operator, Ruleset, Segment};
use engine::{Change, Compiled, Context, FlagRef};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::consistent;
use crate::documents::{compile, ruled, with};
use crate::generate::{self, FLAGS, SEGMENTS, any_json, context, mutate, mutation, now, ruleset, weighted};

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_260_101),
        chosen => chosen,
    };
    ProptestConfig { rng_seed, failure_persistence: None, ..default }
}

/// A ruleset's documents as they are stored: whether of a flag, key, text.
fn documents(ruleset: &Value) -> Vec<(bool, String, String)> {
    let part = |name: &str, is_flag: bool| {
        let members = ruleset[name].as_object().into_iter().flatten();
        members.map(move |(key, document)| (is_flag, key.clone(), document.to_string())).collect::<Vec<_>>()
    };
    [part("flags", true), part("segments", false)].concat()
}

fn from_documents(ruleset: &Value) -> Compiled {
    let documents = documents(ruleset);
    Compiled::from_documents(
        1,
        documents.iter().map(|(is_flag, key, text)| change_of(*is_flag, key, Some(text))),
    )
}

fn change_of<'d>(is_flag: bool, key: &'d str, text: Option<&'d str>) -> Change<'d> {
    if is_flag { Change::Flag(key, text) } else { Change::Segment(key, text) }
}

/// Every answer that a ruleset gives, every field of it, and everything that it warns of.
fn answers(compiled: &Compiled, context: &Context<'_>, now: i64) -> Vec<String> {
    let answers = FLAGS.map(|key| format!("{key}: {:?}", compiled.evaluate(key, context, now)));
    let warnings = compiled.warnings().map(ToString::to_string);
    answers.into_iter().chain(warnings).collect()
}

/// Asks everything that can be asked, and compares the answers with their explanations.
fn ask(compiled: &Compiled, context: &Map<String, Value>, now: i64) {
    let text = serde_json::to_string(context).unwrap();
    let read = Context::from_json(text.as_bytes()).unwrap();
    for flag in compiled.flags() {
        consistent::check(compiled, flag.key(), &read, now);
        flag.variations().for_each(drop);
    }
    consistent::check(compiled, "nowhere", &read, now);
    compiled.warnings().for_each(|warning| assert!(!warning.message.is_empty()));
}

/// JSON with every character escaped.
struct Escaped;

impl serde_json::ser::Formatter for Escaped {
    fn write_string_fragment<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        text: &str,
    ) -> std::io::Result<()> {
        text.encode_utf16().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))
    }
}

fn escaped(context: &Map<String, Value>) -> Vec<u8> {
    let mut text = Vec::new();
    serde::Serialize::serialize(context, &mut serde_json::Serializer::with_formatter(&mut text, Escaped))
        .unwrap();
    text
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_document_and_any_context_are_answered(
        documents in vec((any::<bool>(), select(FLAGS.to_vec()), any_json()), 1..4),
        context in any_json(),
        now in now(),
    ) {
        let texts: Vec<_> = documents.iter().map(|(_, _, document)| document.to_string()).collect();
        let changes = documents.iter().zip(&texts);
        let compiled = Compiled::from_documents(
            1, changes.map(|((is_flag, key, _), text)| change_of(*is_flag, key, Some(text))));
        let text = context.to_string();
        prop_assert_eq!(Context::from_json(text.as_bytes()).is_ok(), context.is_object());
        ask(&compiled, context.as_object().unwrap_or(&Map::new()), now);
    }

    #[test]
    fn mutated_documents_are_answered(
        mut ruleset in ruleset(),
        mutations in vec(mutation(), 1..3),
        context in context(),
        now in now(),
    ) {
        mutations.into_iter().for_each(|mutation| mutate(&mut ruleset, mutation));
        ask(&from_documents(&ruleset), &context, now);
        if let Ok(typed) = Ruleset::deserialize(&ruleset) {
            ask(&Compiled::from_ruleset(&typed), &context, now);
        }
    }

    #[test]
    fn explanations_agree_with_answers(ruleset in ruleset(), contexts in vec((context(), now()), 1..4)) {
        let compiled = from_documents(&ruleset);
        contexts.iter().for_each(|(context, now)| ask(&compiled, context, *now));
    }

    #[test]
    fn each_way_in_leads_to_the_same_answers(ruleset in ruleset(), context in context(), now in now()) {
        let typed = Ruleset::deserialize(&ruleset).unwrap();
        let rulesets = [
            from_documents(&ruleset),
            Compiled::from_ruleset(&typed),
            from_documents(&serde_json::to_value(&typed).unwrap()),
        ];
        let (compact, escaped) = (serde_json::to_vec(&context).unwrap(), escaped(&context));
        let pretty = serde_json::to_vec_pretty(&context).unwrap();
        let mut contexts = vec![Context::from(&context)];
        contexts.extend([&compact, &pretty, &escaped].map(|text| Context::from_json(text).unwrap()));
        let expected = answers(&rulesets[0], &contexts[0], now);
        for compiled in &rulesets {
            for context in &contexts {
                prop_assert_eq!(&answers(compiled, context, now), &expected);
            }
        }
    }

    #[test]
    fn documents_survive_serde(flag in generate::flag("f0"), segment in generate::segment("s0")) {
        let (flag, segment) = (Flag::deserialize(flag).unwrap(), Segment::deserialize(segment).unwrap());
        let text = serde_json::to_string(&flag).unwrap();
        prop_assert_eq!(serde_json::from_str::<Flag>(&text).unwrap(), flag);
        let text = serde_json::to_string(&segment).unwrap();
        prop_assert_eq!(serde_json::from_str::<Segment>(&text).unwrap(), segment);
    }

    #[test]
    fn changes_equal_a_full_recompile(
        start in ruleset(),
        batches in vec(vec(change(), 1..4), 1..4),
        context in context(),
        now in now(),
    ) {
        let mut stored: BTreeMap<(bool, String), String> =
            documents(&start).into_iter().map(|(is_flag, key, text)| ((is_flag, key), text)).collect();
        let mut changed = from_documents(&start);
        let read = Context::from(&context);
        for batch in batches {
            let texts: Vec<_> = batch.iter().map(|(_, document)| document.as_ref().map(Value::to_string)).collect();
            let changes = batch.iter().zip(&texts);
            changed = changed.with_changes(
                1, changes.map(|(((is_flag, key), _), text)| change_of(*is_flag, key, text.as_deref())));
            for (((is_flag, key), _), text) in batch.iter().zip(texts) {
                let place = (*is_flag, (*key).to_owned());
                match text {
                    Some(text) => drop(stored.insert(place, text)),
                    None => drop(stored.remove(&place)),
                }
            }
            let all = stored.iter().map(|((is_flag, key), text)| change_of(*is_flag, key, Some(text)));
            let full = Compiled::from_documents(1, all);
            prop_assert!(changed.flags().map(FlagRef::key).eq(full.flags().map(FlagRef::key)));
            prop_assert_eq!(answers(&changed, &read, now), answers(&full, &read, now));
        }
    }

    #[test]
    fn raising_a_percentage_never_moves_anyone_out(
        percentages in vec(0..=100_000_u32, 2..8),
        users in vec(any::<String>(), 1..20),
    ) {
        let mut percentages = percentages;
        percentages.sort_unstable();
        let rollouts: Vec<_> = percentages.iter().map(|weight| percentage(json!(weighted(*weight, *weight)))).collect();
        for user in users.iter().filter(|user| !user.is_empty()) {
            let context = json!({"userId": user});
            let served = rollouts.iter().map(|compiled| served(compiled, &context, 0) == "on");
            prop_assert!(served.is_sorted(), "{:?} is moved out", user);
        }
    }

    #[test]
    fn a_ramp_that_grows_loses_nobody(
        is_linear in any::<bool>(),
        mut firsts in vec(0..=100_000_u32, 2..6),
        mut seconds in vec(0..=100_000_u32, 6),
        mut ats in vec(prop_oneof![9 => 0..10_000_000_i64, 1 => any::<i64>()], 6),
        mut times in vec(prop_oneof![9 => -100_000..10_100_000_i64, 1 => any::<i64>()], 12),
        users in vec("[a-z]{1,8}", 1..20),
    ) {
        firsts.sort_unstable();
        seconds.sort_unstable();
        ats.sort_unstable();
        ats.dedup();
        times.extend(ats.iter().flat_map(|at| [at.saturating_sub(1), *at, at.saturating_add(1)]));
        times.sort_unstable();
        let mut weights = firsts.iter().zip(&seconds).map(|(first, second)| weighted(*first, (*second).max(*first)));
        let before = weights.next();
        let steps: Vec<_> = ats.iter().zip(weights).map(|(at, weights)| json!({"at": at, "weights": weights})).collect();
        let interpolation = if is_linear { "linear" } else { "step" };
        let mut flag = with("ramp", "fallthrough", json!({"rollout": {
            "weights": before, "ramp": {"interpolation": interpolation, "steps": steps}
        }}));
        flag["variations"].as_array_mut().unwrap().push(json!({"key": "blue", "value": 1}));
        let compiled = compile([&flag], []);
        prop_assert_eq!(compiled.warnings().count(), 0);
        for user in users {
            let context = json!({"userId": user});
            let served = times.iter().map(|now| match served(&compiled, &context, *now).as_str() {
                "on" => 0,
                "blue" => 1,
                _ => 2,
            });
            // From the last variation through the middle one to the first, and never back.
            prop_assert!(served.clone().rev().is_sorted(), "{}: {:?}", user, served.collect::<Vec<_>>());
        }
    }

    /// An answer holds until the next edge.
    #[test]
    fn nothing_changes_before_the_next_edge(
        ruleset in ruleset(),
        contexts in vec(context(), 1..4),
        now in now(),
        halvings in vec(0..64_u32, 4),
    ) {
        let compiled = from_documents(&ruleset);
        let edge = compiled.next_change(now);
        prop_assert!(edge.is_none_or(|edge| now < edge));
        let last = edge.map_or(i64::MAX, |edge| edge - 1);
        // Near ones as often as far ones.
        let distance = i128::from(last) - i128::from(now);
        let times = halvings
            .iter()
            .map(|halvings| i64::try_from(i128::from(now) + (distance >> halvings)).unwrap());
        for context in &contexts {
            let context = Context::from(context);
            let held = answers(&compiled, &context, now);
            for later in times.clone().chain([last]) {
                prop_assert_eq!(&answers(&compiled, &context, later), &held, "at {} as at {}", later, now);
            }
        }
    }

    #[test]
    fn negative_operators_are_exact_opposites(
        (positive, negative) in opposites(),
        segments in SEGMENTS.map(generate::segment),
        contexts in vec(prop_oneof![context(), any_context()], 1..8),
        now in now(),
    ) {
        let flags = [ruled("it", &positive), ruled("not", &negative)];
        let compiled = compile(&flags, &segments);
        let is_off = |key: &str| compiled.flag(key).unwrap().warnings().count() > 0;
        prop_assert_eq!(is_off("it"), is_off("not"));
        for context in contexts.iter().filter(|_| !is_off("it")) {
            let text = serde_json::to_vec(context).unwrap();
            for read in [Context::from(context), Context::from_json(&text).unwrap()] {
                let held = |key| compiled.evaluate(key, &read, now).rule.is_some();
                prop_assert_ne!(held("it"), held("not"), "{:?} for {:?}", positive, context);
            }
        }
    }

    /// A small pattern and a large one are searched in two ways, which find the same.
    #[test]
    fn a_pattern_finds_the_same_whatever_it_is_compiled_to(pattern in pattern(), texts in vec("[ab1é_ \n-]{0,6}", 8)) {
        // Alone it is small. With another that is never found it is too large for that.
        let large = format!(r"(?:{pattern})|\p{{Greek}}{{30}}");
        let when = |pattern: &str| json!({"attribute": "x", "op": "matches", "values": [pattern]});
        let compiled = compile([&ruled("small", &when(&pattern)), &ruled("large", &when(&large))], []);
        prop_assert_eq!(compiled.warnings().count(), 0);
        for text in texts {
            let context = json!({ "x": text });
            let (small, large) = (
                served_of(&compiled, "small", &context),
                served_of(&compiled, "large", &context),
            );
            prop_assert_eq!(small, large, "{:?} in {:?}", pattern, context);
        }
    }
}

fn any_context() -> impl Strategy<Value = Map<String, Value>> {
    any_json().prop_map(|value| match value {
        Value::Object(attributes) => attributes,
        other => Map::from_iter([("plan".to_owned(), other)]),
    })
}

/// A test and the same with the negative operator.
fn opposites() -> impl Strategy<Value = (Value, Value)> {
    let pairs = vec![
        (Operator::Eq, Operator::Neq),
        (Operator::In, Operator::NotIn),
        (Operator::Contains, Operator::NotContains),
        (Operator::Exists, Operator::NotExists),
        (Operator::InSegment, Operator::NotInSegment),
    ];
    select(pairs).prop_flat_map(|(positive, negative)| {
        generate::test(positive).prop_map(move |test| {
            let mut opposite = test.clone();
            opposite["op"] = json!(negative);
            (test, opposite)
        })
    })
}

/// A flag or a segment that is set or removed.
/// A regular expression of parts, alternatives and repetitions.
fn pattern() -> impl Strategy<Value = String> {
    let parts =
        ["a", "b", "é", "1", ".", "^", "$", r"\b", r"\d", r"\W", "[ab]", "[^a]", r"\s", "(?m:^)", "(?s:.)"];
    let part = select(parts.to_vec()).prop_map(str::to_owned);
    part.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            vec(inner.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner, select(&["?", "*", "+", "{2}"][..]))
                .prop_map(|(part, times)| format!("(?:{part}){times}")),
        ]
    })
}

fn served_of(compiled: &Compiled, flag: &str, context: &Value) -> String {
    let context = context.as_object().map(Context::from).unwrap_or_default();
    compiled.evaluate(flag, &context, 0).variation.unwrap_or("nothing").to_owned()
}

fn change() -> impl Strategy<Value = ((bool, &'static str), Option<Value>)> {
    let flag =
        |place: usize| of(generate::flag(FLAGS[place])).prop_map(move |flag| ((true, FLAGS[place]), flag));
    let segment = |place: usize| {
        of(generate::segment(SEGMENTS[place])).prop_map(move |segment| ((false, SEGMENTS[place]), segment))
    };
    prop_oneof![(0..FLAGS.len()).prop_flat_map(flag), (0..SEGMENTS.len()).prop_flat_map(segment)]
}

fn percentage(weights: Value) -> Compiled {
    let mut flag = with("percentage", "fallthrough", json!({"rollout": {"weights": weights}}));
    flag["variations"].as_array_mut().unwrap().push(json!({"key": "blue", "value": 1}));
    compile([&flag], [])
}

/// The variation that the only flag serves.
fn served(compiled: &Compiled, context: &Value, now: i64) -> String {
    let context = Context::from(context.as_object().unwrap());
    let detail = compiled.flags().next().unwrap().evaluate(&context, now);
    detail.variation.unwrap_or_default().to_owned()
}
