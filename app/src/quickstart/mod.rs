//! From nothing to the first evaluation in an application.

mod api;
mod page;
mod snippets;
mod waiting;

pub(crate) use page::QuickstartPage;
