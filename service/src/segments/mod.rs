//! Segments: named in a project, filled in each environment.

mod check;
mod configure;
mod create;
mod delete;
mod keys;
mod list;
mod read;
pub(crate) mod store;
mod table;
mod update;
mod upload;
mod uses;

use crate::Services;

pub(crate) use configure::{replace, resource, told};
pub use keys::KeyFormat;
pub use upload::KeyUpload;

/// Segments.
pub struct Segments<'s>(pub(crate) &'s Services);
