//! The values that the form of a new flag names, each in a row of two fields.

use domain::FieldError;
use domain::ruleset::{ValueType, Variation};
use serde_json::Value;

use super::{Filled, fault};

/// The most bytes of a variation's key.
const KEY_BYTES: usize = 100;

/// A variation's fields.
pub(super) struct Row<'f> {
    pub(super) place: u32,
    key: &'f str,
    value: &'f str,
}

/// The name of the field for a variation's key.
pub(crate) fn key_of(place: u32) -> String {
    format!("variation_key_{place}")
}

/// The name of the field for a variation's value.
pub(crate) fn value_of(place: u32) -> String {
    format!("variation_value_{place}")
}

impl Filled {
    /// The rows in which something is said, in their order.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut places: Vec<u32> = self.0.keys().filter_map(|name| place_of(name)).collect();
        places.sort_unstable();
        places.dedup();
        let row = |place| Row {
            place,
            key: self.text(&key_of(place)).unwrap_or_default(),
            value: self.text(&value_of(place)).unwrap_or_default(),
        };
        places.into_iter().map(row).filter(|row| !row.key.is_empty() || !row.value.is_empty()).collect()
    }

    pub(super) fn variations(&self, value_type: ValueType) -> Vec<Variation> {
        let variation = |row: Row<'_>| {
            let value = value(row.value, value_type).unwrap_or_default();
            Variation { key: row.key.to_owned(), value }
        };
        self.rows().into_iter().map(variation).collect()
    }

    pub(super) fn faults_of_variations(&self, is_whole: bool) -> Vec<FieldError> {
        let Ok(value_type) = self.value_type() else { return Vec::new() };
        if value_type == ValueType::Boolean {
            return Vec::new();
        }
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        let rows = self.rows();
        for row in &rows {
            let wrong = match row.key {
                "" if is_whole => Some("It needs a name."),
                "" => None,
                key if key.len() > KEY_BYTES => Some("100 bytes at most."),
                key if seen.contains(&key) => Some("Another one is called so."),
                _ => None,
            };
            found.extend(wrong.map(|wrong| fault(key_of(row.place), wrong)));
            seen.push(row.key);
            if (is_whole || !row.value.is_empty())
                && let Err(wrong) = value(row.value, value_type)
            {
                found.push(fault(value_of(row.place), wrong));
            }
        }
        if is_whole && rows.len() < 2 {
            found.push(fault("variations", "There have to be two values at least."));
        }
        found
    }
}

/// A value as it is typed.
fn value(text: &str, value_type: ValueType) -> Result<Value, String> {
    match value_type {
        ValueType::String => Ok(Value::String(text.to_owned())),
        ValueType::Boolean => text.parse().map(Value::Bool).map_err(|_| "true or false.".to_owned()),
        ValueType::Number => {
            let number = text.parse::<serde_json::Number>();
            number.map(Value::Number).map_err(|_| "A number, such as 10 or 0.5.".to_owned())
        }
        ValueType::Json => serde_json::from_str(text).map_err(|error| format!("This is no JSON: {error}.")),
    }
}

/// The variation that a field is of.
pub(super) fn place_of(name: &str) -> Option<u32> {
    let place = name.strip_prefix("variation_key_").or_else(|| name.strip_prefix("variation_value_"))?;
    place.parse().ok().filter(|number: &u32| number.to_string() == place)
}
