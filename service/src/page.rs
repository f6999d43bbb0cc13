//! Lists a page at a time: where one ended, as a text that says so to nobody else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Error as Refusal;
use sea_orm::sea_query::LikeExpr;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// Writes down which list it is, in its order and with its filter, and where a page of it ended.
pub(crate) fn encode(list: &impl Serialize, after: &impl Serialize) -> Result<String> {
    let json = serde_json::to_vec(&(list, after))
        .map_err(|source| Error::Corrupt { what: "a cursor to be written".into(), source })?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Reads where a page ended. Another list, order or filter has other ends.
pub(crate) fn decode<L: Serialize, T: DeserializeOwned>(cursor: &str, list: &L) -> Result<T> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| none())?;
    let (of, after): (Value, Value) = serde_json::from_slice(&bytes).map_err(|_| none())?;
    if serde_json::to_value(list).ok() != Some(of) {
        return Err(Refusal::invalid("cursor", "is of another list, order or filter").into());
    }
    // PostgreSQL takes none, and nothing that is stored has one.
    if has_nul(&after) {
        return Err(none().into());
    }
    Ok(serde_json::from_value(after).map_err(|_| none())?)
}

/// The refusal of what no list ended with.
pub(crate) fn none() -> Refusal {
    Refusal::invalid("cursor", "is none")
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.values().any(has_nul),
        _ => false,
    }
}

/// The pattern of texts that contain another one, whatever is in that.
pub(crate) fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
