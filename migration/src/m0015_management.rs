//! What managing flags adds: how long a flag is meant to live, tags in lower case to search in, how long the lists of segments are, templates, purges, which key took the place of another, what was answered to a request that may be sent twice, and ways through the audit log.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0015_management",
    up: &[
        "ALTER TABLE flag ADD COLUMN temporary BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE flag_tag ADD COLUMN tag_lower SORTED NOT NULL DEFAULT ''",
        "UPDATE flag_tag SET tag_lower = LOWER(tag)",
        // Empty for the whole environment, else the key of a flag.
        "ALTER TABLE environment_revision ADD COLUMN purge TEXT",
        // How many there are, and whether there is more to it, so that long lists need not be read to tell.
        "ALTER TABLE segment_configuration ADD COLUMN included BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE segment_configuration ADD COLUMN excluded BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE segment_configuration ADD COLUMN has_condition BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE api_key ADD COLUMN replaced_by ID",
        // None for what happened in no project; and, of old entries, where nobody wrote it down.
        "ALTER TABLE audit_event ADD COLUMN project_id ID",
        "CREATE TABLE template (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL,
            project_id ID NOT NULL,
            key SORTED NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            body TEXT NOT NULL,
            created_by ID REFERENCES user_account (id) ON DELETE SET NULL,
            version BIGINT NOT NULL CHECK (version >= 1),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (project_id, key),
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX template_by_creator ON template (created_by)",
        "CREATE TABLE answered_request (
            -- An organization, or the instance, which is no row.
            org_id ID NOT NULL,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            key SORTED NOT NULL,
            digest TEXT NOT NULL,
            answer TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (org_id, user_id, key)
        )",
        "CREATE INDEX answered_request_by_user ON answered_request (user_id)",
        "CREATE INDEX answered_request_by_time ON answered_request (org_id, at)",
        "CREATE INDEX audit_event_by_project ON audit_event (org_id, project_id, seq)",
        "CREATE INDEX audit_event_by_environment ON audit_event (org_id, environment_id, seq)",
        "CREATE INDEX audit_event_by_actor ON audit_event (org_id, actor, seq)",
        "CREATE INDEX audit_event_by_action ON audit_event (org_id, action, seq)",
    ],
    down: &[
        "DROP INDEX audit_event_by_action",
        "DROP INDEX audit_event_by_actor",
        "DROP INDEX audit_event_by_environment",
        "DROP INDEX audit_event_by_project",
        "DROP TABLE answered_request",
        "DROP TABLE template",
        "ALTER TABLE audit_event DROP COLUMN project_id",
        "ALTER TABLE api_key DROP COLUMN replaced_by",
        "ALTER TABLE segment_configuration DROP COLUMN has_condition",
        "ALTER TABLE segment_configuration DROP COLUMN excluded",
        "ALTER TABLE segment_configuration DROP COLUMN included",
        "ALTER TABLE environment_revision DROP COLUMN purge",
        "ALTER TABLE flag_tag DROP COLUMN tag_lower",
        "ALTER TABLE flag DROP COLUMN temporary",
    ],
};
