//! What one flag serves, in LaunchDarkly's format, and what it says of the flag.

use std::collections::BTreeSet;

use engine::ruleset::{Kind, ValueType, Variation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Error;
use crate::flags::{Configuration, check_variations};

/// The most variations that a flag has.
const VARIATIONS: u32 = 50;

/// The largest version that is taken: what every reader of JSON can count to, and beyond.
const LARGEST: i64 = (1 << 53) - 1;

/// What one flag serves to somebody, as LaunchDarkly's clients read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LaunchDarklyFlag {
    /// The flag's own version, 1 or more. Without it the flag keeps its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(examples(9), nullable = false))]
    pub flag_version: Option<i64>,
    /// Whether each evaluation is to be reported. Kept for clients that heed it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples(false)))]
    pub track_events: bool,
    /// What is served: any JSON.
    #[cfg_attr(feature = "openapi", schema(value_type = Value, required, examples(true)))]
    pub value: Value,
    /// The place of the variation that is served, from 0 to 49.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub variation: u32,
    /// The version in the environment, 1 or more.
    #[cfg_attr(feature = "openapi", schema(examples(435)))]
    pub version: i64,
}

impl LaunchDarklyFlag {
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let is_version = |version: i64| (1..=LARGEST).contains(&version);
        if !is_version(self.version) {
            faults.push(("version", "1 to 2^53 - 1".to_owned()));
        }
        if self.flag_version.is_some_and(|version| !is_version(version)) {
            faults.push(("flagVersion", "1 to 2^53 - 1".to_owned()));
        }
        match self.value_type() {
            _ if self.variation >= VARIATIONS => {
                faults.push((
                    "variation",
                    format!("at most {}: a flag has {VARIATIONS} variations", VARIATIONS - 1),
                ));
            }
            value_type => {
                let own = [Variation { key: "value".to_owned(), value: self.value.clone() }];
                if let Err(Error::Invalid { details }) = check_variations(&own, value_type) {
                    faults.extend(details.into_iter().map(|detail| ("value", detail.message)));
                }
            }
        }
        faults
    }

    /// What is wrong with it where the flag is not there yet, besides what always is. One that is there may have values of any
    /// kind, and `true` in whatever place.
    ///
    /// # Errors
    /// The field and what is wrong.
    pub fn check_new(&self) -> std::result::Result<(), (&'static str, String)> {
        match self.value_type() {
            ValueType::Boolean if self.variation > 1 => {
                Err(("variation", "a boolean flag has two variations, 0 and 1".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The type of the value, which is the flag's.
    pub fn value_type(&self) -> ValueType {
        match self.value {
            Value::Bool(_) => ValueType::Boolean,
            Value::String(_) => ValueType::String,
            Value::Number(_) => ValueType::Number,
            Value::Null | Value::Array(_) | Value::Object(_) => ValueType::Json,
        }
    }

    /// The shape of a new flag.
    pub fn kind(&self) -> Kind {
        match self.value_type() {
            ValueType::Boolean => Kind::Boolean,
            _ => Kind::Advanced,
        }
    }

    /// The variation's place.
    pub fn place(&self) -> usize {
        usize::try_from(self.variation).unwrap_or(usize::MAX)
    }

    /// The variations of a new flag: the one that the file shows in its place, and something in the place of the others.
    pub fn variations(&self) -> Vec<Variation> {
        let mut variations = Vec::new();
        if let Value::Bool(value) = self.value {
            let of = |value: bool| Variation { key: on_off(value).to_owned(), value: value.into() };
            variations.extend([of(value), of(!value)]);
            if self.variation == 1 {
                variations.reverse();
            }
            return variations;
        }
        self.show_in(&mut variations, self.value_type());
        variations
    }

    /// Puts the value in its place among a flag's variations, where something stands for one or none is yet.
    fn show_in(&self, variations: &mut Vec<Variation>, value_type: ValueType) {
        let place = self.place();
        while variations.len() < (place + 1).max(2) {
            let here = variations.len();
            let key = free_key(variations, &placeholder_key(here));
            let taken =
                |value: &Value| *value == self.value || variations.iter().any(|it| it.value == *value);
            let value = stand_ins(here, value_type).into_iter().find(|value| !taken(value));
            variations.push(Variation { key, value: value.unwrap_or_default() });
        }
        let key = free_key(variations, &format!("variation-{place}"));
        if let Some(shown) = variations.get_mut(place) {
            *shown = Variation { key, value: self.value.clone() };
        }
    }

    /// What a flag's variations become where they are to have the value in its place; none where they have it.
    ///
    /// # Errors
    /// The field and what is wrong, where something else is there.
    pub fn fit(
        &self,
        variations: &[Variation],
        value_type: ValueType,
    ) -> std::result::Result<Option<Vec<Variation>>, (&'static str, String)> {
        if value_type != ValueType::Json && value_type != self.value_type() {
            return Err((
                "value",
                format!("the flag is there, and its values are of the type {}", value_type.as_str()),
            ));
        }
        let place = self.place();
        match variations.get(place) {
            Some(there) if there.value == self.value => return Ok(None),
            Some(there) if !is_placeholder(place, there) => {
                return Err((
                    "variation",
                    format!(
                        "the flag is there, and its variation {place}, `{}`, has another value",
                        there.key
                    ),
                ));
            }
            _ => {}
        }
        if let Some(other) = variations.iter().position(|variation| variation.value == self.value) {
            return Err((
                "variation",
                format!("the flag is there, and has this value as its variation {other}"),
            ));
        }
        let mut fitted = variations.to_vec();
        self.show_in(&mut fitted, value_type);
        Ok(Some(fitted))
    }

    /// What a flag with these variations does where it is imported. The file does not say what is served while the flag is
    /// off: what was served then goes on to be; without it `false`, or else the value, for nobody is to be served what
    /// only stands for one.
    pub fn configuration(&self, variations: &[Variation], off: Option<&str>) -> Configuration {
        let served = variations.get(self.place()).map(|it| it.key.as_str()).unwrap_or_default();
        let is_there = |key: &&str| variations.iter().any(|variation| variation.key == **key);
        let is_false = |variation: &&Variation| variation.value == false;
        let off = off.filter(is_there);
        let off = off.or_else(|| variations.iter().find(is_false).map(|variation| variation.key.as_str()));
        let fixed = Configuration::fixed(served, off.unwrap_or(served));
        Configuration { enabled: true, track_events: self.track_events, ..fixed }
    }
}

const fn on_off(value: bool) -> &'static str {
    if value { "on" } else { "off" }
}

fn placeholder_key(place: usize) -> String {
    format!("placeholder-{place}")
}

/// The key, or one like it that no variation has.
fn free_key(variations: &[Variation], key: &str) -> String {
    let taken: BTreeSet<_> = variations.iter().map(|variation| variation.key.as_str()).collect();
    let others = (2..).map(|number: u32| format!("{key}-{number}"));
    let mut keys = std::iter::once(key.to_owned()).chain(others);
    keys.find(|key| !taken.contains(key.as_str())).unwrap_or_default()
}

/// What may stand for the value of a variation that a file does not show: more than one, for one may be another's value.
fn stand_ins(place: usize, value_type: ValueType) -> Vec<Value> {
    let numbers = (0_usize..=50).map(|round| place + round * 50);
    match value_type {
        ValueType::Boolean => Vec::new(),
        ValueType::Number => numbers.map(Value::from).collect(),
        ValueType::String => numbers.map(|number| json!(placeholder_key(number))).collect(),
        ValueType::Json => numbers.map(|number| json!({"placeholder": number})).collect(),
    }
}

/// Whether something only stands for the value of a variation that no file has shown yet.
fn is_placeholder(place: usize, variation: &Variation) -> bool {
    let all = [ValueType::Number, ValueType::String, ValueType::Json];
    variation.key.starts_with(&placeholder_key(place))
        && all.into_iter().any(|value_type| stand_ins(place, value_type).contains(&variation.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(value: Value, variation: u32) -> LaunchDarklyFlag {
        LaunchDarklyFlag { flag_version: None, track_events: false, value, variation, version: 1 }
    }

    fn values(variations: &[Variation]) -> Vec<(&str, &Value)> {
        variations.iter().map(|variation| (variation.key.as_str(), &variation.value)).collect()
    }

    #[test]
    fn what_a_file_does_not_show_is_stood_for() {
        for (value, place, expected) in [
            (json!(true), 0, vec![("on", json!(true)), ("off", json!(false))]),
            (json!(true), 1, vec![("off", json!(false)), ("on", json!(true))]),
            (json!(false), 0, vec![("off", json!(false)), ("on", json!(true))]),
            (json!("a"), 0, vec![("variation-0", json!("a")), ("placeholder-1", json!("placeholder-1"))]),
            (
                json!("placeholder-0"),
                2,
                vec![
                    ("placeholder-0", json!("placeholder-50")),
                    ("placeholder-1", json!("placeholder-1")),
                    ("variation-2", json!("placeholder-0")),
                ],
            ),
            (json!(0), 1, vec![("placeholder-0", json!(50)), ("variation-1", json!(0))]),
            (json!({}), 1, vec![("placeholder-0", json!({"placeholder": 0})), ("variation-1", json!({}))]),
        ] {
            let made = flag(value, place).variations();
            assert_eq!(values(&made), expected.iter().map(|(key, value)| (*key, value)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn another_file_fills_in_what_was_stood_for() {
        let variations = flag(json!("a"), 2).variations();
        let fit = |value: &str, place| flag(json!(value), place).fit(&variations, ValueType::String);
        assert_eq!(fit("a", 2), Ok(None));
        let filled = fit("b", 0).unwrap().unwrap();
        assert_eq!(values(&filled)[0], ("variation-0", &json!("b")));
        assert_eq!(filled[1..], variations[1..]);
        assert_eq!(fit("b", 4).unwrap().unwrap().len(), 5);
        assert_eq!(fit("b", 2).unwrap_err().0, "variation");
        assert_eq!(fit("a", 0).unwrap_err().0, "variation");
        assert_eq!(flag(json!(1), 0).fit(&variations, ValueType::String).unwrap_err().0, "value");
    }
}
