//! Whole projects as documents.

mod check;
mod document;
pub mod launchdarkly;
mod merge;
mod plan;

pub use document::{
    EnvironmentPart, FORMAT, FlagPart, ProjectDocument, ProjectPart, SegmentPart, TemplatePart,
};
pub use plan::{ImportPlan, PlannedThing, ThingKind, plan};

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::check::no_nul;

/// What happens where a flag that is brought from elsewhere meets one that is there already, or that somebody changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Nothing is changed, and the answer is 409.
    #[default]
    Fail,
    /// The one that is there does what is brought.
    Overwrite,
    /// The one that is there stays as it is.
    Skip,
}

/// What became of something that was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was not there, and is now.
    Created,
    /// It was there, and is otherwise now.
    Changed,
    /// It was there, and was so already.
    Unchanged,
    /// It was there, and was left as it is.
    Skipped,
}

/// What happens to what is there and the document does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It stays as it is.
    #[default]
    Merge,
    /// Flags are archived; all else stays as it is.
    Replace,
}

/// How a document is imported.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ImportOptions {
    /// Whether to tell what would happen, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// What happens to what is there and the document does not have.
    #[serde(default)]
    pub mode: Mode,
    /// Why, for the audit log.
    #[serde(default)]
    #[validate(length(max = 2000, message = "at most 2000 characters"), custom(function = no_nul))]
    pub comment: Option<String>,
}
