//! The documents of an environment as they were stored: for whoever evaluates by themselves.

use std::cmp::Ordering;
use std::sync::Arc;

use engine::Change;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::documents::Document;

/// What a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A flag.
    Flag,
    /// A segment.
    Segment,
}

/// A document as of the newest revision.
#[derive(Debug, Serialize, Deserialize)]
pub struct Held {
    /// What it is about.
    pub kind: Kind,
    /// The flag's or the segment's key.
    pub key: Box<str>,
    /// The revision that it came with, or that removed it.
    pub revision: u64,
    /// The document; none where it was removed, or is no JSON and can be used by nobody.
    pub document: Option<Box<RawValue>>,
}

/// All documents of an environment, those that were removed too: in the order of kind and key.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents(Vec<Arc<Held>>);

impl Held {
    fn new(document: &Document) -> Self {
        let kind = match document.kind() {
            "segment" => Kind::Segment,
            _ => Kind::Flag,
        };
        // Between its parts a text may have line breaks, which end a line of a stream; inside them they are escaped.
        let text = document.text().map(|text| text.replace(['\r', '\n'], " "));
        Self {
            kind,
            key: document.key().into(),
            revision: u64::try_from(document.revision()).unwrap_or_default(),
            document: text.and_then(|text| RawValue::from_string(text).ok()),
        }
    }

    fn place(&self) -> (Kind, &str) {
        (self.kind, &self.key)
    }
}

impl Documents {
    /// The same with some of them replaced.
    pub(super) fn with_changes(&self, changes: &[Document]) -> Self {
        let mut changed: Vec<_> = changes.iter().map(|document| Arc::new(Held::new(document))).collect();
        changed.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
        let mut merged = Vec::with_capacity(self.0.len() + changed.len());
        let (mut kept, mut changed) = (self.0.iter().cloned().peekable(), changed.into_iter().peekable());
        loop {
            let order = match (kept.peek(), changed.peek()) {
                (None, None) => return Self(merged),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(kept), Some(changed)) => kept.place().cmp(&changed.place()),
            };
            if order == Ordering::Equal {
                kept.next();
            }
            merged.extend(if order == Ordering::Less { kept.next() } else { changed.next() });
        }
    }

    /// What the engine compiles.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.iter().map(|held| {
            let document = held.document.as_ref().map(|document| document.get());
            match held.kind {
                Kind::Flag => Change::Flag(&held.key, document),
                Kind::Segment => Change::Segment(&held.key, document),
            }
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Held>> {
        self.0.iter()
    }
}

impl From<Vec<Arc<Held>>> for Documents {
    fn from(mut documents: Vec<Arc<Held>>) -> Self {
        documents.sort_by(|one, other| one.place().cmp(&other.place()));
        Self(documents)
    }
}
