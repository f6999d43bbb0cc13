//! What is above each part of the settings: links, so that each part has an address.

use domain::orgs::ProjectRef;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::place::address;
use crate::ui::tabs::{self, Tabs};

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    General,
    Transfer,
    Templates,
    Organization,
}

impl Tab {
    const ALL: [Self; 4] = [Self::General, Self::Transfer, Self::Templates, Self::Organization];

    const fn name(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Transfer => "Import and export",
            Self::Templates => "Templates",
            Self::Organization => "Organization",
        }
    }

    /// What the address says of it: the page, and the part.
    const fn place(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::General => ("settings", None),
            Self::Transfer => ("settings", Some("tab=transfer")),
            // A page of its own, which others lead to.
            Self::Templates => ("templates", None),
            Self::Organization => ("settings", Some("tab=organization")),
        }
    }

    /// The part that the settings' address asks for.
    pub(super) fn asked(name: Option<&str>) -> Self {
        match name {
            Some("transfer") => Self::Transfer,
            Some("organization") => Self::Organization,
            _ => Self::General,
        }
    }
}

/// The heading and the tabs. The environment that is looked at goes along.
#[component]
pub(crate) fn Head(of: ProjectRef, #[prop(into)] current: Signal<Tab>) -> impl IntoView {
    let query = use_query_map();
    let tabs = Tab::ALL.map(|tab| {
        let of = of.clone();
        let (path, part) = tab.place();
        let href = Signal::derive(move || {
            let environment = query.read().get_str("env").and_then(|key| key.parse().ok());
            let address = address(&of, path, environment.as_ref());
            match part {
                Some(part) if environment.is_some() => format!("{address}&{part}"),
                Some(part) => format!("{address}?{part}"),
                None => address,
            }
        });
        tabs::Tab { name: tab.name(), href, is_current: Signal::derive(move || current.get() == tab) }
    });
    view! {
        <h1 class="text-xl font-semibold tracking-tight">"Settings"</h1>
        <Tabs label="Settings" tabs=tabs.into() />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Tab;

    #[test]
    fn what_an_address_asks_for_is_shown() {
        for tab in [Tab::General, Tab::Transfer, Tab::Organization] {
            let (_, part) = tab.place();
            let name = part.map(|part| part.strip_prefix("tab=").unwrap());
            assert_eq!(Tab::asked(name), tab);
        }
        assert_eq!(Tab::asked(Some("nothing")), Tab::General);
    }
}
