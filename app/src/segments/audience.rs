//! Who is inside in one environment, and how that is changed.

use domain::EnvironmentKey;
use domain::access::Action;
use domain::place::{EnvironmentPlace, PlaceView};
use domain::ruleset::Condition;
use domain::segments::KeyList;
use leptos::html::Select;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::{Draft, Edited};
use super::keys::Keys;
use super::save::{SaveBar, Saves};
use super::upload::{Many, Upload};
use crate::flag::api::{Vocabulary, load_vocabulary};
use crate::flag::targeting::{self, ConditionTree, empty};
use crate::ui::capital;
use crate::ui::guarded::Reason;
use crate::ui::icon::Icon;
use crate::ui::later::{Later, later};

/// The lists of suggestions.
const ATTRIBUTES: &str = "segment-attributes";
const SEGMENTS: &str = "segment-segments";

// It takes longest of the page.
later! { audience_in_segment:
    pub(super) fn audience(
        place: PlaceView,
        at: EnvironmentPlace,
        saves: Saves,
        upload: Upload,
        is_changed: Memo<bool>,
    ) {
        view! { <AudienceFields place at saves upload is_changed /> }.into_any()
    }
}

#[component]
fn AudienceFields(
    place: PlaceView,
    at: EnvironmentPlace,
    saves: Saves,
    upload: Upload,
    is_changed: Memo<bool>,
) -> impl IntoView {
    let draft = saves.draft;
    let environment = at.environment.clone();
    let refusal = place.refusal_in(&at, Action::ConfigureSegment);
    let disabled = Signal::stored(refusal.is_some());
    let vocabulary = vocabulary(&saves);
    let said = Memo::new(move |_| draft.said(&draft.now.read()));
    let by = Memo::new(move |_| draft.now.read().by.clone().unwrap_or_default());
    let rename = move |event| {
        let name = event_target_value(&event).trim().to_owned();
        draft.edit(|edited| edited.by = Some(name).filter(|name| !name.is_empty()));
    };
    let both = Memo::new(move |_| {
        let now = draft.now.read();
        now.excluded.iter().filter(|key| now.included.contains(key)).count()
    });
    let clash = move || match both.get() {
        0 => None,
        1 => Some("One key is in both lists. It is outside: exclusion wins."),
        _ => Some("Some keys are in both lists. They are outside: exclusion wins."),
    };
    let others = place.environments.iter().map(|other| other.environment.key.clone());
    let others: Vec<_> = others.filter(|key| *key != environment.key && refusal.is_none()).collect();
    let copies = (!others.is_empty()).then(|| view! { <CopyFrom saves=saves.clone() others /> });
    let many = |list| view! { <Many upload=upload.clone() draft list is_changed /> }.into_any();
    view! {
        <section aria-labelledby="audience" class="min-w-0 rounded-xl border border-line bg-surface">
            <div class="border-b border-line px-4 py-3">
                <div class="flex flex-wrap items-center justify-between gap-2">
                    <h2 id="audience" class="min-w-0 font-semibold [overflow-wrap:anywhere]">
                        "Who is inside in " <span class="font-mono">{environment.key.to_string()}</span>
                    </h2>
                    {copies}
                </div>
                <p class="mt-1 [overflow-wrap:anywhere]" aria-live="polite">{said}</p>
            </div>
            <datalist id=ATTRIBUTES>
                {move || vocabulary.read().attributes.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view()}
            </datalist>
            <datalist id=SEGMENTS>
                {move || vocabulary.read().segments.iter().map(|key| view! { <option value=key.clone()></option> }).collect_view()}
            </datalist>
            <div class="grid min-w-0 gap-6 p-4 [&>p]:mb-0">
                <Reason refusal />
                <label class="block max-w-xs min-w-0">
                    <span class="block text-sm font-semibold">"Keys are values of"</span>
                    <span class="mb-2 block text-xs text-muted">"An attribute of whoever asks. The user's id, unless you name another one."</span>
                    <input
                        class="input font-mono text-sm"
                        placeholder="userId"
                        list=ATTRIBUTES
                        maxlength="200"
                        autocomplete="off"
                        spellcheck="false"
                        disabled=disabled
                        prop:value=move || by.get()
                        value=by.get_untracked()
                        on:change=rename
                    />
                </label>
                <Keys
                    draft
                    list=KeyList::Included
                    title="Included"
                    about="Always inside, unless excluded."
                    many=many(KeyList::Included)
                    disabled
                />
                <Keys
                    draft
                    list=KeyList::Excluded
                    title="Excluded"
                    about="Never inside, whatever else holds."
                    many=many(KeyList::Excluded)
                    disabled
                />
                <p role="status" class="text-sm empty:hidden">{clash}</p>
                <Conditions draft disabled />
            </div>
            <SaveBar saves is_changed />
        </section>
    }
    .into_any()
}

/// Begins with what is so in another environment.
#[component]
fn CopyFrom(saves: Saves, others: Vec<EnvironmentKey>) -> impl IntoView {
    let list = NodeRef::<Select>::new();
    let copy = move |_| {
        let Some(list) = list.get_untracked() else { return };
        if let Ok(from) = list.value().parse() {
            saves.copy_from(from);
        }
        // So that the same one can be chosen again.
        list.set_value("");
    };
    let options = others.into_iter().map(|key| {
        view! { <option value=key.to_string()>{key.to_string()}</option> }
    });
    view! {
        <select
            node_ref=list
            class="scripted h-8 max-w-full rounded-md border border-line bg-surface px-2 text-sm"
            aria-label="Copy from another environment"
            on:change=copy
        >
            <option value="">"Copy from…"</option>
            {options.collect_view()}
        </select>
    }
}

/// Who else is inside.
#[component]
fn Conditions(draft: Draft, disabled: Signal<bool>) -> impl IntoView {
    let when = Signal::derive(move || draft.now.read().when.clone());
    let set = Callback::new(move |when: Condition| draft.edit(|edited| edited.when = kept(when)));
    let has_one = Memo::new(move |_| draft.now.read().when.is_some());
    // They are looked at more often than changed.
    let is_open = RwSignal::new(false);
    let begin = move |_| {
        is_open.set(true);
        draft.edit(|edited| edited.when = Some(Condition::All { all: vec![empty()] }));
    };
    let end = move |_| draft.edit(|edited: &mut Edited| edited.when = None);
    let said = move || when.read().as_ref().map(|when| format!("{}.", capital(&targeting::said(when))));
    let way = move || match (is_open.get(), disabled.get()) {
        (true, false) => "Done",
        (true, true) => "Less",
        (false, false) => "Edit",
        (false, true) => "Details",
    };
    let open = move || {
        is_open.get().then(|| {
            view! {
                <Later fetch=move || tree(when, set, disabled) />
                <button type="button" class="button scripted mt-2 h-7 px-2 text-xs disabled:hidden" disabled=disabled on:click=end>
                    <Icon of=icondata_lu::LuX />
                    "Without conditions"
                </button>
            }
        })
    };
    let some = move || {
        view! {
            <div class="mb-2 flex min-w-0 items-start gap-2">
                <p class="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{said}</p>
                <button
                    type="button"
                    class="scripted button h-7 px-2 text-xs"
                    aria-expanded=move || is_open.get().to_string()
                    aria-label=move || format!("{} conditions", way())
                    on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                >
                    {way}
                </button>
            </div>
            {open}
        }
        .into_any()
    };
    let none = move || {
        view! {
            <p class="mb-2 text-sm text-muted">"Nobody else: there is no condition."</p>
            <button type="button" class="button scripted" disabled=disabled on:click=begin>
                <Icon of=icondata_lu::LuPlus />
                "Add a condition"
            </button>
        }
        .into_any()
    };
    let fields = move || if has_one.get() { some() } else { none() };
    view! {
        <div class="min-w-0">
            <h3 class="text-sm font-semibold">"Conditions"</h3>
            <p class="mb-2 text-xs text-muted">"Who else is inside, by what is known of them."</p>
            {fields}
        </div>
    }
}

later! { conditions_in_audience_in_segment:
    fn tree(when: Signal<Option<Condition>>, set: Callback<Condition>, disabled: Signal<bool>) {
        view! { <ConditionTree when set lists=(ATTRIBUTES.to_owned(), SEGMENTS.to_owned()) disabled /> }.into_any()
    }
}

/// The condition, unless its last test was taken away: without any, everybody would be inside at once.
fn kept(when: Condition) -> Option<Condition> {
    match &when {
        Condition::All { all: parts } | Condition::Any { any: parts } if parts.is_empty() => None,
        _ => Some(when),
    }
}

/// What conditions can speak of; asked for once the page is there.
fn vocabulary(saves: &Saves) -> RwSignal<Vocabulary> {
    let vocabulary = RwSignal::new(Vocabulary::default());
    let (of, environment) = (saves.of.clone(), saves.environment.key.clone());
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
