//! A button with a list below it: links and forms. It opens without script; with script it closes by itself.

use leptos::ev;
use leptos::html::Details;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// A menu. The children are what it lists.
#[component]
pub(crate) fn Menu(
    /// What it is called for those who cannot see its button.
    #[prop(into)]
    name: Signal<String>,
    /// The classes of the button.
    class: &'static str,
    /// The classes of the list: where it opens to.
    panel: &'static str,
    #[prop(into)] button: ViewFn,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    Effect::new(move |_| {
        let outside = window_event_listener(ev::click, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let is_inside = details.get_untracked().is_some_and(|details| details.contains(target.as_ref()));
            if !is_inside {
                close();
            }
        });
        on_cleanup(move || outside.remove());
    });
    let escape = move |event: ev::KeyboardEvent| {
        let Some(details) = details.get_untracked().filter(web_sys::HtmlDetailsElement::open) else { return };
        if event.key() == "Escape" {
            event.stop_propagation();
            details.set_open(false);
            if let Some(button) = details.first_element_child() {
                let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        }
    };
    // Whatever is chosen has been seen.
    let chosen = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest("a").ok().flatten().is_some()) {
            close();
        }
    };
    view! {
        <details node_ref=details class="menu relative" on:keydown=escape>
            <summary class=format!("list-none cursor-pointer [&::-webkit-details-marker]:hidden {class}") aria-label=name>
                {button.run()}
            </summary>
            <div
                class=format!("absolute z-20 max-h-[70dvh] overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-lg {panel}")
                on:click=chosen
            >
                {children()}
            </div>
        </details>
    }
}
