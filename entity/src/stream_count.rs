//! How many streams follow an environment on a node.

use domain::{EnvironmentId, Millis, OrgId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stream_count")]
pub struct Model {
    pub org_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub environment_id: EnvironmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub node: String,
    pub streams: i64,
    pub counted_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
