//! What a flag does: a column for each environment.

use std::collections::BTreeMap;

use domain::environments::EnvironmentView;
use domain::flags::FlagDetail;
use domain::place::PlaceView;
use domain::{EnvironmentKey, Millis};
use leptos::prelude::*;

use super::framed::{Framed, said};
use super::latest::Latest;
use super::tabs::Tab;
use super::targeting::{self, Comparing, Guard, columns};
use crate::flags::filled::FORM;
use crate::flags::why::{Question, Why};
use crate::flash::Message;
use crate::place::dot;
use crate::ui::icon::Icon;
use crate::ui::later::Later;

/// What the columns share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// The switch that somebody is asked about.
    pub(super) asked: RwSignal<Option<Question>>,
    /// Where there is something that is not saved.
    changed: RwSignal<BTreeMap<EnvironmentKey, bool>>,
    /// Where it is on.
    on: RwSignal<BTreeMap<EnvironmentKey, bool>>,
    /// What others change.
    pub(super) latest: Latest,
    /// When the page was asked for.
    pub(super) now: Millis,
}

impl Shared {
    /// Remembers whether it is on in an environment, and whether there is something that is not saved.
    pub(super) fn watch(self, environment: EnvironmentKey, is_changed: Memo<bool>, is_on: RwSignal<bool>) {
        let here = environment.clone();
        Effect::new(move |_| {
            let is_changed = is_changed.get();
            self.changed.update(|changed| {
                changed.insert(here.clone(), is_changed);
            });
        });
        Effect::new(move |_| {
            let is_on = is_on.get();
            self.on.update(|on| {
                on.insert(environment.clone(), is_on);
            });
        });
    }
}

#[component]
pub(crate) fn FlagPage() -> impl IntoView {
    targeting::provide();
    view! { <Framed tab=Tab::Targeting page=|place, detail| view! { <Loaded place detail /> }.into_any() /> }
}

#[component]
fn Loaded(place: PlaceView, detail: FlagDetail) -> impl IntoView {
    let FlagDetail { now, flag, environments, kills: _ } = detail;
    let on = flag.environments.iter().map(|(key, here)| (key.clone(), here.enabled)).collect();
    let shared = Shared {
        asked: RwSignal::new(None),
        changed: RwSignal::default(),
        on: RwSignal::new(on),
        latest: Latest::here(),
        now,
    };
    let is_changed = Memo::new(move |_| shared.changed.read().values().any(|is_changed| *is_changed));
    let protected: Vec<EnvironmentView> =
        place.environments.iter().map(|at| at.environment.clone()).filter(|it| it.protected).collect();
    let ways = place.environments.iter().map(|at| {
        let EnvironmentView { key, color, protected, .. } = at.environment.clone();
        let is_on = { let key = key.clone(); move || shared.on.read().get(&key).copied().unwrap_or_default() };
        let lock = protected.then(|| view! { <span class="text-muted" title="protected"><Icon of=icondata_lu::LuLock /></span> });
        view! {
            <a
                href=format!("#environment-{key}")
                class="inline-flex h-8 shrink-0 items-center gap-2 rounded-md border border-line bg-surface px-3 text-sm"
            >
                <span class=format!("size-2 rounded-full {}", dot(color)) aria-hidden="true"></span>
                {key.to_string()}
                {lock}
                <span class="text-xs text-muted">{move || if is_on() { "on" } else { "off" }}</span>
            </a>
        }
    });
    let ways = ways.collect_view();
    let comparing = view! { <Comparing place=place.clone() flag=flag.clone() /> };
    let why = (!protected.is_empty()).then(|| view! { <Why environments=protected asked=shared.asked /> });
    view! {
        <Guard is_changed />
        <Message flash=said() form=FORM fields=&[] />
        {comparing}
        // Where the columns do not stand beside each other.
        <nav aria-label="To an environment" class="relative mb-3 flex gap-1 overflow-x-auto xl:hidden">{ways}</nav>
        <div
            class="relative flex snap-x items-start gap-2 overflow-x-auto pb-4 sm:gap-4"
            data-unsaved=move || is_changed.get().then_some("")
        >
            <Later fetch=move || columns(place.clone(), flag.clone(), environments.clone(), shared) />
        </div>
        {why}
    }
}
