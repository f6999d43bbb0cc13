//! Templates of flags.

mod create;
mod delete;
mod instantiate;
mod read;
pub(crate) mod store;
mod update;

use crate::Services;

/// Templates of flags.
pub struct Templates<'s>(pub(crate) &'s Services);
