//! The audit log: what happened, in an order and with contents that nobody can change unnoticed.

mod chain;
mod denied;
mod person;
mod read;

pub(crate) use chain::{Chain, Entry};
pub(crate) use denied::Denials;
pub use read::{Audit, AuditRow, Verdict};
