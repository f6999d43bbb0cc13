//! What is around every tab of a flag's page: the flag, its header and the tabs.

use domain::FlagKey;
use domain::audit::News;
use domain::flags::FlagDetail;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::load_flag;
use super::header::Header;
use super::latest::{Latest, is_of};
use super::tabs::{Tab, Tabs};
use crate::error::UiError;
use crate::flash::{Flash, flash};
use crate::place::{known, project};
use crate::ui::fresh;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::waiting::{Waiting, awaited};

/// A tab of a flag that is there; of others, why it is not shown.
#[component]
pub(crate) fn Framed(tab: Tab, page: fn(PlaceView, FlagDetail) -> AnyView) -> impl IntoView {
    let (known, project, params) = (known(), project(), use_params_map());
    let key = Memo::new(move |_| params.read().get_str("key").and_then(|key| key.parse::<FlagKey>().ok()));
    // Blocking: the answer waits for it, so that it has the right status.
    let detail = Loaded::blocking(
        move || (project.get(), key.get()),
        |(project, key)| async move {
            let missing = || UiError::Rejected(domain::Error::not_found("flag"));
            let (project, key) = (project?, key.ok_or_else(missing)?);
            load_flag(project.organization, project.project, key).await
        },
    );
    let is_ours = move |news: &News| {
        let at = project.get_untracked().ok().zip(key.get_untracked());
        at.is_some_and(|(of, key)| is_of(of, key)(news))
    };
    // The columns and what is above them follow what it does somewhere by themselves; drafts are kept.
    fresh::keep(detail, move |news| (tab != Tab::Targeting || news.environment.is_none()) && is_ours(news));
    provide_context(flash());
    let title = move || {
        let key = params.read().get_str("key").unwrap_or("Flag").to_owned();
        if tab == Tab::Targeting { key } else { format!("{} of {key}", tab.name()) }
    };
    view! {
        <Title text=title />
        <Transition fallback=Waiting>
            {awaited(move || Suspend::new(async move {
                match (known.await, detail.await) {
                    (Ok(place), Ok(detail)) => {
                        // The other tabs are drawn anew.
                        if tab == Tab::Targeting {
                            let key = detail.flag.key.clone();
                            provide_context(Latest::follow(place.of(), key, place.person.id));
                        }
                        view! {
                            <main class="px-4 py-6 sm:px-6">
                                <Header place=place.clone() detail=detail.clone() />
                                <Tabs of=place.of() key=detail.flag.key.clone() current=tab />
                                {page(place, detail)}
                            </main>
                        }
                        .into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! { <Refused error /> }.into_any(),
                }
            }))}
        </Transition>
    }
    .into_any()
}

/// What the form before this page has to say.
pub(crate) fn said() -> Flash {
    use_context().unwrap_or_default()
}
