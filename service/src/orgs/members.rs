//! Who belongs to an organization. Every change holds the organization's lock, so that an owner always remains.

use domain::access::{Action, Role, may_manage};
use domain::orgs::{AddMember, ChangeRole, MemberView, RemoveMember};
use domain::{Error as Refusal, OrgSlug, UserId};
use entity::{member, user_account};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::invitations::revoke_those_of;
use super::{Orgs, create, is_last_owner, narrowed};
use crate::accounts::person;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Orgs<'_> {
    /// The members of an organization, owners first, then by name.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn members(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<MemberView>> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let rows = member::Entity::find().filter(member::Column::OrgId.eq(org.id)).all(db).await?;
        let ids = rows.iter().map(|row| row.user_id);
        let people = user_account::Entity::find().filter(user_account::Column::Id.is_in(ids)).all(db).await?;
        let mut narrowed = narrowed::of_members(db, org.id).await?;
        let you = actor.person().map(|person| person.id);
        let mut views = Vec::with_capacity(people.len());
        for user in people {
            let Some(row) = rows.iter().find(|row| row.user_id == user.id) else { continue };
            views.push(MemberView {
                role: role_of(row)?,
                narrowed: narrowed.remove(&user.id).unwrap_or_default(),
                joined_at: row.created_at,
                is_you: you == Some(user.id),
                person: person(user),
            });
        }
        views.sort_by_key(|view| {
            (std::cmp::Reverse(view.role), view.person.name.to_lowercase(), view.person.id)
        });
        Ok(views)
    }

    /// Adds a person to an organization.
    ///
    /// # Errors
    /// When the actor may not, or the person does not exist or is a member already. Owners are added by owners alone.
    pub async fn add_member(&self, actor: &Actor, command: AddMember) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let AddMember { organization: _, user, role } = command;
                    check(tx, role).await?;
                    create::insert_member(tx, tx.org_id(), user, role).await?;
                    tx.access_changed();
                    Ok(((), Event::member_added(Resource::new("member", user, role.as_str()))))
                })
            })
            .await
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// When the actor may not: nobody gives themselves more, and owners are managed by owners alone. When the person is no
    /// member, or the last owner.
    pub async fn change_role(&self, actor: &Actor, command: ChangeRole) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let ChangeRole { organization: _, user, role } = command;
                    let before = lock(tx, user).await?;
                    let old = role_of(&before)?;
                    check(tx, old).await?;
                    check(tx, role).await?;
                    if old == role {
                        tx.abandon();
                        return Ok(((), Event::nothing()));
                    }
                    match role {
                        Role::Owner => narrowed::lift_all(tx.db(), tx.org_id(), user).await?,
                        _ => keep_an_owner(tx, user).await?,
                    }
                    let row = member::ActiveModel {
                        org_id: Set(before.org_id),
                        user_id: Set(user),
                        role: Set(role.as_str().to_owned()),
                        ..Default::default()
                    };
                    row.update(tx.db()).await?;
                    revoke_those_of(tx, before.org_id, user, Some(role)).await?;
                    tx.access_changed();
                    let event = Event::member_role_changed(Resource::new("member", user, role.as_str()))
                        .documents(Some(document(old)), Some(document(role)));
                    Ok(((), event))
                })
            })
            .await
    }

    /// Takes a member out of an organization. Their access ends at once.
    ///
    /// # Errors
    /// When the actor may not, or the person is no member, or the last owner.
    pub async fn remove_member(&self, actor: &Actor, command: RemoveMember) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let role = role_of(&lock(tx, command.user).await?)?;
                    check(tx, role).await?;
                    delete(tx, command.user).await?;
                    Ok(((), Event::member_removed(Resource::new("member", command.user, role.as_str()))))
                })
            })
            .await
    }

    /// Leaves an organization.
    ///
    /// # Errors
    /// When the actor is no member, or the last owner.
    pub async fn leave(&self, actor: &Actor, organization: &OrgSlug) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let user = actor.account()?.id;
        let grant = self.0.grant(actor, Action::LeaveOrganization, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let role = role_of(&lock(tx, user).await?)?;
                    need_presence(tx, role)?;
                    delete(tx, user).await?;
                    Ok(((), Event::member_left(Resource::new("member", user, role.as_str()))))
                })
            })
            .await
    }
}

/// Whether the actor may manage members with this role, or give it. With a token that was lost an organization is not.
pub(super) async fn check(tx: &ChangeTx, role: Role) -> Result<()> {
    need_presence(tx, role)?;
    if let Some(person) = tx.person()
        && narrowed::is_narrowed(tx.db(), tx.org_id(), person).await?
    {
        // They could make somebody else do what they may not.
        let reason = domain::access::NARROWED_MANAGES_NOBODY.to_owned();
        return Err(Refusal::Forbidden { reason }.into());
    }
    Ok(may_manage(tx.role(), role).map_err(|reason| Refusal::Forbidden { reason })?)
}

/// Refuses scripts what decides who owns an organization.
pub(super) fn need_presence(tx: &ChangeTx, role: Role) -> Result<()> {
    match role == Role::Owner && tx.is_by_token() {
        true => {
            let reason = "a token may not manage owners: sign in to do it".to_owned();
            Err(Refusal::Forbidden { reason }.into())
        }
        false => Ok(()),
    }
}

pub(super) async fn lock(tx: &ChangeTx, user: UserId) -> Result<member::Model> {
    let row = member::Entity::find_by_id((tx.org_id(), user)).one(tx.db()).await?;
    Ok(row.ok_or_else(|| Refusal::not_found("member"))?)
}

async fn delete(tx: &mut ChangeTx, user: UserId) -> Result<()> {
    keep_an_owner(tx, user).await?;
    member::Entity::delete_by_id((tx.org_id(), user)).exec(tx.db()).await?;
    revoke_those_of(tx, tx.org_id(), user, None).await?;
    tx.access_changed();
    Ok(())
}

async fn keep_an_owner(tx: &ChangeTx, user: UserId) -> Result<()> {
    match is_last_owner(tx.db(), tx.org_id(), user).await? {
        true => Err(Refusal::conflict("an organization needs an owner: make somebody else one first").into()),
        false => Ok(()),
    }
}

pub(super) fn role_of(row: &member::Model) -> Result<Role> {
    scope::role(&row.role)
}

fn document(role: Role) -> String {
    serde_json::json!({ "role": role }).to_string()
}
