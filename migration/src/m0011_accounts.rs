//! How people prove who they are: passwords, identities at providers, sessions, tokens, links; and how often that failed.
//!
//! The rows of `session` are what the dashboard's session layer keeps; from here on under a hash of the cookie's id, so
//! that whoever reads the table cannot use it. A `sign_in` says whose session it is.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0011_accounts",
    up: &[
        "CREATE TABLE password (
            user_id ID NOT NULL PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
            hash TEXT NOT NULL,
            changed_at BIGINT NOT NULL
        )",
        "CREATE TABLE identity (
            issuer SORTED NOT NULL,
            subject SORTED NOT NULL,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            provider TEXT NOT NULL,
            email TEXT,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            PRIMARY KEY (issuer, subject)
        )",
        "CREATE INDEX identity_by_user ON identity (user_id)",
        "DELETE FROM session",
        "CREATE TABLE sign_in (
            session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
            id ID NOT NULL UNIQUE,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            device TEXT NOT NULL,
            address TEXT,
            signed_in_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL
        )",
        "CREATE INDEX sign_in_by_user ON sign_in (user_id)",
        "CREATE TABLE personal_token (
            id ID NOT NULL PRIMARY KEY,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            scope TEXT NOT NULL CONSTRAINT personal_token_scope CHECK (scope IN ('read', 'write')),
            prefix TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            hmac_key_id TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            last_used_at BIGINT
        )",
        "CREATE INDEX personal_token_by_user ON personal_token (user_id)",
        "CREATE TABLE account_link (
            hash TEXT NOT NULL PRIMARY KEY,
            hmac_key_id TEXT NOT NULL,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            purpose TEXT NOT NULL CONSTRAINT account_link_purpose CHECK (purpose IN ('reset_password', 'verify_email')),
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX account_link_by_user ON account_link (user_id)",
        "CREATE TABLE sign_in_attempt (
            subject TEXT NOT NULL PRIMARY KEY,
            failures BIGINT NOT NULL CHECK (failures >= 0),
            last_at BIGINT NOT NULL,
            blocked_until BIGINT NOT NULL
        )",
        "CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (last_at)",
        "ALTER TABLE audit_person ADD COLUMN request_id TEXT",
    ],
    down: &[
        "ALTER TABLE audit_person DROP COLUMN request_id",
        "DROP TABLE sign_in_attempt",
        "DROP TABLE account_link",
        "DROP TABLE personal_token",
        "DROP TABLE sign_in",
        "DROP TABLE identity",
        "DROP TABLE password",
    ],
};
