//! The audit log.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
