//! Times as people read them. In UTC, so that the server and the browser write the same.

use domain::Millis;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Such as "2026-01-31 09:05 UTC".
pub(crate) fn exact(at: Millis) -> String {
    let minutes = at.0.rem_euclid(DAY_MS) / 60_000;
    format!("{} {:02}:{:02} UTC", date(at), minutes / 60, minutes % 60)
}

/// Such as "2026-01-31". Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`.
pub(crate) fn date(at: Millis) -> String {
    let days = at.0.div_euclid(DAY_MS) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// As a field for dates and times holds it, such as "2026-01-31T09:05".
pub(crate) fn field(at: Millis) -> String {
    let minutes = at.0.rem_euclid(DAY_MS) / 60_000;
    format!("{}T{:02}:{:02}", date(at), minutes / 60, minutes % 60)
}

/// Reads a time in UTC as people write it: a date, and a time of day after a space or a `T`, to the minute or finer. Also what
/// [`exact`] and [`field`] say, and what other programs write for machines.
pub(crate) fn parse_utc(text: &str) -> Option<Millis> {
    let text = text.trim().trim_end_matches("UTC").trim_end_matches(['Z', 'z']).trim_end();
    let (date, time) = text.split_once([' ', 'T', 't']).unwrap_or((text, "00:00"));
    let (time, fraction) = time.trim().split_once('.').unwrap_or((time.trim(), "0"));
    let mut parts = time.splitn(3, ':').map(|part| number(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let millis = number(&format!("{fraction:0<3}").chars().take(3).collect::<String>(), 3)?;
    let is_time = hour < 24 && minute < 60 && second < 60;
    let day = Millis::of_date(date).filter(|_| is_time)?;
    Some(day.plus(hour * 3_600_000 + minute * 60_000 + second * 1000 + millis))
}

/// A number of so many digits at most.
fn number(text: &str, most: usize) -> Option<i64> {
    let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// How long ago something was, such as "3 min ago".
pub(crate) fn ago(now: Millis, at: Millis) -> String {
    const UNITS: [(i64, &str); 4] = [(DAY_MS, "day"), (3_600_000, "hour"), (60_000, "min"), (1000, "s")];
    let passed = now.0.saturating_sub(at.0);
    let unit = UNITS.into_iter().find(|(length, _)| passed >= *length);
    match unit {
        // Clocks of several nodes need not agree to the second.
        None => "just now".to_owned(),
        Some((length, name)) => {
            let count = passed / length;
            let s = if count > 1 && matches!(name, "day" | "hour") { "s" } else { "" };
            format!("{count} {name}{s} ago")
        }
    }
}

/// How long it takes until something is, such as "in 3 hours". What is less than a whole unit away is said in smaller
/// ones. Days are rounded: what was just given seven of them ends in seven.
pub(crate) fn until(now: Millis, at: Millis) -> String {
    const UNITS: [(i64, &str); 4] = [(DAY_MS, "day"), (3_600_000, "hour"), (60_000, "min"), (1000, "s")];
    let left = at.0.saturating_sub(now.0);
    match UNITS.into_iter().find(|(length, _)| left >= *length) {
        None => "now".to_owned(),
        Some((length, name)) => {
            let half = if name == "day" { length / 2 } else { 0 };
            let count = left.saturating_add(half) / length;
            let s = if count > 1 && matches!(name, "day" | "hour") { "s" } else { "" };
            format!("in {count} {name}{s}")
        }
    }
}

/// A number with its digits in groups of three, by narrow spaces that do not break.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (at, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (-1, "1969-12-31 23:59 UTC"),
            (951_782_400_000, "2000-02-29 00:00 UTC"),
            (1_767_225_599_999, "2025-12-31 23:59 UTC"),
            (1_767_225_600_000, "2026-01-01 00:00 UTC"),
        ] {
            assert_eq!(exact(Millis(at)), text);
        }
    }

    #[test]
    fn fields_hold_times() {
        for text in ["1970-01-01T00:00", "2000-02-29T23:59", "2026-11-22T04:41", "9999-12-31T00:00"] {
            assert_eq!(field(parse_utc(text).unwrap()), text);
        }
        for text in ["", "2026-13-01T00:00", "2026-01-01T24:00", "x-1-1T0:0", "-1-1-1T0:0"] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
    }

    #[test]
    fn times_that_have_passed_are_said_roughly() {
        for (passed, text) in [
            (-5, "just now"),
            (999, "just now"),
            (1000, "1 s ago"),
            (59_999, "59 s ago"),
            (60_000, "1 min ago"),
            (3_600_000, "1 hour ago"),
            (2 * 3_600_000, "2 hours ago"),
            (DAY_MS, "1 day ago"),
            (40 * DAY_MS, "40 days ago"),
        ] {
            assert_eq!(ago(Millis(passed), Millis(0)), text);
        }
    }

    #[test]
    fn times_to_come_are_said_roughly() {
        for (left, text) in [
            (-1, "now"),
            (999, "now"),
            (1000, "in 1 s"),
            (3_600_000, "in 1 hour"),
            (DAY_MS - 1, "in 23 hours"),
            (DAY_MS, "in 1 day"),
            (7 * DAY_MS - 20_000, "in 7 days"),
            (30 * DAY_MS, "in 30 days"),
        ] {
            assert_eq!(until(Millis(0), Millis(left)), text);
        }
    }

    #[test]
    fn long_numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1 000"), (12_345_678, "12 345 678")] {
            assert_eq!(grouped(number), text.replace(' ', "\u{202F}"));
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, at) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29 00:00 UTC", Some(951_782_400_000)),
            ("2026-01-31T09:05:07.25Z", Some(1_769_850_307_250)),
            (" 2026-01-31 9:05 ", Some(1_769_850_300_000)),
            ("2026-02-30 00:00", None),
            ("2026-13-01", None),
            ("2026-01-31 24:00", None),
            ("2026-01-31 09:05+01:00", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse_utc(text), at.map(Millis), "{text}");
        }
    }
}
