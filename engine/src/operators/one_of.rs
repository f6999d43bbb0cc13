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
    texts: Texts,
    ints: HashSet<i128>,
    floats: Box<[f64]>,
    /// Whether there is anything but texts.
    has_others: bool,
    yes: bool,
    no: bool,
}

/// Texts to be equal to.
#[derive(Debug)]
enum Texts {
    /// Compared one by one, which is faster than a look-up.
    Few(Box<[Box<str>]>),
    Many(HashSet<Box<str>>),
}

/// Up to so many texts are few.
const FEW: usize = 4;

impl Default for Texts {
    fn default() -> Self {
        Self::Few(Box::default())
    }
}

impl Texts {
    fn new(texts: HashSet<Box<str>>) -> Self {
        if texts.len() <= FEW { Self::Few(texts.into_iter().collect()) } else { Self::Many(texts) }
    }

    #[inline]
    fn has(&self, text: &str) -> bool {
        match self {
            // Most that differ do so at the first byte, which is seen at once; to compare the rest is a call.
            Self::Few(texts) => texts.iter().any(|other| {
                other.len() == text.len()
                    && other.as_bytes().first() == text.as_bytes().first()
                    && **other == *text
            }),
            Self::Many(texts) => texts.contains(text),
        }
    }
}

impl OneOf {
    pub(super) fn compile(test: &Test) -> Result<Self, String> {
        let mut set = Self::default();
        let mut texts = HashSet::new();
        let mut floats = Vec::new();
        for value in &test.values {
            match value {
                Json::String(text) => drop(texts.insert(text.as_str().into())),
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
        texts.shrink_to_fit();
        let has_others = set.yes || set.no || !set.ints.is_empty() || !floats.is_empty();
        Ok(Self { texts: Texts::new(texts), floats: floats.into(), has_others, ..set })
    }

    /// Texts compare as text. Numbers compare as numbers only where the rule's value is one, so that ids such as
    /// "00042" stay what they are.
    pub(super) fn compare(&self, value: &Value<'_>) -> Match {
        let held = match value {
            Value::Text(text) => self.has_text(text),
            Value::Number(number) => {
                self.has_number(*number) || number.with_text(|text| self.texts.has(text))
            }
            Value::Bool(true) => self.yes || self.texts.has("true"),
            Value::Bool(false) => self.no || self.texts.has("false"),
            Value::Null | Value::Json(_) | Value::Tree(_) => return Match::NotComparable,
        };
        Match::from(held)
    }

    #[inline]
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.texts.has(text) || (self.has_others && self.has_written(text))
    }

    /// Whether a text is how one of the values that are no texts is written.
    fn has_written(&self, text: &str) -> bool {
        match text {
            "true" => self.yes,
            "false" => self.no,
            text => Number::parse(text).is_some_and(|number| self.has_number(number)),
        }
    }

    fn has_number(&self, number: Number) -> bool {
        match number {
            Number::Int(int) => self.ints.contains(&int),
            Number::Float(float) => self.floats.contains(&float),
        }
    }
}
