//! Environments.

use domain::{EnvironmentId, Millis, OrgId, ProjectId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "environment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnvironmentId,
    pub org_id: OrgId,
    pub project_id: ProjectId,
    pub key: String,
    pub name: String,
    pub color: String,
    pub position: i64,
    pub protected: bool,
    pub revision: i64,
    pub created_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
