//! What the address of the log says.

use domain::audit::{AuditFilter, By};
use domain::{Millis, ProjectKey};
use leptos_router::params::ParamsMap;

use crate::error::UiError;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Which entries are listed, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) filter: AuditFilter,
    pub(super) cursor: Option<String>,
    /// Whether those of the whole organization are.
    pub(super) everywhere: bool,
}

impl Asked {
    /// Reads a query about a project. A field that is empty, as a form sends it, says nothing.
    pub(super) fn read(query: &ParamsMap, project: &ProjectKey) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let everywhere = text("scope") == Some("organization");
        let date =
            |name| text(name).map(|text| Millis::of_date(text).ok_or_else(|| no_day(name, text))).transpose();
        let actor = text("actor").map(|actor| By::try_from(actor.to_owned())).transpose();
        let filter = AuditFilter {
            q: text("q").map(str::to_owned),
            actor: actor.map_err(|error| refused("actor", &error.to_string()))?,
            action: text("action").map(str::to_owned),
            resource: resource(text("kind"), text("key")),
            project: (!everywhere).then(|| project.to_string()),
            // Environments of several projects may have one key.
            environment: text("environment").filter(|_| !everywhere).map(str::to_owned),
            from: date("from")?,
            // The last day is among those that are meant.
            until: date("to")?.map(|last: Millis| last.plus(DAY_MS)),
        };
        Ok(Self { filter, cursor: text("cursor").map(str::to_owned), everywhere })
    }

    /// Whether it asks for other entries than all there are.
    pub(super) fn narrows(&self) -> bool {
        self.filter != AuditFilter { project: self.filter.project.clone(), ..AuditFilter::default() }
    }
}

/// What it happened to. A key alone is a flag's.
fn resource(kind: Option<&str>, key: Option<&str>) -> Option<String> {
    match (kind, key) {
        (None, None) => None,
        (Some(kind), None) => Some(kind.to_owned()),
        (kind, Some(key)) => Some(format!("{}:{key}", kind.unwrap_or("flag"))),
    }
}

fn no_day(name: &str, text: &str) -> UiError {
    let which = if name == "from" { "first" } else { "last" };
    refused("", &format!("the {which} day, `{text}`, is no date such as 2026-01-31"))
}

fn refused(name: &str, message: &str) -> UiError {
    UiError::Rejected(domain::Error::invalid(name, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&'static str, &str)]) -> Result<Asked, UiError> {
        let mut map = ParamsMap::new();
        query.iter().for_each(|(name, value)| map.insert(*name, (*value).to_owned()));
        Asked::read(&map, &"shop".parse().unwrap())
    }

    #[test]
    fn an_address_says_which_entries() {
        let asked = read(&[
            ("q", " checkout "),
            ("actor", "system"),
            ("action", "flag."),
            ("kind", "flag"),
            ("key", " checkout-v2 "),
            ("environment", "prod"),
            ("from", "2026-01-01"),
            ("to", "2026-01-01"),
            ("cursor", "x"),
        ]);
        let filter = AuditFilter {
            q: Some("checkout".into()),
            actor: Some(By::System),
            action: Some("flag.".into()),
            resource: Some("flag:checkout-v2".into()),
            project: Some("shop".into()),
            environment: Some("prod".into()),
            from: Some(Millis(1_767_225_600_000)),
            until: Some(Millis(1_767_225_600_000 + DAY_MS)),
        };
        assert_eq!(asked.unwrap(), Asked { filter, cursor: Some("x".into()), everywhere: false });
    }

    #[test]
    fn what_is_empty_says_nothing() {
        let asked = read(
            &["q", "actor", "action", "kind", "key", "environment", "from", "to"].map(|name| (name, " ")),
        );
        assert!(!asked.unwrap().narrows());
    }

    #[test]
    fn the_whole_organization_has_no_project_and_no_environment() {
        let asked = read(&[("scope", "organization"), ("environment", "prod"), ("key", "menu")]).unwrap();
        let filter = AuditFilter { resource: Some("flag:menu".into()), ..AuditFilter::default() };
        assert_eq!(asked, Asked { filter, cursor: None, everywhere: true });
    }

    #[test]
    fn what_is_no_actor_and_no_day_is_refused() {
        for (name, value) in [("actor", "ada"), ("from", "yesterday"), ("to", "2026-13-01")] {
            assert!(read(&[(name, value)]).is_err(), "{name}");
        }
    }
}
