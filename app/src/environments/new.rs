//! A new environment, and the choice of a colour.

use domain::environments::Color;
use domain::place::PlaceView;
use domain::projects::{MAX_ENVIRONMENTS, suggest_key};
use leptos::prelude::*;

use super::CREATE;
use crate::flash::{Flash, Message};
use crate::place::{address, dot};
use crate::ui::capital;
use crate::ui::field::Choice;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;

#[component]
pub(super) fn New(place: PlaceView, flash: Flash, refusal: Option<String>) -> impl IntoView {
    let own = flash.of(CREATE);
    let is_full = place.environments.len() >= MAX_ENVIRONMENTS;
    let full = is_full.then(|| format!("A project has at most {MAX_ENVIRONMENTS} environments."));
    let refusal = refusal.or(full);
    let taken: Vec<_> = place.environments.iter().map(|at| at.environment.color).collect();
    let free = Color::ALL.into_iter().find(|color| !taken.contains(color)).unwrap_or(Color::Slate);
    let color = Color::from_name(&own.typed("color")).unwrap_or(free);
    let source = own.typed("copy_from");
    let sources = place.environments.iter().map(|at| {
        let key = at.environment.key.to_string();
        let is_chosen = key == source;
        view! { <option value=key.clone() selected=is_chosen>{key.clone()}</option> }
    });
    let sources = sources.collect_view();
    let is_protected = !own.typed("protected").is_empty();
    let action = address(&place.of(), "environments", None);
    let wrong =
        flash.error.is_some().then(|| view! { <Message flash=flash form=CREATE fields=&["name", "key"] /> });
    view! {
        <div id="new" class="scroll-mt-16">
            <Section title="New environment" about="It comes last, and every flag and segment of the project is in it at once.">
                <Guarded action refusal>
                    <Names own=own.clone() />
                    <Colors chosen=color />
                    <Choice id="copy-from" name="copy_from" label="Flags and segments">
                        <option value="">"Off and empty"</option>
                        <optgroup label="as they are in">{sources}</optgroup>
                    </Choice>
                    <label class="flex items-start gap-2">
                        <input type="checkbox" name="protected" value="true" class="box mt-0.5" checked=is_protected />
                        <span>
                            "Protected"
                            <span class="block text-sm text-muted">"Changes need an admin, who says why."</span>
                        </span>
                    </label>
                    <button class="button button-primary justify-self-start">"Create environment"</button>
                </Guarded>
                {wrong}
            </Section>
        </div>
    }
}

/// The name and the key, which is suggested while somebody types the name.
#[component]
fn Names(own: Flash) -> impl IntoView {
    let (name, key) = (own.typed("name"), own.typed("key"));
    let typed = RwSignal::new(name.clone());
    let suggestion = move || {
        let name = typed.read();
        if name.trim().is_empty() { String::new() } else { suggest_key(name.trim(), "environment") }
    };
    let wrong = |field: &'static str| {
        let message = own.wrong(field)?;
        Some(view! { <p id=format!("new-{field}-wrong") class="mt-1 text-sm text-danger">{message}</p> })
    };
    let (wrong_name, wrong_key) = (wrong("name"), wrong("key"));
    let (is_name_wrong, is_key_wrong) = (wrong_name.is_some(), wrong_key.is_some());
    let key_described = if is_key_wrong { "new-key-wrong new-key-hint" } else { "new-key-hint" };
    view! {
        <div>
            <label class="block text-sm font-medium" for="new-name">"Name"</label>
            <input
                id="new-name"
                class="input mt-1"
                name="name"
                autocomplete="off"
                required=true
                maxlength="100"
                value=name
                aria-invalid=is_name_wrong.then_some("true")
                aria-describedby=is_name_wrong.then_some("new-name-wrong")
                on:input=move |event| typed.set(event_target_value(&event))
            />
            {wrong_name}
        </div>
        <div>
            <label class="block text-sm font-medium" for="new-key">"Key"</label>
            <input
                id="new-key"
                class="input mt-1 font-mono"
                name="key"
                autocomplete="off"
                spellcheck="false"
                placeholder=suggestion
                value=key
                aria-invalid=is_key_wrong.then_some("true")
                aria-describedby=key_described
            />
            {wrong_key}
            <p id="new-key-hint" class="mt-1 text-sm text-muted">
                "In addresses and in API keys, and never changes. Empty: made from the name."
            </p>
        </div>
    }
}

/// The palette.
#[component]
pub(super) fn Colors(chosen: Color) -> impl IntoView {
    let cards = Color::ALL.map(|color| {
        view! {
            <label class="flex cursor-pointer items-center gap-2 rounded-md border border-line px-2.5 py-1.5 has-checked:border-accent has-checked:bg-accent/8 has-disabled:cursor-not-allowed has-disabled:bg-sunken has-disabled:text-muted">
                <input
                    type="radio"
                    name="color"
                    value=color.as_str()
                    class="box"
                    required=true
                    checked=color == chosen
                />
                <span class=format!("size-3 rounded-full {}", dot(color)) aria-hidden="true"></span>
                {capital(color.as_str())}
            </label>
        }
    });
    view! {
        <fieldset class="min-w-0">
            <legend class="mb-1 text-sm font-medium">"Colour"</legend>
            <div class="flex flex-wrap gap-2">{cards.collect_view()}</div>
        </fieldset>
    }
}
