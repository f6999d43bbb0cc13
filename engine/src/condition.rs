//! Condition trees, compiled.

use hashbrown::HashMap;

use crate::compiled::Scope;
use crate::context::Path;
use crate::limits::{CONDITION_DEPTH, check_path};
use crate::operators::{Matcher, Patterns};
use crate::ruleset::{self, Operator, Test};

/// A condition tree, ready to be asked.
#[derive(Debug)]
pub(crate) enum Condition {
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    Not(Box<Condition>),
    Attribute(Box<Attribute>),
    Segments { places: Box<[usize]>, negate: bool },
}

/// A test of one attribute.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) path: Path,
    pub(crate) op: Operator,
    pub(crate) matcher: Matcher,
    pub(crate) values: Shown,
}

/// What `explain` shows of a rule's values: the first few.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) first: Box<[serde_json::Value]>,
    pub(crate) count: usize,
}

/// How many values are kept to be shown.
const SHOWN: usize = 10;

/// What compiling conditions needs and finds.
pub(crate) struct Compiler<'p> {
    pub(crate) patterns: &'p mut Patterns,
    pub(crate) segments: Named,
}

/// The keys of the segments that conditions name, each once. A condition knows their places.
#[derive(Default)]
pub(crate) struct Named {
    keys: Vec<Box<str>>,
    places: HashMap<Box<str>, usize>,
}

impl Named {
    fn place(&mut self, key: &str) -> usize {
        let keys = &mut self.keys;
        *self.places.entry(key.into()).or_insert_with(|| {
            keys.push(key.into());
            keys.len() - 1
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets those after the first.
    pub(crate) fn truncate(&mut self, length: usize) {
        for key in self.keys.drain(length.min(self.keys.len())..) {
            self.places.remove(&key);
        }
    }

    pub(crate) fn into_keys(self) -> Box<[Box<str>]> {
        self.keys.into()
    }
}

impl Compiler<'_> {
    /// Compiles a condition tree.
    ///
    /// # Errors
    /// A sentence that says what cannot be compiled.
    pub(crate) fn condition(&mut self, condition: &ruleset::Condition) -> Result<Condition, String> {
        self.nested(condition, CONDITION_DEPTH)
    }

    fn nested(&mut self, condition: &ruleset::Condition, depth: usize) -> Result<Condition, String> {
        let below =
            depth.checked_sub(1).ok_or_else(|| format!("conditions nest deeper than {CONDITION_DEPTH}"))?;
        let mut list = |parts: &[ruleset::Condition]| -> Result<Box<[_]>, _> {
            parts.iter().map(|part| self.nested(part, below)).collect()
        };
        match condition {
            ruleset::Condition::All { all } => list(all).map(Condition::All),
            ruleset::Condition::Any { any } => list(any).map(Condition::Any),
            ruleset::Condition::Not { not } => Ok(Condition::Not(Box::new(self.nested(not, below)?))),
            ruleset::Condition::Test(test) if test.op.is_segment() => self.segments(test),
            ruleset::Condition::Test(test) => self.attribute(test),
        }
    }

    fn attribute(&mut self, test: &Test) -> Result<Condition, String> {
        let Some(path) = &test.attribute else {
            return Err(format!("`{}` needs an attribute", test.op.as_str()));
        };
        check_path(path)?;
        let matcher = Matcher::compile(test, self.patterns)?;
        let first = test.values.iter().take(SHOWN).cloned().collect();
        let values = Shown { first, count: test.values.len() };
        Ok(Condition::Attribute(Box::new(Attribute {
            path: Path::new(path.as_str().into()),
            op: test.op,
            matcher,
            values,
        })))
    }

    fn segments(&mut self, test: &Test) -> Result<Condition, String> {
        let name = test.op.as_str();
        if test.attribute.is_some() {
            return Err(format!("`{name}` takes no attribute"));
        }
        if test.values.is_empty() {
            return Err(format!("`{name}` needs values"));
        }
        let place = |value: &serde_json::Value| {
            let key =
                value.as_str().ok_or_else(|| format!("`{name}` needs keys of segments, not {value}"))?;
            Ok(self.segments.place(key))
        };
        let places = test.values.iter().map(place).collect::<Result<Vec<_>, String>>()?;
        Ok(Condition::Segments { places: places.into(), negate: test.op.is_negative() })
    }
}

impl Condition {
    /// Whether the condition holds. `segments` are those that the condition's flag or segment names, by place.
    #[inline]
    pub(crate) fn holds(&self, scope: &Scope<'_, '_>, segments: &[usize]) -> bool {
        match self {
            Self::Attribute(test) => test.holds(scope),
            other => other.nested_holds(scope, segments),
        }
    }

    /// Apart, so that a test needs no call of its own.
    fn nested_holds(&self, scope: &Scope<'_, '_>, segments: &[usize]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(scope, segments)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(scope, segments)),
            Self::Not(part) => !part.holds(scope, segments),
            Self::Attribute(test) => test.holds(scope),
            Self::Segments { places, negate } => {
                places.iter().any(|place| scope.in_segment(segments, *place)) != *negate
            }
        }
    }

    /// Each place in the list of segments that the condition needs.
    pub(crate) fn each_segment(&self, f: &mut impl FnMut(usize)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_segment(f)),
            Self::Not(part) => part.each_segment(f),
            Self::Attribute(_) => {}
            Self::Segments { places, .. } => places.iter().copied().for_each(f),
        }
    }
}

impl Attribute {
    pub(crate) fn holds(&self, scope: &Scope<'_, '_>) -> bool {
        let held = scope.context.with(&self.path, |value| self.matcher.holds(value)).unwrap_or(false);
        held != self.op.is_negative()
    }
}
