//! Roles that are less in one place than in the rest of the organization.

use domain::{EnvironmentId, OrgId, ProjectId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "narrowed_role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The environment's id, or the project's where there is none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Uuid,
    pub project_id: ProjectId,
    pub environment_id: Option<EnvironmentId>,
    pub role: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
