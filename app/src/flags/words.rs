//! Configurations in words.

use domain::flags::Served;
use domain::ruleset::{FULL_WEIGHT, Kind, ValueType};

use crate::ui::capital;

/// What a flag serves now, in one line.
pub(crate) fn serves(enabled: bool, value_type: ValueType, served: &Served) -> String {
    if !enabled {
        return "Off for everyone".to_owned();
    }
    let before: Vec<_> = [counted(served.rules, "rule"), counted(served.overrides, "override")].concat();
    let said = match (before.as_slice(), fallthrough(value_type, served)) {
        ([], (part, true)) => capital(&part),
        ([], (whole, false)) => format!("{} for everyone", capital(&whole)),
        (before, (part, _)) => format!("{}, else {part}", before.join(" and ")),
    };
    let needs = counted(served.prerequisites, "prerequisite").into_iter().map(|it| format!(", with {it}"));
    let window = served.has_window.then(|| ", in its time window".to_owned());
    needs.chain(window).fold(said, |said, more| said + &more)
}

/// How many there are, such as "2 rules"; nothing where there are none.
fn counted(count: u32, what: &str) -> Vec<String> {
    match count {
        0 => Vec::new(),
        1 => vec![format!("1 {what}")],
        count => vec![format!("{count} {what}s")],
    }
}

/// What is served where no rule matches, and whether that says already to whom.
fn fallthrough(value_type: ValueType, served: &Served) -> (String, bool) {
    match &served.variation {
        Some(variation) if value_type == ValueType::Boolean => (variation.clone(), false),
        Some(variation) => (format!("“{variation}”"), false),
        // Of a rollout, who lacks what it is bucketed by is served nothing of it, and a ramp goes on: nothing is for everyone.
        None if value_type == ValueType::Boolean => (format!("{} % of users", percent(served.share)), true),
        None if served.split == 1 => ("one variation".to_owned(), true),
        None => (format!("split between {} variations", served.split), true),
    }
}

/// The kind or, where its values are not just on and off, their type: a text is no boolean, however it began.
pub(crate) const fn kind(kind: Kind, value_type: ValueType) -> &'static str {
    match (kind, value_type) {
        (_, ValueType::String) => "text",
        (_, ValueType::Number) => "number",
        (_, ValueType::Json) => "JSON",
        (Kind::Boolean, _) => "boolean",
        (Kind::Percentage, _) => "percentage",
        (Kind::Segment, _) => "segment",
        (Kind::Combined, _) => "combined",
        (Kind::Advanced, _) => "advanced",
    }
}

/// A weight as a percentage, with as many decimals as it needs.
pub(crate) fn percent(weight: u32) -> String {
    let per = FULL_WEIGHT / 100;
    match weight % per {
        0 => (weight / per).to_string(),
        rest => format!("{}.{}", weight / per, format!("{rest:03}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use domain::ruleset::Serve;

    use super::*;

    fn served(rules: u32, variation: Option<&str>, share: u32) -> Served {
        let rest = Served::new(&Serve::Variation(String::new()), "", [0; 3], false);
        Served { rules, variation: variation.map(Into::into), share, split: 3, ..rest }
    }

    #[test]
    fn a_configuration_is_said_in_words() {
        use ValueType::{Boolean, Json, String};
        let cases = [
            (false, Boolean, served(3, Some("on"), FULL_WEIGHT), "Off for everyone"),
            (true, Boolean, served(0, Some("on"), FULL_WEIGHT), "On for everyone"),
            (true, String, served(0, Some("blue"), FULL_WEIGHT), "“blue” for everyone"),
            (true, Boolean, served(0, Some("off"), 0), "Off for everyone"),
            (true, Boolean, served(0, None, FULL_WEIGHT), "100 % of users"),
            (true, Boolean, served(0, None, 0), "0 % of users"),
            (true, Boolean, served(0, None, 25_000), "25 % of users"),
            (true, Boolean, served(0, None, 12_500), "12.5 % of users"),
            (true, Boolean, served(0, None, 5), "0.005 % of users"),
            (true, String, served(0, None, 67_000), "Split between 3 variations"),
            (true, Boolean, served(1, Some("off"), 0), "1 rule, else off"),
            (true, Json, served(2, Some("small"), 0), "2 rules, else “small”"),
            (true, Boolean, served(3, None, 10_000), "3 rules, else 10 % of users"),
        ];
        for (enabled, value_type, served, words) in cases {
            assert_eq!(serves(enabled, value_type, &served), words);
        }
    }

    #[test]
    fn nothing_is_for_everyone_where_something_comes_before() {
        let on = |rules, overrides, prerequisites, has_window| {
            let served = served(rules, Some("on"), FULL_WEIGHT);
            let served = Served { overrides, prerequisites, has_window, ..served };
            serves(true, ValueType::Boolean, &served)
        };
        assert_eq!(on(0, 1, 0, false), "1 override, else on");
        assert_eq!(on(1, 2, 0, false), "1 rule and 2 overrides, else on");
        assert_eq!(on(0, 0, 1, true), "On for everyone, with 1 prerequisite, in its time window");
        assert_eq!(on(2, 0, 2, false), "2 rules, else on, with 2 prerequisites");
    }
}
