//! `before`, `after`: points in time.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::number::Number;
use crate::value::Value;

/// A point in time in whole milliseconds since 1970 in UTC; what is finer is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    /// A date and time as RFC 3339 writes it, or epoch milliseconds as a number or as numeric text.
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Number(number) => number.floor().map(Self),
            Value::Text(text) => match Number::parse(text) {
                Some(number) => number.floor().map(Self),
                None => Self::parse(text),
            },
            _ => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        // The library also reads a blank for the `T`, and a second 60 where one may be inserted.
        let bytes = text.as_bytes();
        if !matches!(bytes.get(10), Some(b'T' | b't')) || bytes.get(17..19) == Some(b"60") {
            return None;
        }
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(Self)
    }
}
