//! Moving flags: whole projects as documents, and other systems' formats.

mod launchdarkly;

use crate::Services;

/// Moving flags.
pub struct Transfer<'s>(pub(crate) &'s Services);
