//! `contains`, `starts_with`, `ends_with`.

use serde_json::Value as Json;

use super::values;
use crate::number::Number;
use crate::ruleset::Test;

/// Texts, any of which must be at a place.
#[derive(Debug)]
pub(crate) struct Text {
    part: Part,
    needles: Box<[Box<str>]>,
}

/// The place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    Anywhere,
    Start,
    End,
}

impl Text {
    pub(super) fn compile(test: &Test, part: Part) -> Result<Self, String> {
        let needles = values(test, |value| match value {
            Json::String(text) => Some(text.as_str().into()),
            // As the attribute's own numbers are written: 42.0 is 42.
            Json::Number(number) => {
                Number::from_json(number).map(|number| number.with_text(|text| text.into()))
            }
            _ => None,
        })?;
        Ok(Self { part, needles })
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| match self.part {
            Part::Anywhere => text.contains(&**needle),
            Part::Start => text.starts_with(&**needle),
            Part::End => text.ends_with(&**needle),
        })
    }
}
