//! Conditions that contradict themselves: what an author is warned of.
//!
//! A warning is given where nobody can be meant, and never where somebody might be: what depends on more than the two
//! tests themselves (regular expressions, networks, other attributes) is left alone.

mod ranges;
mod sets;

use std::collections::BTreeMap;

use engine::ruleset::{Condition, Operator, Test};
use serde_json::Value;

use crate::FieldError;

/// So many tests of one attribute are held against each other, and so many contradictions are told.
const MOST: usize = 50;

/// So many characters of a test are repeated in a warning.
const SHOWN: usize = 80;

/// So many pairs of values are compared; longer lists are left alone.
const MOST_PAIRS: usize = 1000;

/// A test, or its opposite.
struct Fact<'c> {
    path: String,
    test: &'c Test,
    /// Whether it is to be wrong for every value: the operator denies something, or something around it does.
    denies: bool,
}

/// How two tests are at odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clash {
    /// Whatever the attribute is.
    Always,
    /// Unless the attribute is a list, of which one item may do for one test and another one for the other.
    OfOneValue,
}

/// The tests of a condition that cannot hold together. The paths begin at the condition: that of the later test of two.
///
/// An attribute that is a list holds a test where any of its items does, so that `eq a` and `eq b` can both hold for one;
/// the message says so.
pub fn contradictions(condition: &Condition) -> Vec<FieldError> {
    let mut found = Vec::new();
    search("", condition, &mut found);
    found.truncate(MOST);
    found
}

/// Looks into a condition that must hold.
fn search(path: &str, condition: &Condition, found: &mut Vec<FieldError>) {
    let mut facts = Vec::new();
    let mut choices = Vec::new();
    gather(path, condition, false, &mut facts, &mut choices);
    let mut by_attribute: BTreeMap<Option<&str>, Vec<&Fact<'_>>> = BTreeMap::new();
    for fact in &facts {
        by_attribute.entry(fact.test.attribute.as_deref()).or_default().push(fact);
    }
    for facts in by_attribute.values() {
        let facts = facts.get(..facts.len().min(MOST)).unwrap_or_default();
        for (place, later) in facts.iter().enumerate() {
            let clash = facts.iter().take(place).find_map(|earlier| Some((earlier, clash(earlier, later)?)));
            if let Some((earlier, clash)) = clash {
                found.push(FieldError { path: later.path.clone(), message: message(earlier, clash) });
            }
        }
    }
    for (path, choice) in choices {
        search(&path, choice, found);
    }
}

/// What must hold for a condition to hold, or to be wrong: tests, and conditions of which one will do.
fn gather<'c>(
    path: &str,
    condition: &'c Condition,
    denied: bool,
    facts: &mut Vec<Fact<'c>>,
    choices: &mut Vec<(String, &'c Condition)>,
) {
    let below = |field: &str| if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
    match (condition, denied) {
        (Condition::Test(test), denied) => {
            facts.push(Fact { path: path.to_owned(), test, denies: test.op.is_negative() != denied });
        }
        (Condition::Not { not }, denied) => gather(&below("not"), not, !denied, facts, choices),
        (Condition::All { all }, false) => {
            for (place, part) in all.iter().enumerate() {
                gather(&below(&format!("all[{place}]")), part, false, facts, choices);
            }
        }
        (Condition::Any { any }, true) => {
            for (place, part) in any.iter().enumerate() {
                gather(&below(&format!("any[{place}]")), part, true, facts, choices);
            }
        }
        (Condition::Any { any }, false) => {
            let part = |(place, part)| (below(&format!("any[{place}]")), part);
            choices.extend(any.iter().enumerate().map(part));
        }
        // One of them must be wrong, which says nothing of any.
        (Condition::All { .. }, true) => {}
    }
}

fn message(earlier: &Fact<'_>, clash: Clash) -> String {
    let denied = if earlier.denies == earlier.test.op.is_negative() { "" } else { "not " };
    let attribute = earlier.test.attribute.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    let values: Vec<_> = earlier.test.values.iter().take(5).map(Value::to_string).collect();
    let mut test = format!("{denied}{attribute}{} {}", earlier.test.op.as_str(), values.join(", "));
    if let Some((end, _)) = test.char_indices().nth(SHOWN) {
        test.truncate(end);
        test.push('…');
    }
    let test = test.trim_end();
    let place = &earlier.path;
    match clash {
        Clash::Always => format!("contradicts `{test}` ({place}): never holds"),
        Clash::OfOneValue => format!("contradicts `{test}` ({place}): holds only for a list that has both"),
    }
}

/// Whether two lists are too long to be held against each other, each value against each.
fn are_too_many<T, U>(these: &[T], those: &[U]) -> bool {
    these.len().saturating_mul(those.len()) > MOST_PAIRS
}

/// How two tests of one attribute are at odds, where they surely are.
fn clash(a: &Fact<'_>, b: &Fact<'_>) -> Option<Clash> {
    match (a.denies, b.denies) {
        // A missing attribute denies everything.
        (true, true) => None,
        (false, true) => implies(a.test, b.test).then_some(Clash::Always),
        (true, false) => implies(b.test, a.test).then_some(Clash::Always),
        (false, false) => excludes(a.test, b.test).then_some(Clash::OfOneValue),
    }
}

/// Whether what holds the one, as if it denied nothing, surely holds the other.
fn implies(a: &Test, b: &Test) -> bool {
    match (positive(a.op), positive(b.op)) {
        // Whatever is compared is there.
        (_, Operator::Exists) => true,
        (Operator::Exists, _) => false,
        (of, than) if of == than && a.values == b.values => true,
        (Operator::InSegment, Operator::InSegment) | (Operator::Eq, Operator::Eq) => sets::is_subset(a, b),
        (
            of @ (Operator::Eq | Operator::StartsWith | Operator::EndsWith | Operator::Contains),
            than @ (Operator::StartsWith | Operator::EndsWith | Operator::Contains),
        ) => sets::texts_imply(of, a, than, b),
        _ => false,
    }
}

/// Whether no single value surely holds both, as if they denied nothing.
fn excludes(a: &Test, b: &Test) -> bool {
    use Operator::{EndsWith, Eq, StartsWith};
    match (positive(a.op), positive(b.op)) {
        (Operator::InSegment | Operator::Exists, _) | (_, Operator::InSegment | Operator::Exists) => false,
        (Eq, Eq) => sets::are_disjoint(a, b),
        (Eq, of @ (StartsWith | EndsWith | Operator::Contains)) => sets::none_has(a, of, b),
        (of @ (StartsWith | EndsWith | Operator::Contains), Eq) => sets::none_has(b, of, a),
        (StartsWith, StartsWith) => sets::no_prefix_in_common(a, b),
        (EndsWith, EndsWith) => sets::no_suffix_in_common(a, b),
        _ => ranges::are_apart(a, b),
    }
}

/// What an operator asks, whether it then denies it or not; `in` is `eq` for several values.
fn positive(op: Operator) -> Operator {
    match op {
        Operator::Eq | Operator::Neq | Operator::In | Operator::NotIn => Operator::Eq,
        Operator::NotContains => Operator::Contains,
        Operator::NotExists => Operator::Exists,
        Operator::NotInSegment => Operator::InSegment,
        op => op,
    }
}

#[cfg(test)]
mod tests;
