//! What a flag's page consists of: links, so that each tab has an address.

use domain::FlagKey;
use domain::orgs::ProjectRef;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::place::address;
use crate::ui::tabs;

/// A tab of a flag's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Targeting,
    Insights,
    History,
    Code,
    Settings,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Targeting, Self::Insights, Self::History, Self::Code, Self::Settings];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Targeting => "Targeting",
            Self::Insights => "Insights",
            Self::History => "History",
            Self::Code => "Code",
            Self::Settings => "Settings",
        }
    }

    /// Its address below the project's.
    pub(super) fn path(self, key: &FlagKey) -> String {
        match self {
            Self::Targeting => format!("flags/{key}"),
            Self::Insights => format!("flags/{key}/insights"),
            Self::History => format!("flags/{key}/history"),
            Self::Code => format!("flags/{key}/code"),
            Self::Settings => format!("flags/{key}/settings"),
        }
    }
}

/// The bar of tabs. The environment that is looked at goes along.
#[component]
pub(super) fn Tabs(of: ProjectRef, key: FlagKey, current: Tab) -> impl IntoView {
    let query = use_query_map();
    let tabs = Tab::ALL.map(|tab| {
        let (of, path) = (of.clone(), tab.path(&key));
        let href = Signal::derive(move || {
            let environment = query.read().get_str("env").and_then(|key| key.parse().ok());
            address(&of, &path, environment.as_ref())
        });
        tabs::Tab { name: tab.name(), href, is_current: Signal::stored(tab == current) }
    });
    view! { <tabs::Tabs label="Flag" tabs=tabs.into() /> }
}
