//! The audit log: what happened, in an order and with contents that nobody can change unnoticed.

mod chain;
mod containing;
mod denied;
mod export;
mod person;
mod places;
mod read;
mod search;
mod table;
mod verify;
mod weight;

use crate::Services;

pub(crate) use chain::{Chain, Entry};
pub(crate) use denied::Denials;
pub use domain::audit::Verdict;
pub use export::Export;
pub(crate) use read::entries;
pub(crate) use verify::AT_A_TIME;

/// The audit log.
pub struct Audit<'s>(pub(crate) &'s Services);

/// How many entries are in memory at once where the whole log is read.
const AT_ONCE: u64 = 200;

/// How many letters the documents of entries that are in memory at once have, but for one entry that has more alone.
const LETTERS_AT_ONCE: i64 = 4 * 1024 * 1024;
