//! What is around every tab of a flag's page: the flag, its header and the tabs.

use domain::FlagKey;
use domain::audit::News;
use domain::flags::{FlagDetail, FlagSummary};
use domain::orgs::ProjectRef;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::api::{load_flag, load_flag_summary};
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

/// What a tab shows of a flag. Most need little of it, and their program does not read the rest.
pub(super) trait Shown: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Whether it follows by itself what the flag does somewhere; what does not is drawn anew.
    const FOLLOWS: bool;

    fn load(of: ProjectRef, key: FlagKey) -> impl Future<Output = Result<Self, UiError>> + Send;

    /// What is around the tab, as it becomes while somebody looks.
    fn summary(self, place: &PlaceView) -> Signal<FlagSummary>;
}

impl Shown for FlagSummary {
    const FOLLOWS: bool = false;

    fn load(of: ProjectRef, key: FlagKey) -> impl Future<Output = Result<Self, UiError>> + Send {
        load_flag_summary(of.organization, of.project, key)
    }

    fn summary(self, _place: &PlaceView) -> Signal<FlagSummary> {
        Signal::stored(self)
    }
}

/// With drafts, which are kept.
impl Shown for FlagDetail {
    const FOLLOWS: bool = true;

    fn load(of: ProjectRef, key: FlagKey) -> impl Future<Output = Result<Self, UiError>> + Send {
        load_flag(of.organization, of.project, key)
    }

    fn summary(self, place: &PlaceView) -> Signal<FlagSummary> {
        let latest = Latest::follow(place.of(), self.flag.key.clone(), place.person.id);
        provide_context(latest);
        latest.or(self)
    }
}

/// A tab of a flag that is there; of others, why it is not shown.
#[component]
pub(super) fn Framed<T: Shown>(tab: Tab, page: fn(PlaceView, T) -> AnyView) -> impl IntoView {
    let (known, project, params) = (known(), project(), use_params_map());
    let key = Memo::new(move |_| params.read().get_str("key").and_then(|key| key.parse::<FlagKey>().ok()));
    // Blocking: the answer waits for it, so that it has the right status.
    let shown = Loaded::blocking(
        move || (project.get(), key.get()),
        |(project, key)| async move {
            let missing = || UiError::Rejected(domain::Error::not_found("flag"));
            T::load(project?, key.ok_or_else(missing)?).await
        },
    );
    let is_ours = move |news: &News| {
        let at = project.get_untracked().ok().zip(key.get_untracked());
        at.is_some_and(|(of, key)| is_of(of, key)(news))
    };
    fresh::keep(shown, move |news| (!T::FOLLOWS || news.environment.is_none()) && is_ours(news));
    provide_context(flash());
    let title = move || {
        let key = params.read().get_str("key").unwrap_or("Flag").to_owned();
        if tab == Tab::Targeting { key } else { format!("{} of {key}", tab.name()) }
    };
    view! {
        <Title text=title />
        <Transition fallback=Waiting>
            {awaited(move || Suspend::new(async move {
                match (known.await, shown.await) {
                    (Ok(place), Ok(shown)) => {
                        let summary = shown.clone().summary(&place);
                        view! {
                            <main class="px-4 py-6 sm:px-6">
                                <Header place=place.clone() summary />
                                <Tabs of=place.of() key=summary.with_untracked(|it| it.flag.key.clone()) current=tab />
                                {page(place, shown)}
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
