//! How much of what the server has drawn is still to be taken over.

use std::cell::Cell;

use leptos::prelude::document;

thread_local! {
    /// The page, and what is fetched after it.
    static LEFT: Cell<usize> = const { Cell::new(1) };
}

/// Something of the page has been taken over. Once all has, the page's root says so: clicks before that reach forms and links
/// only.
pub fn taken_over() {
    LEFT.set(LEFT.get().saturating_sub(1));
    if LEFT.get() == 0
        && let Some(root) = document().document_element()
    {
        let _ = root.set_attribute("data-hydrated", "");
    }
}

/// Something that is still to be taken over, until it is dropped.
#[cfg(not(feature = "ssr"))]
pub(super) struct Left;

#[cfg(not(feature = "ssr"))]
impl Left {
    pub(super) fn another() -> Self {
        LEFT.set(LEFT.get() + 1);
        Self
    }
}

#[cfg(not(feature = "ssr"))]
impl Drop for Left {
    fn drop(&mut self) {
        taken_over();
    }
}
