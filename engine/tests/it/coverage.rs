//! Whether the cases cover the coercion table of `spec/README.md`: every operator, with every kind of value that a rule
//! may hold, against every type of attribute.

use std::collections::BTreeSet;

use engine::CompiledFlag;
use engine::ruleset::{Condition, Flag, Operator, Rule, Test};
use serde_json::{Map, Value};

use crate::golden::{File, files};

/// Operator, kind of the rule's value, type of the attribute.
type Combination = (Operator, &'static str, &'static str);

/// The types of an attribute.
const TYPES: [&str; 7] = ["text", "number", "boolean", "array", "object", "null", "missing"];

/// Stands for the attribute where none decides: the test has none, or cannot be compiled.
const NO_ATTRIBUTE: &str = "-";

const NO_VALUE: &str = "no value";

/// The kinds of a rule's value that an operator compares with, and those that cannot be compiled.
fn kinds(op: Operator) -> (&'static [&'static str], &'static [&'static str]) {
    use Operator as O;
    match op {
        O::Eq | O::Neq | O::In | O::NotIn => {
            (&["text", "number", "boolean"], &[NO_VALUE, "null", "array", "object"])
        }
        O::Contains | O::NotContains | O::StartsWith | O::EndsWith => {
            (&["text", "number"], &[NO_VALUE, "boolean", "null", "array", "object"])
        }
        O::Gt | O::Gte | O::Lt | O::Lte => {
            (&["number", "numeric text"], &[NO_VALUE, "other text", "boolean", "null", "array", "object"])
        }
        O::Matches => {
            (&["text"], &[NO_VALUE, "other text", "other number", "boolean", "null", "array", "object"])
        }
        O::Before | O::After => (
            &["time", "number", "numeric text"],
            &[NO_VALUE, "other text", "boolean", "null", "array", "object"],
        ),
        O::SemverEq | O::SemverGt | O::SemverGte | O::SemverLt | O::SemverLte => (
            &["version", "number"],
            &[NO_VALUE, "other text", "other number", "boolean", "null", "array", "object"],
        ),
        O::InCidr => (
            &["network", "address"],
            &[NO_VALUE, "other text", "other number", "boolean", "null", "array", "object"],
        ),
        O::Exists | O::NotExists => (&[NO_VALUE], &["other text"]),
        O::InSegment | O::NotInSegment => {
            (&["text"], &[NO_VALUE, "other text", "other number", "boolean", "null", "array", "object"])
        }
    }
}

/// What the table has.
fn wanted() -> BTreeSet<Combination> {
    let mut wanted = BTreeSet::new();
    for &op in Operator::ALL {
        let (compared, refused) = kinds(op);
        let types = if op.is_segment() { &[NO_ATTRIBUTE][..] } else { &TYPES };
        wanted.extend(compared.iter().flat_map(|kind| types.iter().map(move |of| (op, *kind, *of))));
        wanted.extend(refused.iter().map(|kind| (op, *kind, NO_ATTRIBUTE)));
    }
    wanted
}

/// The type of an attribute's value.
fn type_of(value: Option<&Value>) -> &'static str {
    match value {
        None => "missing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "text",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

/// The kind of one of a rule's values, where the rule can be compiled.
fn kind_of(op: Operator, value: &Value) -> &'static str {
    let Value::String(text) = value else { return type_of(Some(value)) };
    let is_numeric = text.parse::<f64>().is_ok();
    match op {
        Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => "numeric text",
        Operator::Before | Operator::After if is_numeric => "numeric text",
        Operator::Before | Operator::After => "time",
        Operator::SemverEq
        | Operator::SemverGt
        | Operator::SemverGte
        | Operator::SemverLt
        | Operator::SemverLte => "version",
        Operator::InCidr if text.contains('/') => "network",
        Operator::InCidr => "address",
        _ => "text",
    }
}

/// The kind of one of a rule's values, where the rule cannot be compiled.
fn refused_kind_of(value: &Value) -> &'static str {
    match type_of(Some(value)) {
        "text" => "other text",
        "number" => "other number",
        other => other,
    }
}

/// The kind that all of a test's values have; none where they differ.
fn kind_of_all(test: &Test, is_compiled: bool) -> Option<&'static str> {
    let kind = |value| if is_compiled { kind_of(test.op, value) } else { refused_kind_of(value) };
    let mut kinds = test.values.iter().map(kind);
    let first = kinds.next().unwrap_or(NO_VALUE);
    kinds.all(|kind| kind == first).then_some(first)
}

/// The only test of a condition.
fn single(condition: &Condition) -> Option<&Test> {
    match condition {
        Condition::Test(test) => Some(test),
        Condition::Not { not } => single(not),
        Condition::All { .. } | Condition::Any { .. } => None,
    }
}

/// Whether a rule can be compiled, whatever else its flag does.
fn is_compiled(flag: &Flag, rule: &Rule) -> bool {
    let alone = Flag { overrides: Vec::new(), rules: vec![rule.clone()], ..flag.clone() };
    CompiledFlag::new(&flag.key, &alone).warnings().is_empty()
}

/// What a case for a flag covers with one of its rules.
fn covered(flag: &Flag, rule: &Rule, context: &Map<String, Value>) -> Option<Combination> {
    let test = single(&rule.when)?;
    let is_compiled = is_compiled(flag, rule);
    let kind = kind_of_all(test, is_compiled)?;
    let of = match &test.attribute {
        Some(attribute) if is_compiled => type_of(context.get(attribute)),
        _ => NO_ATTRIBUTE,
    };
    Some((test.op, kind, of))
}

fn covered_by(file: &File) -> impl Iterator<Item = Combination> {
    file.cases.iter().flat_map(|case| {
        let context: Map<String, Value> = serde_json::from_str(case.context.get()).unwrap();
        let flag = file.flag(&case.flag);
        let rules = flag.iter().flat_map(|flag| flag.rules.iter().map(move |rule| (flag, rule)));
        rules.filter_map(|(flag, rule)| covered(flag, rule, &context)).collect::<Vec<_>>()
    })
}

#[test]
fn the_coercion_table_is_covered() {
    let files = files();
    let covered: BTreeSet<_> = files.iter().flat_map(|(_, file)| covered_by(file)).collect();
    let missing: Vec<_> = wanted().difference(&covered).copied().collect();
    assert!(missing.is_empty(), "no case covers these {}: {missing:#?}", missing.len());
}

/// A kind that a rule compiles with, and that the table does not know, would be covered by nobody.
#[test]
fn the_coercion_table_knows_every_rule() {
    for (name, file) in files() {
        for (op, kind, of) in covered_by(&file) {
            let (compared, refused) = kinds(op);
            // A path of too many parts cannot be compiled either, whatever it is compared with.
            let known = compared.contains(&kind) || (of == NO_ATTRIBUTE && refused.contains(&kind));
            assert!(known || name == "limits.json", "{name}: {op:?} compares with {kind}");
        }
    }
}
