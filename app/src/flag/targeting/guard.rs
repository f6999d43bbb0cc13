//! Keeps what somebody has changed and not saved from being lost by leaving.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;

const QUESTION: &str = "There are changes that are not saved. Leave without them?";

/// Links that lead away. Those that say that they stay change nothing but the address.
const LINKS: &str = "a[href]:not([data-stays])";

/// Asks before the page is left while `is_changed`. Shows nothing.
#[component]
pub(crate) fn Guard(#[prop(into)] is_changed: Signal<bool>) -> impl IntoView {
    Effect::new(move |_| {
        let unload = window_event_listener(ev::beforeunload, move |event| {
            if is_changed.get_untracked() {
                event.prevent_default();
            }
        });
        // Links within the application: before the router hears of them.
        let asked = Closure::<dyn Fn(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let leaves = target.is_some_and(|target| target.closest(LINKS).ok().flatten().is_some());
            if leaves
                && is_changed.get_untracked()
                && !window().confirm_with_message(QUESTION).unwrap_or(true)
            {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
        });
        let function = asked.as_ref().unchecked_ref::<leptos::web_sys::js_sys::Function>().clone();
        let _ = document().add_event_listener_with_callback_and_bool("click", &function, true);
        let asked = StoredValue::new_local(asked);
        on_cleanup(move || {
            unload.remove();
            let _ = document().remove_event_listener_with_callback_and_bool("click", &function, true);
            asked.dispose();
        });
    });
}
