//! Segments as a page lists them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SegmentsPage;
use crate::{EnvironmentKey, Millis, SegmentKey};

/// A page of segments for those who look at one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentTable {
    /// When it was asked for, which is what "an hour ago" is reckoned from.
    pub now: Millis,
    /// The environment.
    pub environment: EnvironmentKey,
    /// The segments, with how much they contain in every environment.
    pub list: SegmentsPage,
    /// How many flags have rules there that name them. Archived ones count: they may be restored. Those that no flag names
    /// are not in it.
    pub flags: BTreeMap<SegmentKey, u64>,
}
