//! What is said where a flag was not evaluated.

use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, FlagKey, Millis};
use leptos::prelude::*;

use crate::place::address;
use crate::ui::icon::Icon;
use crate::ui::time::ago;

#[component]
pub(super) fn Nothing(
    of: ProjectRef,
    key: FlagKey,
    environment: EnvironmentKey,
    /// When it was evaluated here last, before the time that is looked at.
    last: Option<Millis>,
    now: Millis,
    /// Whether it was in other environments.
    elsewhere: bool,
    /// Whether it is served nowhere.
    is_archived: bool,
) -> impl IntoView {
    let title = match last {
        None if is_archived => format!("Not evaluated in {environment}"),
        Some(_) => format!("Not evaluated in {environment} in this time"),
        None => format!("Not evaluated in {environment} yet"),
    };
    let text = match (last, elsewhere) {
        (Some(at), _) if is_archived => format!("It is archived, and no environment serves it. The last time was {}.", ago(now, at)),
        (None, _) if is_archived => "It is archived, and no environment serves it.".to_owned(),
        (Some(at), _) => format!("The last time was {}. Look at more time, or see whether the code is still there.", ago(now, at)),
        (None, true) => "Other environments evaluate it. Here it takes an API key of this environment, and the same code.".to_owned(),
        (None, false) => "Once an application asks for it, that is counted here within seconds. It takes an API key and a few lines.".to_owned(),
    };
    let code = address(&of, &format!("flags/{key}/code"), Some(&environment));
    let start = address(&of, "quickstart", Some(&environment));
    let ways = (!is_archived).then(|| {
        view! {
            <div class="mt-6 flex flex-wrap justify-center gap-2">
                <a class="button button-primary" href=code>
                    <Icon of=icondata_lu::LuCode />
                    "See the code"
                </a>
                <a class="button" href=start>"Quickstart"</a>
            </div>
        }
    });
    view! {
        <div class="px-2 py-12 text-center">
            <svg class="mx-auto h-16 w-28" viewBox="0 0 112 64" aria-hidden="true">
                <path class="fill-none stroke-line" d="M4 60 H108" stroke-width="2"></path>
                <path class="fill-none stroke-edge" d="M8 48 C28 48 32 36 48 36 S72 20 88 16" stroke-width="2" stroke-dasharray="4 4"></path>
                <circle class="fill-accent" cx="94" cy="14" r="6"></circle>
                <circle class="fill-surface stroke-edge" cx="8" cy="48" r="4"></circle>
                <circle class="fill-surface stroke-edge" cx="48" cy="36" r="4"></circle>
            </svg>
            <p class="mt-6 text-lg font-semibold [overflow-wrap:anywhere]">{title}</p>
            <p class="mx-auto mt-1 max-w-md text-muted">{text}</p>
            {ways}
        </div>
    }
    .into_any()
}
