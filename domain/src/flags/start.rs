use engine::ruleset::{Kind, Variation};
use serde::{Deserialize, Serialize};

use super::{AnyRule, ChangeConfiguration, Configuration, Percentage};
use crate::{Error, FieldError, Result};

/// What a new flag does in every environment once it is switched on there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// What its kind says.
    #[default]
    Preset,
    /// What a configuration says.
    Configured(Box<Configuration>),
    /// What its kind says, with a share or rules.
    Changed(Box<ChangeConfiguration>),
}

impl Start {
    /// What was asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] where one thing is said twice.
    pub fn of(
        configuration: Option<Configuration>,
        rollout_pct: Option<Percentage>,
        rules: Option<Vec<AnyRule>>,
    ) -> Result<Self> {
        let said_too =
            |field: &str| Err(Error::invalid(field, "contradicts `configuration`: send one of them"));
        match (configuration, rollout_pct, rules) {
            (None, None, None) => Ok(Self::Preset),
            (Some(configuration), None, None) => Ok(Self::Configured(Box::new(configuration))),
            (Some(_), Some(_), _) => said_too("rollout_pct"),
            (Some(_), None, Some(_)) => said_too("rules"),
            (None, rollout_pct, rules) => {
                let rollout_pct = rollout_pct.map(Some);
                Ok(Self::Changed(Box::new(ChangeConfiguration { rollout_pct, rules, ..Default::default() })))
            }
        }
    }

    /// The kind of a flag of which nothing else is said.
    pub(super) fn kind(&self) -> Kind {
        let change = match self {
            Self::Preset => return Kind::Boolean,
            Self::Configured(_) => return Kind::Advanced,
            Self::Changed(change) => change,
        };
        match (change.rules.as_deref().unwrap_or_default(), change.rollout_pct) {
            ([AnyRule::Rule(_), ..], _) => Kind::Advanced,
            ([AnyRule::Test(_), ..], None) => Kind::Segment,
            ([AnyRule::Test(_), ..], Some(_)) => Kind::Combined,
            ([], Some(_)) => Kind::Percentage,
            ([], None) => Kind::Boolean,
        }
    }

    /// What a flag of this kind does then, while it is off.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of what cannot be said of this kind.
    pub fn configuration(&self, kind: Kind, variations: &[Variation]) -> Result<Configuration> {
        match self {
            Self::Preset => Configuration::preset(kind, variations),
            Self::Configured(own) => Ok(Configuration { enabled: false, ..Configuration::clone(own) }),
            Self::Changed(change) => {
                change.check()?;
                change.apply(kind, variations, &Configuration::preset(kind, variations)?)
            }
        }
    }

    /// What is wrong with the configuration, in the terms of what was sent.
    pub fn place(&self, fault: FieldError) -> FieldError {
        match self {
            Self::Changed(change) => change.place(fault),
            Self::Preset | Self::Configured(_) => {
                FieldError { path: format!("configuration.{}", fault.path), ..fault }
            }
        }
    }
}
