//! LaunchDarkly's format of what flags serve.

mod flag;
mod import;

pub use flag::LaunchDarklyFlag;
pub use import::{ImportLaunchDarkly, ImportedFlag, ImportedFlags, fault};
