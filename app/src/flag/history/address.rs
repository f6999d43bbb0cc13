//! What the address of the history says.

use domain::EnvironmentKey;
use domain::place::PlaceView;
use leptos_router::params::ParamsMap;

use crate::error::UiError;
use crate::flag::environment;

/// Which versions are listed, and which one is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) environment: EnvironmentKey,
    pub(super) cursor: Option<String>,
    /// The one that is looked at.
    pub(super) version: Option<i64>,
    /// The one that it is compared with; what is there now unless said.
    pub(super) against: Option<i64>,
}

impl Asked {
    /// Reads a query. A field that is empty, as a form sends it, says nothing.
    pub(super) fn read(query: &ParamsMap, place: &PlaceView) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        Ok(Self {
            environment: environment(query, place)?,
            cursor: text("cursor").map(str::to_owned),
            version: number("version", text("version"))?,
            against: number("against", text("against"))?,
        })
    }
}

fn number(name: &str, text: Option<&str>) -> Result<Option<i64>, UiError> {
    text.map(|text| domain::number(name, text)).transpose().map_err(UiError::Rejected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(number("version", None).unwrap(), None);
        assert_eq!(number("version", Some("12")).unwrap(), Some(12));
        for text in ["x", "1.5", "99999999999999999999"] {
            assert!(number("version", Some(text)).is_err(), "{text}");
        }
    }
}
