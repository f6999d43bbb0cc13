//! What somebody has typed into fields before the browser's program has taken them over.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlInputElement, HtmlTextAreaElement};

/// Fields of text. Others are chosen in, and are forms until then.
const FIELDS: &str = "input:not([type=hidden],[type=checkbox],[type=radio],[type=file]),textarea";

/// A field, and what was typed into it.
pub(super) struct Typed {
    field: Element,
    text: String,
}

/// The fields of an element that no longer say what the server wrote into them.
pub(super) fn typed(within: &Element) -> Vec<Typed> {
    let Ok(fields) = within.query_selector_all(FIELDS) else { return Vec::new() };
    let fields = (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into::<Element>().ok());
    let typed = fields.filter_map(|field| {
        let (text, written) = match field.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => (area.value(), area.default_value().ok()?),
            None => {
                field.dyn_ref::<HtmlInputElement>().map(|input| (input.value(), input.default_value()))?
            }
        };
        (text != written).then_some(Typed { field, text })
    });
    typed.collect()
}

impl Typed {
    /// Does what typing it would have done.
    pub(super) fn type_again(self) {
        let Self { field, text } = self;
        match field.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => area.set_value(&text),
            None => field.unchecked_ref::<HtmlInputElement>().set_value(&text),
        }
        let init = EventInit::new();
        init.set_bubbles(true);
        for name in ["input", "change"] {
            if let Ok(event) = Event::new_with_event_init_dict(name, &init) {
                let _ = field.dispatch_event(&event);
            }
        }
    }
}
