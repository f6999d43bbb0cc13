//! Moving flags: whole projects as documents, and other systems' formats.

mod apply;
mod export;
mod import;
mod launchdarkly;
mod rows;

use crate::Services;

pub use import::ProjectImport;
pub use launchdarkly::FlagsImport;

/// Moving flags.
pub struct Transfer<'s>(pub(crate) &'s Services);
