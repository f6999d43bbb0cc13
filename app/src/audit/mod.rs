//! The audit log of a project, or of its whole organization.

mod address;
mod api;
mod entry;
mod export;
mod filter;
mod newer;
mod page;
mod verdict;
pub(crate) mod words;

pub(crate) use page::AuditPage;
