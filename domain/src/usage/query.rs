use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::{EnvironmentKey, Error, FlagKey, Millis, Result};

/// How many points a series has at most.
pub const MOST_POINTS: i64 = 1000;

/// How many series there are at most: those with the highest counts.
pub const MOST_SERIES: usize = 50;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Which evaluations are counted, and how they are told apart. Its fields are those of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct UsageFilter {
    /// From the hour, the day or the month on that this time is in.
    #[validate(custom(function = is_time))]
    pub from: Option<Millis>,
    /// In hours that begin before this time; now unless given.
    #[validate(custom(function = is_time))]
    pub to: Option<Millis>,
    /// How long each point lasts.
    pub step: Step,
    /// What the series are told apart by; one series of all unless given.
    pub by: Option<UsageBy>,
    /// In this environment of the project.
    pub environment: Option<EnvironmentKey>,
    /// Of this flag of the project.
    pub flag: Option<FlagKey>,
}

/// How long a point of a series lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = UsageStep))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// An hour.
    #[default]
    Hour,
    /// A day, in UTC.
    Day,
    /// A month, in UTC.
    Month,
}

/// What series are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UsageBy {
    /// The project.
    Project,
    /// The environment.
    Environment,
    /// The flag.
    Flag,
    /// The variation that was served.
    Variation,
    /// Why it was.
    Reason,
}

impl Step {
    /// When the point begins that a time is in.
    #[must_use]
    pub const fn start(self, time: Millis) -> Millis {
        match self {
            Self::Hour => time.hour(),
            Self::Day => time.day(),
            Self::Month => time.month(),
        }
    }

    /// How long a point lasts at least.
    const fn length(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
            Self::Month => 28 * DAY_MS,
        }
    }

    /// How much is looked at unless it is said: a day, a month, as long as hours are kept.
    const fn usual(self) -> i64 {
        match self {
            Self::Hour => DAY_MS,
            Self::Day => 30 * DAY_MS,
            Self::Month => 90 * DAY_MS,
        }
    }
}

impl UsageFilter {
    /// Checks what depends on more than one field, and says which time is looked at: from the one on, before the other.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field.
    pub fn range(&self, now: Millis) -> Result<(Millis, Millis)> {
        crate::validate(self)?;
        if self.by == Some(UsageBy::Variation) && self.flag.is_none() {
            return Err(Error::invalid(
                "flag",
                "is needed with `by=variation`: others have variations of their own",
            ));
        }
        let to = self.to.unwrap_or(now);
        let from = self.step.start(self.from.unwrap_or(to.plus(-self.step.usual())));
        if from >= to || self.from.is_some_and(|from| from > to) {
            return Err(Error::invalid("to", "must be after `from`"));
        }
        if (to.0 - from.0) / self.step.length() > MOST_POINTS {
            let message = format!("at most {MOST_POINTS} points: ask for longer steps, or for less time");
            return Err(Error::invalid("from", message));
        }
        Ok((from, to))
    }
}

/// A time that there is a year with four digits for.
fn is_time(time: &Millis) -> std::result::Result<(), ValidationError> {
    match (0..253_402_300_800_000).contains(&time.0) {
        true => Ok(()),
        false => Err(ValidationError::new("time").with_message("a time from 1970 to 9999".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_767_225_600_000 + 5 * HOUR_MS + 1);

    #[test]
    fn a_range_begins_with_a_step() {
        let range =
            |step, from, to| UsageFilter { step, from, to, ..UsageFilter::default() }.range(NOW).unwrap();
        let start = Millis(1_767_225_600_000);
        assert_eq!(range(Step::Hour, None, None), (NOW.plus(-DAY_MS).hour(), NOW));
        assert_eq!(range(Step::Day, Some(NOW), None), (start, NOW));
        assert_eq!(range(Step::Month, Some(NOW), Some(NOW.plus(1))), (start, NOW.plus(1)));
        assert_eq!(range(Step::Month, Some(start.plus(-1)), None).0, start.plus(-31 * DAY_MS));
    }

    #[test]
    fn a_range_has_bounds() {
        let path = |step, from: i64, to: i64| {
            let filter = UsageFilter {
                step,
                from: Some(Millis(from)),
                to: Some(Millis(to)),
                ..UsageFilter::default()
            };
            match filter.range(NOW) {
                Err(Error::Invalid { details }) => details[0].path.clone(),
                other => format!("{other:?}"),
            }
        };
        for step in [Step::Hour, Step::Day, Step::Month] {
            assert_eq!(path(step, 0, 0), "to", "{step:?}");
            assert_eq!(path(step, 0, (MOST_POINTS + 1) * step.length()), "from", "{step:?}");
            assert!(path(step, 0, MOST_POINTS * step.length()).starts_with("Ok"), "{step:?}");
        }
        assert_eq!(path(Step::Month, 2, 1), "to");
        assert_eq!(path(Step::Hour, i64::MIN, 1), "from");
        assert_eq!(path(Step::Hour, 1, i64::MAX), "to");
    }
}
