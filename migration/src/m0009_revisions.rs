//! Revisions of environments and the documents that they changed; a document of NULL is a removal. They hang on the environment alone, so that the past outlives a flag.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0009_revisions",
    up: &[
        "CREATE TABLE environment_revision (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            revision BIGINT NOT NULL CHECK (revision >= 1),
            at BIGINT NOT NULL,
            audit_seq BIGINT NOT NULL,
            PRIMARY KEY (environment_id, revision),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX environment_revision_by_time ON environment_revision (environment_id, at)",
        "CREATE TABLE environment_document (
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            kind TEXT NOT NULL CONSTRAINT environment_document_kind CHECK (kind IN ('flag', 'segment')),
            key SORTED NOT NULL,
            revision BIGINT NOT NULL,
            format BIGINT NOT NULL,
            semantics BIGINT NOT NULL,
            document TEXT,
            PRIMARY KEY (environment_id, kind, key, revision),
            FOREIGN KEY (environment_id, revision) REFERENCES environment_revision (environment_id, revision) ON DELETE CASCADE,
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX environment_document_by_revision ON environment_document (environment_id, revision)",
    ],
    down: &["DROP TABLE environment_document", "DROP TABLE environment_revision"],
};
