//! A project's environments: their list and order, a new one, and one of them.

mod api;
mod new;
mod one;
mod page;

pub(crate) use one::EnvironmentPage;
pub(crate) use page::EnvironmentsPage;

// What was said of a form is known by these.
const CREATE: &str = "environments/new";
const MOVE: &str = "environments/move";
const UPDATE: &str = "environments/update";
const PROTECT: &str = "environments/protect";
const PURGE: &str = "environments/purge";
const DELETE: &str = "environments/delete";
