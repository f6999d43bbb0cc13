//! Configurations in words.

use domain::flags::Served;
use domain::ruleset::{FULL_WEIGHT, Kind, ValueType};

use crate::ui::capital;

/// What a flag serves now, in one line.
pub(crate) fn serves(enabled: bool, value_type: ValueType, served: &Served) -> String {
    if !enabled {
        return "Off for everyone".to_owned();
    }
    match served.rules {
        0 => match fallthrough(value_type, served) {
            (part, true) => capital(&part),
            (whole, false) => format!("{} for everyone", capital(&whole)),
        },
        1 => format!("1 rule, else {}", fallthrough(value_type, served).0),
        rules => format!("{rules} rules, else {}", fallthrough(value_type, served).0),
    }
}

/// What is served where no rule matches, and whether that says already to whom.
fn fallthrough(value_type: ValueType, served: &Served) -> (String, bool) {
    match &served.variation {
        Some(_) if value_type == ValueType::Boolean && served.share == 0 => ("off".to_owned(), false),
        Some(_) if value_type == ValueType::Boolean => ("on".to_owned(), false),
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
    use super::*;

    fn served(rules: u32, variation: Option<&str>, share: u32) -> Served {
        Served { rules, overrides: 0, variation: variation.map(Into::into), share, split: 3 }
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
}
