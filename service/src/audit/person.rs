//! What identifies whoever acted. It lies beside the chain, where it can be erased; the chain holds a salted digest of it,
//! from which nobody can guess it.

use domain::OrgId;
use entity::audit_person;
use serde_json::json;

use super::chain::digest;
use crate::actor::Actor;
use crate::random_token;

/// What identifies whoever acted.
#[derive(Clone, Debug)]
pub(crate) struct Traces {
    email: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
}

/// What clients say of themselves is kept up to this many characters.
const USER_AGENT_LENGTH: usize = 256;

impl Traces {
    /// Those of an actor, where there are any. `email` is what somebody typed who is not known.
    pub(crate) fn of(actor: &Actor, email: Option<&str>) -> Option<Self> {
        let email = actor.person().map(|person| person.email.as_str()).or(email).map(str::to_owned);
        let origin = actor.origin();
        if email.is_none() && origin.is_none() {
            return None;
        }
        Some(Self {
            email,
            address: origin.and_then(|origin| origin.address.clone()),
            user_agent: origin.and_then(|origin| origin.user_agent.as_ref()).map(|agent| {
                agent.chars().filter(|letter| *letter != '\0').take(USER_AGENT_LENGTH).collect()
            }),
            request_id: origin.map(|origin| origin.request_id.clone()),
        })
    }

    /// The row beside an entry.
    pub(super) fn row(self, org_id: OrgId, seq: i64) -> audit_person::Model {
        let Self { email, address, user_agent, request_id } = self;
        audit_person::Model { org_id, seq, salt: random_token(), email, address, user_agent, request_id }
    }
}

/// The digest that stands in the chain: SHA-256 of a JSON array of the salt and the traces, in hex.
pub(super) fn commitment(row: &audit_person::Model) -> String {
    let audit_person::Model { org_id: _, seq: _, salt, email, address, user_agent, request_id } = row;
    digest(&json!([salt, email, address, user_agent, request_id]).to_string())
}
