//! What the paths of changes are about.

/// What people call the part of a configuration that a path is in, where that is another word.
pub(super) fn name(path: &str) -> Option<&'static str> {
    let head = path.split(['.', '[']).next().unwrap_or_default();
    let is_one = path.strip_prefix(head).is_some_and(|rest| rest.starts_with('['));
    Some(match (head, is_one) {
        ("off_variation", _) => "While off",
        ("fallthrough", _) => "Everyone else",
        ("rules", true) => "Rule",
        ("overrides", true) => "Override",
        ("prerequisites", true) => "Prerequisite",
        ("window", _) => "Time window",
        _ => return None,
    })
}

/// The field that a path ends with: `weight` of `rules[beta].serve.weights[on].weight`.
pub(crate) fn last_field(path: &str) -> &str {
    // What is in brackets may have dots.
    let (mut start, mut depth) = (0, 0_usize);
    for (at, letter) in path.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    let end = path.get(start..).unwrap_or_default();
    end.split('[').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_called_as_on_the_page() {
        for (path, called) in [
            ("fallthrough.rollout", Some("Everyone else")),
            ("rules[beta].serve", Some("Rule")),
            ("rules", None),
            ("name", None),
        ] {
            assert_eq!(name(path), called, "{path}");
        }
    }

    #[test]
    fn a_path_ends_with_a_field() {
        for (path, field) in [
            ("", ""),
            ("enabled", "enabled"),
            ("rules[beta].serve.weights[on].weight", "weight"),
            ("tags[0]", "tags"),
            ("prerequisites[checkout.v2]", "prerequisites"),
        ] {
            assert_eq!(last_field(path), field);
        }
    }
}
