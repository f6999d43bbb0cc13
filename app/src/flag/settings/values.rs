//! What applications see of a flag: its values, and whether browsers may read them.

use domain::access::Action;
use domain::flags::FlagSummary;
use domain::place::PlaceView;
use domain::ruleset::{ValueType, Variation};
use leptos::prelude::*;
use serde_json::Value;

use super::Forms;
use super::about::is_back;
use crate::flag::VARIATIONS;
use crate::flag::framed::said;
use crate::flash::{Flash, Message};
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;
use crate::ui::why::Why;

/// How many rows are empty, for new ones.
const SPARE: usize = 3;

#[component]
pub(super) fn Values(place: PlaceView, summary: FlagSummary, forms: Forms) -> impl IntoView {
    let own = said().of(VARIATIONS);
    let is_back = is_back(&own);
    let flag = &summary.flag;
    let refusal = forms.archived.clone().or_else(|| place.refusal_everywhere(Action::UpdateFlag));
    let (value_type, version) = (flag.value_type, flag.version.to_string());
    let is_client_side = if is_back { !own.typed("client_side").is_empty() } else { flag.client_side };
    // There is nothing else that a boolean could be, and what is served stays what it is called.
    let is_fixed = value_type == ValueType::Boolean && flag.variations.len() == 2;
    let (rows, save) = match is_fixed {
        true => (fixed(&flag.variations), "Save visibility"),
        false => (rows(&summary, &own, is_back), "Save the values"),
    };
    view! {
        <div id="values" class="scroll-mt-20">
            <Section title="Values" about="What applications are served. A change reaches every environment at once.">
                <Message flash=said() form=VARIATIONS fields=&[] />
                <Guarded action=forms.action("variations") refusal>
                    <input type="hidden" name="version" value=version />
                    <input type="hidden" name="value_type" value=value_type.as_str() />
                    {rows}
                    <label class="flex items-start gap-2">
                        <input class="box mt-0.5" type="checkbox" name="client_side" value="true" checked=is_client_side />
                        <span>
                            "Browsers may see it"
                            <span class="block text-sm text-muted">"Keys for browsers are public: their users can read its value."</span>
                        </span>
                    </label>
                    <Why id="values-comment" is_needed=forms.asks_why typed=own.typed("comment") />
                    <button class="button justify-self-start">{save}</button>
                </Guarded>
            </Section>
        </div>
    }
    .into_any()
}

/// Values that are what they are.
fn fixed(variations: &[Variation]) -> AnyView {
    let rows = variations.iter().enumerate().map(|(row, Variation { key, value })| {
        let (key_field, value_field) = fields(row);
        let value = value.to_string();
        view! {
            <li class="flex min-w-0 items-center gap-3 px-3 py-1.5 font-mono text-sm">
                <span class="min-w-0 flex-1 [overflow-wrap:anywhere]">{key.clone()}</span>
                <span class="flex-1">{value.clone()}</span>
                <input type="hidden" name=key_field value=key.clone() />
                <input type="hidden" name=value_field value=value.clone() />
            </li>
        }
    });
    view! { <ul aria-label="Keys and values" class="divide-y divide-line rounded-md border border-line">{rows.collect_view()}</ul> }
        .into_any()
}

/// Fields for what is there, and for what is new.
fn rows(summary: &FlagSummary, own: &Flash, is_back: bool) -> AnyView {
    let FlagSummary { flag, environments, .. } = summary;
    let row = |row: usize| {
        let (key_field, value_field) = fields(row);
        let there = flag.variations.get(row);
        let used = there.map(|variation| {
            let in_use = environments.iter().filter(|it| it.used.contains(&variation.key));
            let names: Vec<_> = in_use.map(|it| it.environment.to_string()).collect();
            if names.is_empty() { "used nowhere".to_owned() } else { format!("used in {}", names.join(", ")) }
        });
        let (key, value) = match there {
            _ if is_back => (own.typed(&key_field), own.typed(&value_field)),
            Some(variation) => (variation.key.clone(), shown(&variation.value, flag.value_type)),
            None => (String::new(), String::new()),
        };
        let wrong = own.wrong(&value_field).map(|wrong| view! { <p class="text-sm text-danger">{wrong}</p> });
        view! {
            <li class="grid min-w-0 gap-1">
                <div class="grid min-w-0 grid-cols-[minmax(0,1fr)_minmax(0,2fr)] gap-2">
                    <input
                        class="input font-mono text-sm"
                        name=key_field
                        aria-label=format!("Key of value {}", row + 1)
                        placeholder="key"
                        maxlength="100"
                        autocomplete="off"
                        spellcheck="false"
                        value=key
                    />
                    <input
                        class="input font-mono text-sm"
                        name=value_field
                        aria-label=format!("Value {}", row + 1)
                        placeholder="value"
                        autocomplete="off"
                        spellcheck="false"
                        value=value
                    />
                </div>
                {used.map(|used| view! { <p class="text-xs text-muted [overflow-wrap:anywhere]">{used}</p> })}
                {wrong}
            </li>
        }
    };
    let there = flag.variations.len();
    let spare = there..there + SPARE;
    let is_added = spare.clone().any(|row| !own.typed(&fields(row).0).is_empty());
    let (rows, spare) = ((0..there).map(row).collect_view(), spare.map(row).collect_view());
    let about = match flag.value_type {
        ValueType::Boolean => "true or false",
        ValueType::String => "texts",
        ValueType::Number => "numbers",
        ValueType::Json => "JSON",
    };
    view! {
        <fieldset class="grid min-w-0 gap-2">
            <legend class="mb-1 text-sm font-medium">"Keys and values: " {about}</legend>
            <ol class="grid min-w-0 gap-2">{rows}</ol>
            <details open=is_back && is_added>
                <summary class="cursor-pointer py-1 text-sm text-accent">"Add values"</summary>
                <ol class="mt-1 grid min-w-0 gap-2">{spare}</ol>
            </details>
            <p class="text-sm text-muted">
                "To remove a value, empty its key. One that is used somewhere stays."
            </p>
        </fieldset>
    }
    .into_any()
}

/// What the fields of a row are called.
fn fields(row: usize) -> (String, String) {
    (format!("variation_key_{row}"), format!("variation_value_{row}"))
}

/// A value as it is typed.
fn shown(value: &Value, value_type: ValueType) -> String {
    match (value_type, value) {
        (ValueType::String, Value::String(text)) => text.clone(),
        _ => value.to_string(),
    }
}
