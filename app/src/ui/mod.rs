//! Widgets that pages share.

pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod icon;
pub(crate) mod live;
pub(crate) mod logo;
pub(crate) mod refused;
pub(crate) mod theme;
pub(crate) mod time;
pub(crate) mod toast;

/// Goes to the sign-in by a full load, which takes nothing of what the page knows with it. In the browser only.
pub(crate) fn leave_for_sign_in() {
    let _ = leptos::prelude::window().location().set_href("/sign-in");
}
