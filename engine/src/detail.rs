//! An answer and what led to it.

use serde_json::value::RawValue;

use crate::Reason;

/// The answer to one evaluation. Borrows from the compiled ruleset; making one allocates nothing.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Detail<'r> {
    /// The value as JSON text, or none where the caller's default is to be used.
    pub value: Option<&'r RawValue>,
    /// The key of the variation that was served.
    pub variation: Option<&'r str>,
    /// The variation's place among the flag's variations.
    pub variation_index: Option<usize>,
    /// Why.
    pub reason: Reason,
    /// The id of the rule that matched.
    pub rule: Option<&'r str>,
    /// The bucket, where a rollout decided: from 0 to 99 999, or in the numbers of another system's algorithm.
    pub bucket: Option<u32>,
    /// The flag's version, where the flag could be read.
    pub version: Option<u64>,
    /// The environment's revision.
    pub revision: u64,
    /// False exactly where the off variation, or nothing, was served.
    pub enabled: bool,
}
