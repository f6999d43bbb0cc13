//! The context as a form: the user's id, and rows of attributes.

use domain::FieldError;
use leptos::html::Input;
use leptos::prelude::*;

use super::context;
use super::draft::{Draft, Row};
use crate::ui::icon::Icon;

/// The context as a form.
#[component]
pub(super) fn Attributes(draft: Draft, faults: Memo<Vec<FieldError>>) -> impl IntoView {
    let added = RwSignal::new(None::<usize>);
    let typed = move |event| {
        draft.user.set(event_target_value(&event));
        draft.typed();
    };
    let fault = move || {
        let faults = faults.read();
        faults.iter().find(|fault| fault.path.starts_with("rows[")).map(|fault| fault.message.clone())
    };
    view! {
        <label class="block text-sm text-muted" for="user">"User id"</label>
        <input
            id="user"
            name="user"
            class="input mt-1 font-mono"
            autocomplete="off"
            spellcheck="false"
            placeholder="nobody in particular"
            value=draft.user.get_untracked()
            prop:value=draft.user
            on:input=typed
        />
        <p class="mt-3 text-sm text-muted" id="attributes">"Attributes"</p>
        <div class="mt-1 space-y-2" role="group" aria-labelledby="attributes">
            <For each=move || draft.rows.get() key=|row| row.id let:row>
                <AttributeRow draft row faults added />
            </For>
        </div>
        <p id="rows-wrong" role="alert" class="mt-1 text-sm text-danger empty:hidden">{fault}</p>
        <div class="mt-2 flex flex-wrap items-center gap-3">
            <button type="button" class="button scripted h-7 px-2" on:click=move |_| added.set(Some(draft.add_row()))>
                <Icon of=icondata_lu::LuPlus />
                "Attribute"
            </button>
            <p class="min-w-0 flex-1 text-xs text-muted">
                "Numbers, true, false, lists and objects are what they look like. In quotes they are text."
            </p>
        </div>
    }
}

#[component]
fn AttributeRow(
    draft: Draft,
    row: Row,
    faults: Memo<Vec<FieldError>>,
    /// The row that was just added, which gets the focus.
    added: RwSignal<Option<usize>>,
) -> impl IntoView {
    let Row { id, name, value } = row;
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| added.get_untracked() == Some(id)) {
            added.set(None);
            let _ = input.focus();
        }
    });
    let read = move |part: fn(&Row) -> &String| {
        let rows = draft.rows.read();
        rows.iter().find(|row| row.id == id).map(|row| part(row).clone()).unwrap_or_default()
    };
    let place = move || draft.rows.read().iter().position(|row| row.id == id).unwrap_or_default();
    let is_wrong = move || {
        let path = format!("rows[{}]", place());
        faults.read().iter().any(|fault| fault.path == path).then_some("true")
    };
    let kind = move || {
        let (name, value) = (read(|row| &row.name), read(|row| &row.value));
        (!name.is_empty() || !value.is_empty()).then(|| context::kind(&value))
    };
    view! {
        <div class="grid grid-cols-[minmax(0,5fr)_minmax(0,6fr)_1.75rem] items-center gap-2">
            <input
                node_ref=input
                name=format!("n{id}")
                class="input font-mono"
                list="known-attributes"
                autocomplete="off"
                spellcheck="false"
                placeholder="attribute"
                aria-label=move || format!("Attribute {}", place() + 1)
                aria-invalid=is_wrong
                aria-describedby=move || is_wrong().map(|_| "rows-wrong")
                value=name
                prop:value=move || read(|row| &row.name)
                on:input=move |event| draft.change_row(id, |row| row.name = event_target_value(&event))
            />
            <span class="relative">
                <input
                    name=format!("v{id}")
                    class="input pr-16 font-mono"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="value"
                    aria-label=move || format!("Value {}", place() + 1)
                    value=value
                    prop:value=move || read(|row| &row.value)
                    on:input=move |event| draft.change_row(id, |row| row.value = event_target_value(&event))
                />
                <span class="pointer-events-none absolute inset-y-0 right-2 flex items-center text-xs text-muted">{kind}</span>
            </span>
            <button
                type="button"
                class="scripted inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken"
                aria-label=move || format!("Remove attribute {}", place() + 1)
                on:click=move |_| draft.remove_row(id)
            >
                <Icon of=icondata_lu::LuX />
            </button>
        </div>
    }
}
