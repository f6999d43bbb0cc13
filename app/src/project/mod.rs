//! A project's settings: what it is called, what is in it, moving it elsewhere, its end; and its organization's.

mod api;
mod contents;
mod document;
mod end;
mod general;
mod import;
mod launchdarkly;
mod name;
mod outcome;
mod page;
mod rest;
mod tabs;
mod upload;

pub(crate) use page::SettingsPage;
pub(crate) use tabs::{Head, Tab};

// What was said of a form is known by these.
const CREATE: &str = "projects/new";
const RENAME: &str = "project/rename";
const DELETE: &str = "project/delete";
const IMPORT: &str = "import";
const LAUNCHDARKLY: &str = "import/launchdarkly";

/// The part for documents, below the project.
const TRANSFER: &str = "settings?tab=transfer";
