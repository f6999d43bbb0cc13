//! Shapes of flags that new ones are made from.

use domain::{Millis, OrgId, ProjectId, TemplateId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateId,
    pub org_id: OrgId,
    pub project_id: ProjectId,
    pub key: String,
    pub name: String,
    pub description: String,
    pub body: String,
    pub created_by: Option<UserId>,
    pub version: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
