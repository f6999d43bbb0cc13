//! Values for named contexts, before the rules.

use domain::ruleset::Variation;
use leptos::prelude::*;

use super::draft::{Draft, EditedOverride};
use super::options::options;
use crate::ui::icon::Icon;
use crate::ui::tag_input::TagInput;

/// An attribute and the values that it may have.
type Values = (String, Vec<String>);

#[component]
pub(super) fn Overrides(
    draft: Draft,
    variations: StoredValue<Vec<Variation>>,
    attributes: String,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    // What is typed changes no count, so no field is drawn anew under somebody's hands.
    let counts = Memo::new(move |_| {
        draft.now.read().overrides.iter().map(|edited| edited.pairs.len()).collect::<Vec<_>>()
    });
    let add = move |_| {
        let variation =
            variations.with_value(|known| known.first().map(|it| it.key.clone())).unwrap_or_default();
        draft.edit(|edited| {
            edited
                .overrides
                .push(EditedOverride { pairs: vec![("userId".to_owned(), Vec::new())], variation });
        });
    };
    let rows = move || {
        let rows = counts.get().into_iter().enumerate().map(|(place, pairs)| {
            let attributes = attributes.clone();
            view! { <OverrideRow draft place pairs variations attributes disabled /> }
        });
        rows.collect_view()
    };
    view! {
        <ul class="peer grid gap-2">{rows}</ul>
        <button type="button" class="button peer-[:not(:empty)]:mt-2 disabled:hidden" disabled=disabled on:click=add>
            <Icon of=icondata_lu::LuPlus />
            "Add an override"
        </button>
        <p class="hidden text-sm text-muted [:empty+:disabled+&]:block">"None."</p>
    }
}

#[component]
fn OverrideRow(
    draft: Draft,
    place: usize,
    pairs: usize,
    variations: StoredValue<Vec<Variation>>,
    attributes: String,
    disabled: Signal<bool>,
) -> impl IntoView {
    let edit = move |change: &dyn Fn(&mut EditedOverride)| {
        draft.edit(|edited| edited.overrides.get_mut(place).into_iter().for_each(change));
    };
    let chosen = Memo::new(move |_| {
        draft.now.read().overrides.get(place).map(|it| it.variation.clone()).unwrap_or_default()
    });
    let choose = move |event| {
        let key = event_target_value(&event);
        edit(&|it| it.variation.clone_from(&key));
    };
    let remove = move |_| {
        draft.edit(|edited| {
            if place < edited.overrides.len() {
                edited.overrides.remove(place);
            }
        });
    };
    let more = move |_| edit(&|it| it.pairs.push((String::new(), Vec::new())));
    let fields = (0..pairs).map(|pair| {
        let attributes = attributes.clone();
        view! { <Pair draft place pair attributes disabled /> }
    });
    view! {
        <li class="grid min-w-0 gap-2 rounded-lg border border-line bg-surface p-2">
            {fields.collect_view()}
            <div class="flex min-w-0 items-center gap-1.5">
                <select
                    class="h-8 min-w-0 flex-1 rounded-md border border-edge bg-surface px-2"
                    aria-label="What the override serves"
                    disabled=disabled
                    prop:value=move || chosen.get()
                    on:change=choose
                >
                    {options(variations, chosen)}
                </select>
                <button type="button" class="button px-2 text-xs disabled:hidden" disabled=disabled on:click=more>"Add attribute"</button>
                <button
                    type="button"
                    class="inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken disabled:hidden"
                    aria-label="Remove the override"
                    disabled=disabled
                    on:click=remove
                >
                    <Icon of=icondata_lu::LuTrash2 />
                </button>
            </div>
        </li>
    }
}

#[component]
fn Pair(
    draft: Draft,
    place: usize,
    pair: usize,
    attributes: String,
    disabled: Signal<bool>,
) -> impl IntoView {
    let read = move || draft.now.read().overrides.get(place)?.pairs.get(pair).cloned();
    let name = Memo::new(move |_| read().unwrap_or_default().0);
    let values = Memo::new(move |_| read().unwrap_or_default().1);
    let edit = move |change: &dyn Fn(&mut Values)| {
        draft.edit(|edited| {
            let found = edited.overrides.get_mut(place).and_then(|it| it.pairs.get_mut(pair));
            found.into_iter().for_each(change);
        });
    };
    let rename = move |event| {
        let text = event_target_value(&event).trim().to_owned();
        edit(&|pair| pair.0.clone_from(&text));
    };
    let set = Callback::new(move |values: Vec<String>| edit(&|pair| pair.1.clone_from(&values)));
    view! {
        <div class="grid min-w-0 grid-cols-[minmax(5rem,1fr)_2fr] items-start gap-1.5">
            <input
                class="input h-9 font-mono text-sm"
                aria-label="Attribute"
                list=attributes
                autocomplete="off"
                disabled=disabled
                prop:value=move || name.get()
                value=name.get_untracked()
                on:change=rename
            />
            <TagInput values set label="Values" placeholder="Value" disabled />
        </div>
    }
}
