//! The entries of the audit chains.

use domain::{EnvironmentId, Millis, OrgId, ProjectId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: Millis,
    pub actor_kind: String,
    pub actor: String,
    pub action: String,
    pub resource_kind: String,
    pub resource_id: String,
    pub resource_key: String,
    pub environment_id: Option<EnvironmentId>,
    pub project_id: Option<ProjectId>,
    pub revision: Option<i64>,
    pub comment: Option<String>,
    pub old_document: Option<String>,
    pub new_document: Option<String>,
    pub old_digest: Option<String>,
    pub new_digest: Option<String>,
    pub person_commitment: Option<String>,
    pub previous_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
