//! What a flag does in one environment: its switch, and everything that decides what it serves.

use domain::access::Action;
use domain::environments::EnvironmentView;
use domain::flags::{ConfigurationView, FlagView, Refusals};
use domain::orgs::ProjectRef;
use domain::place::{EnvironmentPlace, PlaceView};
use domain::ruleset::{FULL_WEIGHT, Serve, Variation};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::overrides::Overrides;
use super::overtaken::{self, Overtaken};
use super::prerequisites::Prerequisites;
use super::review::changes;
use super::rules::Rules;
use super::serve::ServeFields;
use super::window::WindowFields;
use super::words;
use crate::error::UiError;
use crate::flag::api::{Vocabulary, load_vocabulary, save_configuration};
use crate::flag::page::Shared;
use crate::flags::switching::State;
use crate::flags::toggle::Toggle;
use crate::place::dot;
use crate::ui::by_id;
use crate::ui::dialog::Dialog;
use crate::ui::diff::Diff;
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};
use crate::ui::toast::toasts;

/// An environment's column.
#[component]
pub(in crate::flag) fn Column(
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
    let title = format!("environment-{}", environment.key);
    let body = match configuration {
        None => view! {
            <p class="p-4 text-danger">"What is stored of it cannot be read. The kill switch of the API still works."</p>
        }
        .into_any(),
        Some(configuration) => view! { <Body place at flag configuration shared /> }.into_any(),
    };
    view! {
        <section
            aria-labelledby=title.clone()
            class="flex w-[min(26rem,calc(100vw-2rem))] shrink-0 snap-start flex-col rounded-xl border border-line bg-surface xl:w-auto xl:min-w-[22rem] xl:flex-1"
        >
            <div class="flex min-w-0 items-center gap-2 border-b border-line px-4 py-3">
                <span class=format!("size-2.5 shrink-0 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
                <h2 id=title.clone() class="min-w-0 truncate font-semibold" title=environment.name.clone()>{environment.key.to_string()}</h2>
                {lock}
            </div>
            {body}
        </section>
    }
}

#[component]
fn Body(
    place: PlaceView,
    at: EnvironmentPlace,
    flag: FlagView,
    configuration: ConfigurationView,
    shared: Shared,
) -> impl IntoView {
    let EnvironmentPlace { environment, .. } = at.clone();
    let (of, key, environment_key) = (place.of(), flag.key.clone(), environment.key.clone());
    let archived = flag.archived_at.map(|_| "It is archived: restore it first.".to_owned());
    let refusal = place.refusal_in(&at, Action::ConfigureFlag).or_else(|| archived.clone());
    let refusals = Refusals {
        enable: place.refusal_in(&at, Action::EnableFlag).or_else(|| archived.clone()),
        kill: place.refusal_in(&at, Action::KillFlag).or(archived),
    };
    let disabled = Signal::stored(refusal.is_some());
    let draft = Draft::new(&configuration);
    let state = State::new(configuration.enabled, configuration.version);
    let is_changed = Memo::new(move |_| draft.is_changed());
    shared.watch(environment.key.clone(), is_changed);
    overtaken::follow(shared.latest, environment.key.clone(), draft, state, is_changed);
    let variations = StoredValue::new(flag.variations.clone());
    let vocabulary = vocabulary(of.clone(), environment_key.clone());
    let lists = (format!("attributes-{environment_key}"), format!("segments-{environment_key}"));
    let (attributes, segments) = lists.clone();
    let saves = Saves {
        of: of.clone(),
        key: key.clone(),
        environment: environment.clone(),
        draft,
        state,
        pending: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let is_saving = saves.pending;
    let fallthrough = Memo::new(move |_| draft.now.read().fallthrough.clone());
    let set = Callback::new(move |serve: Serve| draft.edit(|edited| edited.fallthrough = serve));
    let off = Memo::new(move |_| draft.now.read().off_variation.clone());
    let choose_off = move |event| {
        let variation = event_target_value(&event);
        draft.edit(|edited| edited.off_variation = variation);
    };
    let options = variations.with_value(|variations| {
        let option = |variation: &Variation| {
            let (key, shown) = (variation.key.clone(), variation.key.clone());
            let is_chosen = {
                let key = key.clone();
                move || *off.read() == key
            };
            view! { <option value=key selected=is_chosen>{shown}</option> }
        };
        variations.iter().map(option).collect_view()
    });
    let serves = move || match state.enabled.get() {
        true => {
            let edited = draft.now.read();
            let rules = match edited.rules.len() {
                0 => String::new(),
                1 => "1 rule, else ".to_owned(),
                count => format!("{count} rules, else "),
            };
            format!("{rules}{}", words::serve(&edited.fallthrough))
        }
        false => format!("{} for everyone", off.get()),
    };
    let warnings = (!configuration.warnings.is_empty()).then(|| {
        let warnings = configuration.warnings.iter().map(|warning| {
            view! { <li><span class="font-mono text-xs">{warning.path.clone()}</span> ": " {warning.message.clone()}</li> }
        });
        view! { <ul class="rounded-md border border-rollout px-3 py-2 text-sm">{warnings.collect_view()}</ul> }
    });
    let note = refusal.map(|reason| view! { <p class="text-sm text-muted">{reason}</p> });
    view! {
        <div class="flex items-center gap-3 border-b border-line px-4 py-3">
            <Toggle
                place=crate::flags::switching::Place { project: of, environment: environment_key.clone(), key }
                state
                refusals
                is_protected=environment.protected
                asked=shared.asked
                serves=Signal::derive(serves)
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
            {note} {warnings}
            <Part title="Rules" about="The first that holds decides.">
                <Rules draft variations lists disabled />
            </Part>
            <Part title="Everyone else" about="Where no rule holds.">
                <ServeFields serve=fallthrough set variations label="What everyone else is served" disabled />
            </Part>
            <Part title="Overrides" about="For some by name, before the rules.">
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
                    {options}
                </select>
            </Part>
        </div>
        <SaveBar saves is_changed />
        <p class="mt-auto border-t border-line px-4 py-2 text-xs text-muted">
            "Version " {move || state.version.get()} ", changed "
            <time title=exact(configuration.updated_at)>{ago(shared.now, configuration.updated_at)}</time>
        </p>
    }
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

/// Saving what somebody has changed.
#[derive(Clone)]
struct Saves {
    of: ProjectRef,
    key: domain::FlagKey,
    environment: EnvironmentView,
    draft: Draft,
    state: State,
    pending: RwSignal<bool>,
    error: RwSignal<Option<UiError>>,
}

impl Saves {
    fn run(&self, comment: Option<String>) {
        let Self { of, key, environment, draft, state, pending, error } = self.clone();
        let (enabled, version) = (state.enabled.get_untracked(), state.version.get_untracked());
        let command = draft.now.read_untracked().command(enabled, version, comment);
        let Ok(configuration) = serde_json::to_string(&command) else { return };
        pending.set(true);
        error.set(None);
        let toasts = toasts();
        spawn_local(async move {
            let text = format!("{key} is saved in {}", environment.key);
            let saved =
                save_configuration(of.organization, of.project, key, environment.key, configuration).await;
            pending.try_set(false);
            match saved {
                Ok(view) => {
                    draft.settle(&view);
                    state.enabled.try_set(view.enabled);
                    state.version.try_set(view.version);
                    toasts.done(text, None);
                }
                Err(refused) => {
                    toasts.refused(&refused);
                    error.try_set(Some(refused));
                }
            }
        });
    }
}

/// What can be done about changes that are not saved.
#[component]
fn SaveBar(saves: Saves, is_changed: Memo<bool>) -> impl IntoView {
    let Saves { draft, pending, error, environment, .. } = saves.clone();
    let found = Memo::new(move |_| changes(&draft.saved.read(), &draft.now.read()));
    let unfinished = move || unfinished(draft);
    let (id, is_protected) = (format!("review-{}", environment.key), environment.protected);
    let reason = RwSignal::new(String::new());
    let (asked, reviewed) = (id.clone(), id.clone());
    let ask = move |_| {
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(&asked).filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
    };
    let direct = saves.clone();
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let comment = Some(reason.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        if is_protected && comment.is_none() {
            return;
        }
        if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(&reviewed) {
            dialog.close();
        }
        reason.set(String::new());
        saves.run(comment);
    };
    let wrong = move || {
        error.get().map(|error| view! { <p role="alert" class="text-sm text-danger [overflow-wrap:anywhere]">{explained(&error)}</p> })
    };
    let words = move || match found.read().len() {
        1 => "1 change is not saved".to_owned(),
        count => format!("{count} changes are not saved"),
    };
    let cannot_save = move || pending.get() || unfinished().is_some();
    view! {
        <div
            class="sticky bottom-0 grid gap-2 border-t border-line bg-surface px-4 py-3"
            hidden=move || !is_changed.get()
        >
            <p class="flex items-center gap-2 text-sm font-medium">
                <span class="size-2 rounded-full bg-rollout" aria-hidden="true"></span>
                {words}
            </p>
            {wrong}
            <p class="text-sm text-danger empty:hidden">{unfinished}</p>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="button" disabled=move || pending.get() on:click=move |_| draft.discard()>"Discard"</button>
                <button type="button" class="button" on:click=ask.clone()>"Review"</button>
                {(!is_protected).then(move || view! {
                    <button
                        type="button"
                        class="button button-primary"
                        disabled=cannot_save
                        on:click=move |_| direct.run(None)
                    >
                        {move || if pending.get() { "Saving…" } else { "Save" }}
                    </button>
                })}
            </div>
        </div>
        <Dialog id title=format!("What changes in {}", environment.key)>
            <div class="mt-3 max-h-[50dvh] overflow-y-auto">{move || view! { <Diff changes=found.get() /> }}</div>
            <form class="mt-3 grid gap-2" on:submit=confirm>
                <label class="text-sm font-medium">
                    {if is_protected { "Why? The audit log keeps it." } else { "Why? (optional)" }}
                    <input
                        class="input mt-1"
                        maxlength="2000"
                        required=is_protected
                        prop:value=move || reason.get()
                        on:input=move |event| reason.set(event_target_value(&event))
                    />
                </label>
                <div class="flex justify-end">
                    <button class="button button-primary" disabled=cannot_save>"Save"</button>
                </div>
            </form>
        </Dialog>
    }
}

/// Why it cannot be saved yet; none where it can.
fn unfinished(draft: Draft) -> Option<&'static str> {
    let edited = draft.now.read();
    let is_whole = |serve: &Serve| match serve {
        Serve::Variation(_) => true,
        Serve::Rollout(rollout) => {
            rollout.weights.iter().map(|weight| weight.weight).fold(0, u32::saturating_add) == FULL_WEIGHT
        }
    };
    let serves = edited.rules.iter().map(|rule| &rule.serve).chain([&edited.fallthrough]);
    if !serves.into_iter().all(is_whole) {
        return Some("Shares have to add up to 100 %.");
    }
    let names_nothing = |pair: &(String, Vec<String>)| pair.0.is_empty() || pair.1.is_empty();
    if edited.overrides.iter().any(|it| it.pairs.is_empty() || it.pairs.iter().any(names_nothing)) {
        return Some("An override needs attributes with values.");
    }
    None
}

/// What the server says, and what to do about it.
fn explained(error: &UiError) -> String {
    match error {
        UiError::Rejected(domain::Error::Conflict { message, .. }) => {
            format!("{message}. Reload the page to see what is there now; your changes are shown until then.")
        }
        error => error.to_string(),
    }
}
