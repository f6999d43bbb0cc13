use std::collections::BTreeMap;

use super::Mode;
use super::check::expect_type;
use super::document::{FlagPart, ProjectDocument, SegmentPart};
use crate::flags::Configuration;
use crate::{EnvironmentKey, Error, Result};

impl ProjectDocument {
    /// What a project becomes where another document is imported into it. Nothing is deleted; with [`Mode::Replace`] flags
    /// that the other does not have are archived.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a flag would change the type of its values.
    pub fn merge(&self, other: Self, mode: Mode) -> Result<Self> {
        let Self { format, project, environments: named, segments, flags, templates } = other;
        let faults = flags.iter().filter_map(|(key, flag)| {
            let before = self.flags.get(key)?;
            expect_type(key, before.value_type, flag.value_type)
        });
        Error::refuse(faults.collect())?;
        let kept = self.environments.iter().filter(|here| named.iter().all(|there| there.key != here.key));
        let environments: Vec<_> = named.iter().chain(kept).cloned().collect();
        let keys: Vec<_> = environments.iter().map(|environment| environment.key.clone()).collect();
        let mut merged = Self { format, project, environments, ..self.clone() };
        for (key, mut segment) in segments {
            let before = merged.segments.remove(&key).map(|before| before.environments);
            segment.environments = overlaid(before, segment.environments);
            segment.environments.values_mut().for_each(|audience| *audience = audience.clone().unique());
            merged.segments.insert(key, segment);
        }
        for (key, flag) in &mut merged.flags {
            flag.archived |= mode == Mode::Replace && !flags.contains_key(key);
        }
        for (key, mut flag) in flags {
            let before = merged.flags.remove(&key).map(|before| before.environments);
            flag.environments = overlaid(before, flag.environments);
            flag.tags.sort();
            flag.tags.dedup();
            merged.flags.insert(key, flag);
        }
        for (key, mut template) in templates {
            template.shape = template.shape.neat();
            merged.templates.insert(key, template);
        }
        merged.segments.values_mut().for_each(|segment| segment.fill(&keys));
        merged.flags.values_mut().try_for_each(|flag| flag.fill(&keys))?;
        Ok(merged)
    }
}

/// What is there in each environment, or what a document says of it.
fn overlaid<T>(
    before: Option<BTreeMap<EnvironmentKey, T>>,
    after: BTreeMap<EnvironmentKey, T>,
) -> BTreeMap<EnvironmentKey, T> {
    let mut all = before.unwrap_or_default();
    all.extend(after);
    all
}

impl SegmentPart {
    /// Is empty where nothing is said.
    fn fill(&mut self, environments: &[EnvironmentKey]) {
        for key in environments {
            self.environments.entry(key.clone()).or_default();
        }
    }
}

impl FlagPart {
    /// Does what a new flag does where nothing is said.
    fn fill(&mut self, environments: &[EnvironmentKey]) -> Result<()> {
        let first = Configuration::preset(self.kind, &self.variations)?;
        for key in environments {
            self.environments.entry(key.clone()).or_insert_with(|| first.clone());
        }
        Ok(())
    }
}
