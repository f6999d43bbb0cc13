//! A new template, of what a flag is and does in an environment.

use domain::place::PlaceView;
use leptos::prelude::*;

use super::CREATE;
use crate::flash::{Flash, Message};
use crate::place::address;
use crate::ui::field::{Choice, Field};
use crate::ui::frame::Section;
use crate::ui::guarded::Guarded;

#[component]
pub(super) fn New(
    place: PlaceView,
    /// Keys of flags, to choose from.
    keys: Vec<String>,
    /// The flag and the environment that the address names.
    asked: (String, String),
    flash: Flash,
) -> impl IntoView {
    let own = flash.of(CREATE);
    let action = address(&place.of(), "templates", None);
    let (flag, environment) = asked;
    let typed = |name: &str, asked: String| {
        let typed = own.typed(name);
        if typed.is_empty() { asked } else { typed }
    };
    let (flag, environment) = (typed("from_flag", flag), typed("environment", environment));
    let wrong = own.wrong("from_flag");
    let (is_wrong, hint) = (wrong.is_some(), wrong.unwrap_or_else(|| "The flag to copy.".to_owned()));
    let environments = place.environments.iter().map(|at| {
        let key = at.environment.key.to_string();
        view! { <option value=key.clone() selected=key == environment>{key.clone()}</option> }
    });
    let environments = environments.collect_view();
    let options = keys.into_iter().map(|key| view! { <option value=key></option> }).collect_view();
    let told = (flash.form == CREATE && flash.error.is_some()).then(|| {
        view! { <Message flash=flash.clone() form=CREATE fields=&["name", "key", "description", "from_flag"] /> }
    });
    view! {
        <div id="new" class="scroll-mt-16">
            <Section title="New template" about="Of what a flag is, and does in one environment. It is a copy: later changes of the flag do not reach it.">
                <Guarded action refusal=None>
                    <Field flash=own.clone() name="name" label="Name" autocomplete="off" hint="Such as “Kill switch”." />
                    <Field flash=own.clone() name="key" label="Key" autocomplete="off" required=false hint="Empty: made from the name." />
                    <Field flash=own.clone() name="description" label="Description" autocomplete="off" required=false hint="What it is for." />
                    <div>
                        <label class="block text-sm font-medium" for="new-template-flag">"Flag"</label>
                        <input
                            id="new-template-flag"
                            class="input mt-1 font-mono"
                            name="from_flag"
                            list="new-template-flags"
                            autocomplete="off"
                            required=true
                            value=flag
                            aria-invalid=is_wrong.then_some("true")
                            aria-describedby="new-template-flag-hint"
                        />
                        <datalist id="new-template-flags">{options}</datalist>
                        <p id="new-template-flag-hint" class=if is_wrong { "mt-1 text-sm text-danger" } else { "mt-1 text-sm text-muted" }>{hint}</p>
                    </div>
                    <Choice id="new-template-environment" name="environment" label="From environment">{environments}</Choice>
                    <button class="button button-primary justify-self-start">"Create template"</button>
                </Guarded>
                {told}
            </Section>
        </div>
    }
    .into_any()
}
