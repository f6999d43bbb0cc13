//! What keys do on every page of a project.

use leptos::ev::KeyboardEvent;
use leptos::wasm_bindgen::JsCast;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    Palette,
    Sidebar,
    Search,
    Help,
    New,
    /// The first of two: `g`.
    Go,
    /// Another one, which may be the second of two.
    Other,
}

/// What a key is for; none for what somebody types, and for keys of the browser.
pub(super) fn read(event: &KeyboardEvent) -> Option<Pressed> {
    let key = event.key();
    let has_command = event.ctrl_key() || event.meta_key();
    if has_command && !event.alt_key() && !event.shift_key() {
        return match key.to_lowercase().as_str() {
            "k" => Some(Pressed::Palette),
            "b" => Some(Pressed::Sidebar),
            _ => None,
        };
    }
    if has_command || event.alt_key() || is_typed(event) {
        return None;
    }
    Some(match key.as_str() {
        "/" => Pressed::Search,
        "?" => Pressed::Help,
        "c" | "n" => Pressed::New,
        "g" => Pressed::Go,
        _ => Pressed::Other,
    })
}

/// Whether somebody is typing into something.
fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        target.closest("input, textarea, select, dialog, [contenteditable]").ok().flatten().is_some()
    })
}
