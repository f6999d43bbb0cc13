//! The theme: the system's, unless the person chose one. A cookie keeps it, so that the server renders it right away.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use icondata_core::Icon as Drawing;

use super::icon::Icon;

/// How long the choice is kept: a year, in seconds.
const MAX_AGE: u32 = 365 * 24 * 60 * 60;

/// What the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server reads the cookie"))]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The value of `data-theme`; none leaves it to the system.
    pub(crate) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            theme => Some(theme.name()),
        }
    }

    fn icon(self) -> Drawing {
        match self {
            Self::System => icondata_lu::LuMonitor,
            Self::Light => icondata_lu::LuSun,
            Self::Dark => icondata_lu::LuMoon,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Shows the theme and keeps it. In the browser only.
    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self.attribute() {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
        super::set_cookie(&format!("theme={}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax", self.name()));
    }
}

/// Makes the theme known to everything below: once, because only the first page brings it from the server.
pub(crate) fn provide() {
    #[cfg(feature = "ssr")]
    let on_server = crate::server::theme;
    #[cfg(not(feature = "ssr"))]
    let on_server = Theme::default;
    provide_context(RwSignal::new(SharedValue::new(on_server).into_inner()));
}

/// Goes through the themes: system, light, dark.
#[component]
pub(crate) fn ThemeButton() -> impl IntoView {
    let theme = use_context::<RwSignal<Theme>>().unwrap_or_default();
    let change = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    let label = move || format!("Theme: {}", theme.get().name());
    view! {
        <button type="button" class="button w-8 shrink-0 justify-center px-0" aria-label=label title=label on:click=change>
            <Icon of=Signal::derive(move || theme.get().icon()) />
        </button>
    }
}
