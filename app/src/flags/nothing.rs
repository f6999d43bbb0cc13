//! What is said where there are no flags.

use domain::EnvironmentKey;
use domain::access::Action;
use domain::place::PlaceView;
use leptos::prelude::*;

use crate::place::address;
use crate::ui::icon::Icon;
use crate::ui::listed::NoneMatch;

/// That none match the filter, or that there are none yet.
#[component]
pub(super) fn Nothing(place: PlaceView, environment: EnvironmentKey, narrows: bool) -> impl IntoView {
    let of = place.of();
    if narrows {
        let all = address(&of, "flags", Some(&environment));
        return view! { <NoneMatch one="flag" all /> }.into_any();
    }
    let create = place.refusal(Action::CreateFlag).is_none().then(|| {
        view! {
            <a class="button button-primary mt-6" href=address(&of, "flags/new", Some(&environment))>
                <Icon of=icondata_lu::LuPlus />
                "Create the first one"
            </a>
        }
    });
    view! {
        <div class="mt-4 rounded-lg border border-line bg-surface px-6 py-16 text-center">
            <Drawing />
            <p class="mt-6 text-lg font-semibold">"No flags yet"</p>
            <p class="mx-auto mt-1 max-w-sm text-muted">
                "A flag lets you turn a part of your application on and off, for everyone or for some, without releasing it anew."
            </p>
            {create}
        </div>
    }
    .into_any()
}

/// A flag that nobody has hoisted yet: three switches, of which one is on.
#[component]
fn Drawing() -> impl IntoView {
    let switch = |y: u32, on: bool| {
        let (track, knob) = if on { ("fill-accent", 84) } else { ("fill-line", 36) };
        view! {
            <rect class=track x="20" y=y.to_string() width="80" height="32" rx="16"></rect>
            <circle class="fill-surface" cx=knob.to_string() cy=(y + 16).to_string() r="11"></circle>
        }
    };
    view! {
        <svg class="mx-auto h-32 w-30" viewBox="0 0 120 136" aria-hidden="true">
            {switch(4, false)} {switch(52, true)} {switch(100, false)}
        </svg>
    }
}
