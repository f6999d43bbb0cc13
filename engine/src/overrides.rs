//! Overrides, compiled: the most specific match wins.

use std::collections::{BTreeMap, btree_map};

use hashbrown::{HashMap, HashSet};

use crate::context::{Context, Path};
use crate::limits::check_path;
use crate::ruleset::Override;

/// A flag's overrides, most specific first: more attributes before fewer; then those that name the user, the region,
/// the tenant; then by the attributes' names; then in the document's order.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    groups: Box<[Group]>,
}

/// The values that an override names for one attribute.
type Names = HashSet<Box<str>>;

/// The overrides over one set of attributes.
#[derive(Debug)]
enum Group {
    /// One attribute costs one look-up, however many values are named.
    Single { attribute: Attribute, variations: HashMap<Box<str>, usize> },
    /// Several cost one look-up of the first, and one of each other for every override that names its value.
    Several { attributes: Box<[Attribute]>, entries: Vec<Entry>, by_first: HashMap<Box<str>, Vec<usize>> },
}

#[derive(Debug)]
struct Entry {
    /// The values of the attributes after the first.
    rest: Box<[Names]>,
    variation: usize,
}

/// An attribute that overrides name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attribute {
    rank: Rank,
    path: Path,
}

/// Which attribute makes an override the more specific one, of as many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// `userId` or `targetingKey`: whichever the context has, as for bucketing.
    User,
    Region,
    Tenant,
    Other,
}

impl Attribute {
    fn new(name: &str) -> Self {
        let (rank, name) = match name {
            "userId" | "targetingKey" => (Rank::User, "userId"),
            "region" => (Rank::Region, name),
            "tenant" => (Rank::Tenant, name),
            other => (Rank::Other, other),
        };
        Self { rank, path: Path::new(name.into()) }
    }

    pub(crate) fn name(&self) -> &str {
        self.path.as_str()
    }

    /// Where in a context to look for it; none for the user's id.
    pub(crate) fn by(&self) -> Option<&Path> {
        (self.rank != Rank::User).then_some(&self.path)
    }

    /// Calls `f` with what the context names for the attribute.
    fn with_name<R>(&self, context: &Context<'_>, f: impl FnOnce(&str) -> R) -> Option<R> {
        context.with_by(self.by(), |value| value.with_identity(f)).flatten()
    }
}

impl Overrides {
    /// Compiles overrides; `variation` finds a variation's index. Those that cannot be used are left out with a warning.
    pub(crate) fn compile(
        overrides: &[Override],
        variation: impl Fn(&str) -> Option<usize>,
        mut warn: impl FnMut(String),
    ) -> Self {
        let mut groups: BTreeMap<(std::cmp::Reverse<usize>, Vec<Attribute>), Group> = BTreeMap::new();
        for (place, entry) in overrides.iter().enumerate() {
            let Some(served) = variation(&entry.variation) else {
                warn(format!("overrides[{place}]: no variation `{}`", entry.variation));
                continue;
            };
            if let Some(message) = entry.attributes.keys().find_map(|path| check_path(path).err()) {
                warn(format!("overrides[{place}]: {message}"));
                continue;
            }
            let mut sets: BTreeMap<Attribute, Names> = BTreeMap::new();
            for (name, values) in &entry.attributes {
                let named: Names = values.iter().map(|value| value.as_str().into()).collect();
                // `userId` and `targetingKey` are one attribute: both must name it.
                match sets.entry(Attribute::new(name)) {
                    btree_map::Entry::Vacant(slot) => drop(slot.insert(named)),
                    btree_map::Entry::Occupied(mut slot) => {
                        slot.get_mut().retain(|value| named.contains(value));
                    }
                }
            }
            if sets.is_empty() {
                warn(format!("overrides[{place}]: names no attribute"));
                continue;
            }
            let attributes: Vec<_> = sets.keys().cloned().collect();
            let group = groups
                .entry((std::cmp::Reverse(attributes.len()), attributes.clone()))
                .or_insert_with(|| match attributes.as_slice() {
                    [attribute] => Group::Single { attribute: attribute.clone(), variations: HashMap::new() },
                    _ => Group::Several {
                        attributes: attributes.into(),
                        entries: Vec::new(),
                        by_first: HashMap::new(),
                    },
                });
            match group {
                Group::Single { variations, .. } => {
                    for value in sets.into_values().flatten() {
                        variations.entry(value).or_insert(served);
                    }
                }
                Group::Several { entries, by_first, .. } => {
                    let mut sets = sets.into_values();
                    for value in sets.next().into_iter().flatten() {
                        by_first.entry(value).or_default().push(entries.len());
                    }
                    entries.push(Entry { rest: sets.collect(), variation: served });
                }
            }
        }
        Self { groups: groups.into_values().collect() }
    }

    /// The index of the variation that the most specific matching override serves.
    pub(crate) fn find(&self, context: &Context<'_>) -> Option<usize> {
        self.groups.iter().find_map(|group| group.find(context))
    }

    /// For each set of attributes, the most specific first: the set, and the variation that is served.
    pub(crate) fn each<'s>(
        &'s self,
        context: &Context<'_>,
    ) -> impl Iterator<Item = (&'s [Attribute], Option<usize>)> {
        self.groups.iter().map(move |group| {
            let attributes = match group {
                Group::Single { attribute, .. } => std::slice::from_ref(attribute),
                Group::Several { attributes, .. } => &**attributes,
            };
            (attributes, group.find(context))
        })
    }
}

impl Group {
    fn find(&self, context: &Context<'_>) -> Option<usize> {
        match self {
            Self::Single { attribute, variations } => {
                attribute.with_name(context, |name| variations.get(name).copied()).flatten()
            }
            Self::Several { attributes, entries, by_first } => {
                let (first, rest) = attributes.split_first()?;
                let candidates = first.with_name(context, |name| by_first.get(name)).flatten()?;
                let is_named = |(attribute, names): (&Attribute, &Names)| {
                    attribute.with_name(context, |name| names.contains(name)).unwrap_or(false)
                };
                let mut candidates = candidates.iter().filter_map(|place| entries.get(*place));
                candidates
                    .find(|entry| rest.iter().zip(&entry.rest).all(is_named))
                    .map(|entry| entry.variation)
            }
        }
    }
}
