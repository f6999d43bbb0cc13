//! All flags and segments of an environment at one revision.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::context::Context;
use crate::flag::CompiledFlag;
use crate::link::{self, LinkedFlag, LinkedSegment};
use crate::operators::Patterns;
use crate::ruleset::Ruleset;
use crate::segment::CompiledSegment;
use crate::table::Table;
use crate::warning::Warning;

/// The flags and segments of one environment at one revision, ready to be evaluated.
#[derive(Debug, Default)]
pub struct Compiled {
    pub(crate) revision: u64,
    pub(crate) flags: Table<LinkedFlag>,
    pub(crate) segments: Table<LinkedSegment>,
}

/// A document that changed, or was removed where there is no text.
#[derive(Clone, Copy, Debug)]
pub enum Change<'d> {
    /// A flag: key, document.
    Flag(&'d str, Option<&'d str>),
    /// A segment: key, document.
    Segment(&'d str, Option<&'d str>),
}

/// A flag's key and document.
impl<'d> From<(&'d str, &'d str)> for Change<'d> {
    fn from((key, document): (&'d str, &'d str)) -> Self {
        Self::Flag(key, Some(document))
    }
}

/// A flag's key and document, or none where it was removed.
impl<'d> From<(&'d str, Option<&'d str>)> for Change<'d> {
    fn from((key, document): (&'d str, Option<&'d str>)) -> Self {
        Self::Flag(key, document)
    }
}

/// One of the flags.
#[derive(Clone, Copy, Debug)]
pub struct FlagRef<'r> {
    pub(crate) compiled: &'r Compiled,
    pub(crate) linked: &'r LinkedFlag,
}

/// What an evaluation reads.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'r, 'c> {
    pub(crate) compiled: &'r Compiled,
    pub(crate) context: &'c Context<'c>,
    /// Epoch milliseconds.
    pub(crate) now: i64,
}

impl Compiled {
    /// Compiles documents as they are stored. One that cannot be used takes only itself out of service.
    pub fn from_documents<'d>(
        revision: u64,
        documents: impl IntoIterator<Item = impl Into<Change<'d>>>,
    ) -> Self {
        Self::default().with_changes(revision, documents)
    }

    /// Compiles a whole ruleset.
    pub fn from_ruleset(ruleset: &Ruleset) -> Self {
        let mut patterns = Patterns::default();
        let segments = ruleset.segments.iter();
        let segments = segments
            .map(|(key, segment)| Arc::new(CompiledSegment::new(key, segment, &mut patterns)))
            .collect();
        let flags = ruleset.flags.iter();
        let flags = flags
            .map(|(key, flag)| Arc::new(CompiledFlag::with_patterns(key, flag, &mut patterns)))
            .collect();
        Self::link(ruleset.revision, flags, segments)
    }

    /// The same with some documents changed. The others are shared, not compiled again.
    #[must_use]
    pub fn with_changes<'d>(
        &self,
        revision: u64,
        changes: impl IntoIterator<Item = impl Into<Change<'d>>>,
    ) -> Self {
        let mut patterns = Patterns::default();
        let (mut flags, mut segments) = (BTreeMap::new(), BTreeMap::new());
        for change in changes {
            match change.into() {
                Change::Flag(key, document) => {
                    let compile = |document| CompiledFlag::from_document(key, document, &mut patterns);
                    flags.insert(key, document.map(compile).map(Arc::new));
                }
                Change::Segment(key, document) => {
                    let compile = |document| CompiledSegment::from_document(key, document, &mut patterns);
                    segments.insert(key, document.map(compile).map(Arc::new));
                }
            }
        }
        let kept = self.flags.entries().iter().map(|linked| &linked.flag);
        let kept = kept.filter(|flag| !flags.contains_key(flag.key())).cloned();
        let all_flags = kept.chain(flags.values().flatten().cloned()).collect();
        let kept = self.segments.entries().iter().map(|linked| &linked.segment);
        let kept = kept.filter(|segment| !segments.contains_key(segment.key())).cloned();
        let all_segments = kept.chain(segments.values().flatten().cloned()).collect();
        Self::link(revision, all_flags, all_segments)
    }

    fn link(revision: u64, flags: Vec<Arc<CompiledFlag>>, segments: Vec<Arc<CompiledSegment>>) -> Self {
        let segments = link::segments(segments);
        let flags = link::flags(flags, &segments);
        Self { revision, flags, segments }
    }

    /// The environment's revision.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The flag with this key.
    pub fn flag(&self, key: &str) -> Option<FlagRef<'_>> {
        self.flags.get(key).map(|linked| FlagRef { compiled: self, linked })
    }

    /// The place of the flag with this key among all flags.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.flags.place(key)
    }

    /// The flag at a place.
    pub fn flag_at(&self, place: usize) -> Option<FlagRef<'_>> {
        self.flags.at(place).map(|linked| FlagRef { compiled: self, linked })
    }

    /// All flags in the order of their keys.
    pub fn flags(&self) -> impl Iterator<Item = FlagRef<'_>> {
        self.flags.entries().iter().map(|linked| FlagRef { compiled: self, linked })
    }

    /// What cannot do what its document says: segments first.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        let segments = self.segments.entries().iter().flat_map(LinkedSegment::warnings);
        segments.chain(self.flags().flat_map(FlagRef::warnings))
    }
}

impl<'r> FlagRef<'r> {
    /// The flag's key.
    pub fn key(self) -> &'r str {
        self.linked.flag.key()
    }

    /// Whether browser keys may see the flag.
    pub fn client_side(self) -> bool {
        self.linked.flag.client_side()
    }

    /// The version that the flag itself has in all environments; none for a flag that cannot be read.
    pub fn version(self) -> Option<u64> {
        self.linked.flag.version()
    }

    /// The version that the flag has in the environment, which evaluation answers; none for a flag that cannot be read.
    pub fn configured_version(self) -> Option<u64> {
        self.linked.flag.configured_version()
    }

    /// Whether clients that speak LaunchDarkly's format are to report each evaluation.
    pub fn tracks_events(self) -> bool {
        self.linked.flag.tracks_events()
    }

    /// The keys of the variations in their order; none for a flag that cannot be read.
    pub fn variations(self) -> impl Iterator<Item = &'r str> {
        self.linked.flag.variations()
    }

    /// What cannot do what the flag's document says, here among the other flags and the segments.
    pub fn warnings(self) -> impl Iterator<Item = &'r Warning> {
        self.linked.warnings()
    }
}

impl Scope<'_, '_> {
    /// Whether the context is in a segment: the one at this place of a list of links.
    pub(crate) fn in_segment(&self, links: &[usize], place: usize) -> bool {
        let linked = links.get(place).and_then(|place| self.compiled.segments.at(*place));
        let Some(linked) = linked else { return false };
        let body = linked.segment.body.as_ref();
        body.is_some_and(|body| body.membership(self, &linked.segments).is_inside())
    }
}
