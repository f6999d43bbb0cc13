//! Environments.

mod contents;
mod create;
pub(crate) mod delete;
mod fill;
mod order;
pub(crate) mod read;
pub(crate) mod store;
mod update;

use crate::Services;

/// Environments.
pub struct Environments<'s>(pub(crate) &'s Services);
