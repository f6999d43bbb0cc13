//! What the attributes of a context are called.

use std::borrow::Cow;

use crate::context::Context;
use crate::json;
use crate::value::Value;

impl Context<'_> {
    /// Calls `f` with the path of each attribute, as rules name it, until it returns false: names with dots between them
    /// reach into objects, as many names deep as is said. What is not looked into has a path of its own: arrays, empty
    /// objects, and objects that lie deeper.
    pub fn each_path(&self, depth: usize, mut f: impl FnMut(&str) -> bool) {
        let mut path = String::new();
        for (name, value) in self.attributes() {
            path.clear();
            path.push_str(name);
            if !visit(value, &mut path, depth, &mut f) {
                return;
            }
        }
    }
}

/// Whether to go on.
fn visit(value: &Value<'_>, path: &mut String, depth: usize, f: &mut impl FnMut(&str) -> bool) -> bool {
    let mut is_empty = true;
    let mut inside = |path: &mut String, name: &str, value: &Value<'_>| {
        is_empty = false;
        let length = path.len();
        path.push('.');
        path.push_str(name);
        let goes_on = visit(value, path, depth - 1, f);
        path.truncate(length);
        goes_on
    };
    let goes_on = match value {
        Value::Json(text) if depth > 1 => {
            json::each_member(text, |name, value| inside(path, &decoded(name), &Value::from_text(value)))
        }
        Value::Tree(tree) if depth > 1 => {
            let members = tree.as_object().into_iter().flatten();
            members.into_iter().all(|(name, value)| inside(path, name, &Value::from_tree(value)))
        }
        _ => true,
    };
    match is_empty {
        true => f(path),
        false => goes_on,
    }
}

/// A name that is written in JSON.
fn decoded(written: &str) -> Cow<'_, str> {
    match Value::from_text(written) {
        Value::Text(name) => name,
        _ => Cow::Borrowed(written),
    }
}
