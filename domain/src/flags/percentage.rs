use engine::ruleset::FULL_WEIGHT;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part of all, as people write it: 0 to 100 with up to three decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentage(u32);

/// So many thousandths of a percent are one.
const THOUSANDTHS: u32 = 1000;

impl Percentage {
    /// Everybody.
    pub const ALL: Self = Self(FULL_WEIGHT);

    /// So many thousandths of a percent; none for more than there are.
    pub fn from_thousandths(thousandths: u32) -> Option<Self> {
        (thousandths <= FULL_WEIGHT).then_some(Self(thousandths))
    }

    /// In thousandths of a percent, as weights have it.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// What is left of all.
    #[must_use]
    pub const fn rest(self) -> Self {
        Self(FULL_WEIGHT - self.0)
    }
}

impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % THOUSANDTHS {
            0 => serializer.serialize_u32(self.0 / THOUSANDTHS),
            _ => serializer.serialize_f64(f64::from(self.0) / f64::from(THOUSANDTHS)),
        }
    }
}

impl<'de> Deserialize<'de> for Percentage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        from_number(number).ok_or_else(|| D::Error::custom("0 to 100 with up to three decimals"))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within the bounds that are checked before"
)]
fn from_number(number: f64) -> Option<Percentage> {
    if !(0.0..=100.0).contains(&number) {
        return None;
    }
    let exact = number * f64::from(THOUSANDTHS);
    let whole = exact.round();
    // Decimals are not exact in binary.
    ((exact - whole).abs() < 1e-6).then_some(Percentage(whole as u32))
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, to_string};

    use super::*;

    #[test]
    fn up_to_three_decimals_are_taken_and_written_as_they_were() {
        for text in ["0", "100", "25", "33.333", "0.001", "99.999", "12.5", "64.1"] {
            let read: Percentage = from_str(text).unwrap();
            assert_eq!(to_string(&read).unwrap(), text);
        }
        assert_eq!(from_str::<Percentage>("33.333").unwrap().thousandths(), 33_333);
        assert_eq!(from_str::<Percentage>("25.0").unwrap().rest().thousandths(), 75_000);
        // Each one, so that none is lost to binary.
        for thousandths in 0..=FULL_WEIGHT {
            let written = to_string(&Percentage::from_thousandths(thousandths).unwrap()).unwrap();
            assert_eq!(from_str::<Percentage>(&written).unwrap().thousandths(), thousandths);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["-1", "-0.001", "100.001", "101", "0.0001", "33.3333", "1e9", "\"25\"", "null", "true"] {
            assert!(from_str::<Percentage>(text).is_err(), "{text}");
        }
        assert_eq!(Percentage::from_thousandths(FULL_WEIGHT + 1), None);
    }
}
