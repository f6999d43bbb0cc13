//! Organizations, who belongs to them, and who is invited.

mod create;
mod delete;
mod invitations;
mod invited;
mod members;
mod narrowed;
mod read;
mod rename;
mod seen;

use domain::access::Role;
use domain::{OrgId, UserId};
use entity::{member, organization};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};

use crate::Services;
use crate::error::Result;

pub(crate) use invitations::revoke_those_of;
pub use invited::InvitationState;
pub(crate) use narrowed::{may_at, may_in, roles_in};

/// Organizations.
pub struct Orgs<'s>(pub(crate) &'s Services);

/// Whether nobody but this person owns an organization, which is locked.
pub(crate) async fn is_last_owner(db: &impl ConnectionTrait, org_id: OrgId, user_id: UserId) -> Result<bool> {
    let owners = member::Entity::find()
        .filter(member::Column::OrgId.eq(org_id))
        .filter(member::Column::Role.eq(Role::Owner.as_str()));
    let is_one = owners.clone().filter(member::Column::UserId.eq(user_id)).count(db).await? > 0;
    Ok(is_one && owners.filter(member::Column::UserId.ne(user_id)).count(db).await? == 0)
}

/// Makes every node read keys and memberships of an organization anew.
pub(crate) async fn bump_access(db: &impl ConnectionTrait, org_id: OrgId) -> Result<()> {
    let next = Expr::col(organization::Column::AccessRevision).add(1);
    organization::Entity::update_many()
        .col_expr(organization::Column::AccessRevision, next)
        .filter(organization::Column::Id.eq(org_id))
        .exec(db)
        .await?;
    Ok(())
}
