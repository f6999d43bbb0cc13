//! Environments.

mod protect;
pub(crate) mod read;

use crate::Services;

/// Environments.
pub struct Environments<'s>(pub(crate) &'s Services);
