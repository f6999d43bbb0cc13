//! Widgets that pages share.

pub(crate) mod avatar;
pub(crate) mod chart;
pub(crate) mod code;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod diff;
pub(crate) mod diff_path;
mod diff_value;
pub(crate) mod failure;
pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod fresh;
pub(crate) mod guarded;
pub(crate) mod icon;
pub(crate) mod inline;
pub(crate) mod later;
#[cfg(not(feature = "ssr"))]
mod later_in_browser;
#[cfg(not(feature = "ssr"))]
mod later_slot;
pub(crate) mod listed;
pub(crate) mod live;
pub(crate) mod loaded;
pub(crate) mod logo;
pub(crate) mod menu;
pub(crate) mod panel;
pub(crate) mod query;
pub(crate) mod refused;
pub(crate) mod search;
pub(crate) mod sidebar;
pub(crate) mod sparkline;
pub(crate) mod tabs;
pub(crate) mod tag_input;
pub(crate) mod theme;
pub(crate) mod time;
pub(crate) mod toast;
#[cfg(not(feature = "ssr"))]
mod typed;
pub(crate) mod waiting;
pub(crate) mod why;

use leptos::prelude::{document, window};
use leptos::wasm_bindgen::JsCast;

/// Goes to the sign-in by a full load, which takes nothing of what the page knows with it. In the browser only.
pub(crate) fn leave_for_sign_in() {
    let _ = window().location().set_href("/sign-in");
}

/// What a page is called, as leptos writes it: as it is, into the HTML. Names and addresses are in it.
#[cfg(feature = "ssr")]
pub(crate) fn title(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// What a page is called. A document's title is no markup.
#[cfg(not(feature = "ssr"))]
pub(crate) fn title(text: String) -> String {
    text
}

/// A text that begins with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A text as it stands between the tags of an element, for elements that leptos writes without: `textarea`.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What has this id. In the browser only.
pub(crate) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id).and_then(|element| element.dyn_into().ok())
}

/// Keeps something in a cookie. In the browser only.
fn set_cookie(cookie: &str) {
    if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
        let _ = page.set_cookie(cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_ends_its_element() {
        assert_eq!(escaped("a </textarea><b> &amp;"), "a &lt;/textarea&gt;&lt;b&gt; &amp;amp;");
    }
}
