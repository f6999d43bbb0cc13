//! Being invited, as whoever is invited sees it.

use domain::access::Action;
use domain::orgs::{OrganizationView, PendingInvitation};
use domain::{Error as Refusal, InvitationId};
use entity::{invitation, organization, user_account};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use super::invitations::{KIND, role_of, set_status};
use super::members::need_presence;
use super::{Orgs, create};
use crate::Actor;
use crate::accounts::mark_verified;
use crate::actor::Place;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::scope::stored;

/// What a link leads to. Whoever has the link may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It is good.
    Open(PendingInvitation),
    /// Its time is over.
    Expired(PendingInvitation),
    /// The organization took it back.
    Revoked(PendingInvitation),
    /// Somebody accepted it.
    Accepted(PendingInvitation),
}

impl Orgs<'_> {
    /// What the token of a link leads to.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a token that was never given out, or that a newer one replaced.
    pub async fn invitation(&self, token: &str) -> Result<InvitationState> {
        let hash = self.0.secrets().token_hash(KIND, token);
        let is_either = invitation::Column::TokenHash
            .eq(hash.as_str())
            .or(invitation::Column::MailedTokenHash.eq(hash.as_str()));
        let row = invitation::Entity::find().filter(is_either).one(self.0.reader()).await?;
        self.state(row.ok_or_else(|| Refusal::not_found("invitation"))?).await
    }

    /// The good invitation behind a token, for whoever has this address.
    pub(crate) async fn invited(&self, token: &str, email: &str) -> Result<PendingInvitation> {
        for_address(self.invitation(token).await?, email)
    }

    /// The good invitations for the address of whoever asks, where they proved that it is theirs.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn my_invitations(&self, actor: &Actor) -> Result<Vec<PendingInvitation>> {
        let (db, person) = (self.0.reader(), actor.account()?);
        let user = user_account::Entity::find_by_id(person.id).one(db).await?;
        if user.is_none_or(|user| user.email_verified_at.is_none()) {
            return Ok(Vec::new());
        }
        let rows = invitation::Entity::find()
            .filter(invitation::Column::EmailLower.eq(person.email.to_lowercase()))
            .filter(invitation::Column::Status.eq("pending"))
            .filter(invitation::Column::ExpiresAt.gt(self.0.now()))
            .order_by_desc(invitation::Column::Id)
            .all(db)
            .await?;
        let mut open = Vec::with_capacity(rows.len());
        for row in rows {
            if let InvitationState::Open(invitation) = self.state(row).await? {
                open.push(invitation);
            }
        }
        Ok(open)
    }

    /// Accepts the invitation of a link. One that was mailed proves the address.
    ///
    /// # Errors
    /// When nobody is signed in, the link is for another address, or it is not good any more.
    pub async fn accept_link(&self, actor: &Actor, token: &str) -> Result<OrganizationView> {
        let invitation = self.invited(token, &actor.account()?.email).await?;
        Ok(self.accept(actor, invitation.id, Some(token.to_owned())).await?.0)
    }

    /// Accepts one of the invitations for one's proven address.
    ///
    /// # Errors
    /// When nobody is signed in, or it is none of those.
    pub async fn accept_mine(&self, actor: &Actor, id: InvitationId) -> Result<OrganizationView> {
        let mine = self.my_invitations(actor).await?;
        let found = mine.into_iter().find(|invitation| invitation.id == id);
        let id = found.ok_or_else(|| Refusal::not_found("invitation"))?.id;
        Ok(self.accept(actor, id, None).await?.0)
    }

    /// Makes whoever asks a member. That the invitation is for them was seen before; that it is still good is seen here.
    /// Also tells whether the token is the one that was mailed, and so proved the address.
    pub(crate) async fn accept(
        &self,
        actor: &Actor,
        id: InvitationId,
        token: Option<String>,
    ) -> Result<(OrganizationView, bool)> {
        let person = actor.account()?.clone();
        let found = invitation::Entity::find_by_id(id).one(self.0.reader()).await?;
        let org_id = found.ok_or_else(|| Refusal::not_found("invitation"))?.org_id;
        let grant = self.0.grant(actor, Action::AcceptInvitation, Place::Instance).await?;
        let hash = token.map(|token| self.0.secrets().token_hash(KIND, &token));
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let organization = tx.enter(org_id).await?;
                    let row = invitation::Entity::find_by_id(id).lock_exclusive().one(tx.db()).await?;
                    let row = row.ok_or_else(|| Refusal::not_found("invitation"))?;
                    let role = role_of(&row)?;
                    for_address(state(row.clone(), &organization, tx.now())?, &person.email)?;
                    need_presence(tx, role)?;
                    let was_mailed = hash.is_some() && row.mailed_token_hash == hash;
                    create::insert_member(tx, org_id, person.id, role).await?;
                    if was_mailed {
                        mark_verified(tx.db(), person.id, tx.now()).await?;
                    }
                    set_status(tx, row, "accepted").await?;
                    tx.access_changed();
                    let view = OrganizationView {
                        id: org_id,
                        slug: stored(&organization.slug)?,
                        name: organization.name,
                        role,
                    };
                    let event = Event::invitation_accepted(Resource::new("invitation", id, role.as_str()));
                    Ok(((view, was_mailed), event))
                })
            })
            .await
    }

    async fn state(&self, row: invitation::Model) -> Result<InvitationState> {
        let organization = organization::Entity::find_by_id(row.org_id).one(self.0.reader()).await?;
        state(row, &organization.ok_or_else(|| Refusal::not_found("invitation"))?, self.0.now())
    }
}

fn state(
    row: invitation::Model,
    organization: &organization::Model,
    now: domain::Millis,
) -> Result<InvitationState> {
    let is_over = row.expires_at <= now;
    let invitation = PendingInvitation {
        id: row.id,
        organization: stored(&organization.slug)?,
        organization_name: organization.name.clone(),
        role: role_of(&row)?,
        email: row.email,
        expires_at: row.expires_at,
    };
    match row.status.as_str() {
        "accepted" => Ok(InvitationState::Accepted(invitation)),
        "revoked" => Ok(InvitationState::Revoked(invitation)),
        "pending" if is_over => Ok(InvitationState::Expired(invitation)),
        "pending" => Ok(InvitationState::Open(invitation)),
        _ => Err(Error::Invariant("a stored status is no status")),
    }
}

/// The invitation, if it is good and for this address.
fn for_address(state: InvitationState, email: &str) -> Result<PendingInvitation> {
    let refuse = |why: &str| Err(Refusal::conflict(why).into());
    match state {
        InvitationState::Open(invitation) if invitation.email.to_lowercase() == email.to_lowercase() => {
            Ok(invitation)
        }
        InvitationState::Open(_) => {
            Err(Refusal::Forbidden { reason: "this invitation is for another e-mail address".to_owned() }
                .into())
        }
        InvitationState::Expired(_) => refuse("this invitation has expired: ask for another one"),
        InvitationState::Revoked(_) => refuse("this invitation was taken back"),
        InvitationState::Accepted(_) => refuse("this invitation was accepted already"),
    }
}
