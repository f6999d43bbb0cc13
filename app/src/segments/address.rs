//! What the address of the list says.

use domain::segments::ListSegments;
use domain::{EnvironmentKey, Error, Sort};
use leptos_router::params::ParamsMap;
use serde_json::Value;

use crate::error::UiError;

/// Which segments are listed, and from where on.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) environment: Option<EnvironmentKey>,
    pub(super) query: ListSegments,
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// Reads a query. A field that is empty, as a form sends it, says nothing.
    pub(super) fn read(query: &ParamsMap) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let sort = |name: &str| {
            serde_json::from_value::<Sort>(Value::from(name))
                .map_err(|_| UiError::Rejected(Error::invalid("", "the address asks for an unknown order")))
        };
        Ok(Self {
            environment: text("env").map(environment).transpose()?,
            query: ListSegments {
                q: text("q").map(str::to_owned),
                sort: text("sort").map(sort).transpose()?.unwrap_or_default(),
            },
            cursor: text("cursor").map(str::to_owned),
        })
    }
}

/// The environment that an address names.
pub(super) fn environment(key: &str) -> Result<EnvironmentKey, UiError> {
    key.parse().map_err(|_| UiError::Rejected(Error::not_found("environment")))
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
    fn an_address_says_which_segments() {
        let asked = read(&[("q", " beta "), ("env", "dev"), ("sort", "-updated"), ("cursor", "x")]).unwrap();
        assert_eq!(asked.query.q.as_deref(), Some("beta"));
        assert_eq!(asked.query.sort, Sort::UpdatedDescending);
        assert_eq!(asked.environment, Some("dev".parse().unwrap()));
        assert_eq!(asked.cursor.as_deref(), Some("x"));
    }

    #[test]
    fn what_a_form_leaves_empty_says_nothing() {
        let asked = read(&["q", "env", "sort", "cursor"].map(|name| (name, " "))).unwrap();
        assert!(asked.query.q.is_none() && asked.environment.is_none() && asked.cursor.is_none());
    }

    #[test]
    fn what_is_none_of_the_choices_is_refused() {
        for name in ["env", "sort"] {
            assert!(read(&[(name, "no/pe")]).is_err(), "{name}");
        }
    }
}
