//! Flags, what they do in each environment, and what is left of deleted ones, so that versions never restart.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0005_flags",
    up: &[
        "CREATE TABLE flag (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL,
            project_id ID NOT NULL,
            key SORTED NOT NULL,
            key_lower SORTED NOT NULL,
            name TEXT NOT NULL,
            name_lower SORTED NOT NULL,
            description TEXT NOT NULL,
            description_lower SORTED NOT NULL,
            kind TEXT NOT NULL CONSTRAINT flag_kind CHECK (kind IN ('boolean', 'percentage', 'segment', 'combined', 'advanced')),
            value_type TEXT NOT NULL CONSTRAINT flag_value_type CHECK (value_type IN ('boolean', 'string', 'number', 'json')),
            client_side BOOLEAN NOT NULL,
            variations TEXT NOT NULL,
            owner_id ID REFERENCES user_account (id) ON DELETE SET NULL,
            expires_at BIGINT,
            archived_at BIGINT,
            version BIGINT NOT NULL CHECK (version >= 1),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (org_id, id),
            UNIQUE (project_id, key),
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX flag_by_project ON flag (org_id, project_id, key)",
        "CREATE INDEX flag_by_owner ON flag (owner_id)",
        "CREATE TABLE flag_tag (
            org_id ID NOT NULL,
            flag_id ID NOT NULL,
            tag SORTED NOT NULL,
            PRIMARY KEY (flag_id, tag),
            FOREIGN KEY (org_id, flag_id) REFERENCES flag (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX flag_tag_by_tag ON flag_tag (org_id, tag)",
        "CREATE TABLE flag_configuration (
            org_id ID NOT NULL,
            flag_id ID NOT NULL,
            environment_id ID NOT NULL,
            enabled BOOLEAN NOT NULL,
            share BIGINT NOT NULL CONSTRAINT flag_configuration_share CHECK (share BETWEEN 0 AND 100000),
            body TEXT NOT NULL,
            version BIGINT NOT NULL CHECK (version >= 1),
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (flag_id, environment_id),
            FOREIGN KEY (org_id, flag_id) REFERENCES flag (org_id, id) ON DELETE CASCADE,
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX flag_configuration_by_environment ON flag_configuration (org_id, environment_id)",
        "CREATE TABLE tombstone (
            org_id ID NOT NULL,
            project_id ID NOT NULL,
            kind TEXT NOT NULL CONSTRAINT tombstone_kind CHECK (kind IN ('flag', 'segment')),
            key SORTED NOT NULL,
            last_version BIGINT NOT NULL CHECK (last_version >= 1),
            deleted_at BIGINT NOT NULL,
            PRIMARY KEY (project_id, kind, key),
            FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id) ON DELETE CASCADE
        )",
    ],
    down: &["DROP TABLE tombstone", "DROP TABLE flag_configuration", "DROP TABLE flag_tag", "DROP TABLE flag"],
};
