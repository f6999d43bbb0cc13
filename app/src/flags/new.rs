//! A new flag: a plain form, in which only what belongs to the chosen type is seen.

use domain::access::Action;
use domain::flags::suggest_key;
use domain::place::PlaceView;
use domain::ruleset::Operator;
use leptos::prelude::*;
use leptos_meta::Title;

use super::picture::Picture;
use crate::flash::{Flash, Message, flash};
use crate::place::{address, known};
use crate::ui::field::Field;
use crate::ui::refused::Refused;

/// The form, as its handler knows it.
const FORM: &str = "new-flag";

/// The fields that say themselves what is wrong with them.
const FIELDS: &[&str] = &["name", "key", "description", "rollout_pct", "tags", "expires_at"];

/// The types, each with what it is for.
const KINDS: [(&str, &str, &str); 5] = [
    ("boolean", "Boolean", "On or off, for everyone."),
    ("percentage", "Percentage", "On for a share of the users, the same ones each time."),
    ("segment", "Segment", "On for those whom a rule names."),
    ("combined", "Combined", "On for a share of those whom a rule names."),
    ("advanced", "Several values", "A text, a number or JSON: one of several."),
];

/// The operators of a first rule.
const OPERATORS: [(Operator, &str); 6] = [
    (Operator::In, "is one of"),
    (Operator::NotIn, "is none of"),
    (Operator::Contains, "contains"),
    (Operator::EndsWith, "ends with"),
    (Operator::Gte, "is at least"),
    (Operator::SemverGte, "is at least version"),
];

#[component]
pub(crate) fn NewFlagPage() -> impl IntoView {
    let (known, flash) = (known(), flash());
    view! {
        <Title text="New flag" />
        <Transition fallback=|| view! { <p class="p-6 text-muted">"Loading…"</p> }>
            {move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <NewFlag place flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

#[component]
fn NewFlag(place: PlaceView, flash: Flash) -> impl IntoView {
    let flash = match flash.form == FORM {
        true => flash,
        false => Flash { form: FORM.to_owned(), ..Flash::default() },
    };
    let action = address(&place.of(), "flags/new", None);
    let back = address(&place.of(), "flags", None);
    let body = match place.refusal(Action::CreateFlag) {
        Some(reason) => view! { <p class="mt-4 text-muted">{reason}</p> }.into_any(),
        None => view! { <Form action flash back /> }.into_any(),
    };
    view! {
        <main class="mx-auto max-w-[760px] px-4 py-6 sm:px-6">
            <h1 class="text-xl font-semibold tracking-tight">"New flag"</h1>
            <p class="mt-1 text-muted">"It starts switched off in every environment."</p>
            {body}
        </main>
    }
}

#[component]
fn Form(action: String, flash: Flash, back: String) -> impl IntoView {
    let typed = |name: &str| flash.typed(name);
    let key = RwSignal::new(typed("key"));
    let is_own = RwSignal::new(!typed("key").is_empty());
    let named = move |event| {
        if !is_own.get_untracked() {
            let name = event_target_value(&event);
            key.set(suggest_key(&name).map(|key| key.to_string()).unwrap_or_default());
        }
    };
    let keyed = move |event| {
        let text = event_target_value(&event);
        is_own.set(!text.is_empty());
        key.set(text);
    };
    let wrong_key = flash.wrong("key");
    let wrong_now = move || {
        let key = key.read();
        let is_wrong = !key.is_empty() && key.parse::<domain::FlagKey>().is_err();
        is_wrong.then_some(
            "Letters, digits, dots, hyphens, underscores and @, beginning with a letter or a digit.",
        )
    };
    let chosen = if typed("kind").is_empty() { "boolean".to_owned() } else { typed("kind") };
    let kinds = KINDS.into_iter().map(|(name, label, about)| {
        view! {
            <label class="flex cursor-pointer flex-col gap-1 rounded-lg border border-line bg-surface p-3 has-checked:border-accent has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent">
                <Picture kind=name />
                <span class="flex items-center gap-2 font-medium">
                    <input class="accent-accent" type="radio" name="kind" value=name checked=chosen == name />
                    {label}
                </span>
                <span class="text-sm text-muted">{about}</span>
            </label>
        }
    });
    let kinds = kinds.collect_view();
    let label = "block text-sm font-medium";
    view! {
        <Message flash=flash.clone() form=FORM fields=FIELDS />
        <form method="post" action=action class="group mt-6 grid gap-6">
            <div class="grid gap-4 sm:grid-cols-2">
                <div on:input=named>
                    <Field flash=flash.clone() name="name" label="Name" hint="For people, such as “New checkout”." />
                </div>
                <div>
                    <label class=label for="new-flag-key">"Key"</label>
                    <input
                        id="new-flag-key"
                        name="key"
                        class="input mt-1 font-mono"
                        maxlength="200"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="made from the name"
                        prop:value=move || key.get()
                        value=typed("key")
                        aria-invalid=wrong_key.is_some().then_some("true")
                        aria-describedby="new-flag-key-hint"
                        on:input=keyed
                    />
                    <p id="new-flag-key-hint" class="mt-1 text-sm text-muted">
                        {match wrong_key {
                            Some(wrong) => view! { <span class="text-danger">{wrong}</span> }.into_any(),
                            None => view! { <span>{move || wrong_now().unwrap_or("For code. It never changes.")}</span> }.into_any(),
                        }}
                    </p>
                </div>
            </div>
            <Field flash=flash.clone() name="description" label="Description" required=false hint="What it is for, and when it can go." />
            <fieldset>
                <legend class=label>"Type"</legend>
                <div class="mt-2 grid gap-2 sm:grid-cols-2 lg:grid-cols-3">{kinds}</div>
            </fieldset>
            <div class="hidden group-has-[[value=percentage]:checked]:block group-has-[[value=combined]:checked]:block">
                <Field
                    flash=flash.clone()
                    name="rollout_pct"
                    label="Share in percent"
                    required=false
                    value="10"
                    hint="Who is served the flag once it is switched on. It can be changed in each environment."
                />
            </div>
            <div class="hidden group-has-[[value=segment]:checked]:block group-has-[[value=combined]:checked]:block">
                <FirstRule flash=flash.clone() />
            </div>
            <div class="hidden group-has-[[value=advanced]:checked]:block">
                <Variations flash=flash.clone() />
            </div>
            <Field flash=flash.clone() name="tags" label="Tags" required=false hint="With commas between them." />
            <div class="grid gap-3">
                <label class="flex items-start gap-2">
                    <input class="mt-0.5 size-4 accent-accent" type="checkbox" name="client_side" value="true" checked=!typed("client_side").is_empty() />
                    <span>"Browsers may see it"<span class="block text-sm text-muted">"Keys for browsers are public: their users can read its value."</span></span>
                </label>
                <label class="flex items-start gap-2">
                    <input class="peer mt-0.5 size-4 accent-accent" type="checkbox" name="temporary" value="true" checked=!typed("temporary").is_empty() />
                    <span>"It is temporary"<span class="block text-sm text-muted">"It is marked once its date has passed, and served all the same."</span></span>
                </label>
                <div class="hidden pl-6 group-has-[[name=temporary]:checked]:block">
                    <Field flash=flash.clone() name="expires_at" label="To be gone by" kind="date" required=false />
                </div>
            </div>
            <div class="flex gap-2">
                <button class="button button-primary">"Create the flag"</button>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </form>
    }
}

/// The rule that a flag begins with.
#[component]
fn FirstRule(flash: Flash) -> impl IntoView {
    let chosen = flash.typed("op");
    let operators = OPERATORS.into_iter().map(|(operator, shown)| {
        let name = operator.as_str();
        view! { <option value=name selected=chosen == name>{shown}</option> }
    });
    let label = "block text-sm font-medium";
    view! {
        <fieldset class="rounded-lg border border-line p-3">
            <legend class="px-1 text-sm font-medium">"For whom"</legend>
            <div class="grid gap-3 sm:grid-cols-3">
                <div>
                    <label class=label for="new-flag-attribute">"Attribute"</label>
                    <input id="new-flag-attribute" name="attribute" class="input mt-1 font-mono" placeholder="plan" autocomplete="off" value=flash.typed("attribute") />
                </div>
                <div>
                    <label class=label for="new-flag-op">"Test"</label>
                    <select id="new-flag-op" name="op" class="input mt-1">{operators.collect_view()}</select>
                </div>
                <div>
                    <label class=label for="new-flag-values">"Values"</label>
                    <input id="new-flag-values" name="values" class="input mt-1" placeholder="pro, team" autocomplete="off" value=flash.typed("values") />
                </div>
            </div>
            <p class="mt-2 text-sm text-muted">"More of it, and groups, in each environment. Without an attribute nobody is meant yet."</p>
        </fieldset>
    }
}

/// The values that a flag can take.
#[component]
fn Variations(flash: Flash) -> impl IntoView {
    let chosen = flash.typed("value_type");
    let types =
        [("string", "Text"), ("number", "Number"), ("json", "JSON")].into_iter().map(|(name, shown)| {
            view! { <option value=name selected=chosen == name>{shown}</option> }
        });
    let rows = (0..6_usize).map(|place| {
        let (key, value) = (format!("variation_key_{place}"), format!("variation_value_{place}"));
        let wrong = flash.wrong(&value).map(|wrong| view! { <p class="col-span-2 text-sm text-danger">{wrong}</p> });
        let hint = ["control", "", "", "", "", ""].get(place).copied().unwrap_or_default();
        view! {
            <div class="grid grid-cols-[1fr_2fr] gap-2">
                <input class="input font-mono" name=key.clone() aria-label=format!("Key of variation {}", place + 1) placeholder=hint autocomplete="off" value=flash.typed(&key) />
                <input class="input font-mono" name=value.clone() aria-label=format!("Value of variation {}", place + 1) autocomplete="off" value=flash.typed(&value) />
                {wrong}
            </div>
        }
    });
    view! {
        <fieldset class="grid gap-2 rounded-lg border border-line p-3">
            <legend class="px-1 text-sm font-medium">"Values"</legend>
            <label class="block text-sm font-medium" for="new-flag-value-type">"Type of the values"</label>
            <select id="new-flag-value-type" name="value_type" class="input">{types.collect_view()}</select>
            <p class="grid grid-cols-[1fr_2fr] gap-2 text-xs text-muted"><span>"Key"</span><span>"Value"</span></p>
            {rows.collect_view()}
            <p class="text-sm text-muted">"At least two. The first is served once it is on, the last while it is off."</p>
        </fieldset>
    }
}
