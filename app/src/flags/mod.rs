//! The flags of a project in one environment.

mod api;
mod header;
mod page;
mod row;
mod switching;
mod why;
mod words;

pub(crate) use page::FlagsPage;
