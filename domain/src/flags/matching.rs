use engine::ruleset::Condition;
use serde_json::value::RawValue;

use crate::{EnvironmentKey, Error, Result};

/// The most conditions and the most contexts of one question.
const CONDITIONS: usize = 200;
const CONTEXTS: usize = 20;

/// The most bytes of all contexts together.
const BYTES: usize = 64 * 1024;

/// Asks which conditions hold for which contexts. Nothing is stored of it.
#[derive(Clone, Debug)]
pub struct MatchConditions {
    /// The environment, whose segments the conditions may name.
    pub environment: EnvironmentKey,
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// The contexts: JSON objects.
    pub contexts: Vec<Box<RawValue>>,
}

impl MatchConditions {
    /// Checks that it is not too much to ask.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is.
    pub fn check(&self) -> Result<()> {
        if self.conditions.len() > CONDITIONS {
            return Err(Error::invalid("conditions", format!("at most {CONDITIONS}")));
        }
        if self.contexts.len() > CONTEXTS {
            return Err(Error::invalid("contexts", format!("at most {CONTEXTS}")));
        }
        let bytes: usize = self.contexts.iter().map(|context| context.get().len()).sum();
        match bytes > BYTES {
            true => Err(Error::invalid("contexts", format!("at most {BYTES} bytes together"))),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_limits() {
        let asked = |conditions: usize, contexts: usize, length: usize| MatchConditions {
            environment: "dev".parse().unwrap(),
            conditions: vec![Condition::All { all: Vec::new() }; conditions],
            contexts: vec![RawValue::from_string(format!("\"{}\"", "x".repeat(length))).unwrap(); contexts],
        };
        assert_eq!(asked(200, 20, 100).check(), Ok(()));
        for too_much in [asked(201, 1, 1), asked(1, 21, 1), asked(1, 2, 40_000)] {
            assert!(too_much.check().is_err());
        }
    }
}
