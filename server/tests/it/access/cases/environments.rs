//! Projects and environments.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
