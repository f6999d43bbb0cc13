//! Versions in words.

use domain::history::Author;

/// Who made a version.
pub(in crate::flag) fn who(author: &Author) -> String {
    match (author.kind.as_str(), &author.name) {
        (_, Some(name)) => name.clone(),
        ("system", None) => "Togglebit".to_owned(),
        _ => "somebody who is gone".to_owned(),
    }
}

/// What they did.
pub(super) fn did(action: &str) -> String {
    let said = match action {
        "flag.created" => "created the flag",
        "flag.copied" => "made it as a copy",
        "flag.enabled" => "switched it on",
        "flag.killed" => "switched it off",
        "flag.configured" => "changed what it serves",
        "flag.rolled_back" => "went back to an older version",
        "flag.promoted" => "promoted it from another environment",
        "flag.targeting_promoted" => "promoted its targeting from another environment",
        "flag.state_promoted" => "promoted its state from another environment",
        "flag.updated" => "changed the flag everywhere",
        "flag.archived" => "archived the flag",
        "flag.restored" => "restored the flag",
        "flag.deleted" => "deleted the flag",
        other => return other.split_once('.').map_or(other, |(_, verb)| verb).replace('_', " "),
    };
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_name_is_somebody() {
        let author = |kind: &str, name: Option<&str>| Author {
            kind: kind.to_owned(),
            id: "1".to_owned(),
            name: name.map(str::to_owned),
        };
        for (author, said) in [
            (author("user", Some("Ada")), "Ada"),
            (author("user", None), "somebody who is gone"),
            (author("system", None), "Togglebit"),
        ] {
            assert_eq!(who(&author), said);
        }
    }

    #[test]
    fn what_has_no_words_is_named() {
        for (action, said) in [
            ("flag.killed", "switched it off"),
            ("project.imported", "imported"),
            ("environment.blown_up", "blown up"),
            ("odd", "odd"),
        ] {
            assert_eq!(did(action), said);
        }
    }
}
