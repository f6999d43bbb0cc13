//! Segments, compiled.

use hashbrown::HashSet;

use crate::compiled::Scope;
use crate::condition::{Compiler, Condition, Named};
use crate::context::Path;
use crate::limits::check_path;
use crate::operators::Patterns;
use crate::ruleset::{FORMAT, SEMANTICS, Segment};
use crate::value::Value;
use crate::warning::{Subject, Warning};

/// One segment, ready to be asked.
#[derive(Debug)]
pub struct CompiledSegment {
    key: Box<str>,
    pub(crate) warnings: Vec<Warning>,
    /// None where the document cannot be used.
    pub(crate) body: Option<Body>,
}

#[derive(Debug)]
pub(crate) struct Body {
    by: Option<Path>,
    included: HashSet<Box<str>>,
    excluded: HashSet<Box<str>>,
    when: Option<Condition>,
    /// The segments that the condition names.
    pub(crate) segments: Box<[Box<str>]>,
}

/// Why somebody is in a segment, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// Named among the excluded.
    Excluded,
    /// Named among the included.
    Included,
    /// The condition holds.
    Condition,
    /// Neither named, nor does a condition hold.
    None,
}

impl CompiledSegment {
    pub(crate) fn from_document(key: &str, document: &str, patterns: &mut Patterns) -> Self {
        match serde_json::from_str::<Segment>(document) {
            Ok(segment) => Self::new(key, &segment, patterns),
            Err(error) => Self::unusable(key, format!("cannot be read: {error}")),
        }
    }

    pub(crate) fn new(key: &str, segment: &Segment, patterns: &mut Patterns) -> Self {
        if segment.format > FORMAT || segment.semantics > SEMANTICS {
            return Self::unusable(key, "written by a later version".to_owned());
        }
        if let Some(Err(message)) = segment.by.as_deref().map(check_path) {
            return Self::unusable(key, format!("by: {message}"));
        }
        let mut compiler = Compiler { patterns, segments: Named::default() };
        let when = match segment.when.as_ref().map(|when| compiler.condition(when)).transpose() {
            Ok(when) => when,
            Err(message) => return Self::unusable(key, format!("when: {message}")),
        };
        let names = |names: &[String]| names.iter().map(|name| name.as_str().into()).collect();
        let body = Body {
            by: segment.by.as_deref().map(|by| Path::new(by.into())),
            included: names(&segment.included),
            excluded: names(&segment.excluded),
            when,
            segments: compiler.segments.into_keys(),
        };
        Self { key: key.into(), warnings: Vec::new(), body: Some(body) }
    }

    fn unusable(key: &str, message: String) -> Self {
        Self { key: key.into(), warnings: vec![Warning::new(Subject::Segment, key, message)], body: None }
    }

    /// The segment's key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Body {
    /// Why the context is in the segment, or is not. `segments` are those that the condition names, by place.
    pub(crate) fn membership(&self, scope: &Scope<'_, '_>, segments: &[usize]) -> Membership {
        let listed = |name: &str| match name {
            name if self.excluded.contains(name) => Some(Membership::Excluded),
            name if self.included.contains(name) => Some(Membership::Included),
            _ => None,
        };
        let has_lists = !self.excluded.is_empty() || !self.included.is_empty();
        let by = |value: &Value<'_>| value.with_identity(listed).flatten();
        let named = if has_lists { scope.context.with_by(self.by.as_ref(), by).flatten() } else { None };
        match &self.when {
            Some(when) if named.is_none() && when.holds(scope, segments) => Membership::Condition,
            _ => named.unwrap_or(Membership::None),
        }
    }

    /// Each place in the list of segments that the condition needs.
    pub(crate) fn each_segment(&self, f: &mut impl FnMut(usize)) {
        if let Some(when) = &self.when {
            when.each_segment(f);
        }
    }

    pub(crate) fn when(&self) -> Option<&Condition> {
        self.when.as_ref()
    }
}

impl Membership {
    /// Whether it is one.
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::Included | Self::Condition)
    }
}
