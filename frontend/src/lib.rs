//! Takes over in the browser what the server rendered, and nothing else.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Clicks before this point reach forms and links only; tests wait for it.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
