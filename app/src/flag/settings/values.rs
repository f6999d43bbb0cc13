//! What applications see of a flag: its values, and whether browsers may read them.

use domain::access::Action;
use domain::flags::{ConfigurationView, FlagDetail};
use domain::place::PlaceView;
use domain::ruleset::{Serve, ValueType};
use leptos::prelude::*;
use serde_json::Value;

use super::about::is_back;
use super::{Forms, Reasoned};
use crate::flag::VARIATIONS;
use crate::flag::framed::said;
use crate::flash::Message;
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;

/// How many rows are empty, for new ones.
const SPARE: usize = 3;

#[component]
pub(super) fn Values(place: PlaceView, detail: FlagDetail, forms: Forms) -> impl IntoView {
    let own = said().of(VARIATIONS);
    let is_back = is_back(&own);
    let FlagDetail { flag, environments, .. } = detail;
    let refusal = forms.archived.clone().or_else(|| place.refusal_everywhere(Action::UpdateFlag));
    let value_type = flag.value_type;
    let rows = (0..flag.variations.len() + SPARE).map(|row| {
        let (key_field, value_field) = (format!("variation_key_{row}"), format!("variation_value_{row}"));
        let there = flag.variations.get(row);
        let used = there.map(|variation| {
            let in_use = environments.iter().filter(|it| {
                it.configuration.as_ref().is_some_and(|configuration| uses(configuration, &variation.key))
            });
            let names: Vec<_> = in_use.map(|it| it.environment.to_string()).collect();
            if names.is_empty() { "used nowhere".to_owned() } else { format!("used in {}", names.join(", ")) }
        });
        let (key, value) = match there {
            _ if is_back => (own.typed(&key_field), own.typed(&value_field)),
            Some(variation) => (variation.key.clone(), shown(&variation.value, value_type)),
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
    });
    let rows = rows.collect_view();
    let is_client_side = if is_back { !own.typed("client_side").is_empty() } else { flag.client_side };
    let about = match value_type {
        ValueType::Boolean => "true or false",
        ValueType::String => "texts",
        ValueType::Number => "numbers",
        ValueType::Json => "JSON",
    };
    view! {
        <div id="values" class="scroll-mt-20">
            <Section title="Values" about="What applications are served. A change reaches every environment at once.">
                <Message flash=said() form=VARIATIONS fields=&[] />
                <Guarded action=forms.action("variations") refusal>
                    <input type="hidden" name="version" value=flag.version.to_string() />
                    <input type="hidden" name="value_type" value=value_type.as_str() />
                    <fieldset class="grid min-w-0 gap-2">
                        <legend class="mb-1 text-sm font-medium">"Keys and values: " {about}</legend>
                        <ol class="grid min-w-0 gap-2">{rows}</ol>
                        <p class="text-sm text-muted">
                            "Empty rows are new ones. A value whose key is emptied is removed; one that is used somewhere cannot be."
                        </p>
                    </fieldset>
                    <label class="flex items-start gap-2">
                        <input class="mt-0.5 size-4 accent-accent" type="checkbox" name="client_side" value="true" checked=is_client_side />
                        <span>
                            "Browsers may see it"
                            <span class="block text-sm text-muted">"Keys for browsers are public: their users can read its value."</span>
                        </span>
                    </label>
                    <Reasoned id="values-comment" is_needed=forms.asks_why typed=own.typed("comment") />
                    <button class="button justify-self-start">"Save the values"</button>
                </Guarded>
            </Section>
        </div>
    }
    .into_any()
}

/// A value as it is typed.
fn shown(value: &Value, value_type: ValueType) -> String {
    match (value_type, value) {
        (ValueType::String, Value::String(text)) => text.clone(),
        _ => value.to_string(),
    }
}

/// Whether a configuration serves a variation to somebody.
fn uses(configuration: &ConfigurationView, key: &str) -> bool {
    let serves = |serve: &Serve| match serve {
        Serve::Variation(variation) => variation == key,
        Serve::Rollout(rollout) => rollout.weights.iter().any(|weight| weight.variation == key),
    };
    configuration.off_variation == key
        || serves(&configuration.fallthrough)
        || configuration.rules.iter().any(|rule| serves(&rule.serve))
        || configuration.overrides.iter().any(|it| it.variation == key)
}
