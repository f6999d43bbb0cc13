//! One flag.

mod api;
mod header;
mod latest;
mod page;
mod targeting;

pub(crate) use page::FlagPage;
