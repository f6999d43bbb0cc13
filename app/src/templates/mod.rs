//! Templates: shapes that flags are made from. The list, where they are renamed and deleted, and a new one.

mod api;
mod new;
mod page;
mod row;
mod shape;

pub(crate) use api::load_templates;
pub(crate) use page::TemplatesPage;

// What was said of a form is known by these.
const CREATE: &str = "templates/new";
const CHANGE: &str = "templates";
