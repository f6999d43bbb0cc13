use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::check::no_nul;
use crate::{Error, Millis, Result};

/// What an application has evaluated itself since it reported last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = UsageReport, examples(json!({
    "id": "0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84",
    "from": 1_760_000_000_000_i64, "to": 1_760_000_060_000_i64,
    "evaluations": [
        {"flag": "checkout-v2", "variation": "on", "reason": "boolean", "version": 2, "count": 1250},
        {"flag": "new-menu", "variation": null, "reason": "flag_not_found", "count": 3}
    ],
    "attributes": ["plan", "org.size"]
}))))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What was evaluated, and how often.
    #[validate(length(max = 1000, message = "at most 1000 entries"), nested)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub evaluations: Vec<Reported>,
    /// Since when.
    #[serde(default)]
    pub from: Option<Millis>,
    /// Until when. Evaluations count in the hour of this time, unless they began longer than a day ago: then, and without it,
    /// in the hour in which they are reported.
    #[serde(default)]
    pub to: Option<Millis>,
    /// What attributes of contexts are called, for whoever writes rules: paths with dots, no values.
    #[serde(default)]
    #[validate(length(max = 100, message = "at most 100 names"), custom(function = are_names))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100, examples(json!(["plan", "org.size"]))))]
    pub attributes: Vec<String>,
    /// What tells this report from others: where it is sent again, it counts once.
    #[serde(default)]
    #[validate(custom(function = is_id))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 64, examples("0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84"))
    )]
    pub id: Option<String>,
}

/// How often a variation of a flag was served for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ReportedEvaluations))]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// The flag's key. One that is not there counts among all that are not.
    #[validate(length(min = 1, max = 200, message = "1 to 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, examples("checkout-v2")))]
    pub flag: String,
    /// The variation that was served; null, and one that the flag does not have any more, where nothing was.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200, examples("on")))]
    pub variation: Option<String>,
    /// Why, as evaluation says it. One that is not known here counts as none.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200, examples("boolean")))]
    pub reason: Option<String>,
    /// The flag's version in the environment.
    #[serde(default)]
    #[validate(range(min = 1, message = "from 1"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, examples(2)))]
    pub version: Option<i64>,
    /// How often.
    #[validate(range(min = 1, max = 1_000_000_000, message = "1 to 1000000000"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000_000, examples(1250)))]
    pub count: u64,
}

impl Report {
    /// Checks what depends on more than one field.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field.
    pub fn check(&self) -> Result<()> {
        match (self.from, self.to) {
            (Some(_), None) => Err(Error::invalid("to", "is needed with `from`")),
            (Some(from), Some(to)) if from > to => Err(Error::invalid("to", "is before `from`")),
            _ => Ok(()),
        }
    }

    /// When it was evaluated last, in the clock of whoever asks.
    #[must_use]
    pub fn at(&self, now: Millis) -> Millis {
        const DAY_MS: i64 = 86_400_000;
        match self.to {
            Some(to) if self.from.unwrap_or(to) >= now.plus(-DAY_MS) => to.min(now),
            _ => now,
        }
    }
}

fn are_names(names: &[String]) -> std::result::Result<(), ValidationError> {
    match names.iter().all(|name| (1..=100).contains(&name.len())) {
        true => Ok(()),
        false => Err(ValidationError::new("name").with_message("names of 1 to 100 bytes".into())),
    }
}

fn is_id(id: &str) -> std::result::Result<(), ValidationError> {
    match (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(ValidationError::new("id").with_message("1 to 64 visible characters".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_in_the_hour_in_which_it_was_evaluated_unless_that_is_long_ago() {
        let (now, hour) = (Millis(1_760_000_000_000), 3_600_000);
        let at = |from: Option<i64>, to: Option<i64>| {
            let time = |ago: Option<i64>| ago.map(|hours| now.plus(-hours * hour));
            let (from, to) = (time(from), time(to));
            let report = Report { evaluations: Vec::new(), from, to, attributes: Vec::new(), id: None };
            (now.0 - report.at(now).0) / hour
        };
        assert_eq!(at(None, None), 0);
        assert_eq!((at(None, Some(3)), at(Some(4), Some(3)), at(Some(24), Some(23))), (3, 3, 23));
        assert_eq!((at(Some(25), Some(1)), at(None, Some(25))), (0, 0));
        // A clock that is ahead.
        assert_eq!((at(None, Some(-5)), at(Some(1), Some(-5)), at(Some(-5), Some(-6))), (0, 0, 0));
    }
}
