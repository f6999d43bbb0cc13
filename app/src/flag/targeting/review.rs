//! What a change changes, to be read before it is saved.

use domain::{Change, diff};

use super::draft::Edited;

/// What is different in one configuration from another. Whether it is on is not edited.
pub(super) fn changes(before: &Edited, after: &Edited) -> Vec<Change> {
    diff(&before.document(false), &after.document(false))
}
