//! Usage, as it was written down: what was evaluated, how often, and what contexts' attributes are called.

mod attributes;
mod evaluated;
mod insights;
mod last;
mod months;
mod overview;
mod recent;
mod series;
mod sums;
mod tidy;

pub(crate) use evaluated::last_evaluated;

use crate::Services;

/// Usage, as it was written down.
pub struct Usage<'s>(pub(crate) &'s Services);
