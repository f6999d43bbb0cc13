//! What the paths of changes are about.

/// What a path is about: the part of a configuration that it is in, as people call it, where that is another word; the key of
/// the one of several; and the rest. `rules[beta].serve` is the rule `beta`, and of it `serve`.
pub(super) fn part(path: &str) -> (Option<&'static str>, Option<&str>, &str) {
    let head = path.split(['.', '[']).next().unwrap_or_default();
    let rest = path.strip_prefix(head).unwrap_or_default();
    let of_one = rest.strip_prefix('[').and_then(within);
    let name = match (head, of_one.is_some()) {
        ("enabled", false) => "Switch",
        ("off_variation", _) => "While off",
        ("fallthrough", _) => "Everyone else",
        ("rules", true) => "Rule",
        ("overrides", true) => "Override",
        ("prerequisites", true) => "Prerequisite",
        ("window", _) => "Time window",
        _ => return (None, None, path),
    };
    let (key, rest) = of_one.map_or((None, rest), |(key, rest)| (Some(key), rest));
    (Some(name), key, rest.trim_start_matches('.'))
}

/// What is before the bracket that closes, and what is after it. Keys may have brackets, in pairs.
fn within(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_usize;
    let end = text.find(|letter| {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
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
        for (path, said) in [
            ("fallthrough.rollout", (Some("Everyone else"), None, "rollout")),
            ("rules[beta].serve", (Some("Rule"), Some("beta"), "serve")),
            ("rules[a[0]].when.all[1]", (Some("Rule"), Some("a[0]"), "when.all[1]")),
            ("overrides[off]", (Some("Override"), Some("off"), "")),
            ("enabled", (Some("Switch"), None, "")),
            ("rules", (None, None, "rules")),
            ("name", (None, None, "name")),
            ("rules[", (None, None, "rules[")),
        ] {
            assert_eq!(part(path), said, "{path}");
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
