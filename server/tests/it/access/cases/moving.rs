//! Templates, whole projects, and other systems' formats.

use super::super::case::Case;

pub(super) const CASES: &[Case] = &[];
