//! Flags.

use domain::{FlagId, Millis, OrgId, ProjectId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FlagId,
    pub org_id: OrgId,
    pub project_id: ProjectId,
    pub key: String,
    pub key_lower: String,
    pub name: String,
    pub name_lower: String,
    pub description: String,
    pub description_lower: String,
    pub kind: String,
    pub value_type: String,
    pub client_side: bool,
    pub variations: String,
    pub owner_id: Option<UserId>,
    pub expires_at: Option<Millis>,
    pub archived_at: Option<Millis>,
    pub version: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub temporary: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
