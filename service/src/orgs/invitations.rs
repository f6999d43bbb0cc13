//! Inviting people, as the organization sees it.

use domain::access::{Action, Role, allowed, may_manage};
use domain::orgs::{InvitationView, Invite, NewInvitation, RevokeInvitation};
use domain::{Error as Refusal, Millis, OrgId, OrgSlug, UserId};
use entity::{invitation, member, user_account};
use mail::Mail;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{Orgs, members};
use crate::accounts::INVITATIONS;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::{Actor, random_token, scope};

/// What the hash of an invitation's token is made for.
pub(super) const KIND: &str = "invitation";

/// How long an invitation is good.
const LASTS_MS: i64 = 7 * 24 * 60 * 60 * 1000;

impl Replay for NewInvitation {
    fn forget_secrets(&mut self) {
        self.token = None;
    }
}

impl Orgs<'_> {
    /// Invites somebody, or renews their invitation with another role and another link. The answer is the only time that
    /// the link's token is seen. Where the instance sends letters, one with a link of its own goes to the address: that
    /// one alone proves that whoever follows it can read what is sent there.
    ///
    /// # Errors
    /// When the actor may not (owners are invited by owners alone), the address is none, or has a member.
    pub async fn invite(&self, actor: &Actor, command: Invite) -> Result<NewInvitation> {
        let command = Invite { email: command.email.trim().to_owned(), ..command };
        domain::validate(&command)?;
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        let secrets = self.0.secrets().clone();
        let (inviter, to) = (actor.person().cloned(), command.email.clone());
        let (inviter_name, role) = (inviter.as_ref().map(|person| person.name.clone()), command.role);
        // Before the letter that is there becomes worthless.
        let by = inviter.as_ref().map(|person| person.id.to_string());
        let may_mail =
            self.0.sends_letters() && self.0.attempt_letter(INVITATIONS, &to, by.as_deref()).await.is_ok();
        let mailed_token = may_mail.then(random_token);
        let mailed_hash = mailed_token.as_ref().map(|token| secrets.token_hash(KIND, token));
        let mut made = self
            .0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let Invite { organization: _, email, role } = command;
                    members::check(tx, role).await?;
                    let email_lower = email.to_lowercase();
                    refuse_member(tx, &email_lower).await?;
                    let pending = invitation::Entity::find()
                        .filter(invitation::Column::OrgId.eq(tx.org_id()))
                        .filter(invitation::Column::EmailLower.eq(&email_lower))
                        .filter(invitation::Column::Status.eq("pending"))
                        .one(tx.db())
                        .await?;
                    if let Some(pending) = &pending {
                        members::check(tx, role_of(pending)?).await?;
                    }
                    let token = random_token();
                    let row = invitation::Model {
                        id: pending.as_ref().map_or_else(|| tx.new_id(), |pending| pending.id),
                        org_id: tx.org_id(),
                        email,
                        email_lower,
                        role: role.as_str().to_owned(),
                        status: "pending".to_owned(),
                        token_hash: secrets.token_hash(KIND, &token),
                        // Without a new letter the one before stays good.
                        mailed_token_hash: mailed_hash.or_else(|| {
                            pending.as_ref().and_then(|pending| pending.mailed_token_hash.clone())
                        }),
                        hmac_key_id: secrets.key_id().to_owned(),
                        invited_by: tx.person(),
                        created_at: tx.now(),
                        expires_at: tx.now().plus(LASTS_MS),
                    };
                    let resource = Resource::new("invitation", row.id, role.as_str());
                    let active = row.clone().into_active_model();
                    let event = match pending {
                        Some(_) => {
                            active.reset_all().update(tx.db()).await?;
                            Event::invitation_renewed(resource)
                        }
                        None => {
                            invitation::Entity::insert(active).exec_without_returning(tx.db()).await?;
                            Event::invitation_created(resource)
                        }
                    };
                    let event = event.documents(None, Some(document(&row)));
                    let invitation = view(row, inviter_name, tx.now())?;
                    Ok((NewInvitation { invitation, token: Some(token), mailed: None }, event))
                })
            })
            .await?;
        // An answer that is given again comes without its token, and its letter was sent before.
        if self.0.sends_letters() && made.token.is_some() {
            // The other link is there all the same, to be handed over.
            made.mailed = Some(match mailed_token {
                None => false,
                Some(token) => {
                    let link = self.0.link("invitation", &token);
                    let inviter = inviter.as_ref().map(|person| person.name.as_str());
                    let (organization, role) = (org.name.as_str(), role.as_str());
                    let letter = mail::Invitation { inviter, organization, role, link: &link };
                    self.0.send_letter(Mail::invitation(&to, letter)).await.is_ok()
                }
            });
        }
        Ok(made)
    }

    /// The invitations that were neither accepted nor revoked, the newest first; those too that have ended.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn invitations(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<InvitationView>> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let rows = invitation::Entity::find()
            .filter(invitation::Column::OrgId.eq(org.id))
            .filter(invitation::Column::Status.eq("pending"))
            .order_by_desc(invitation::Column::CreatedAt)
            .order_by_desc(invitation::Column::Id)
            .all(db)
            .await?;
        let inviters = rows.iter().filter_map(|row| row.invited_by);
        let inviters =
            user_account::Entity::find().filter(user_account::Column::Id.is_in(inviters)).all(db).await?;
        let view = |row: invitation::Model| {
            let inviter = inviters.iter().find(|user| Some(user.id) == row.invited_by);
            view(row, inviter.map(|user| user.name.clone()), self.0.now())
        };
        rows.into_iter().map(view).collect()
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// When the actor may not, or there is no such invitation any more.
    pub async fn revoke_invitation(&self, actor: &Actor, command: RevokeInvitation) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let row = invitation::Entity::find_by_id(command.invitation)
                        .filter(invitation::Column::OrgId.eq(tx.org_id()))
                        .filter(invitation::Column::Status.eq("pending"))
                        .one(tx.db())
                        .await?
                        .ok_or_else(|| Refusal::not_found("invitation"))?;
                    members::check(tx, role_of(&row)?).await?;
                    let resource = Resource::new("invitation", row.id, &row.role);
                    let old = Some(document(&row));
                    set_status(tx, row, "revoked").await?;
                    Ok(((), Event::invitation_revoked(resource).documents(old, None)))
                })
            })
            .await
    }
}

/// Takes back what somebody invited to who may not do that any more: their invitations outlive no right of theirs.
pub(crate) async fn revoke_those_of(
    tx: &mut ChangeTx,
    org_id: OrgId,
    inviter: UserId,
    now_is: Option<Role>,
) -> Result<()> {
    let pending = invitation::Entity::find()
        .filter(invitation::Column::OrgId.eq(org_id))
        .filter(invitation::Column::InvitedBy.eq(inviter))
        .filter(invitation::Column::Status.eq("pending"))
        .order_by_asc(invitation::Column::Id)
        .all(tx.db())
        .await?;
    for row in pending {
        let invited_as = role_of(&row)?;
        let may = |own: Role| {
            allowed(own, Action::ManageMembers, false).is_ok() && may_manage(own, invited_as).is_ok()
        };
        if now_is.is_some_and(may) {
            continue;
        }
        let resource = Resource::new("invitation", row.id, &row.role);
        let event = Event::invitation_revoked(resource).documents(Some(document(&row)), None);
        set_status(tx, row, "revoked").await?;
        tx.also(org_id, event);
    }
    Ok(())
}

pub(super) async fn set_status(tx: &ChangeTx, row: invitation::Model, status: &str) -> Result<()> {
    let mut row = row.into_active_model();
    row.status = Set(status.to_owned());
    row.update(tx.db()).await?;
    Ok(())
}

pub(super) fn role_of(row: &invitation::Model) -> Result<Role> {
    scope::role(&row.role)
}

/// The log's document. It holds an address, so it is erased with its owner's account.
fn document(row: &invitation::Model) -> String {
    serde_json::json!({ "email": row.email, "role": row.role }).to_string()
}

async fn refuse_member(tx: &ChangeTx, email_lower: &str) -> Result<()> {
    let user = user_account::Entity::find()
        .filter(user_account::Column::EmailLower.eq(email_lower))
        .one(tx.db())
        .await?;
    let Some(user) = user else { return Ok(()) };
    match member::Entity::find_by_id((tx.org_id(), user.id)).one(tx.db()).await? {
        Some(_) => Err(Refusal::conflict("this person is a member already").into()),
        None => Ok(()),
    }
}

fn view(row: invitation::Model, invited_by: Option<String>, now: Millis) -> Result<InvitationView> {
    Ok(InvitationView {
        role: role_of(&row)?,
        id: row.id,
        email: row.email,
        invited_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        is_expired: row.expires_at <= now,
    })
}
