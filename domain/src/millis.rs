//! Points in time.

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// An integer in the database too, because texts and the databases' own types sort and round differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "openapi",
    schema(description = "A point in time: milliseconds since 1970-01-01T00:00:00Z.")
)]
#[cfg_attr(feature = "openapi", schema(examples(1_760_000_000_000_i64)))]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The start of the hour that this time is in.
    #[must_use]
    pub const fn hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(3_600_000))
    }

    /// The start of the day that this time is in, in UTC.
    #[must_use]
    pub const fn day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY_MS))
    }

    /// The start of the month that this time is in, in UTC.
    #[must_use]
    pub const fn month(self) -> Self {
        let days = self.0.div_euclid(DAY_MS);
        Self((days - (date(days).2 - 1)) * DAY_MS)
    }

    /// The year and the month that this time is in, in UTC, as in `2026-01`.
    pub fn year_and_month(self) -> String {
        let (year, month, _) = date(self.0.div_euclid(DAY_MS));
        format!("{year:04}-{month:02}")
    }

    /// The start of a day in UTC, written as in `2026-01-31`; none where there is no such day. The years are those of four
    /// digits.
    pub fn of_date(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').zip([4, 2, 2]).map(|(part, length)| {
            let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| is_number)
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let days = days_until(year, month, day);
        (date(days) == (year, month, day)).then_some(Self(days * DAY_MS))
    }

    /// This time and so many milliseconds.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

const DAY_MS: i64 = 86_400_000;

/// Year, month and day of so many days since 1970-01-01, in the Gregorian calendar: Howard Hinnant, chrono-compatible
/// low-level date algorithms (`civil_from_days`). Years begin in March there, so that leap days are their last.
const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, day)
}

/// So many days since 1970-01-01 is a day: the way back (`days_from_civil`). What is no day of the calendar is another one.
const fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_begin_at_midnight_utc() {
        // Days since 1970 of the first of a month, and what it is called; counted by another program.
        for (first, name, length) in [
            (0, "1970-01", 31),
            (-31, "1969-12", 31),
            (10_957, "2000-01", 31),
            (10_988, "2000-02", 29),
            (11_323, "2001-01", 31),
            (11_354, "2001-02", 28),
            (19_754, "2024-02", 29),
            (20_454, "2026-01", 31),
            (20_788, "2026-12", 31),
            (47_541, "2100-03", 31),
        ] {
            let start = Millis(first * DAY_MS);
            for time in [start, start.plus(1), start.plus(length * DAY_MS - 1)] {
                assert_eq!((time.month(), time.year_and_month().as_str()), (start, name), "{time:?}");
            }
            assert_ne!(start.plus(-1).month(), start, "{name}");
            assert_ne!(start.plus(length * DAY_MS).month(), start, "{name}");
            assert_eq!(start.plus(DAY_MS - 1).day(), start, "{name}");
            assert_eq!(start.plus(DAY_MS).day(), start.plus(DAY_MS), "{name}");
        }
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for (text, days) in [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2000-02-29", Some(11_016)),
            ("2024-12-31", Some(20_088)),
            ("2026-01-31", Some(20_484)),
            ("9999-12-31", Some(2_932_896)),
            ("2001-02-29", None),
            ("2026-00-10", None),
            ("2026-13-01", None),
            ("2026-04-31", None),
            ("2026-1-31", None),
            ("+026-01-31", None),
            ("2026-01-31T00:00", None),
            ("31.01.2026", None),
            ("", None),
        ] {
            assert_eq!(Millis::of_date(text), days.map(|days| Millis(days * DAY_MS)), "{text}");
        }
    }
}
