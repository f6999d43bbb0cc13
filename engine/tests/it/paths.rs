//! What the attributes of a context are called.

use engine::Context;
use serde_json::{Value, json};

/// The paths of a context that was read from text, and of the same one from a tree.
fn paths(context: &str, depth: usize, most: usize) -> Vec<String> {
    let collect = |context: &Context<'_>| {
        let mut found = Vec::new();
        context.each_path(depth, |path| {
            found.push(path.to_owned());
            found.len() < most
        });
        found
    };
    let tree: Value = serde_json::from_str(context).unwrap();
    let from_tree = collect(&Context::from(tree.as_object().unwrap()));
    let from_text = collect(&Context::from_json(context.as_bytes()).unwrap());
    let sorted = |mut paths: Vec<String>| {
        paths.sort();
        paths
    };
    if most == usize::MAX {
        assert_eq!(sorted(from_text.clone()), sorted(from_tree));
    }
    from_text
}

#[test]
fn attributes_are_called_as_rules_name_them() {
    let context = json!({
        "plan": "pro", "n": null, "tags": ["a", {"inside": 1}], "empty": {},
        "org": {"size": 40, "owner": {"name": {"first": "x"}, "age": 7}}, "a.b": {"c": true},
    })
    .to_string();
    let at = |depth| paths(&context, depth, usize::MAX);
    assert_eq!(at(1), ["a.b", "empty", "n", "org", "plan", "tags"]);
    assert_eq!(at(2), ["a.b.c", "empty", "n", "org.owner", "org.size", "plan", "tags"]);
    let third = ["a.b.c", "empty", "n", "org.owner.age", "org.owner.name", "org.size", "plan", "tags"];
    assert_eq!(at(3), third);
    assert_eq!(at(4)[4], "org.owner.name.first");
    assert_eq!(at(100), at(4));
    assert_eq!(at(0), at(1));
}

#[test]
fn names_with_escapes_are_decoded() {
    assert_eq!(paths(r#"{"\u0061":{"\"q\"":1,"\u00e4":2}}"#, 2, usize::MAX), ["a.\"q\"", "a.\u{e4}"]);
}

#[test]
fn whoever_has_enough_is_told_no_more() {
    let context = r#"{"a":{"x":1,"y":2,"z":{"deep":3}},"b":4}"#;
    for most in 1..=5 {
        assert_eq!(paths(context, 3, most).len(), most.min(4));
    }
    assert_eq!(paths("{}", 3, 1), <[String; 0]>::default());
}
