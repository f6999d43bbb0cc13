//! What has an order: numbers, times, versions.

use engine::ruleset::{Operator, Test};
use serde_json::Value;

use super::are_too_many;

/// From where to where a test holds; an end that is none is open, and one with `false` is outside.
#[derive(Clone, Debug)]
struct Range {
    from: Option<(Point, bool)>,
    until: Option<(Point, bool)>,
}

/// Whether both compare the same way, and no value surely is in the ranges of both.
pub(super) fn are_apart(a: &Test, b: &Test) -> bool {
    let apart = |read: fn(&Test) -> Option<Vec<Range>>| {
        read(a).zip(read(b)).is_some_and(|(these, those)| {
            !are_too_many(&these, &those)
                && !these.iter().any(|this| those.iter().any(|that| may_meet(this, that)))
        })
    };
    apart(numbers) || apart(moments) || apart(versions)
}

/// Something with an order among its like. Others have none.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Point {
    Number(f64),
    /// As `2026-01-31T08:30:00Z`, whose letters are in the order of time.
    Time(String),
    Version([u64; 3]),
}

impl Point {
    /// Whether two that are equal may stand for two that are not: 64 bits hold no larger numbers exactly.
    fn is_vague(&self) -> bool {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        matches!(self, Self::Number(number) if number.abs() >= EXACT)
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

fn may_meet(a: &Range, b: &Range) -> bool {
    is_before(a.from.as_ref(), b.until.as_ref()) && is_before(b.from.as_ref(), a.until.as_ref())
}

/// Whether something may lie behind the one end and before the other.
fn is_before(from: Option<&(Point, bool)>, until: Option<&(Point, bool)>) -> bool {
    let (Some((from, from_inside)), Some((until, until_inside))) = (from, until) else { return true };
    if !from.is_like(until) {
        return true;
    }
    from < until || from == until && (from.is_vague() || *from_inside && *until_inside)
}

/// The range of each value; any of them will do. `equal` has a range of one point.
fn ranges(
    test: &Test,
    order: impl Fn(Operator) -> Option<Order>,
    read: impl Fn(&Value) -> Option<Point>,
) -> Option<Vec<Range>> {
    let order = order(test.op)?;
    let range = |value: &Value| {
        let point = read(value)?;
        Some(match order {
            Order::Equal => Range { from: Some((point.clone(), true)), until: Some((point, true)) },
            Order::Above(inside) => Range { from: Some((point, inside)), until: None },
            Order::Below(inside) => Range { from: None, until: Some((point, inside)) },
        })
    };
    test.values.iter().map(range).collect()
}

#[derive(Clone, Copy)]
enum Order {
    Equal,
    /// With the bound itself or without.
    Above(bool),
    Below(bool),
}

fn numbers(test: &Test) -> Option<Vec<Range>> {
    let order = |op| match op {
        Operator::Eq | Operator::In => Some(Order::Equal),
        Operator::Gt => Some(Order::Above(false)),
        Operator::Gte => Some(Order::Above(true)),
        Operator::Lt => Some(Order::Below(false)),
        Operator::Lte => Some(Order::Below(true)),
        _ => None,
    };
    ranges(test, order, |value| {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite()).map(Point::Number)
    })
}

fn moments(test: &Test) -> Option<Vec<Range>> {
    let order = |op| match op {
        Operator::After => Some(Order::Above(false)),
        Operator::Before => Some(Order::Below(false)),
        _ => None,
    };
    ranges(test, order, |value| match value {
        Value::Number(number) => number.as_f64().map(Point::Number),
        Value::String(text) if is_plain_time(text) => Some(Point::Time(text.clone())),
        _ => None,
    })
}

fn is_plain_time(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    let alike =
        |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    text.len() == SHAPE.len() && text.bytes().zip(SHAPE).all(alike)
}

fn versions(test: &Test) -> Option<Vec<Range>> {
    let order = |op| match op {
        Operator::SemverEq => Some(Order::Equal),
        Operator::SemverGt => Some(Order::Above(false)),
        Operator::SemverGte => Some(Order::Above(true)),
        Operator::SemverLt => Some(Order::Below(false)),
        Operator::SemverLte => Some(Order::Below(true)),
        _ => None,
    };
    ranges(test, order, |value| {
        let parts: Vec<u64> =
            value.as_str()?.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        Some(Point::Version(parts.try_into().ok()?))
    })
}
