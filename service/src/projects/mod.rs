//! Projects.

mod contents;
mod create;
mod delete;
mod place;
mod read;
pub(crate) mod rename;

use crate::Services;

pub(crate) use create::{DEFAULT_PROJECT, insert_default};
pub(crate) use read::first;

/// Projects.
pub struct Projects<'s>(pub(crate) &'s Services);
