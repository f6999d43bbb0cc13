//! Flags.

mod archive;
mod bulk;
mod change;
pub(crate) mod check;
mod compare;
mod configure;
mod configured;
mod copy;
pub(crate) mod create;
pub(crate) mod definition;
mod delete;
mod dependents;
mod detail;
mod list;
mod matching;
mod precise;
mod promote;
mod purge;
mod put;
pub(crate) mod read;
pub(crate) mod recover;
mod show;
mod start;
pub(crate) mod store;
mod switch;
mod toggle;
mod update;
pub(crate) mod view;

use crate::Services;

/// Flags.
pub struct Flags<'s>(pub(crate) &'s Services);

/// The preset that a flag's shape follows.
fn kind_of(flag: &store::Stored) -> crate::error::Result<engine::ruleset::Kind> {
    store::kind(&flag.flag.kind)
}
