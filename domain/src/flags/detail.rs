use serde::{Deserialize, Serialize};

use super::{ConfigurationView, FlagView};
use crate::history::Kill;
use crate::{EnvironmentKey, FlagKey, Millis};

/// A flag with all that it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagDetail {
    /// When it was asked for.
    pub now: Millis,
    /// The flag.
    pub flag: FlagView,
    /// What it does in each environment, in their order.
    pub environments: Vec<DetailInEnvironment>,
    /// Who switched it off, where it is off and nobody has decided otherwise since.
    pub kills: Vec<Kill>,
}

/// What a flag does in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailInEnvironment {
    /// The environment.
    pub environment: EnvironmentKey,
    /// The configuration; none where what is stored cannot be read.
    pub configuration: Option<ConfigurationView>,
}

/// A flag that needs another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// The flag.
    pub flag: FlagKey,
    /// The environments in which it does, in their order.
    pub environments: Vec<EnvironmentKey>,
}
