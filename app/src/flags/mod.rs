//! The flags of a project in one environment.

mod address;
mod api;
mod bulk;
pub mod filled;
mod filter;
mod latest;
pub(crate) mod marks;
mod new;
mod nothing;
mod page;
mod picture;
mod recent;
mod row;
pub(crate) mod switching;
pub(crate) mod toggle;
pub(crate) mod why;
pub(crate) mod words;

pub(crate) use api::load_flags;
pub(crate) use new::NewFlagPage;
pub(crate) use page::FlagsPage;
pub(crate) use words::percent;
