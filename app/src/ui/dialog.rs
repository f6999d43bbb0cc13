//! A window above the page. It is the browser's own, which keeps the focus, closes by Escape, and returns the focus.

use leptos::html;
use leptos::prelude::*;

use super::icon::Icon;

/// A dialog that is opened by its id.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// Whether it holds more than a few lines.
    #[prop(default = false)]
    wide: bool,
    /// The class of the colour of the environment in which something is about to change.
    #[prop(optional)]
    dot: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let width = if wide { "w-[min(46rem,calc(100vw-2rem))]" } else { "w-[min(32rem,calc(100vw-2rem))]" };
    let dot = dot.map(|dot| {
        view! { <span class=format!("mr-2 inline-block size-2.5 rounded-full {dot}") aria-hidden="true"></span> }
    });
    let heading = format!("{id}-title");
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            id=id.clone()
            aria-labelledby=heading.clone()
            class=format!("m-auto rounded-xl border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50 {width}")
        >
            <div class="flex items-start justify-between gap-4">
                <h2 id=heading.clone() class="text-lg font-semibold [overflow-wrap:anywhere]">{dot} {title}</h2>
                <button
                    type="button"
                    class="inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken"
                    aria-label="Close"
                    on:click=close
                >
                    <Icon of=icondata_lu::LuX />
                </button>
            </div>
            {children()}
        </dialog>
    }
}
