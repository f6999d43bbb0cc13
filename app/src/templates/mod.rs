//! Templates: shapes that flags are made from. The list, a new one, and one of them.

mod api;
mod new;
mod one;
mod page;
mod shape;

pub(crate) use api::load_templates;
pub(crate) use one::TemplatePage;
pub(crate) use page::TemplatesPage;

// What was said of a form is known by these.
const CREATE: &str = "templates/new";
const UPDATE: &str = "templates/update";
const DELETE: &str = "templates/delete";
