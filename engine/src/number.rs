//! Numbers as rules see them.

use std::cmp::Ordering;
use std::fmt::Write;

/// A number in one canonical form, so that 1, 1.0 and 1e0 are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number. Literals beyond 128 bits and those with a fraction or an exponent go through a 64-bit float.
    Int(i128),
    /// A finite number with a fraction.
    Float(f64),
}

impl Number {
    /// Reads a decimal number. None for anything else, and for what is beyond a 64-bit float.
    pub fn parse(text: &str) -> Option<Self> {
        // A JSON number, except that zeros may lead. Rust also reads "inf", "nan", "+1", ".5" and "1.".
        let mut digits = text.strip_prefix('-').unwrap_or(text).split('.');
        if !digits.all(|part| part.starts_with(|first: char| first.is_ascii_digit())) {
            return None;
        }
        if let Ok(int) = text.parse() {
            return Some(Self::Int(int));
        }
        let float: f64 = text.parse().ok()?;
        float.is_finite().then(|| Self::from_float(float))
    }

    pub(crate) fn from_json(number: &serde_json::Number) -> Option<Self> {
        match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Some(Self::Int(int.into())),
            (None, Some(int)) => Some(Self::Int(int.into())),
            (None, None) => number.as_f64().filter(|float| float.is_finite()).map(Self::from_float),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "bounded by the check before it")]
    fn from_float(float: f64) -> Self {
        if float.fract() == 0.0 && float.abs() < 1e38 { Self::Int(float as i128) } else { Self::Float(float) }
    }

    /// The whole number at or below, if 64 bits hold it.
    pub(crate) fn floor(self) -> Option<i64> {
        match self {
            Self::Int(int) => int.try_into().ok(),
            Self::Float(float) => match Self::from_float(float.floor()) {
                Self::Int(int) => int.try_into().ok(),
                Self::Float(_) => None,
            },
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only where one side is a float already")]
    fn as_float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    /// Its text: a whole number's decimal digits, or the shortest decimal without exponent that reads back the same.
    pub(crate) fn with_text<R>(self, f: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Int(int) => f(itoa::Buffer::new().format(int)),
            Self::Float(float) => {
                let mut digits = Digits { bytes: [0; LONGEST_FLOAT], length: 0 };
                // It has room for every float.
                let _ = write!(digits, "{float}");
                let written = digits.bytes.get(..digits.length).unwrap_or_default();
                f(std::str::from_utf8(written).unwrap_or_default())
            }
        }
    }
}

/// The characters of the longest float without exponent: a sign, `0.`, 323 zeros and 17 digits.
const LONGEST_FLOAT: usize = 343;

/// Digits on the stack.
struct Digits {
    bytes: [u8; LONGEST_FLOAT],
    length: usize,
}

impl Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.partial_cmp(b),
            (a, b) => a.as_float().partial_cmp(&b.as_float()),
        }
    }
}
