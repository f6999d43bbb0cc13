//! One's own account.

mod api;
mod page;

pub(crate) use page::AccountPage;
