//! Flags: commands, views and the rules that a configuration must follow.

mod commands;
mod configuration;
mod views;

pub(crate) use commands::are_tags;
pub use commands::{ConfigureFlag, CreateFlag, SwitchFlag};
pub use configuration::Configuration;
pub(crate) use configuration::check_variations;
pub use views::{FlagRow, FlagsPage, Refusals, Served};
