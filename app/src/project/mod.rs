//! A project's settings: what it is called, what is in it, moving it elsewhere, its templates, its end.

mod api;
mod contents;
mod document;
mod end;
mod import;
mod launchdarkly;
mod name;
mod outcome;
mod page;
mod rest;
mod templates;

pub(crate) use page::SettingsPage;

// What was said of a form is known by these.
const CREATE: &str = "projects/new";
const RENAME: &str = "project/rename";
const DELETE: &str = "project/delete";
const IMPORT: &str = "import";
const LAUNCHDARKLY: &str = "import/launchdarkly";
const TEMPLATES: &str = "templates";
