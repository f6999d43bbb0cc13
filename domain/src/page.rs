use serde::{Deserialize, Serialize};
use validator::Validate;

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Where the page before ended: its `next`.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many things it has at most.
    #[serde(default = "fifty")]
    #[validate(range(min = 1, max = 100, message = "1 to 100"))]
    pub limit: u32,
}

impl Page {
    /// The names of its fields.
    pub const FIELDS: [&str; 2] = ["cursor", "limit"];
}

impl Default for Page {
    fn default() -> Self {
        Self { cursor: None, limit: fifty() }
    }
}

const fn fifty() -> u32 {
    50
}
