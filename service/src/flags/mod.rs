//! Flags.

pub(crate) mod check;
mod configure;
mod create;
pub(crate) mod read;
pub(crate) mod store;
mod switch;

use crate::Services;

/// Flags.
pub struct Flags<'s>(pub(crate) &'s Services);
