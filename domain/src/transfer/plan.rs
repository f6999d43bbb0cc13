use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Outcome;
use super::document::ProjectDocument;
use crate::diff::{Change, diff};

/// What an import does, or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPlan {
    /// Whether nothing was changed, because it was only asked what would be.
    #[cfg_attr(feature = "openapi", schema(examples(true)))]
    pub dry_run: bool,
    /// What the document has, and what else changes: the project, its environments, segments, flags and templates.
    pub things: Vec<PlannedThing>,
    /// What could not be taken over, in sentences.
    #[cfg_attr(feature = "openapi", schema(examples("flags.checkout.owner: no member has this address")))]
    pub notes: Vec<String>,
}

impl ImportPlan {
    /// How many things become what, such as "2 created, 1 changed, 5 unchanged".
    pub fn summary(&self) -> String {
        summary(self.things.iter().map(|thing| thing.outcome))
    }
}

/// How many things become what.
pub(super) fn summary(outcomes: impl Iterator<Item = Outcome> + Clone) -> String {
    let words = [
        (Outcome::Created, "created"),
        (Outcome::Changed, "changed"),
        (Outcome::Unchanged, "unchanged"),
        (Outcome::Skipped, "left as it is"),
    ];
    let parts = words.into_iter().filter_map(|(outcome, word)| {
        let count = outcomes.clone().filter(|it| *it == outcome).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { "nothing in it".to_owned() } else { parts.join(", ") }
}

/// What becomes of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedThing {
    /// What it is.
    pub kind: ThingKind,
    /// Its key; empty for the project.
    #[cfg_attr(feature = "openapi", schema(examples("checkout-v2")))]
    pub key: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What differs in it: the first hundred places.
    pub changes: Vec<Change>,
    /// In how many more places it differs.
    #[cfg_attr(feature = "openapi", schema(examples(0)))]
    pub left_out: usize,
}

/// What a project's document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ThingKind {
    /// The project itself: its name, and the order of its environments.
    Project,
    /// An environment.
    Environment,
    /// A segment.
    Segment,
    /// A flag.
    Flag,
    /// A template.
    Template,
}

/// What becomes of each thing: of those that change, and of those that a document named.
pub fn plan(
    before: &ProjectDocument,
    after: &ProjectDocument,
    is_named: impl Fn(ThingKind, &str) -> bool,
) -> Vec<PlannedThing> {
    let (old, new) = (things(before), things(after));
    let thing = |((kind, key), value): (&(ThingKind, String), &Value)| {
        let was = old.get(&(*kind, key.clone()));
        let outcome = match was {
            None => Outcome::Created,
            Some(was) if was == value => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
        };
        let mut changes = match outcome {
            Outcome::Unchanged => Vec::new(),
            _ => diff(&was.map_or(json!({}), shortened), &shortened(value)),
        };
        let left_out = changes.len().saturating_sub(SHOWN);
        changes.truncate(SHOWN);
        let thing = PlannedThing { kind: *kind, key: key.clone(), outcome, changes, left_out };
        (outcome != Outcome::Unchanged || is_named(*kind, key)).then_some(thing)
    };
    new.iter().filter_map(thing).collect()
}

/// How many places of one thing are told, and how long a list may be that is told.
const SHOWN: usize = 100;

/// The same with how long a list is in the place of a long one.
fn shortened(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() > SHOWN => json!({"count": items.len()}),
        Value::Array(items) => items.iter().map(shortened).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), shortened(field))).collect())
        }
        other => other.clone(),
    }
}

fn things(document: &ProjectDocument) -> BTreeMap<(ThingKind, String), Value> {
    let order: Vec<_> = document.environments.iter().map(|environment| environment.key.as_str()).collect();
    let project = json!({"name": document.project.name, "environments": order});
    let project = ((ThingKind::Project, String::new()), project);
    let named = |kind: ThingKind| move |(key, value): (String, Value)| ((kind, key), value);
    let environments = document.environments.iter().map(|part| (part.key.to_string(), json!(part)));
    let segments = document.segments.iter().map(|(key, part)| (key.to_string(), json!(part)));
    let flags = document.flags.iter().map(|(key, part)| (key.to_string(), json!(part)));
    let templates = document.templates.iter().map(|(key, part)| (key.to_string(), json!(part)));
    std::iter::once(project)
        .chain(environments.map(named(ThingKind::Environment)))
        .chain(segments.map(named(ThingKind::Segment)))
        .chain(flags.map(named(ThingKind::Flag)))
        .chain(templates.map(named(ThingKind::Template)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_what_becomes_of_things() {
        use Outcome::{Changed, Created, Skipped, Unchanged};
        for (outcomes, text) in [
            (&[Created, Unchanged, Created, Changed][..], "2 created, 1 changed, 1 unchanged"),
            (&[Skipped][..], "1 left as it is"),
            (&[][..], "nothing in it"),
        ] {
            assert_eq!(summary(outcomes.iter().copied()), text);
        }
    }
}
