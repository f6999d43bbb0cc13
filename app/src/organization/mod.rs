//! An organization: its members, who is invited, its end.

mod api;
mod narrowed;
mod page;

pub(crate) use page::OrganizationPage;
