use domain::OrgId;
use entity::{flag, flag_tag};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::error::Result;

/// The tags of one flag, sorted.
pub(crate) async fn tags_of(db: &impl ConnectionTrait, flag: &flag::Model) -> Result<Vec<String>> {
    let query = tags(flag.org_id).filter(flag_tag::Column::FlagId.eq(flag.id));
    Ok(query.all(db).await?.into_iter().map(|row| row.tag).collect())
}

/// An organization's tags, sorted.
fn tags(org_id: OrgId) -> Select<flag_tag::Entity> {
    flag_tag::Entity::find().filter(flag_tag::Column::OrgId.eq(org_id)).order_by_asc(flag_tag::Column::Tag)
}
