use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{ChangeConfiguration, CreateFlag, FlagView, NewFlag, Percentage};
use crate::check::no_nul;
use crate::templates::FlagFromTemplate;
use crate::{EnvironmentKey, Error, Result, TemplateKey};

/// Creates a flag, and begins to serve it in one environment if that is wanted already.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartFlag {
    /// The flag.
    pub flag: StartOf,
    /// Where it begins to be served; nowhere where that is none.
    #[serde(default)]
    pub first: Option<FirstRollout>,
}

/// What a new flag is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartOf {
    /// What is said of it.
    New(Box<NewFlag>),
    /// The shape of a template.
    Template(TemplateKey, Box<FlagFromTemplate>),
}

/// Where a new flag begins to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct FirstRollout {
    /// The environment in which it is switched on.
    pub environment: EnvironmentKey,
    /// The share that is served the first variation there; what the flag says itself where that is none.
    #[serde(default)]
    pub share: Option<Percentage>,
    /// Why, for the audit log. Needed in a protected environment.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}

impl FirstRollout {
    /// The change that begins it.
    pub fn change(&self) -> ChangeConfiguration {
        ChangeConfiguration {
            enabled: Some(true),
            rollout_pct: self.share.map(Some),
            comment: self.comment.clone(),
            ..ChangeConfiguration::default()
        }
    }

    /// Checks that a flag can begin so, before there is the flag.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules: those of the rollout lie below `first`.
    pub fn check(&self, flag: &CreateFlag) -> Result<()> {
        crate::validate(self).map_err(|error| error.below("first"))?;
        let configuration = flag.start.configuration(flag.kind, &flag.variations)?;
        match self.change().apply(flag.kind, &flag.variations, &configuration) {
            Ok(_) => Ok(()),
            Err(Error::Invalid { details }) => {
                let messages: Vec<_> = details.into_iter().map(|detail| detail.message).collect();
                Err(Error::invalid("first.share", messages.join("; ")))
            }
            Err(error) => Err(error),
        }
    }
}

/// A flag that was created, and what came of its first rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartedFlag {
    /// The flag.
    pub flag: FlagView,
    /// Why it is not served yet, where it was to be: something changed between the two.
    pub problem: Option<Error>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(json: serde_json::Value) -> CreateFlag {
        let flag: NewFlag = serde_json::from_value(json).unwrap();
        let project = serde_json::json!({"organization": "acme", "project": "default"});
        flag.complete(serde_json::from_value(project).unwrap()).unwrap()
    }

    #[test]
    fn a_share_is_for_flags_that_have_one() {
        let first = |share: Option<u32>| FirstRollout {
            environment: "dev".parse().unwrap(),
            share: share.and_then(Percentage::from_thousandths),
            comment: None,
        };
        let boolean = new(serde_json::json!({"name": "Menu"}));
        let segment = new(serde_json::json!({"name": "Menu", "kind": "segment"}));
        assert!(first(Some(10_000)).check(&boolean).is_ok());
        assert!(first(None).check(&segment).is_ok());
        let Err(Error::Invalid { details }) = first(Some(10_000)).check(&segment) else {
            panic!("a segment flag has no share");
        };
        assert_eq!(details[0].path, "first.share");
    }
}
