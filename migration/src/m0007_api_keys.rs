//! API keys. The raw key is never stored; its HMAC names the secret that made it, so that the secret can rotate.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0007_api_keys",
    up: &[
        "CREATE TABLE api_key (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL,
            environment_id ID NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CONSTRAINT api_key_kind CHECK (kind IN ('server', 'browser')),
            prefix TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            hmac_key_id TEXT NOT NULL,
            allowed_networks TEXT,
            rate_limit BIGINT CONSTRAINT api_key_rate_limit CHECK (rate_limit > 0),
            created_by ID REFERENCES user_account (id) ON DELETE SET NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            revoked_at BIGINT,
            last_used_at BIGINT,
            UNIQUE (org_id, id),
            FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id) ON DELETE CASCADE
        )",
        "CREATE INDEX api_key_by_environment ON api_key (org_id, environment_id)",
    ],
    down: &["DROP TABLE api_key"],
};
