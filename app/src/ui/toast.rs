//! Toasts: what just happened, and a way to undo it.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::icon::Icon;
use super::leave_for_sign_in;
use crate::error::UiError;

/// How long a toast stays.
const STAY: Duration = Duration::from_secs(6);

/// How long one stays after it is let go, at most.
const REST: Duration = Duration::from_secs(2);

/// Takes back what a toast tells of. Owned by the toast, because whatever made it may be gone by then.
type Undo = Arc<dyn Fn() + Send + Sync>;

/// How much it wants to be heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Done,
    Failed,
    /// What others did.
    Noted,
}

/// How many are shown at once; the oldest goes first.
const MOST: usize = 3;

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    tone: Tone,
    undo: Option<Undo>,
}

/// The toasts that are shown, the oldest first.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
    /// Whether somebody points at one, or has the focus in it: they stay until then.
    is_held: StoredValue<bool>,
}

/// Makes toasts available to everything below.
pub(crate) fn provide() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        last: StoredValue::new(0),
        is_held: StoredValue::new(false),
    };
    provide_context(toasts);
    toasts
}

/// The toasts of the page.
pub(crate) fn toasts() -> Toasts {
    use_context().unwrap_or_else(provide)
}

impl Toasts {
    /// Says what happened.
    pub(crate) fn done(self, text: String, undo: Option<Undo>) {
        self.show(text, Tone::Done, undo);
    }

    /// Says what could not be done.
    pub(crate) fn failed(self, text: String) {
        self.show(text, Tone::Failed, None);
    }

    /// Says what went wrong. Whoever is no longer signed in is sent to do that.
    pub(crate) fn refused(self, error: &UiError) {
        if let UiError::Rejected(domain::Error::Unauthenticated) = error {
            return leave_for_sign_in();
        }
        self.show(error.to_string(), Tone::Failed, None);
    }

    /// Says what others did: one note at a time, and never in the place of what oneself did.
    pub(crate) fn noted(self, text: String) {
        self.shown.update(|shown| shown.retain(|toast| toast.tone != Tone::Noted));
        self.show(text, Tone::Noted, None);
    }

    fn show(self, text: String, tone: Tone, undo: Option<Undo>) {
        self.last.update_value(|last| *last = last.wrapping_add(1));
        let id = self.last.get_value();
        self.shown.update(|shown| {
            shown.push(Toast { id, text, tone, undo });
            let mut surplus =
                shown.iter().filter(|toast| toast.tone != Tone::Noted).count().saturating_sub(MOST);
            shown.retain(|toast| {
                let goes = toast.tone != Tone::Noted && surplus > 0;
                surplus -= usize::from(goes);
                !goes
            });
        });
        set_timeout(move || self.expire(id), STAY);
    }

    fn expire(self, id: u32) {
        if self.is_held.get_value() {
            return set_timeout(move || self.expire(id), REST);
        }
        self.close(id);
    }

    fn close(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
        // What held them may be gone with it, and not tell.
        self.is_held.set_value(false);
    }
}

/// Where toasts appear. The region is there from the start, so that screen readers hear what is added to it.
#[component]
pub(crate) fn Toaster(toasts: Toasts) -> impl IntoView {
    let held = move |is_held: bool| toasts.is_held.set_value(is_held);
    view! {
        <div
            role="status"
            aria-live="polite"
            on:pointerover=move |_| held(true)
            on:pointerleave=move |_| held(false)
            on:focusin=move |_| held(true)
            on:focusout=move |_| held(false)
            class="pointer-events-none fixed inset-x-0 bottom-0 z-10 flex flex-col items-center gap-2 p-4"
        >
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <ToastView toasts toast />
            </For>
        </div>
    }
}

#[component]
fn ToastView(toasts: Toasts, toast: Toast) -> impl IntoView {
    let Toast { id, text, tone, undo } = toast;
    let (dot, text_class) = match tone {
        Tone::Done => ("bg-on", "min-w-0 [overflow-wrap:anywhere]"),
        Tone::Failed => ("bg-danger", "min-w-0 [overflow-wrap:anywhere]"),
        Tone::Noted => ("bg-edge", "min-w-0 text-sm text-muted [overflow-wrap:anywhere]"),
    };
    let failed = tone == Tone::Failed;
    let undo = undo.map(|undo| {
        let run = move |_| {
            toasts.close(id);
            undo();
        };
        view! { <button type="button" class="button h-7" on:click=run>"Undo"</button> }
    });
    view! {
        <div class="pointer-events-auto flex max-w-full items-center gap-3 rounded-lg border border-line bg-surface py-2 pr-2 pl-4 shadow-lg">
            <span class=format!("size-2 shrink-0 rounded-full {dot}") aria-hidden="true"></span>
            <span class=text_class>
                {failed.then_some("Failed: ")} {text}
            </span>
            {undo}
            <button
                type="button"
                class="inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken"
                aria-label="Dismiss"
                on:click=move |_| toasts.close(id)
            >
                <Icon of=icondata_lu::LuX />
            </button>
        </div>
    }
}
