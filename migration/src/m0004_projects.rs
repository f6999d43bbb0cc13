//! Projects and their environments.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0004_projects",
    up: &[
        "CREATE TABLE project (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            key SORTED NOT NULL,
            name TEXT NOT NULL,
            name_lower SORTED NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (org_id, id),
            UNIQUE (org_id, key)
        )",
        "CREATE TABLE environment (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL,
            project_id ID NOT NULL,
            key SORTED NOT NULL,
            name TEXT NOT NULL,
            color TEXT NOT NULL,
            position BIGINT NOT NULL,
            protected BOOLEAN NOT NULL,
            revision BIGINT NOT NULL CHECK (revision >= 0),
            created_at BIGINT NOT NULL,
            UNIQUE (org_id, id),
            UNIQUE (project_id, key),
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX environment_by_project ON environment (org_id, project_id, position)",
    ],
    down: &["DROP TABLE environment", "DROP TABLE project"],
};
