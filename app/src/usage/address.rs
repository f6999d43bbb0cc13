//! What the address of the page says.

use domain::usage::{UsageBy, UsageRange};
use domain::{EnvironmentKey, Error, FlagKey};
use leptos_router::params::ParamsMap;

use crate::error::UiError;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) range: UsageRange,
    pub(super) by: UsageBy,
    pub(super) environment: Option<EnvironmentKey>,
    pub(super) flag: Option<FlagKey>,
}

impl Asked {
    /// Reads a query. What it leaves open is told apart by what there is more than one of.
    pub(super) fn read(query: &ParamsMap) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let range = text("range").map(|name| {
            UsageRange::from_name(name).ok_or_else(|| {
                refused(&format!("`{name}` is no range: choose 24 hours, 7, 30 or 90 days, or 12 months"))
            })
        });
        let environment = text("environment").map(|key| {
            key.parse::<EnvironmentKey>().map_err(|_| UiError::Rejected(Error::not_found("environment")))
        });
        let flag = text("flag")
            .map(|key| key.parse::<FlagKey>().map_err(|_| UiError::Rejected(Error::not_found("flag"))));
        let (environment, flag) = (environment.transpose()?, flag.transpose()?);
        let usual = match (&environment, &flag) {
            (None, _) => UsageBy::Environment,
            (Some(_), None) => UsageBy::Flag,
            (Some(_), Some(_)) => UsageBy::Variation,
        };
        let by = match text("by") {
            None => usual,
            Some("environment") => UsageBy::Environment,
            Some("flag") => UsageBy::Flag,
            Some("reason") => UsageBy::Reason,
            // Variations are a flag's.
            Some("variation") if flag.is_some() => UsageBy::Variation,
            Some("variation") => usual,
            Some(name) => {
                let text = format!("`{name}` groups nothing: choose environment, flag, variation or reason");
                return Err(refused(&text));
            }
        };
        Ok(Self { range: range.transpose()?.unwrap_or_default(), by, environment, flag })
    }
}

fn refused(message: &str) -> UiError {
    UiError::Rejected(Error::invalid("", message))
}

/// A grouping as the address says it.
pub(super) const fn name(by: UsageBy) -> &'static str {
    match by {
        UsageBy::Project => "project",
        UsageBy::Environment => "environment",
        UsageBy::Flag => "flag",
        UsageBy::Variation => "variation",
        UsageBy::Reason => "reason",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&'static str, &str)]) -> Result<Asked, UiError> {
        let mut map = ParamsMap::new();
        query.iter().for_each(|(name, value)| map.insert(*name, (*value).to_owned()));
        Asked::read(&map)
    }

    #[test]
    fn an_address_says_what_is_looked_at() {
        let asked = read(&[("range", "24h"), ("by", "reason"), ("environment", "prod"), ("flag", "menu")]);
        let expected = Asked {
            range: UsageRange::Day,
            by: UsageBy::Reason,
            environment: Some("prod".parse().unwrap()),
            flag: Some("menu".parse().unwrap()),
        };
        assert_eq!(asked.unwrap(), expected);
    }

    #[test]
    fn what_is_left_open_is_told_apart_by_what_there_is_more_of() {
        for (query, by) in [
            (&[][..], UsageBy::Environment),
            (&[("by", " ")], UsageBy::Environment),
            (&[("environment", "prod")], UsageBy::Flag),
            (&[("flag", "menu")], UsageBy::Environment),
            (&[("flag", "menu"), ("environment", "prod")], UsageBy::Variation),
            (&[("by", "variation")], UsageBy::Environment),
        ] {
            assert_eq!(read(query).unwrap().by, by, "{query:?}");
        }
    }

    #[test]
    fn what_is_none_of_the_choices_is_refused() {
        for query in [("range", "1h"), ("by", "weather"), ("environment", "no/pe"), ("flag", "/")] {
            assert!(read(&[query]).is_err(), "{query:?}");
        }
        let error = read(&[("by", "weather")]).unwrap_err().to_string();
        assert!(error.starts_with("“weather” groups nothing: choose environment"), "{error}");
    }
}
