//! Templates: shapes that flags are made from. The list, and a new one; the project's settings rename and delete them.

mod api;
mod new;
mod page;
mod shape;

pub(crate) use api::load_templates;
pub(crate) use page::TemplatesPage;

/// What was said of the form is known by this.
const FORM: &str = "templates/new";
