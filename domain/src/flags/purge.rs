use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::no_nul;
use crate::{EnvironmentKey, FlagKey};

/// Makes applications drop what they have kept of an environment, or of one flag of it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PurgeCaches {
    /// The flag; everything where it is left out.
    #[serde(default)]
    pub flag: Option<FlagKey>,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000, examples("stale prices")))]
    pub comment: Option<String>,
}

/// What was purged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Purged {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The revision that it has got by it, with which every tag that a cache has kept ends.
    #[cfg_attr(feature = "openapi", schema(examples(42)))]
    pub revision: i64,
    /// How many streams of the environment are told: those of the node that answers, and those of the others as of some
    /// seconds ago.
    #[cfg_attr(feature = "openapi", schema(examples(3)))]
    pub streams: usize,
}
