//! Segments: named in a project, filled in each environment.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0006_segments",
    up: &[
        "CREATE TABLE segment (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL,
            project_id ID NOT NULL,
            key SORTED NOT NULL,
            key_lower SORTED NOT NULL,
            name TEXT NOT NULL,
            name_lower SORTED NOT NULL,
            description TEXT NOT NULL,
            version BIGINT NOT NULL CHECK (version >= 1),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (org_id, id),
            UNIQUE (project_id, key),
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX segment_by_project ON segment (org_id, project_id, key)",
        "CREATE TABLE segment_configuration (
            org_id ID NOT NULL,
            segment_id ID NOT NULL,
            environment_id ID NOT NULL,
            body TEXT NOT NULL,
            version BIGINT NOT NULL CHECK (version >= 1),
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (segment_id, environment_id),
            FOREIGN KEY (org_id, segment_id) REFERENCES segment (org_id, id) ON DELETE CASCADE,
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX segment_configuration_by_environment ON segment_configuration (org_id, environment_id)",
    ],
    down: &["DROP TABLE segment_configuration", "DROP TABLE segment"],
};
