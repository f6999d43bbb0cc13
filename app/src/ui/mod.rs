//! Widgets that pages share.

pub(crate) mod icon;
pub(crate) mod logo;
pub(crate) mod theme;
pub(crate) mod toast;
