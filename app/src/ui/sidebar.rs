//! Whether the sidebar is narrow. A cookie keeps it, so that the server renders it right away.

use leptos::prelude::*;

/// The attribute of the document, and its value where the sidebar is narrow.
const ATTRIBUTE: &str = "data-sidebar";
pub(crate) const NARROW: &str = "narrow";

/// The cookie.
#[cfg(feature = "ssr")]
pub(crate) const COOKIE: &str = "sidebar";

/// How long the choice is kept: a year, in seconds.
const MAX_AGE: u32 = 365 * 24 * 60 * 60;

/// Makes it narrow, or wide again. In the browser only.
pub(crate) fn toggle() {
    let Some(root) = document().document_element() else { return };
    let is_narrow = root.get_attribute(ATTRIBUTE).is_some();
    let _ = match is_narrow {
        true => root.remove_attribute(ATTRIBUTE),
        false => root.set_attribute(ATTRIBUTE, NARROW),
    };
    let chosen = if is_narrow { "wide" } else { NARROW };
    super::set_cookie(&format!("sidebar={chosen}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax"));
}
