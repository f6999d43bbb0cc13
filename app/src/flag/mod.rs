//! One flag.

pub(crate) mod api;
mod header;
mod page;
pub(crate) mod targeting;

pub(crate) use page::FlagPage;
