use serde::{Deserialize, Serialize};

use super::{ConfigurationView, FlagView};
use crate::{EnvironmentKey, Millis};

/// A flag with all that it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagDetail {
    /// When it was asked for.
    pub now: Millis,
    /// The flag.
    pub flag: FlagView,
    /// What it does in each environment, in their order.
    pub environments: Vec<DetailInEnvironment>,
}

/// What a flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailInEnvironment {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The configuration; none where what is stored cannot be read.
    pub configuration: Option<ConfigurationView>,
}
