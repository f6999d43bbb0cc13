//! When members were last there.

use std::collections::BTreeMap;

use domain::{Millis, OrgSlug, UserId};
use entity::{member, sign_in};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Orgs;
use crate::accounts::live;
use crate::error::Result;
use crate::{Actor, scope};

impl Orgs<'_> {
    /// When each member of an organization last used a session, as far as one of theirs is still open.
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn last_seen(&self, actor: &Actor, organization: &OrgSlug) -> Result<BTreeMap<UserId, Millis>> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let members = Query::select()
            .column(member::Column::UserId)
            .from(member::Entity)
            .and_where(member::Column::OrgId.eq(org.id))
            .to_owned();
        let open = sign_in::Entity::find()
            .filter(sign_in::Column::UserId.in_subquery(members))
            .filter(live(self.0.now()));
        let mut seen = BTreeMap::new();
        for row in open.all(db).await? {
            let last = seen.entry(row.user_id).or_insert(row.last_used_at);
            *last = (*last).max(row.last_used_at);
        }
        Ok(seen)
    }
}
