//! Roles that are less in one project, or in one environment of it, than in the rest of the organization.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0014_narrowed_roles",
    up: &[
        // `place_id` is the environment's id, or the project's where there is none: a key has no NULL.
        "CREATE TABLE narrowed_role (
            org_id ID NOT NULL,
            user_id ID NOT NULL,
            place_id ID NOT NULL,
            project_id ID NOT NULL,
            environment_id ID,
            role TEXT NOT NULL CONSTRAINT narrowed_role_role CHECK (role IN ('admin', 'developer', 'member')),
            PRIMARY KEY (org_id, user_id, place_id),
            FOREIGN KEY (org_id, user_id) REFERENCES member (org_id, user_id) ON DELETE CASCADE,
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE,
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX narrowed_role_by_project ON narrowed_role (org_id, project_id)",
        "CREATE INDEX narrowed_role_by_environment ON narrowed_role (org_id, environment_id)",
    ],
    down: &["DROP TABLE narrowed_role"],
};
