//! What cannot do what its document says.

use std::fmt;

/// Something in a document that cannot do what it says. The rest of the document works.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// What the document is of.
    pub subject: Subject,
    /// The flag's or the segment's key.
    pub key: String,
    /// The place and what is wrong with it.
    pub message: String,
}

/// What a document is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A flag.
    Flag,
    /// A segment.
    Segment,
}

impl Warning {
    pub(crate) fn new(subject: Subject, key: &str, message: String) -> Self {
        Self { subject, key: key.to_owned(), message }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Subject::Flag => "flag",
            Subject::Segment => "segment",
        };
        write!(f, "{subject} `{}`: {}", self.key, self.message)
    }
}
