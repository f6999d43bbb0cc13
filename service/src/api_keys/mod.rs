//! API keys.

mod create;
mod read;
mod revoke;
mod rotate;
mod store;
mod update;

use crate::Services;

pub(crate) use store::read_networks;

/// API keys.
pub struct ApiKeys<'s>(pub(crate) &'s Services);
