//! Roles that are less in one project, or in one environment of it, than in the rest of the organization.

use std::collections::HashMap;

use domain::access::{Action, Reach, Role, refusal};
use domain::audit::Rights;
use domain::orgs::{NarrowRole, NarrowedRole, PlaceRef};
use domain::{EnvironmentId, Error as Refusal, OrgId, OrgSlug, ProjectId, UserId};
use entity::{environment, narrowed_role, project};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::invitations::revoke_those_of;
use super::{Orgs, members};
use crate::actor::Actor;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::scope::{self, stored};

impl Orgs<'_> {
    /// Narrows what a member may do in one place, or lifts that.
    ///
    /// # Errors
    /// When the actor may not (nobody changes their own rights), the person is no member or owns the organization, the role
    /// there is not less than the one elsewhere, or there is nothing to lift.
    pub async fn narrow(&self, actor: &Actor, command: NarrowRole) -> Result<()> {
        let org = scope::organization(self.0.reader(), actor, &command.organization).await?;
        let grant = self.0.grant(actor, Action::ManageMembers, org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let NarrowRole { organization: _, user, place, role } = command;
                    let has = members::role_of(&members::lock(tx, user).await?)?;
                    members::check(tx, has).await?;
                    if tx.person() == Some(user) {
                        let reason = "nobody changes their own rights: ask another admin".to_owned();
                        return Err(Refusal::Forbidden { reason }.into());
                    }
                    let (project_id, environment_id) = find(tx.db(), tx.org_id(), &place).await?;
                    let place_id = environment_id.map_or(project_id.0, |id| id.0);
                    let key = (tx.org_id(), user, place_id);
                    let before = narrowed_role::Entity::find_by_id(key).one(tx.db()).await?;
                    match role {
                        Some(role) => {
                            less(role, has)?;
                            if before.as_ref().is_some_and(|before| before.role == role.as_str()) {
                                tx.abandon();
                                return Ok(((), Event::nothing()));
                            }
                            let row = narrowed_role::ActiveModel {
                                org_id: Set(tx.org_id()),
                                user_id: Set(user),
                                place_id: Set(place_id),
                                project_id: Set(project_id),
                                environment_id: Set(environment_id),
                                role: Set(role.as_str().to_owned()),
                            };
                            let replace = OnConflict::columns([
                                narrowed_role::Column::OrgId,
                                narrowed_role::Column::UserId,
                                narrowed_role::Column::PlaceId,
                            ])
                            .update_column(narrowed_role::Column::Role)
                            .to_owned();
                            narrowed_role::Entity::insert(row)
                                .on_conflict(replace)
                                .exec_without_returning(tx.db())
                                .await?;
                            revoke_those_of(tx, tx.org_id(), user, None).await?;
                        }
                        None if before.is_none() => {
                            return Err(Refusal::not_found("narrowed role").into());
                        }
                        None => {
                            narrowed_role::Entity::delete_by_id(key).exec(tx.db()).await?;
                        }
                    }
                    tx.access_changed();
                    let document = |role: &str| {
                        serde_json::json!({ "place": place.to_string(), "role": role }).to_string()
                    };
                    let old = before.map(|row| document(&row.role));
                    let new = role.map(|role| document(role.as_str()));
                    let resource = Resource::new("member", user, &place);
                    Ok(((), Event::member_narrowed(resource).documents(old, new)))
                })
            })
            .await
    }

    /// The projects of an organization and their environments, by their keys.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn places(&self, actor: &Actor, organization: &OrgSlug) -> Result<Vec<PlaceRef>> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let projects = project::Entity::find()
            .filter(project::Column::OrgId.eq(org.id))
            .order_by_asc(project::Column::Id)
            .all(db)
            .await?;
        let environments = environment::Entity::find()
            .filter(environment::Column::OrgId.eq(org.id))
            .order_by_asc(environment::Column::Position)
            .order_by_asc(environment::Column::Id)
            .all(db)
            .await?;
        let mut places = Vec::new();
        for row in projects {
            let project = stored(&row.key)?;
            places.push(PlaceRef { project, environment: None });
            for environment in environments.iter().filter(|environment| environment.project_id == row.id) {
                let environment = Some(stored(&environment.key)?);
                places.push(PlaceRef { project: stored(&row.key)?, environment });
            }
        }
        Ok(places)
    }

    /// What somebody may do in an organization, everywhere.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn rights(&self, actor: &Actor, organization: &OrgSlug) -> Result<Rights> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let narrowed = match actor.person() {
            Some(person) => narrowed(db, org.id, Some(person.id)).await?.remove(&person.id),
            None => None,
        };
        Ok(Rights { role: org.role, narrowed: narrowed.unwrap_or_default() })
    }
}

/// Whoever acts in an organization, and the role that they have all over it.
type Whose = (OrgId, Option<UserId>, Role);

/// What somebody may do in a project and its environments.
pub(crate) struct RolesIn {
    role: Role,
    narrowed: Vec<narrowed_role::Model>,
}

impl RolesIn {
    /// What they may do in the project, or in an environment of it: the least of all that is said.
    pub(crate) fn at(&self, environment: Option<EnvironmentId>) -> Result<Role> {
        let heeded =
            |row: &&narrowed_role::Model| row.environment_id.is_none() || row.environment_id == environment;
        let mut roles = self.narrowed.iter().filter(heeded).map(|row| scope::role(&row.role));
        roles.try_fold(self.role, |least, role| Ok(least.min(role?)))
    }
}

/// What somebody may do in a project and its environments.
pub(crate) async fn roles_in(
    db: &impl ConnectionTrait,
    (org_id, user, role): Whose,
    project_id: ProjectId,
) -> Result<RolesIn> {
    let Some(user) = user else { return Ok(RolesIn { role, narrowed: Vec::new() }) };
    let narrowed = narrowed_role::Entity::find()
        .filter(narrowed_role::Column::OrgId.eq(org_id))
        .filter(narrowed_role::Column::UserId.eq(user))
        .filter(narrowed_role::Column::ProjectId.eq(project_id))
        .all(db)
        .await?;
    Ok(RolesIn { role, narrowed })
}

/// What somebody may do in a project, or in an environment of it.
async fn role_at(
    db: &impl ConnectionTrait,
    whose: Whose,
    project_id: ProjectId,
    environment_id: Option<EnvironmentId>,
) -> Result<Role> {
    roles_in(db, whose, project_id).await?.at(environment_id)
}

/// Refuses what somebody may not do in an environment.
pub(crate) async fn may_at(
    db: &impl ConnectionTrait,
    whose: Whose,
    action: Action,
    environment: &environment::Model,
) -> Result<()> {
    let project_id = environment.project_id;
    let role = match action.reach() {
        Reach::Organization => whose.2,
        Reach::Project => role_at(db, whose, project_id, None).await?,
        Reach::Environment => role_at(db, whose, project_id, Some(environment.id)).await?,
    };
    match refusal(whose.2, role, action, environment.protected) {
        None => Ok(()),
        Some(reason) => Err(Refusal::Forbidden { reason }.into()),
    }
}

/// Refuses what somebody may not do in a project.
pub(crate) async fn may_in(
    db: &impl ConnectionTrait,
    whose: Whose,
    action: Action,
    project: ProjectId,
) -> Result<()> {
    let role = match action.reach() {
        Reach::Organization => whose.2,
        Reach::Project | Reach::Environment => role_at(db, whose, project, None).await?,
    };
    match refusal(whose.2, role, action, false) {
        None => Ok(()),
        Some(reason) => Err(Refusal::Forbidden { reason }.into()),
    }
}

/// All that is narrowed in an organization, by member.
pub(super) async fn of_members(
    db: &impl ConnectionTrait,
    org_id: OrgId,
) -> Result<HashMap<UserId, Vec<NarrowedRole>>> {
    narrowed(db, org_id, None).await
}

/// All that is narrowed in an organization, or of one person there.
async fn narrowed(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    user: Option<UserId>,
) -> Result<HashMap<UserId, Vec<NarrowedRole>>> {
    let mut rows = narrowed_role::Entity::find().filter(narrowed_role::Column::OrgId.eq(org_id));
    if let Some(user) = user {
        rows = rows.filter(narrowed_role::Column::UserId.eq(user));
    }
    let rows = rows.all(db).await?;
    let mut narrowed: HashMap<_, Vec<_>> = HashMap::new();
    if rows.is_empty() {
        return Ok(narrowed);
    }
    let projects = project::Entity::find().filter(project::Column::OrgId.eq(org_id)).all(db).await?;
    let environments =
        environment::Entity::find().filter(environment::Column::OrgId.eq(org_id)).all(db).await?;
    for row in rows {
        let Some(project) = projects.iter().find(|project| project.id == row.project_id) else { continue };
        let environment = environments.iter().find(|environment| Some(environment.id) == row.environment_id);
        let environment = environment.map(|environment| stored(&environment.key)).transpose()?;
        let place = PlaceRef { project: stored(&project.key)?, environment };
        let of_member = narrowed.entry(row.user_id).or_default();
        of_member.push(NarrowedRole { place, role: scope::role(&row.role)? });
    }
    narrowed.values_mut().for_each(|of_member| of_member.sort_by(|a, b| a.place.cmp(&b.place)));
    Ok(narrowed)
}

/// Whether somebody may do less anywhere than their role says.
pub(super) async fn is_narrowed(db: &impl ConnectionTrait, org_id: OrgId, user: UserId) -> Result<bool> {
    let own = narrowed_role::Entity::find()
        .filter(narrowed_role::Column::OrgId.eq(org_id))
        .filter(narrowed_role::Column::UserId.eq(user));
    Ok(own.one(db).await?.is_some())
}

/// Lifts all that is narrowed for a member, who becomes an owner.
pub(super) async fn lift_all(db: &impl ConnectionTrait, org_id: OrgId, user: UserId) -> Result<()> {
    narrowed_role::Entity::delete_many()
        .filter(narrowed_role::Column::OrgId.eq(org_id))
        .filter(narrowed_role::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Refuses what narrows nothing.
fn less(role: Role, has: Role) -> Result<()> {
    match has {
        Role::Owner => Err(Refusal::conflict("an owner may do everything everywhere").into()),
        _ if role < has => Ok(()),
        _ => {
            let message = format!("must be less than {}, the member's role elsewhere", has.as_str());
            Err(Refusal::invalid("role", message).into())
        }
    }
}

async fn find(
    db: &impl ConnectionTrait,
    org_id: OrgId,
    place: &PlaceRef,
) -> Result<(ProjectId, Option<EnvironmentId>)> {
    let project = scope::project_row(db, org_id, &place.project).await?;
    let Some(key) = &place.environment else { return Ok((project.id, None)) };
    let environment = environment::Entity::find()
        .filter(environment::Column::OrgId.eq(org_id))
        .filter(environment::Column::ProjectId.eq(project.id))
        .filter(environment::Column::Key.eq(key.as_str()))
        .one(db)
        .await?
        .ok_or_else(|| Refusal::not_found(format!("environment `{key}`")))?;
    Ok((project.id, Some(environment.id)))
}
