//! What the ways in ask of the server.

use domain::Millis;
use domain::accounts::Person;
use domain::orgs::PendingInvitation;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::form::{Form, Json, arguments};

arguments!(LoadInvitation, LoadWelcome);

/// What a link leads to, and who looks at it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invited {
    pub(crate) invitation: PendingInvitation,
    pub(crate) state: State,
    /// Whoever is signed in.
    pub(crate) person: Option<Person>,
    /// When that was so.
    pub(crate) now: Millis,
}

/// Whether an invitation is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    Open,
    Expired,
    Revoked,
    Accepted,
}

/// Who makes an organization, and where they are expected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Welcome {
    pub(crate) person: Person,
    pub(crate) invitations: Vec<PendingInvitation>,
    /// Whether they belong to one already.
    pub(crate) belongs: bool,
}

/// The invitation behind a link.
#[server(endpoint = "invitation", input = Form, output = Json)]
pub(crate) async fn load_invitation(token: String) -> Result<Invited, UiError> {
    use service::orgs::InvitationState;
    let (services, actor) = crate::server::request()?;
    let state = services.orgs().invitation(&token).await.map_err(crate::server::reject)?;
    let (invitation, state) = match state {
        InvitationState::Open(invitation) => (invitation, State::Open),
        InvitationState::Expired(invitation) => (invitation, State::Expired),
        InvitationState::Revoked(invitation) => (invitation, State::Revoked),
        InvitationState::Accepted(invitation) => (invitation, State::Accepted),
    };
    Ok(Invited { invitation, state, person: actor.person().cloned(), now: services.now() })
}

/// Who is signed in, and the invitations for their proven address.
#[server(endpoint = "welcome", input = Form, output = Json)]
pub(crate) async fn load_welcome() -> Result<Welcome, UiError> {
    let (services, actor) = crate::server::request()?;
    let invitations = services.orgs().my_invitations(&actor).await.map_err(crate::server::reject)?;
    let organizations = services.orgs().list(&actor).await.map_err(crate::server::reject)?;
    let person = actor.person().cloned();
    let person = person.ok_or_else(|| crate::server::reject(domain::Error::Unauthenticated.into()))?;
    Ok(Welcome { person, invitations, belongs: !organizations.is_empty() })
}
