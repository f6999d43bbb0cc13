//! API keys, as HMACs.

use domain::{ApiKeyId, EnvironmentId, Millis, OrgId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub org_id: OrgId,
    pub environment_id: EnvironmentId,
    pub name: String,
    pub kind: String,
    pub prefix: String,
    pub hash: String,
    pub hmac_key_id: String,
    pub allowed_networks: Option<String>,
    pub rate_limit: Option<i64>,
    pub created_by: Option<UserId>,
    pub created_at: Millis,
    pub expires_at: Option<Millis>,
    pub revoked_at: Option<Millis>,
    pub last_used_at: Option<Millis>,
    pub replaced_by: Option<ApiKeyId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
