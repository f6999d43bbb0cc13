//! Whose session it is, and what its list shows.

use domain::{Millis, SignInId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: String,
    pub id: SignInId,
    pub user_id: UserId,
    pub device: String,
    pub address: Option<String>,
    pub signed_in_at: Millis,
    pub last_used_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
