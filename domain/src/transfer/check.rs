use std::collections::BTreeSet;
use std::fmt::Display;

use engine::ruleset::ValueType;

use super::ProjectDocument;
use super::document::{FlagPart, SegmentPart};
use crate::environments::{Color, check_key};
use crate::flags::check_variations;
use crate::projects::MAX_ENVIRONMENTS;
use crate::{EnvironmentKey, Error, FieldError, Result};

impl ProjectDocument {
    /// Checks all that can be checked without the project.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every path that is against the rules, such as `flags.checkout.environments.prod.rules[0].when`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults(Vec::new());
        faults.note("", crate::validate(self));
        self.check_environments(&mut faults);
        let known: BTreeSet<_> = self.environments.iter().map(|environment| &environment.key).collect();
        for (key, segment) in &self.segments {
            faults.0.extend(crate::segments::check_key(key, format!("segments.{key}")));
            faults.note(&format!("segments.{key}"), crate::validate(segment));
            check_segment(&format!("segments.{key}"), segment, &known, &mut faults);
        }
        for (key, flag) in &self.flags {
            faults.0.extend(crate::flags::check_key(key, format!("flags.{key}")));
            faults.note(&format!("flags.{key}"), crate::validate(flag));
            check_flag(&format!("flags.{key}"), flag, &known, &mut faults);
        }
        for (key, template) in &self.templates {
            faults.note(&format!("templates.{key}"), template.validate_all());
        }
        Error::refuse(faults.0)
    }

    fn check_environments(&self, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for (place, environment) in self.environments.iter().enumerate() {
            if !seen.insert(&environment.key) {
                faults.add(format!("environments[{place}].key"), "another environment has this key");
            }
            faults.0.extend(check_key(&environment.key, format!("environments[{place}].key")));
            if Color::from_name(&environment.color).is_none() {
                let known = Color::ALL.map(Color::as_str).join(", ");
                faults.add(format!("environments[{place}].color"), format!("one of {known}"));
            }
        }
        if self.environments.len() > MAX_ENVIRONMENTS {
            faults.add("environments", format!("a project has at most {MAX_ENVIRONMENTS} environments"));
        }
    }
}

impl super::TemplatePart {
    fn validate_all(&self) -> Result<()> {
        crate::validate(self)?;
        self.shape.check()
    }
}

struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { path: path.into(), message: message.into() });
    }

    /// Adds what is wrong below a path.
    fn note(&mut self, path: &str, result: Result<()>) {
        if let Err(Error::Invalid { details }) = result {
            self.0.extend(details.into_iter().map(|detail| detail.below(path)));
        }
    }

    fn expect_known(&mut self, path: &str, key: &EnvironmentKey, known: &BTreeSet<&EnvironmentKey>) {
        if !known.contains(key) {
            self.add(format!("{path}.environments.{key}"), "`environments` has none with this key");
        }
    }
}

fn check_segment(path: &str, segment: &SegmentPart, known: &BTreeSet<&EnvironmentKey>, faults: &mut Faults) {
    for (key, audience) in &segment.environments {
        faults.expect_known(path, key, known);
        faults.note(&format!("{path}.environments.{key}"), audience.check());
    }
}

fn check_flag(path: &str, flag: &FlagPart, known: &BTreeSet<&EnvironmentKey>, faults: &mut Faults) {
    faults.note(path, check_variations(&flag.variations, flag.value_type));
    if flag.expires_at.is_some() && !flag.temporary {
        faults.add(format!("{path}.expires_at"), "is for temporary flags");
    }
    for (key, configuration) in &flag.environments {
        faults.expect_known(path, key, known);
        let own = configuration.faults(&flag.variations);
        faults.note(&format!("{path}.environments.{key}"), Error::refuse(own));
    }
}

/// Refuses other types of values for flags that are there: what applications make of them would change under their hands.
pub(super) fn expect_type(key: &impl Display, before: ValueType, after: ValueType) -> Option<FieldError> {
    (before != after).then(|| FieldError {
        path: format!("flags.{key}.value_type"),
        message: format!("the flag is there, and its values are of the type {}", before.as_str()),
    })
}
