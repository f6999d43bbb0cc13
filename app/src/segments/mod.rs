//! A project's segments: their list, a new one, and one of them in each environment.

mod address;
mod api;
mod audience;
mod draft;
mod elsewhere;
mod filter;
mod history;
mod keys;
mod new;
mod one;
mod page;
mod picture;
mod save;
mod settings;
mod text_area;
mod upload;
mod uses;
mod words;

pub(crate) use new::NewSegmentPage;
pub(crate) use one::SegmentPage;
pub(crate) use page::SegmentsPage;

// What was said of a form is known by these.
const CREATE: &str = "segments/new";
const UPDATE: &str = "segments/update";
const DELETE: &str = "segments/delete";
const KEYS: &str = "segments/keys";
const ROLL_BACK: &str = "segments/roll-back";
