//! What a change changes, to be read before it is saved.

use domain::{Change, diff};
use serde_json::Value;

use super::draft::Edited;

/// What is different in one configuration from another.
pub(super) fn changes(before: &Edited, after: &Edited) -> Vec<Change> {
    // Whether it is on, and its version, are not edited.
    let document = |edited: &Edited| match serde_json::to_value(edited.command(false, 0, None)) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("comment");
            Value::Object(fields)
        }
        _ => Value::Null,
    };
    diff(&document(before), &document(after))
}
