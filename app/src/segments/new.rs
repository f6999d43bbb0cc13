//! A new segment: a plain form.

use domain::access::Action;
use domain::orgs::suggest_slug;
use domain::place::PlaceView;
use domain::{EnvironmentKey, SegmentKey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::CREATE;
use super::text_area::TextArea;
use crate::flash::{Flash, Message, flash};
use crate::place::{address, known};
use crate::ui::field::Field;
use crate::ui::guarded::Reason;
use crate::ui::refused::Refused;
use crate::ui::waiting::{Waiting, awaited};

/// The fields that say themselves what is wrong with them.
const FIELDS: &[&str] = &["name", "key", "description", "by", "included"];

#[component]
pub(crate) fn NewSegmentPage() -> impl IntoView {
    let (known, flash) = (known(), flash());
    view! {
        <Title text="New segment" />
        <Transition fallback=Waiting>
            {awaited(move || {
                let flash = flash.of(CREATE);
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <NewSegment place flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn NewSegment(place: PlaceView, flash: Flash) -> impl IntoView {
    let typed = flash.typed("environment");
    let here = use_query_map().read_untracked().get_str("env").map_or(typed, str::to_owned);
    let environment = here.parse::<EnvironmentKey>().ok();
    let at = |path| address(&place.of(), path, environment.as_ref());
    let body = match place.refusal(Action::CreateSegment) {
        Some(reason) => view! {
            <div class="mt-4"><Reason refusal=Some(reason) /></div>
            <a class="button" href=at("segments")>"Back to the segments"</a>
        }
        .into_any(),
        None => view! { <Form action=address(&place.of(), "segments/new", None) back=at("segments") here flash /> }.into_any(),
    };
    view! {
        <main class="page page-narrow">
            <h1 class="text-xl font-semibold tracking-tight">"New segment"</h1>
            <p class="mt-1 text-muted">"It begins with the same people inside in every environment. After that each has its own."</p>
            {body}
        </main>
    }
}

#[component]
fn Form(action: String, back: String, here: String, flash: Flash) -> impl IntoView {
    let key = RwSignal::new(flash.typed("key"));
    let is_own = RwSignal::new(!flash.typed("key").is_empty());
    let named = move |event| {
        if !is_own.get_untracked() {
            key.set(suggestion(&event_target_value(&event)));
        }
    };
    let keyed = move |event| {
        let text = event_target_value(&event);
        is_own.set(!text.is_empty());
        key.set(text);
    };
    let wrong_key = flash.wrong("key");
    let is_key_wrong = wrong_key.is_some();
    let hint = move || {
        let key = key.read();
        let is_wrong = !key.is_empty() && key.parse::<SegmentKey>().is_err();
        match is_wrong {
            true => "Letters, digits, dots, hyphens, underscores and @, beginning with a letter or a digit.",
            false => "What rules name it by. It never changes.",
        }
    };
    view! {
        <Message flash=flash.clone() form=CREATE fields=FIELDS />
        <form method="post" action=action class="mt-6 grid gap-6">
            <input type="hidden" name="environment" value=here />
            <div class="grid gap-4 sm:grid-cols-2">
                <div on:input=named>
                    <Field flash=flash.clone() name="name" label="Name" autocomplete="off" hint="For people, such as “Beta testers”." />
                </div>
                <div>
                    <label class="block text-sm font-medium" for="new-segment-key">"Key"</label>
                    <input
                        id="new-segment-key"
                        name="key"
                        class="input mt-1 font-mono"
                        maxlength="200"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="made from the name"
                        prop:value=move || key.get()
                        value=flash.typed("key")
                        aria-invalid=is_key_wrong.then_some("true")
                        aria-describedby="new-segment-key-hint"
                        on:input=keyed
                    />
                    <p id="new-segment-key-hint" class="mt-1 text-sm text-muted">
                        {match wrong_key {
                            Some(wrong) => view! { <span class="text-danger">{wrong}</span> }.into_any(),
                            None => view! { <span>{hint}</span> }.into_any(),
                        }}
                    </p>
                </div>
            </div>
            <Field flash=flash.clone() name="description" label="Description" autocomplete="off" required=false hint="Who it is meant for." />
            <Field
                flash=flash.clone()
                name="by"
                label="Keys are values of"
                autocomplete="off"
                required=false
                hint="An attribute such as company. The user's id, unless you name one."
            />
            <TextArea
                id="new-segment-included"
                name="included"
                label="Keys that are inside, one in each line"
                value=Signal::stored(flash.typed("included"))
                rows=5
                class="font-mono text-sm"
                hint="You may leave it empty: conditions and long lists follow on the segment's page."
                wrong=flash.wrong("included")
            />
            <div class="flex gap-2">
                <button class="button button-primary">"Create the segment"</button>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// The key that a name suggests; empty where nothing of it can be in one.
fn suggestion(name: &str) -> String {
    if name.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        suggest_slug(name)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn a_name_suggests_a_key() {
        for (name, key) in [("Beta testers", "beta-testers"), ("  ", ""), ("日本", ""), ("A", "a")] {
            assert_eq!(suggestion(name), key, "{name}");
        }
    }
}
