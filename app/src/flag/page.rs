//! The page of one flag.

use std::collections::BTreeMap;

use domain::environments::EnvironmentView;
use domain::flags::FlagDetail;
use domain::place::PlaceView;
use domain::{EnvironmentKey, FlagKey, Millis};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::load_flag;
use super::header::Header;
use super::targeting::{self, Column, Comparing, Guard};
use crate::error::UiError;
use crate::flags::why::{Question, Why};
use crate::place::{known, project};
use crate::ui::refused::Refused;

/// What the columns share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// The switch that somebody is asked about.
    pub(super) asked: RwSignal<Option<Question>>,
    /// Where there is something that is not saved.
    changed: RwSignal<BTreeMap<EnvironmentKey, bool>>,
    /// When the page was asked for.
    pub(super) now: Millis,
}

impl Shared {
    /// Remembers whether there is something in an environment that is not saved.
    pub(super) fn watch(self, environment: EnvironmentKey, is_changed: Memo<bool>) {
        Effect::new(move |_| {
            let is_changed = is_changed.get();
            self.changed.update(|changed| {
                changed.insert(environment.clone(), is_changed);
            });
        });
    }
}

#[component]
pub(crate) fn FlagPage() -> impl IntoView {
    targeting::provide();
    let (known, project, params) = (known(), project(), use_params_map());
    let key = Memo::new(move |_| params.read().get_str("key").and_then(|key| key.parse::<FlagKey>().ok()));
    // Blocking: the answer waits for it, so that it has the right status.
    let detail = Resource::new_blocking(
        move || (project.get(), key.get()),
        |(project, key)| async move {
            let missing = || UiError::Rejected(domain::Error::not_found("flag"));
            let (project, key) = (project?, key.ok_or_else(missing)?);
            load_flag(project.organization, project.project, key).await
        },
    );
    let title = move || params.read().get_str("key").unwrap_or("Flag").to_owned();
    view! {
        <Title text=title />
        <Transition fallback=|| view! { <p class="p-6 text-muted">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match (known.await, detail.await) {
                    (Ok(place), Ok(detail)) => view! { <Loaded place detail /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Loaded(place: PlaceView, detail: FlagDetail) -> impl IntoView {
    let FlagDetail { now, flag, environments } = detail;
    let shared = Shared { asked: RwSignal::new(None), changed: RwSignal::default(), now };
    let is_changed = Memo::new(move |_| shared.changed.read().values().any(|is_changed| *is_changed));
    let protected: Vec<EnvironmentView> =
        place.environments.iter().map(|at| at.environment.clone()).filter(|it| it.protected).collect();
    let columns = environments.into_iter().filter_map(|here| {
        let at = place.environment(Some(&here.environment))?.clone();
        let (place, flag, configuration) = (place.clone(), flag.clone(), here.configuration);
        Some(view! { <Column place at flag configuration shared /> })
    });
    let columns = columns.collect_view();
    let comparing = view! { <Comparing place=place.clone() flag=flag.clone() /> };
    let why = (!protected.is_empty()).then(|| view! { <Why environments=protected asked=shared.asked /> });
    view! {
        <Guard is_changed />
        <main class="px-4 py-6 sm:px-6">
            <Header flag now />
            {comparing}
            <div class="relative mt-5 flex snap-x items-start gap-4 overflow-x-auto pb-4">{columns}</div>
            {why}
        </main>
    }
}
