//! The log as a page shows it.

use serde::{Deserialize, Serialize};

use super::AuditEntry;
use crate::{Millis, UserId};

/// A part of the log, with what a page needs beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditTable {
    /// When it was asked for.
    pub now: Millis,
    /// The entries, the newest first.
    pub lines: Vec<AuditLine>,
    /// What the next part is asked for with, where there is one.
    pub next: Option<String>,
    /// How many entries there are in all parts.
    pub total: u64,
    /// The organization's members, by their names: whom one can look for.
    pub people: Vec<AuditPerson>,
}

/// An entry, and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// The entry without its documents, which may be long. Its `changes` say what was in the one where there is no other.
    pub entry: AuditEntry,
    /// Where it came from, where that is known.
    pub origin: Option<AuditOrigin>,
}

/// Where a request came from that changed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditOrigin {
    /// The request's id, which the server's own log shows too.
    pub request_id: Option<String>,
    /// The network address, and what the client said that it was: for whoever manages members, and of one's own requests.
    pub client: Option<AuditClient>,
}

/// Who sent a request, as far as the network knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditClient {
    /// The network address.
    pub address: Option<String>,
    /// What the client said that it was.
    pub user_agent: Option<String>,
}

/// Somebody whose entries one can look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPerson {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: String,
}

/// Whether the log is what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It is, with so many entries.
    Whole(i64),
    /// The first entry that is not what was written, or that is missing.
    BrokenAt(i64),
}
