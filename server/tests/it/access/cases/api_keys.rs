//! API keys.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
