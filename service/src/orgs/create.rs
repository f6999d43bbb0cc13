use domain::access::{Action, Role};
use domain::orgs::{CreateOrganization, OrganizationView};
use domain::{Error as Refusal, OrgId};
use entity::{member, organization};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, SqlErr};

use super::Orgs;
use crate::actor::Place;
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::{Actor, projects};

impl Replay for OrganizationView {}

impl Orgs<'_> {
    /// Creates an organization with the project `default`, its three environments, and its owner.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, the owner does not exist, or the slug is taken.
    pub async fn create(&self, actor: &Actor, command: CreateOrganization) -> Result<OrganizationView> {
        domain::validate(&command)?;
        let grant = self.0.grant(actor, Action::CreateOrganization, Place::Instance).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let CreateOrganization { slug, name, owner } = command;
                    if tx.person().is_some_and(|person| person != owner) {
                        let reason = "people create organizations for themselves".into();
                        return Err(Refusal::Forbidden { reason }.into());
                    }
                    let id: OrgId = tx.new_id();
                    let row = organization::Model {
                        id,
                        slug: slug.to_string(),
                        name: name.clone(),
                        name_lower: name.to_lowercase(),
                        access_revision: 1,
                        created_at: tx.now(),
                    };
                    organization::Entity::insert(row.into_active_model())
                        .exec_without_returning(tx.db())
                        .await
                        .map_err(|error| Error::on_unique(error, || format!("the slug `{slug}` is taken")))?;
                    tx.adopt(id);
                    insert_member(tx, id, owner, Role::Owner).await?;
                    projects::insert_default(tx).await?;
                    let view = OrganizationView { id, slug: slug.clone(), name, role: Role::Owner };
                    Ok((view, Event::organization_created(Resource::new("organization", id, slug))))
                })
            })
            .await
    }
}

/// Writes one membership.
pub(super) async fn insert_member(
    tx: &ChangeTx,
    org_id: OrgId,
    user: domain::UserId,
    role: Role,
) -> Result<()> {
    let row = member::ActiveModel {
        org_id: Set(org_id),
        user_id: Set(user),
        role: Set(role.as_str().to_owned()),
        created_at: Set(tx.now()),
    };
    member::Entity::insert(row).exec_without_returning(tx.db()).await.map_err(|error| {
        match error.sql_err() {
            // The organization is locked, so it is the person who is not there.
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Refusal::not_found("person").into(),
            _ => Error::on_unique(error, || "this person is a member already".into()),
        }
    })?;
    Ok(())
}
