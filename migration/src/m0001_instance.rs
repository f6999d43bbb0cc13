//! What the instance knows of itself, such as the epoch of its database.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0001_instance",
    up: &["CREATE TABLE instance (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        )"],
    down: &["DROP TABLE instance"],
};
