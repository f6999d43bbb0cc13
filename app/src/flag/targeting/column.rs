//! What a flag does in one environment: its switch, and everything that decides what it serves.

use domain::access::Action;
use domain::environments::EnvironmentView;
use domain::flags::{ConfigurationView, DetailInEnvironment, FlagView, Refusals};
use domain::orgs::ProjectRef;
use domain::place::{EnvironmentPlace, PlaceView};
use domain::ruleset::Serve;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::around::around;
use super::compare::CompareMenu;
use super::document::Document;
use super::draft::Draft;
use super::matches::matches;
use super::options::options;
use super::overrides::Overrides;
use super::overtaken::{self, Overtaken};
use super::prerequisites::Prerequisites;
use super::rules::Rules;
use super::save_bar::SaveBar;
use super::saving::Saves;
use super::serve::ServeFields;
use super::window::WindowFields;
use super::words;
use crate::flag::api::{Vocabulary, load_vocabulary};
use crate::flag::page::Shared;
use crate::flags::switching::State;
use crate::flags::toggle::Toggle;
use crate::place::dot;
use crate::ui::icon::Icon;
use crate::ui::later::later;
use crate::ui::time::{ago, exact};

// They take longest of the page.
later! { columns_in_targeting:
    pub(in crate::flag) fn columns(
        place: PlaceView,
        flag: FlagView,
        environments: Vec<DetailInEnvironment>,
        shared: Shared,
    ) {
        let columns = environments.into_iter().filter_map(|here| {
            let at = place.environment(Some(&here.environment))?.clone();
            let (place, flag, configuration) = (place.clone(), flag.clone(), here.configuration);
            Some(view! { <Column place at flag configuration shared /> })
        });
        columns.collect_view().into_any()
    }
}

/// An environment's column.
#[component]
fn Column(
    place: PlaceView,
    at: EnvironmentPlace,
    flag: FlagView,
    configuration: Option<ConfigurationView>,
    shared: Shared,
) -> impl IntoView {
    let EnvironmentPlace { environment, .. } = at.clone();
    let lock = environment.protected.then(|| {
        view! { <span class="badge" title="Changes need an admin and a reason"><Icon of=icondata_lu::LuLock />"protected"</span> }
    });
    let archived = flag.archived_at.map(|_| "It is archived: restore it first.".to_owned());
    let refusal = place.refusal_in(&at, Action::ConfigureFlag).or(archived);
    let reason = format!("read-only-{}", environment.key);
    let read_only = refusal.clone().map(|refusal| view! { <ReadOnly id=reason.clone() refusal /> });
    let described = refusal.is_some().then_some(reason);
    let menu = flag.archived_at.is_none().then(|| {
        view! { <CompareMenu place=place.clone() flag=flag.key.clone() from=environment.key.clone() /> }
    });
    let title = format!("environment-{}", environment.key);
    let body = match configuration {
        None => view! {
            <p class="p-4 text-danger">"What is stored of it cannot be read. The kill switch of the API still works."</p>
        }
        .into_any(),
        Some(configuration) => view! { <Body place at flag configuration refusal shared /> }.into_any(),
    };
    view! {
        <section
            aria-labelledby=title.clone()
            aria-describedby=described
            class="flex w-[min(26rem,calc(100vw-2.75rem))] shrink-0 snap-start flex-col rounded-xl border border-line bg-surface lg:w-[21.5rem] xl:w-auto xl:min-w-80 xl:flex-1"
        >
            <div class="flex min-w-0 items-center gap-2 border-b border-line px-4 py-3">
                <span class=format!("size-2.5 shrink-0 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                <h2 id=title.clone() class="min-w-0 truncate font-semibold" title=environment.name.clone()>{environment.key.to_string()}</h2>
                {lock} {read_only}
                <div class="ml-auto shrink-0">{menu}</div>
            </div>
            {body}
        </section>
    }
}

/// That nothing can be changed here. The reason is for the pointer, for the keyboard's focus, and for who listens.
#[component]
fn ReadOnly(id: String, refusal: String) -> impl IntoView {
    view! {
        <span class="badge shrink-0" role="note" tabindex="0" title=refusal.clone() aria-describedby=id.clone()>
            <Icon of=icondata_lu::LuEye />
            "view only"
        </span>
        <span id=id.clone() class="sr-only">{refusal}</span>
    }
}

#[component]
fn Body(
    place: PlaceView,
    at: EnvironmentPlace,
    flag: FlagView,
    configuration: ConfigurationView,
    /// Why it cannot be changed; none where it can.
    refusal: Option<String>,
    shared: Shared,
) -> impl IntoView {
    let EnvironmentPlace { environment, .. } = at.clone();
    let (of, key, environment_key) = (place.of(), flag.key.clone(), environment.key.clone());
    let archived = flag.archived_at.and(refusal.clone());
    let refusals = Refusals {
        enable: place.refusal_in(&at, Action::EnableFlag).or_else(|| archived.clone()),
        kill: place.refusal_in(&at, Action::KillFlag).or(archived),
    };
    let disabled = Signal::stored(refusal.is_some());
    let draft = Draft::new(&configuration);
    let state = State::new(configuration.enabled, configuration.version);
    let is_changed = Memo::new(move |_| draft.is_changed());
    shared.watch(environment.key.clone(), is_changed, state.enabled);
    let variations = StoredValue::new(flag.variations.clone());
    let vocabulary = vocabulary(of.clone(), environment_key.clone());
    let lists = (format!("attributes-{environment_key}"), format!("segments-{environment_key}"));
    let (attributes, segments) = lists.clone();
    let saves = saves(&of, &flag, &environment, draft, state, &configuration);
    let (updated_at, is_saving) = (saves.updated_at, saves.pending);
    overtaken::follow(shared.latest, environment.key.clone(), saves.clone(), is_changed);
    let fallthrough = Memo::new(move |_| draft.now.read().fallthrough.clone());
    let set = Callback::new(move |serve: Serve| draft.edit(|edited| edited.fallthrough = serve));
    let off = Memo::new(move |_| draft.now.read().off_variation.clone());
    let choose_off = move |event| {
        let variation = event_target_value(&event);
        draft.edit(|edited| edited.off_variation = variation);
    };
    let value_type = flag.value_type;
    let serves = move || match state.enabled.get() {
        true => words::served(&draft.now.read(), value_type),
        false => words::to_everyone(&off.read(), value_type),
    };
    // Switching on saves nothing.
    let serves_on = Signal::derive(move || words::served(&draft.saved.read(), value_type));
    let warnings = (!configuration.warnings.is_empty()).then(|| {
        let warnings = configuration.warnings.iter().map(|warning| {
            view! { <li><span class="font-mono text-xs">{warning.path.clone()}</span> ": " {warning.message.clone()}</li> }
        });
        view! { <ul class="rounded-md border border-rollout px-3 py-2 text-sm">{warnings.collect_view()}</ul> }
    });
    let matches = matches(of.clone(), environment_key.clone(), draft);
    let changing = refusal.is_none().then(|| view! { <SaveBar saves=saves.clone() is_changed /> });
    view! {
        <div class="flex items-center gap-3 border-b border-line px-4 py-3">
            <Toggle
                place=crate::flags::switching::Place { project: of, environment: environment_key, key }
                state
                refusals
                is_protected=environment.protected
                asked=shared.asked
                serves=serves_on
            />
            <p class="min-w-0 text-sm [overflow-wrap:anywhere]">{serves}</p>
        </div>
        <Overtaken latest=shared.latest environment=environment.key.clone() draft state is_changed is_saving />
        <datalist id=attributes.clone()>
            {move || vocabulary.read().attributes.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view()}
        </datalist>
        <datalist id=segments>
            {move || vocabulary.read().segments.iter().map(|key| view! { <option value=key.clone()></option> }).collect_view()}
        </datalist>
        <div class="grid min-w-0 gap-5 p-4">
            {warnings}
            <Part title="Rules" about="Tried from top to bottom: the first that matches decides.">
                <Rules draft variations lists matches disabled />
            </Part>
            <Part title="Everyone else" about="Where no rule holds.">
                <ServeFields serve=fallthrough set variations label="What everyone else is served" disabled />
            </Part>
            <Part title="Overrides" about="For some by name. They win over the rules.">
                <Overrides draft variations attributes disabled />
            </Part>
            <Part title="Prerequisites" about="Other flags that must be on first; otherwise the off variation is served.">
                <Prerequisites draft disabled />
            </Part>
            <Part title="Time window" about="Outside of it the off variation is served.">
                <WindowFields draft disabled />
            </Part>
            <Part title="While off" about="What everyone is served then.">
                <select
                    class="h-9 w-full rounded-md border border-edge bg-surface px-2"
                    aria-label="Off variation"
                    disabled=disabled
                    prop:value=move || off.get()
                    on:change=choose_off
                >
                    {options(variations, off)}
                </select>
            </Part>
            <Document saves refusal />
        </div>
        {changing}
        <p class="mt-auto border-t border-line px-4 py-2 text-xs text-muted">
            "Version " {move || state.version.get()} ", changed "
            <time title=move || exact(updated_at.get())>{move || ago(shared.now, updated_at.get())}</time>
        </p>
    }
}

/// How the draft is saved; and what is saved elsewhere is taken over.
fn saves(
    of: &ProjectRef,
    flag: &FlagView,
    environment: &EnvironmentView,
    draft: Draft,
    state: State,
    configuration: &ConfigurationView,
) -> Saves {
    let saves = Saves {
        of: of.clone(),
        key: flag.key.clone(),
        environment: environment.clone(),
        draft,
        state,
        updated_at: RwSignal::new(configuration.updated_at),
        told: StoredValue::new(configuration.version),
        pending: RwSignal::new(false),
        reason: RwSignal::default(),
        error: RwSignal::new(None),
        conflict: RwSignal::new(None),
    };
    let (arrived, arriving) = (around().arrived, saves.clone());
    Effect::new(move |_| {
        // What arrived before the column was drawn anew is old.
        let is_news = |view: &ConfigurationView| {
            (&view.flag, &view.environment) == (&arriving.key, &arriving.environment.key)
                && view.version > state.version.get_untracked()
        };
        if let Some(view) = arrived.get().filter(is_news) {
            arriving.arrive(&view);
        }
    });
    let told = saves.told;
    // Switching on heeds the version: where it made the next one, nobody else made any. Switching off does not, so that
    // a draft of before meets whatever others saved.
    Effect::new(move |before: Option<i64>| {
        let version = state.version.get();
        let known = draft.version.get_untracked();
        let is_switched = version != told.get_value() && state.enabled.get_untracked();
        if is_switched && before == Some(known) && version == known + 1 {
            draft.version.set(version);
        }
        version
    });
    saves
}

#[component]
fn Part(title: &'static str, about: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="min-w-0">
            <h3 class="text-sm font-semibold">{title}</h3>
            <p class="mb-2 text-xs text-muted">{about}</p>
            {children()}
        </div>
    }
}

/// What rules can speak of; asked for once the page is there.
fn vocabulary(of: ProjectRef, environment: domain::EnvironmentKey) -> RwSignal<Vocabulary> {
    let vocabulary = RwSignal::new(Vocabulary::default());
    Effect::new(move |_| {
        let (of, environment) = (of.clone(), environment.clone());
        spawn_local(async move {
            // Without it nothing is suggested.
            if let Ok(known) = load_vocabulary(of.organization, of.project, environment).await {
                vocabulary.try_set(known);
            }
        });
    });
    vocabulary
}
