//! Values that are equal, and texts that have parts in common.

use std::collections::HashSet;

use engine::ruleset::{Operator, Test};
use serde_json::Value;

use super::are_too_many;

/// What values have in common that one attribute may be equal to: texts compare as text, and numbers also with texts
/// that are numbers.
#[derive(PartialEq, Eq, Hash)]
enum Kin<'v> {
    Text(&'v str),
    Number(u64),
}

fn number(number: f64) -> Option<Kin<'static>> {
    // Both zeros are one number.
    number.is_finite().then(|| Kin::Number((number + 0.0).to_bits()))
}

/// Numbers that are surely others have other kin, equal ones may be others: 64 bits hold no more.
fn kin(value: &Value) -> Vec<Kin<'_>> {
    let all = match value {
        Value::String(text) => [Some(Kin::Text(text)), text.parse().ok().and_then(number)],
        Value::Bool(true) => [Some(Kin::Text("true")), None],
        Value::Bool(false) => [Some(Kin::Text("false")), None],
        Value::Number(value) => [value.as_f64().and_then(number), None],
        Value::Null | Value::Array(_) | Value::Object(_) => [None, None],
    };
    all.into_iter().flatten().collect()
}

/// Whether nothing is equal to one of these and to one of those.
pub(super) fn are_disjoint(a: &Test, b: &Test) -> bool {
    let (few, many) = if a.values.len() < b.values.len() { (a, b) } else { (b, a) };
    let kin_of_few: HashSet<_> = few.values.iter().flat_map(kin).collect();
    !many.values.iter().flat_map(kin).any(|kin| kin_of_few.contains(&kin))
}

/// Whether each value of the one is also one of the other.
pub(super) fn is_subset(a: &Test, b: &Test) -> bool {
    let all: HashSet<_> = b.values.iter().collect();
    a.values.iter().all(|value| all.contains(value))
}

/// The values of two tests, where all are texts and they are not too many to be compared.
fn texts<'t>(a: &'t Test, b: &'t Test) -> Option<(Vec<&'t str>, Vec<&'t str>)> {
    if are_too_many(&a.values, &b.values) {
        return None;
    }
    let texts = |test: &'t Test| test.values.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
    texts(a).zip(texts(b))
}

/// Whether each text that is like one of these is surely like one of those: `eq menu-2` has what `starts_with menu` asks.
pub(super) fn texts_imply(of: Operator, a: &Test, than: Operator, b: &Test) -> bool {
    let Some((these, those)) = texts(a, b) else { return false };
    these.into_iter().all(|this| {
        those.iter().any(|that| match (of, than) {
            (Operator::Eq | Operator::StartsWith, Operator::StartsWith) => this.starts_with(that),
            (Operator::Eq | Operator::EndsWith, Operator::EndsWith) => this.ends_with(that),
            (_, Operator::Contains) => this.contains(that),
            _ => false,
        })
    })
}

/// Whether no value of the first has what the operator of the second asks of texts. What is no text has many: 42 is also
/// written 42.0.
pub(super) fn none_has(values: &Test, of: Operator, parts: &Test) -> bool {
    let Some((values, parts)) = texts(values, parts) else { return false };
    !values.into_iter().any(|value| {
        parts.iter().any(|part| match of {
            Operator::StartsWith => value.starts_with(part),
            Operator::EndsWith => value.ends_with(part),
            _ => value.contains(part),
        })
    })
}

pub(super) fn no_prefix_in_common(a: &Test, b: &Test) -> bool {
    apart(a, b, |one, other| one.starts_with(other))
}

pub(super) fn no_suffix_in_common(a: &Test, b: &Test) -> bool {
    apart(a, b, |one, other| one.ends_with(other))
}

fn apart(a: &Test, b: &Test, within: impl Fn(&str, &str) -> bool) -> bool {
    let Some((these, those)) = texts(a, b) else { return false };
    !these.into_iter().any(|this| those.iter().any(|that| within(this, that) || within(that, this)))
}
