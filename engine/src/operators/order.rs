//! What has an order: numbers, times, versions.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::moment::Moment;
use super::values;
use super::version::Version;
use crate::number::Number;
use crate::ruleset::Test;

/// Bounds, beyond any of which a value must be.
#[derive(Debug)]
pub(crate) struct Ordered<T> {
    order: Order,
    bounds: Box<[T]>,
}

/// Which side of a bound.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl<T> Ordered<T> {
    pub(super) fn hold<V: PartialOrd<T>>(&self, value: &V) -> bool {
        self.bounds.iter().any(|bound| {
            let Some(ordering) = value.partial_cmp(bound) else { return false };
            match self.order {
                Order::Equal => ordering == Ordering::Equal,
                Order::Greater => ordering == Ordering::Greater,
                Order::GreaterOrEqual => ordering != Ordering::Less,
                Order::Less => ordering == Ordering::Less,
                Order::LessOrEqual => ordering != Ordering::Greater,
            }
        })
    }
}

pub(super) fn numbers(test: &Test, order: Order) -> Result<Ordered<Number>, String> {
    let read = |value: &Json| match value {
        Json::Number(number) => Number::from_json(number),
        Json::String(text) => Number::parse(text),
        _ => None,
    };
    Ok(Ordered { order, bounds: values(test, read)? })
}

pub(super) fn moments(test: &Test, order: Order) -> Result<Ordered<Moment>, String> {
    let read = |value: &Json| Moment::of(&crate::value::Value::from_tree(value));
    Ok(Ordered { order, bounds: values(test, read)? })
}

pub(super) fn versions(test: &Test, order: Order) -> Result<Ordered<Version<Box<str>>>, String> {
    let parse = |text: &str| Version::parse(text).map(|version| version.to_owned());
    let read = |value: &Json| match value {
        Json::String(text) => parse(text),
        Json::Number(number) => Number::from_json(number)?.with_text(parse),
        _ => None,
    };
    Ok(Ordered { order, bounds: values(test, read)? })
}
