//! One flag.

mod api;
mod header;
mod page;
mod targeting;

pub(crate) use page::FlagPage;
