//! What is proven by letters: that a link was mailed, and with an invitation a token that was.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0013_letters",
    up: &[
        "ALTER TABLE account_link ADD COLUMN mailed BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE invitation ADD COLUMN mailed_token_hash TEXT",
        "CREATE UNIQUE INDEX invitation_by_mailed_token ON invitation (mailed_token_hash)",
    ],
    down: &[
        "DROP INDEX invitation_by_mailed_token",
        "ALTER TABLE invitation DROP COLUMN mailed_token_hash",
        "ALTER TABLE account_link DROP COLUMN mailed",
    ],
};
