//! What the address of the list says.

use domain::flags::{FlagFilter, OwnerFilter};
use leptos_router::params::ParamsMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::UiError;

/// Which flags are listed, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) filter: FlagFilter,
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// Reads a query. A field that is empty, as a form sends it, says nothing.
    pub(super) fn read(query: &ParamsMap) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let filter = FlagFilter {
            q: text("q").map(str::to_owned),
            kind: one_of("type", text("kind"))?,
            environment: one_of("environment", text("env")).map_err(|_| missing("environment"))?,
            state: one_of("state", text("state"))?,
            tag: text("tag").map(tags).unwrap_or_default(),
            owner: text("owner")
                .map(|owner| OwnerFilter::try_from(owner.to_owned()))
                .transpose()
                .map_err(|_| refused("owner"))?,
            stale: text("stale").map(|_| true),
            archived: text("archived").is_some(),
            sort: one_of("order", text("sort"))?.unwrap_or_default(),
        };
        Ok(Self { filter, cursor: text("cursor").map(str::to_owned) })
    }

    /// Whether it asks for other flags than all that are served.
    pub(super) fn narrows(&self) -> bool {
        let all = FlagFilter {
            environment: self.filter.environment.clone(),
            sort: self.filter.sort,
            ..FlagFilter::default()
        };
        self.filter != all
    }
}

fn tags(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// One of a few, which people call so.
fn one_of<T: DeserializeOwned>(what: &str, value: Option<&str>) -> Result<Option<T>, UiError> {
    let read = |value: &str| serde_json::from_value(Value::from(value)).map_err(|_| refused(what));
    value.map(read).transpose()
}

fn refused(what: &str) -> UiError {
    UiError::Rejected(domain::Error::invalid("", format!("the address asks for an unknown {what}")))
}

fn missing(what: &str) -> UiError {
    UiError::Rejected(domain::Error::not_found(what))
}

#[cfg(test)]
mod tests {
    use domain::Sort;
    use domain::flags::State;
    use domain::ruleset::Kind;

    use super::*;

    fn read(query: &[(&'static str, &str)]) -> Result<Asked, UiError> {
        let mut map = ParamsMap::new();
        query.iter().for_each(|(name, value)| map.insert(*name, (*value).to_owned()));
        Asked::read(&map)
    }

    #[test]
    fn an_address_says_which_flags() {
        let asked = read(&[
            ("q", " pay "),
            ("kind", "combined"),
            ("env", "dev"),
            ("state", "off"),
            ("tag", "a, b"),
            ("owner", "me"),
            ("stale", "1"),
            ("sort", "-updated"),
            ("cursor", "x"),
        ]);
        let filter = FlagFilter {
            q: Some("pay".into()),
            kind: Some(Kind::Combined),
            environment: Some("dev".parse().unwrap()),
            state: Some(State::Off),
            tag: vec!["a".into(), "b".into()],
            owner: Some(OwnerFilter::Me),
            stale: Some(true),
            archived: false,
            sort: Sort::UpdatedDescending,
        };
        assert_eq!(asked.unwrap(), Asked { filter, cursor: Some("x".into()) });
    }

    #[test]
    fn what_a_form_leaves_empty_says_nothing() {
        let empty = ["q", "kind", "state", "tag", "owner", "stale", "archived", "sort", "cursor"]
            .map(|name| (name, " "));
        let asked = read(&empty).unwrap();
        assert_eq!(asked, Asked::default());
        assert!(!asked.narrows());
    }

    #[test]
    fn what_is_none_of_the_choices_is_refused() {
        for name in ["kind", "env", "state", "owner", "sort"] {
            assert!(read(&[(name, "no/pe")]).is_err(), "{name}");
        }
        let error = read(&[("sort", "weather")]).unwrap_err();
        assert_eq!(error.to_string(), "the address asks for an unknown order");
    }
}
