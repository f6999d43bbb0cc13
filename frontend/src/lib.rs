//! Takes over in the browser what the server rendered, and nothing else.

use leptos::prelude::{document, window, window_event_listener};
use leptos::tachys::dom::body;
use leptos::web_sys::Storage;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Nothing reads this. What cuts the program into parts puts all texts and tables into the first one, which makes each page 56 kB
/// larger, where they would take more room than before once each part has its own; and what nobody reads is in no part, so
/// that its room is to spare: docs/decisions/0018.
#[used]
static ROOM: [u8; 16 << 10] = [1; 16 << 10];

/// Called by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(report));
    if note().as_deref() == Some(WITHOUT) {
        take_note(None);
        return;
    }
    // Waits for the page's own part of the program.
    spawn_local(async {
        leptos::mount::hydrate_from_async(body(), app::App).await.forget();
        // Clicks before this point reach forms and links only, as they do in what is fetched after the page.
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
        take_note(None);
    });
}

/// What notes in the browser's tab that a page was loaded anew, until it has been taken over.
const NOTE: &str = "togglebit.loaded";
/// It was loaded anew to get another program.
const AGAIN: &str = "again";
/// It is to be left as the server made it, because its program cannot be had: links and forms work so.
const WITHOUT: &str = "without";

/// Says in the console what went wrong. A part of the program that cannot be fetched is one of a program that the server has
/// no more, so the page is loaded anew, with the program that it has now.
fn report(panic: &std::panic::PanicHookInfo) {
    console_error_panic_hook::hook(panic);
    let is_part = panic.payload_as_str().is_some_and(|message| message.contains("SplitLoaderError"));
    if !is_part {
        return;
    }
    if window().navigator().on_line() {
        reload();
    } else {
        let _ = window_event_listener(leptos::ev::online, |_| reload());
    }
}

/// Loads the page anew: with its program once, and then without.
fn reload() {
    let next = if note().is_none() { AGAIN } else { WITHOUT };
    if take_note(Some(next)) {
        let _ = window().location().reload();
    }
}

fn note() -> Option<String> {
    notes()?.get_item(NOTE).ok()?
}

/// Notes something or nothing, and says whether that could be noted.
fn take_note(note: Option<&str>) -> bool {
    let taken = notes().map(|notes| match note {
        Some(note) => notes.set_item(NOTE, note),
        None => notes.remove_item(NOTE),
    });
    taken.is_some_and(|taken| taken.is_ok())
}

fn notes() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
