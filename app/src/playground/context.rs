//! A context as people type it: rows of names and values, or JSON.

use domain::FieldError;
use serde_json::{Map, Value};

/// The attribute that has a field of its own.
const USER: &str = "userId";

/// What a typed value is: what it is as JSON, else text. Text that looks like something else stands in quotes.
pub(super) fn value(text: &str) -> Value {
    let text = text.trim();
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// What a typed value is taken for, in a word.
pub(super) fn kind(text: &str) -> &'static str {
    match value(text) {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// What has to be typed for a value.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) if *value == self::value(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The context that the rows make.
///
/// # Errors
/// What is wrong with which row, as `rows[0]`.
pub(super) fn of_rows(user: &str, rows: &[(String, String)]) -> Result<Map<String, Value>, FieldError> {
    let mut context = Map::new();
    if !user.trim().is_empty() {
        context.insert(USER.to_owned(), Value::String(user.trim().to_owned()));
    }
    let filled = rows.iter().enumerate().map(|(place, (name, text))| (place, name.trim(), text.trim()));
    for (place, name, text) in filled.filter(|(_, name, text)| !name.is_empty() || !text.is_empty()) {
        let wrong = |message: String| Err(FieldError { path: format!("rows[{place}]"), message });
        if name.is_empty() {
            return wrong("This value has no attribute: name it.".to_owned());
        }
        if context.insert(name.to_owned(), value(text)).is_some() {
            return wrong(match name {
                USER => "The user id has a field of its own.".to_owned(),
                name => format!("“{name}” is there twice."),
            });
        }
    }
    Ok(context)
}

/// The user's id and the rows that make a context.
pub(super) fn rows_of(context: &Map<String, Value>) -> (String, Vec<(String, String)>) {
    let user = context.get(USER).and_then(Value::as_str).filter(|id| !id.is_empty() && id.trim() == *id);
    let others = context.iter().filter(|(name, _)| user.is_none() || *name != USER);
    let rows = others.map(|(name, value)| (name.clone(), typed(value))).collect();
    (user.unwrap_or_default().to_owned(), rows)
}

/// The context that a JSON text is; an empty one where there is no text.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn of_json(text: &str) -> Result<Map<String, Value>, FieldError> {
    let wrong = |message: String| FieldError { path: "context".to_owned(), message };
    match serde_json::from_str(text) {
        _ if text.trim().is_empty() => Ok(Map::new()),
        Ok(Value::Object(context)) => Ok(context),
        Ok(_) => Err(wrong(r#"A JSON object, such as {"userId": "user-1"}."#.to_owned())),
        Err(error) => Err(wrong(format!("This is no JSON: {error}."))),
    }
}

/// Checks that a text is a context.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn check(text: &str) -> Result<(), FieldError> {
    of_json(text).map(drop)
}

/// A context as people write it.
pub(super) fn pretty(context: &Map<String, Value>) -> String {
    match context.is_empty() {
        true => String::new(),
        false => serde_json::to_string_pretty(context).unwrap_or_default(),
    }
}

/// A context in one line.
pub(super) fn summary(context: &Map<String, Value>) -> String {
    let (user, rows) = rows_of(context);
    let rows = rows.into_iter().map(|(name, value)| format!("{name}: {value}"));
    let parts: Vec<_> = Some(user).filter(|user| !user.is_empty()).into_iter().chain(rows).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_what_they_look_like() {
        for (text, value) in [
            ("pro", json!("pro")),
            ("40", json!(40)),
            ("\"40\"", json!("40")),
            ("00042", json!("00042")),
            (" true ", json!(true)),
            ("null", json!(null)),
            ("{\"size\": 3}", json!({"size": 3})),
            ("[a", json!("[a")),
            ("", json!("")),
        ] {
            assert_eq!(super::value(text), value);
            assert_eq!(super::value(&typed(&value)), value, "{text:?} is typed anew");
        }
    }

    #[test]
    fn rows_and_json_say_the_same() {
        let all = [
            json!({"userId": "user-1", "plan": "pro", "age": 40, "org": {"size": 3}, "id": "40", "blank": " "}),
            json!({"userId": 7, "targetingKey": "u"}),
            json!({"userId": " padded "}),
            json!({}),
        ];
        for context in all {
            let context = context.as_object().unwrap().clone();
            let (user, rows) = rows_of(&context);
            assert_eq!(of_rows(&user, &rows).unwrap(), context);
            assert_eq!(of_json(&pretty(&context)).unwrap(), context);
        }
    }

    #[test]
    fn rows_say_what_is_wrong_with_them() {
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for rows in [
            vec![row("plan", "pro"), row("", "nameless")],
            vec![row("plan", "pro"), row("plan", "free")],
            vec![row("", ""), row("userId", "user-2")],
        ] {
            assert_eq!(of_rows("user-1", &rows).unwrap_err().path, "rows[1]");
        }
    }

    #[test]
    fn a_context_has_a_summary() {
        let context = json!({"userId": "user-1", "plan": "pro", "age": 40});
        assert_eq!(summary(context.as_object().unwrap()), "user-1, age: 40, plan: pro");
    }
}
