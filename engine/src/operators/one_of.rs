//! `eq`, `in` and their opposites.

use hashbrown::HashSet;
use serde_json::Value as Json;

use super::{Match, unusable};
use crate::number::Number;
use crate::ruleset::Test;
use crate::value::Value;

/// Equal to any of a set. Texts and whole numbers cost one look-up each, however long the list is.
#[derive(Debug, Default)]
pub(crate) struct OneOf {
    texts: HashSet<Box<str>>,
    ints: HashSet<i128>,
    floats: Box<[f64]>,
    yes: bool,
    no: bool,
}

impl OneOf {
    pub(super) fn compile(test: &Test) -> Result<Self, String> {
        let mut set = Self::default();
        let mut floats = Vec::new();
        for value in &test.values {
            match value {
                Json::String(text) => drop(set.texts.insert(text.as_str().into())),
                Json::Bool(true) => set.yes = true,
                Json::Bool(false) => set.no = true,
                Json::Number(number) => match Number::from_json(number) {
                    Some(Number::Int(int)) => drop(set.ints.insert(int)),
                    Some(Number::Float(float)) => floats.push(float),
                    None => return Err(unusable(test, value)),
                },
                Json::Null | Json::Array(_) | Json::Object(_) => return Err(unusable(test, value)),
            }
        }
        set.texts.shrink_to_fit();
        Ok(Self { floats: floats.into(), ..set })
    }

    /// Texts compare as text. Numbers compare as numbers only where the rule's value is one, so that ids such as
    /// "00042" stay what they are.
    pub(super) fn compare(&self, value: &Value<'_>) -> Match {
        match value {
            Value::Null | Value::Json(_) | Value::Tree(_) => Match::NotComparable,
            value => Match::from(self.has_text(value) || self.has_number(value) || self.has_bool(value)),
        }
    }

    fn has_text(&self, value: &Value<'_>) -> bool {
        !self.texts.is_empty() && value.with_text(|text| self.texts.contains(text)).unwrap_or(false)
    }

    fn has_number(&self, value: &Value<'_>) -> bool {
        if self.ints.is_empty() && self.floats.is_empty() {
            return false;
        }
        match value.number() {
            Some(Number::Int(int)) => self.ints.contains(&int),
            Some(Number::Float(float)) => self.floats.contains(&float),
            None => false,
        }
    }

    fn has_bool(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Bool(true) => self.yes,
            Value::Bool(false) => self.no,
            Value::Text(text) => (self.yes && text == "true") || (self.no && text == "false"),
            _ => false,
        }
    }
}
