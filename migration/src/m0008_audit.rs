//! The audit log: a hash chain for each organization (and one for the instance, under the nil id), with what identifies a person beside it, where it can be erased.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0008_audit",
    up: &[
        "CREATE TABLE audit_chain (
            org_id ID NOT NULL PRIMARY KEY,
            seq BIGINT NOT NULL CHECK (seq >= 0),
            hash TEXT NOT NULL
        )",
        "CREATE TABLE audit_event (
            org_id ID NOT NULL REFERENCES audit_chain (org_id) ON DELETE CASCADE,
            seq BIGINT NOT NULL CHECK (seq >= 1),
            at BIGINT NOT NULL,
            actor_kind TEXT NOT NULL CONSTRAINT audit_event_actor_kind CHECK (actor_kind IN ('user', 'system', 'anonymous')),
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            resource_kind TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            resource_key TEXT NOT NULL,
            environment_id ID,
            revision BIGINT,
            comment TEXT,
            old_document TEXT,
            new_document TEXT,
            old_digest TEXT,
            new_digest TEXT,
            person_commitment TEXT,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (org_id, seq)
        )",
        "CREATE INDEX audit_event_by_time ON audit_event (org_id, at)",
        "CREATE INDEX audit_event_by_resource ON audit_event (org_id, resource_kind, resource_id)",
        "CREATE TABLE audit_person (
            org_id ID NOT NULL,
            seq BIGINT NOT NULL,
            salt TEXT NOT NULL,
            email TEXT,
            address TEXT,
            user_agent TEXT,
            PRIMARY KEY (org_id, seq),
            FOREIGN KEY (org_id, seq) REFERENCES audit_event (org_id, seq) ON DELETE CASCADE
        )",
    ],
    down: &["DROP TABLE audit_person", "DROP TABLE audit_event", "DROP TABLE audit_chain"],
};
