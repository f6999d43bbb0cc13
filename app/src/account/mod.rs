//! One's own account.

mod api;
mod page;
mod privacy;
mod profile;
mod sessions;
mod tokens;
mod ways;

pub(crate) use page::AccountPage;
