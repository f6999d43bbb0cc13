//! One flag.

mod api;
mod framed;
mod header;
mod page;
mod tabs;
mod targeting;

pub(crate) use page::FlagPage;
