//! Organizations, who belongs to them and who is invited.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0003_organizations",
    up: &[
        "CREATE TABLE organization (
            id ID NOT NULL PRIMARY KEY,
            slug SORTED NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_lower SORTED NOT NULL,
            access_revision BIGINT NOT NULL CHECK (access_revision >= 1),
            created_at BIGINT NOT NULL
        )",
        "CREATE TABLE member (
            org_id ID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            user_id ID NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            role TEXT NOT NULL CONSTRAINT member_role CHECK (role IN ('owner', 'admin', 'developer', 'member')),
            created_at BIGINT NOT NULL,
            PRIMARY KEY (org_id, user_id)
        )",
        "CREATE INDEX member_by_user ON member (user_id)",
        "CREATE TABLE invitation (
            id ID NOT NULL PRIMARY KEY,
            org_id ID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            email TEXT NOT NULL,
            email_lower SORTED NOT NULL,
            role TEXT NOT NULL CONSTRAINT invitation_role CHECK (role IN ('owner', 'admin', 'developer', 'member')),
            status TEXT NOT NULL CONSTRAINT invitation_status CHECK (status IN ('pending', 'accepted', 'revoked')),
            token_hash TEXT NOT NULL UNIQUE,
            hmac_key_id TEXT NOT NULL,
            invited_by ID REFERENCES user_account (id) ON DELETE SET NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            UNIQUE (org_id, id)
        )",
        "CREATE UNIQUE INDEX invitation_one_pending ON invitation (org_id, email_lower) WHERE status = 'pending'",
        "CREATE INDEX invitation_by_email ON invitation (email_lower)",
    ],
    down: &["DROP TABLE invitation", "DROP TABLE member", "DROP TABLE organization"],
};
