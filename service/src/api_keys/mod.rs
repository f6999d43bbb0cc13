//! API keys.

mod create;

use crate::Services;

/// API keys.
pub struct ApiKeys<'s>(pub(crate) &'s Services);
