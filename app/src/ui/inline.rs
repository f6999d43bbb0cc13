//! JSON on one line, and what its numbers mean.

use domain::Millis;
use domain::ruleset::FULL_WEIGHT;
use serde_json::Value;

use super::time::exact;

/// A value as JSON with spaces, on one line.
pub(crate) fn text(value: &Value) -> String {
    let mut written = String::new();
    write(value, &mut written);
    written
}

fn write(value: &Value, written: &mut String) {
    match value {
        Value::Array(items) => {
            written.push('[');
            for (place, item) in items.iter().enumerate() {
                separate(place, written);
                write(item, written);
            }
            written.push(']');
        }
        Value::Object(fields) => {
            written.push('{');
            for (place, (name, field)) in fields.iter().enumerate() {
                separate(place, written);
                written.push_str(&Value::from(name.as_str()).to_string());
                written.push_str(": ");
                write(field, written);
            }
            written.push('}');
        }
        plain => written.push_str(&plain.to_string()),
    }
}

fn separate(place: usize, written: &mut String) {
    if place > 0 {
        written.push_str(", ");
    }
}

/// What a number in a field means, where that can be said: a time, or a share.
pub(crate) fn hint(field: &str, value: &Value) -> Option<String> {
    let number = value.as_i64()?;
    if field == "weight" && (0..=i64::from(FULL_WEIGHT)).contains(&number) {
        let percent = number as f64 * 100.0 / f64::from(FULL_WEIGHT);
        return Some(format!("{percent} %"));
    }
    let is_time =
        matches!(field, "from" | "until" | "at") || field.ends_with("_at") || field.ends_with("_on");
    // From 2001 to 2286 times have 13 digits.
    (is_time && (1_000_000_000_000..10_000_000_000_000).contains(&number)).then(|| exact(Millis(number)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_on_one_line() {
        for (value, line) in [
            (json!({"a": [1, "x\ny", null], "b": {}}), r#"{"a": [1, "x\ny", null], "b": {}}"#),
            (json!([]), "[]"),
            (json!("text"), r#""text""#),
        ] {
            assert_eq!(text(&value), line);
        }
    }

    #[test]
    fn numbers_mean_something_in_some_fields() {
        for (field, value, meaning) in [
            ("weight", json!(25_000), Some("25 %")),
            ("weight", json!(5), Some("0.005 %")),
            ("weight", json!(-1), None),
            ("expires_at", json!(1_767_225_600_000_i64), Some("2026-01-01 00:00 UTC")),
            ("at", json!(7), None),
            ("count", json!(1_767_225_600_000_i64), None),
        ] {
            assert_eq!(hint(field, &value).as_deref(), meaning, "{field}");
        }
    }
}
