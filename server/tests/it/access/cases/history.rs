//! What was, and why.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
