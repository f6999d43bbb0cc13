//! People and their sessions.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0002_people",
    up: &[
        "CREATE TABLE user_account (
            id ID NOT NULL PRIMARY KEY,
            email TEXT NOT NULL,
            email_lower SORTED NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_lower SORTED NOT NULL,
            email_verified_at BIGINT,
            created_at BIGINT NOT NULL
        )",
        "CREATE TABLE session (
            id TEXT NOT NULL PRIMARY KEY,
            data TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX session_by_expiry ON session (expires_at)",
    ],
    down: &["DROP TABLE session", "DROP TABLE user_account"],
};
