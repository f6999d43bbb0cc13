//! Flags.

mod check;
mod configure;
mod create;
mod read;
mod store;
mod switch;

use crate::Services;

/// Flags.
pub struct Flags<'s>(pub(crate) &'s Services);
