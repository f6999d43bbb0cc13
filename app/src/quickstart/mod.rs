//! From nothing to the first evaluation in an application.

mod api;
mod page;
pub(crate) mod snippets;
mod waiting;

#[cfg(feature = "ssr")]
pub(crate) use api::working_keys;
pub(crate) use page::QuickstartPage;
