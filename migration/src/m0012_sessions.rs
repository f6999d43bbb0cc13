//! Whose session it is stands by itself: what else a session holds may be kept elsewhere, such as in Redis.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0012_sessions",
    up: &[
        "CREATE TABLE sign_in_2 (
            session_id TEXT NOT NULL PRIMARY KEY,
            id ID NOT NULL UNIQUE,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            device TEXT NOT NULL,
            address TEXT,
            signed_in_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL
        )",
        "INSERT INTO sign_in_2 (session_id, id, user_id, device, address, signed_in_at, last_used_at)
            SELECT session_id, id, user_id, device, address, signed_in_at, last_used_at FROM sign_in",
        "DROP TABLE sign_in",
        "ALTER TABLE sign_in_2 RENAME TO sign_in",
        "CREATE INDEX sign_in_by_user ON sign_in (user_id)",
        "CREATE INDEX sign_in_by_last_use ON sign_in (last_used_at)",
    ],
    down: &[
        "CREATE TABLE sign_in_1 (
            session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
            id ID NOT NULL UNIQUE,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            device TEXT NOT NULL,
            address TEXT,
            signed_in_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL
        )",
        "INSERT INTO sign_in_1 (session_id, id, user_id, device, address, signed_in_at, last_used_at)
            SELECT session_id, id, user_id, device, address, signed_in_at, last_used_at FROM sign_in
            WHERE session_id IN (SELECT id FROM session)",
        "DROP TABLE sign_in",
        "ALTER TABLE sign_in_1 RENAME TO sign_in",
        "CREATE INDEX sign_in_by_user ON sign_in (user_id)",
    ],
};
