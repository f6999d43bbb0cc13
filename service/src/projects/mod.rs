//! Projects.

mod read;

use crate::Services;

/// Projects.
pub struct Projects<'s>(pub(crate) &'s Services);
