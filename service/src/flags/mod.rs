//! Flags.

mod archive;
mod bulk;
pub(crate) mod check;
mod configure;
mod copy;
mod create;
mod definition;
mod delete;
mod list;
mod put;
pub(crate) mod read;
mod show;
pub(crate) mod store;
mod switch;
mod update;
pub(crate) mod view;

use crate::Services;

/// Flags.
pub struct Flags<'s>(pub(crate) &'s Services);
