//! A flag's switch in one environment.

use domain::flags::Refusals;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::api::SwitchFlag;
use super::switching::{self, Place, State};
use super::why::{Question, WithoutScript};

/// The switch: a plain form, so that it works before the script has loaded and without it.
#[component]
pub(crate) fn Toggle(
    place: Place,
    state: State,
    refusals: Refusals,
    /// Whether whoever switches it on has to say why.
    is_protected: bool,
    /// Where they are asked.
    asked: RwSignal<Option<Question>>,
    /// What it will serve when it is on, in words.
    #[prop(into)]
    serves: Signal<String>,
    /// Whether its configuration cannot be read.
    #[prop(default = false)]
    is_broken: bool,
) -> impl IntoView {
    let Place { project, environment, key } = place.clone();
    let asks_without_script =
        (is_protected && !state.enabled.get_untracked() && refusals.enable.is_none() && !is_broken)
            .then(|| view! { <WithoutScript /> });
    let all_refusals = StoredValue::new(refusals.clone());
    let refusal = Memo::new(move |_| match is_broken {
        true => Some("Its configuration cannot be read.".to_owned()),
        false => refusals.switch(state.enabled.get()).map(str::to_owned),
    });
    let click = move |event: MouseEvent| {
        event.prevent_default();
        if refusal.get_untracked().is_none() && !state.pending.get_untracked() {
            // Undo is the way back, so it needs the right to switch what the flag becomes now; and where switching on
            // needs a reason, a toast has none.
            let goes_to = !state.enabled.get_untracked();
            let may_undo = all_refusals.read_value().switch(goes_to).is_none();
            let offer_undo = may_undo && (goes_to || !is_protected);
            match goes_to && is_protected {
                true => {
                    let (place, serves) = (place.clone(), serves.get_untracked());
                    asked.set(Some(Question { place, state, serves, offer_undo }));
                }
                false => switching::run(place.clone(), state, None, offer_undo),
            }
        }
    };
    let reason_id = format!("reason-{environment}-{key}");
    let described = reason_id.clone();
    view! {
        <form method="post" action=SwitchFlag::url()>
            <input type="hidden" name="organization" value=project.organization.to_string() />
            <input type="hidden" name="project" value=project.project.to_string() />
            <input type="hidden" name="environment" value=environment.to_string() />
            <input type="hidden" name="key" value=key.to_string() />
            <input type="hidden" name="enabled" value=move || (!state.enabled.get()).to_string() />
            <input type="hidden" name="version" value=move || state.version.get().to_string() />
            {asks_without_script}
            <button
                class="switch"
                role="switch"
                aria-checked=move || state.shown().to_string()
                aria-label=key.to_string()
                aria-disabled=move || refusal.read().is_some().then_some("true")
                aria-describedby=move || refusal.read().is_some().then(|| described.clone())
                title=move || refusal.get()
                type=move || if refusal.read().is_some() { "button" } else { "submit" }
                on:click=click
            ></button>
            <span id=reason_id class="sr-only">{move || refusal.get()}</span>
        </form>
    }
}
