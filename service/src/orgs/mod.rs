//! Organizations.

mod create;
mod members;
mod read;

pub(crate) use create::DEFAULT_PROJECT;

use crate::Services;

/// Organizations.
pub struct Orgs<'s>(pub(crate) &'s Services);
