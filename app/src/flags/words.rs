//! Configurations in words.

use domain::flags::{FlagRow, Served};
use engine::ruleset::{FULL_WEIGHT, Kind, ValueType};

/// What a flag serves now, in one line.
pub(super) fn serves(enabled: bool, served: &Served) -> String {
    if !enabled {
        return "Off for everyone".to_owned();
    }
    let rest = match (&served.variation, served.share) {
        (Some(_), 0) => "off".to_owned(),
        (Some(variation), _) if variation == "on" => "on".to_owned(),
        (Some(variation), _) => format!("“{variation}”"),
        (None, share) if share >= FULL_WEIGHT => "a split".to_owned(),
        (None, share) => percent(share),
    };
    match (served.rules, served.share, served.variation.is_some()) {
        (0, 0, _) => "Off for everyone".to_owned(),
        (0, FULL_WEIGHT, true) => format!("{} for everyone", capital(&rest)),
        (0, FULL_WEIGHT, false) => "Split between variations".to_owned(),
        (0, _, _) => format!("{rest} of users"),
        (1, ..) => format!("1 rule, else {rest}"),
        (rules, ..) => format!("{rules} rules, else {rest}"),
    }
}

/// The kind and, where it says more, the value's type.
pub(super) fn kind(row: &FlagRow) -> &'static str {
    match (row.kind, row.value_type) {
        (Kind::Boolean, _) => "boolean",
        (Kind::Percentage, _) => "percentage",
        (Kind::Segment, _) => "segment",
        (Kind::Combined, _) => "combined",
        (Kind::Advanced, ValueType::Boolean) => "advanced",
        (Kind::Advanced, ValueType::String) => "text",
        (Kind::Advanced, ValueType::Number) => "number",
        (Kind::Advanced, ValueType::Json) => "JSON",
    }
}

/// A weight as a percentage, with as many decimals as it needs.
fn percent(weight: u32) -> String {
    let per = FULL_WEIGHT / 100;
    let (whole, rest) = (weight / per, weight % per);
    match rest {
        0 => format!("{whole} %"),
        rest => format!("{whole}.{} %", format!("{rest:03}").trim_end_matches('0')),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(rules: u32, variation: Option<&str>, share: u32) -> Served {
        Served { rules, overrides: 0, variation: variation.map(Into::into), share }
    }

    #[test]
    fn a_configuration_is_said_in_words() {
        let cases = [
            (false, served(3, Some("on"), FULL_WEIGHT), "Off for everyone"),
            (true, served(0, Some("on"), FULL_WEIGHT), "On for everyone"),
            (true, served(0, Some("blue"), FULL_WEIGHT), "“blue” for everyone"),
            (true, served(0, Some("off"), 0), "Off for everyone"),
            (true, served(0, None, 25_000), "25 % of users"),
            (true, served(0, None, 12_500), "12.5 % of users"),
            (true, served(0, None, 5), "0.005 % of users"),
            (true, served(0, None, FULL_WEIGHT), "Split between variations"),
            (true, served(1, Some("off"), 0), "1 rule, else off"),
            (true, served(3, None, 10_000), "3 rules, else 10 %"),
        ];
        for (enabled, served, words) in cases {
            assert_eq!(serves(enabled, &served), words);
        }
    }
}
