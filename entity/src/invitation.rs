//! Who is invited to which organization.

use domain::{InvitationId, Millis, OrgId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub org_id: OrgId,
    pub email: String,
    pub email_lower: String,
    pub role: String,
    pub status: String,
    pub token_hash: String,
    pub mailed_token_hash: Option<String>,
    pub hmac_key_id: String,
    pub invited_by: Option<UserId>,
    pub created_at: Millis,
    pub expires_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
