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
}
