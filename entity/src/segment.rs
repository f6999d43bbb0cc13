//! Segments.

use domain::{Millis, OrgId, ProjectId, SegmentId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "segment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SegmentId,
    pub org_id: OrgId,
    pub project_id: ProjectId,
    pub key: String,
    pub key_lower: String,
    pub name: String,
    pub name_lower: String,
    pub description: String,
    pub version: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
