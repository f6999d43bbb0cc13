//! What flags do in environments.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
