//! One segment: who is inside in an environment, what uses it, what it was, and its settings.

use domain::access::Action;
use domain::place::{EnvironmentPlace, PlaceView};
use domain::segments::SegmentView;
use domain::{Error, Millis, SegmentKey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::address::environment;
use super::api::{SegmentDetail, load_segment};
use super::audience::audience;
use super::draft::Draft;
use super::elsewhere::Elsewhere;
use super::history::History;
use super::save::Saves;
use super::settings::Settings;
use super::upload::Upload;
use super::uses::Uses;
use super::{DELETE, KEYS, ROLL_BACK, UPDATE};
use crate::error::UiError;
use crate::flag::targeting::Guard;
use crate::flash::{Flash, Message, flash};
use crate::place::{Environments, address, known, project};
use crate::ui::copy::Copy;
use crate::ui::fresh;
use crate::ui::later::Later;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::time::{ago, exact};
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn SegmentPage() -> impl IntoView {
    let (known, flash, project) = (known(), flash(), project());
    let (params, query) = (use_params_map(), use_query_map());
    let key = Memo::new(move |_| params.read().get_str("key").and_then(|key| key.parse::<SegmentKey>().ok()));
    let at = Memo::new(move |_| {
        query.read().get_str("env").filter(|key| !key.is_empty()).map(environment).transpose()
    });
    let again = RwSignal::new(0_u32);
    // Blocking: the answer waits for it, so that it has the right status.
    let detail = Loaded::blocking(
        move || (project.get(), key.get(), at.get(), again.get()),
        |(project, key, at, _)| async move {
            let (project, key) = (project?, key.ok_or_else(|| missing("segment"))?);
            load_segment(project.organization, project.project, key, at?).await
        },
    );
    fresh::keep(detail, move |news| {
        news.kind == "segment" && key.get_untracked().is_some_and(|key| news.key == key.as_str())
    });
    // What a form had to say is said where it led to.
    let first = (key.get_untracked(), at.get_untracked());
    let title = move || params.read().get_str("key").unwrap_or("Segment").to_owned();
    view! {
        <Title text=title />
        <Transition fallback=Waiting>
            {awaited(move || {
                let is_first = again.get() == 0 && (key.get(), at.get()) == first;
                let flash = if is_first { flash.clone() } else { Flash::default() };
                Suspend::new(async move {
                    let (place, detail) = (known.await, detail.await);
                    let found = place.and_then(|place| {
                        let detail = detail?;
                        let at = place.environment(Some(&detail.audience.environment)).cloned();
                        Ok((at.ok_or_else(|| missing("environment"))?, place, detail))
                    });
                    match found {
                        Ok((at, place, detail)) => view! { <One place at detail flash again /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

fn missing(what: &str) -> UiError {
    UiError::Rejected(Error::not_found(what))
}

#[component]
fn One(
    place: PlaceView,
    at: EnvironmentPlace,
    detail: SegmentDetail,
    flash: Flash,
    again: RwSignal<u32>,
) -> impl IntoView {
    let SegmentDetail { now, segment, audience: inside, uses } = detail;
    let (of, key, environment) = (place.of(), segment.key.clone(), at.environment.clone());
    let base = address(&of, &format!("segments/{key}"), None);
    let draft = Draft::new(&inside);
    let done = RwSignal::new(0_u32);
    let is_changed = Memo::new(move |_| !draft.now.read().changes(&draft.saved.read()).is_empty());
    let saves = Saves {
        of: of.clone(),
        key: key.clone(),
        environment: environment.clone(),
        draft,
        pending: RwSignal::new(false),
        error: RwSignal::new(None),
        theirs: RwSignal::new(None),
        done,
    };
    let upload = Upload {
        of,
        key: key.clone(),
        environment: environment.clone(),
        base: base.clone(),
        flash: flash.clone(),
        is_refused: place.refusal_in(&at, Action::ConfigureSegment).is_some(),
        again,
    };
    // What went wrong is said beside its form, but for what has none that is open, or is too long to say which.
    let is_lost = flash.form == ROLL_BACK || (flash.form == KEYS && flash.typed("list").is_empty());
    let is_top = flash.notice.is_some() || is_lost;
    let said = is_top.then(|| {
        [UPDATE, DELETE, KEYS, ROLL_BACK]
            .map(|form| view! { <Message flash=flash.clone() form fields=&[] /> })
            .collect_view()
    });
    let fields = {
        let (place, at) = (place.clone(), at.clone());
        move || audience(place.clone(), at.clone(), saves.clone(), upload.clone(), is_changed)
    };
    let (current, here) = (environment.key.clone(), environment.key.to_string());
    let beside = view! { <Environments place=place.clone() current /> }.into_any();
    view! {
        <Guard is_changed />
        <main class="page" data-unsaved=move || is_changed.get().then_some("")>
            <Header segment=segment.clone() now beside />
            {said}
            <div class="mt-4 mb-8 grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
                <div class="grid min-w-0 gap-4">
                    <Later fetch=fields />
                    <History place=place.clone() at=at.clone() key base=base.clone() version=draft.version done />
                </div>
                <div class="grid min-w-0 gap-4">
                    <Uses place=place.clone() uses=uses.clone() />
                    <Elsewhere place=place.clone() segment=segment.clone() here=at.environment.key.clone() />
                </div>
            </div>
            <Settings place segment uses base environment=here flash=flash.clone() />
        </main>
    }
    .into_any()
}

/// What the segment is.
#[component]
fn Header(
    segment: SegmentView,
    now: Millis,
    /// What stands beside its name.
    beside: AnyView,
) -> impl IntoView {
    let SegmentView { key, name, description, created_at, .. } = segment;
    let description = (!description.is_empty()).then(|| {
        view! { <p class="mt-2 max-w-3xl whitespace-pre-line text-muted [overflow-wrap:anywhere]">{description}</p> }
    });
    view! {
        <div class="flex min-w-0 flex-wrap items-center justify-between gap-3">
            <h1 class="min-w-0 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{name}</h1>
            {beside}
        </div>
        <div class="mt-1 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <code class="min-w-0 font-mono text-sm text-muted [overflow-wrap:anywhere]">{key.to_string()}</code>
            <span class="scripted"><Copy text=key.to_string() what="key" small=true /></span>
            <span class="text-sm text-muted">"Created " <time title=exact(created_at)>{ago(now, created_at)}</time></span>
        </div>
        {description}
    }
}
