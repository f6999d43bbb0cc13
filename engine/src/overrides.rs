//! Overrides, compiled: the most specific match wins.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::context::{Context, Value};
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
    Single {
        attribute: Attribute,
        variations: HashMap<Box<str>, usize>,
    },
    Several {
        attributes: Box<[Attribute]>,
        entries: Vec<(Box<[Names]>, usize)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Attribute {
    /// `userId` or `targetingKey`: whichever the context has, as for bucketing.
    User,
    Region,
    Tenant,
    Other(Box<str>),
}

impl Attribute {
    fn new(name: &str) -> Self {
        match name {
            "userId" | "targetingKey" => Self::User,
            "region" => Self::Region,
            "tenant" => Self::Tenant,
            other => Self::Other(other.into()),
        }
    }

    fn value<'c>(&self, context: &'c Context<'_>) -> Option<Value<'c>> {
        match self {
            Self::User => context.user().map(Value::borrowed),
            Self::Region => context.get("region"),
            Self::Tenant => context.get("tenant"),
            Self::Other(path) => context.get(path),
        }
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
            let mut sets: BTreeMap<Attribute, Names> = BTreeMap::new();
            for (name, values) in &entry.attributes {
                let named: Names = values.iter().map(|value| value.as_str().into()).collect();
                // `userId` and `targetingKey` are one attribute: both must name it.
                match sets.entry(Attribute::new(name)) {
                    Entry::Vacant(slot) => drop(slot.insert(named)),
                    Entry::Occupied(mut slot) => slot.get_mut().retain(|value| named.contains(value)),
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
                    _ => Group::Several { attributes: attributes.into(), entries: Vec::new() },
                });
            match group {
                Group::Single { variations, .. } => {
                    for value in sets.into_values().flatten() {
                        variations.entry(value).or_insert(served);
                    }
                }
                Group::Several { entries, .. } => entries.push((sets.into_values().collect(), served)),
            }
        }
        Self { groups: groups.into_values().collect() }
    }

    /// The index of the variation that the most specific matching override serves.
    pub(crate) fn find(&self, context: &Context<'_>) -> Option<usize> {
        self.groups.iter().find_map(|group| match group {
            Group::Single { attribute, variations } => {
                variations.get(&*attribute.value(context)?.identity()?).copied()
            }
            Group::Several { attributes, entries } => {
                let values: Vec<_> = attributes.iter().map(|attribute| attribute.value(context)).collect();
                let names: Option<Vec<_>> =
                    values.iter().map(|value| value.as_ref().and_then(Value::identity)).collect();
                let names = names?;
                let matches =
                    |sets: &[Names]| sets.iter().zip(&names).all(|(set, name)| set.contains(&**name));
                entries.iter().find(|(sets, _)| matches(sets)).map(|(_, variation)| *variation)
            }
        })
    }
}
