//! Keeps what a page shows fresh: when something happens that it shows, it is asked for again; once for much, and not while an
//! answer is under way.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::audit::News;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::JsCast;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::HtmlInputElement;

use super::live::changes;
use super::loaded::Loaded;

/// How long it is waited for more to happen.
const REST: Duration = Duration::from_millis(150);

/// What somebody has not finished: what they type, choose or are asked, and what a page marks as not saved.
const UNFINISHED: &str =
    "dialog[open],[data-unsaved],input:not([type=checkbox]):focus,textarea:focus,select:focus";

/// Where people type what plain forms send.
const FIELDS: &str = "form[method=post] input:not([type=hidden])";

/// Something to do in the browser.
type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Hears everything that happens. None: something did that is not told.
pub(crate) fn on(heard: impl Fn(Option<&News>) + Send + Sync + 'static) {
    if let Some(changes) = changes() {
        changes.on(Arc::new(heard));
    }
}

/// Asks for a resource again when something happens that it shows. What shows it is drawn anew then, so that it waits until
/// nothing is typed or unsaved.
pub(crate) fn keep<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static>(
    resource: Loaded<T>,
    concerns: impl Fn(&News) -> bool + Send + Sync + 'static,
) {
    let work = move || -> Work {
        resource.refetch();
        // Held by itself: the page may be gone before it is there.
        let answer = resource.into_future();
        Box::pin(async move {
            // The resource begins with the browser's next turn.
            tick().await;
            let _ = answer.await;
        })
    };
    follow(concerns, work, true);
}

/// Does something when something happens that concerns it.
pub(crate) fn when(
    concerns: impl Fn(&News) -> bool + Send + Sync + 'static,
    work: impl Fn() -> Work + Send + Sync + 'static,
) {
    follow(concerns, work, false);
}

#[derive(Clone, Copy, Default)]
struct State {
    is_due: bool,
    is_busy: bool,
}

fn follow(
    concerns: impl Fn(&News) -> bool + Send + Sync + 'static,
    work: impl Fn() -> Work + Send + Sync + 'static,
    waits: bool,
) {
    let (state, work): (_, Arc<dyn Fn() -> Work + Send + Sync>) =
        (StoredValue::new(State::default()), Arc::new(work));
    on(move |news| {
        let Some(State { is_due, is_busy }) = state.try_get_value().filter(|_| news.is_none_or(&concerns))
        else {
            return;
        };
        state.set_value(State { is_due: true, is_busy });
        if !is_due && !is_busy {
            later(state, Arc::clone(&work), waits);
        }
    });
}

fn later(state: StoredValue<State>, work: Arc<dyn Fn() -> Work + Send + Sync>, waits: bool) {
    let run = move || {
        // The page may be gone.
        if state.try_get_value().is_none() {
            return;
        }
        if waits && is_unfinished() {
            return later(state, work, waits);
        }
        state.set_value(State { is_due: false, is_busy: true });
        spawn_local(async move {
            work().await;
            let Some(State { is_due, .. }) = state.try_get_value() else { return };
            state.set_value(State { is_due, is_busy: false });
            if is_due {
                later(state, work, waits);
            }
        });
    };
    set_timeout(run, REST);
}

/// Whether there is something on the page that would be lost if it were drawn anew.
fn is_unfinished() -> bool {
    if matches!(document().query_selector(UNFINISHED), Ok(Some(_))) {
        return true;
    }
    let Ok(fields) = document().query_selector_all(FIELDS) else { return false };
    let is_changed = |input: &HtmlInputElement| {
        input.value() != input.default_value() || input.checked() != input.default_checked()
    };
    let mut nodes = (0..fields.length()).filter_map(|place| fields.item(place));
    nodes.any(|node| node.dyn_ref().is_some_and(is_changed))
}
