//! Audiences in words.

use domain::ruleset::Condition;
use domain::segments::AudienceCounts;

use crate::flag::targeting::said;
use crate::ui::time::grouped;

/// Such as "1 flag" and "1 200 flags".
pub(super) fn counted(count: u64, of: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {of}{s}", grouped(count))
}

/// How much a segment contains, such as "2 by name, 1 excluded, conditions".
pub(super) fn sums(counts: &AudienceCounts) -> String {
    let AudienceCounts { included, excluded, has_condition, .. } = counts;
    let parts = [
        (*included > 0).then(|| format!("{} by name", grouped(included.unsigned_abs()))),
        (*excluded > 0).then(|| format!("{} excluded", grouped(excluded.unsigned_abs()))),
        has_condition.then(|| "conditions".to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "Nobody".to_owned() } else { parts.join(", ") }
}

/// Who is inside, in a sentence.
pub(super) fn audience(
    by: Option<&str>,
    (included, excluded): (u64, u64),
    when: Option<&Condition>,
) -> String {
    let named = |count: u64| match by {
        None => format!("{} by name", counted(count, "user")),
        Some(attribute) => format!("whoever's {attribute} is on a list of {}", counted(count, "value")),
    };
    let whoever = when.map(said).map(|words| match words.as_str() {
        // What empty groups say is whole by itself.
        "everybody" | "nobody" => words,
        _ => format!("everybody with: {words}"),
    });
    let inside = match (included, whoever) {
        (0, None) => return "Nobody is inside: no key is included, and there is no condition.".to_owned(),
        (0, Some(whoever)) => whoever,
        (count, None) => named(count),
        (count, Some(whoever)) => format!("{}, and {whoever}", named(count)),
    };
    match excluded {
        0 => format!("Inside: {inside}."),
        count => format!("Inside: {inside}. Never inside: {}.", named(count)),
    }
}

#[cfg(test)]
mod tests {
    use domain::Millis;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_audience_is_said_in_words() {
        let when: Condition = serde_json::from_value(
            json!({"all": [{"attribute": "plan", "op": "in", "values": ["pro", "team"]}]}),
        )
        .unwrap();
        let everybody = Condition::All { all: Vec::new() };
        for (by, counts, when, words) in [
            (None, (0, 0), None, "Nobody is inside: no key is included, and there is no condition."),
            (None, (1, 0), None, "Inside: 1 user by name."),
            (Some("company"), (2, 0), None, "Inside: whoever's company is on a list of 2 values."),
            (None, (0, 0), Some(&when), "Inside: everybody with: plan is one of pro, team."),
            (None, (0, 2), Some(&everybody), "Inside: everybody. Never inside: 2 users by name."),
            (
                None,
                (3, 1),
                Some(&when),
                "Inside: 3 users by name, and everybody with: plan is one of pro, team. Never inside: 1 user by name.",
            ),
        ] {
            assert_eq!(audience(by, counts, when), words);
        }
    }

    #[test]
    fn counts_are_said_in_words() {
        let of = |included, excluded, has_condition| {
            let (version, updated_at) = (1, Millis(0));
            let environment = "dev".parse().unwrap();
            sums(&AudienceCounts { environment, included, excluded, has_condition, version, updated_at })
        };
        assert_eq!(of(0, 0, false), "Nobody");
        assert_eq!(of(1, 0, false), "1 by name");
        assert_eq!(of(2, 1, true), "2 by name, 1 excluded, conditions");
    }
}
