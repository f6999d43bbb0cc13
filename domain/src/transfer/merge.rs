use std::collections::{BTreeMap, BTreeSet};

use super::Mode;
use super::check::expect_type;
use super::document::{EnvironmentPart, FlagPart, ProjectDocument, SegmentPart};
use crate::flags::Configuration;
use crate::projects::MAX_ENVIRONMENTS;
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
        let environments = self.with_environments(named)?;
        let keys: Vec<_> = environments.iter().map(|environment| environment.key.clone()).collect();
        expect_fewer("flags", self.flags.keys().chain(flags.keys()), &keys)?;
        expect_fewer("segments", self.segments.keys().chain(segments.keys()), &keys)?;
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

impl ProjectDocument {
    /// The environments with those of another document. Where that has all of them, the order is its own; else those that
    /// are there keep their places, and new ones follow.
    fn with_environments(&self, named: Vec<EnvironmentPart>) -> Result<Vec<EnvironmentPart>> {
        let find =
            |all: &[EnvironmentPart], key: &EnvironmentKey| all.iter().find(|it| it.key == *key).cloned();
        let is_whole = self.environments.iter().all(|here| find(&named, &here.key).is_some());
        let new = named.iter().filter(|it| find(&self.environments, &it.key).is_none());
        let order: Vec<_> = match is_whole {
            true => named.iter().collect(),
            false => self.environments.iter().chain(new).collect(),
        };
        if order.len() > MAX_ENVIRONMENTS {
            let message = format!(
                "a project has at most {MAX_ENVIRONMENTS} environments, it would have {}",
                order.len()
            );
            return Err(Error::invalid("environments", message));
        }
        let merged = |part: &EnvironmentPart| {
            let before = find(&self.environments, &part.key).and_then(|here| here.protected);
            let after = find(&named, &part.key).unwrap_or_else(|| part.clone());
            EnvironmentPart { protected: Some(after.protected.or(before).unwrap_or(false)), ..after }
        };
        Ok(order.into_iter().map(merged).collect())
    }
}

/// How many flags, and segments, times environments a project may have after an import: what is left out in a document has
/// something in each environment, and all of it is in memory at once.
const MOST: usize = 200_000;

fn expect_fewer<K: Ord>(
    field: &str,
    all: impl Iterator<Item = K>,
    environments: &[EnvironmentKey],
) -> Result<()> {
    let count = all.collect::<BTreeSet<_>>().len();
    match count.saturating_mul(environments.len()) > MOST {
        true => {
            let message =
                format!("{count} in {} environments are more than {MOST} together", environments.len());
            Err(Error::invalid(field, message))
        }
        false => Ok(()),
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
