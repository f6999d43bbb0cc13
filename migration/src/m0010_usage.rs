//! Evaluations, counted by the hour. An empty variation means that nothing was served.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0010_usage",
    up: &[
        "CREATE TABLE usage_hour (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            hour BIGINT NOT NULL,
            flag SORTED NOT NULL,
            variation TEXT NOT NULL,
            reason TEXT NOT NULL,
            count BIGINT NOT NULL CHECK (count >= 0),
            PRIMARY KEY (environment_id, hour, flag, variation, reason),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX usage_hour_by_organization ON usage_hour (org_id, hour)",
    ],
    down: &["DROP TABLE usage_hour"],
};
