//! What attributes of contexts are called.

use domain::{EnvironmentId, Millis, OrgId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "context_attribute")]
pub struct Model {
    pub org_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub environment_id: EnvironmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub trusted: bool,
    pub seen_on: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
