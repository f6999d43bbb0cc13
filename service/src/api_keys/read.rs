use std::collections::HashMap;

use domain::api_keys::{ApiKeyView, ApiKeysPage, ListApiKeys};
use domain::orgs::ProjectRef;
use domain::{ApiKeyId, Error as Refusal, Page};
use entity::api_key;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{ApiKeys, store};
use crate::Actor;
use crate::environments::read as environments;
use crate::error::{Error, Result};
use crate::{page, scope};

impl ApiKeys<'_> {
    /// Some of a project's API keys, the newest first.
    ///
    /// # Errors
    /// When the actor may not see the project, the environment does not exist, or the database fails.
    pub async fn list(&self, actor: &Actor, command: &ListApiKeys) -> Result<ApiKeysPage> {
        domain::validate(&command.page)?;
        let db = self.0.reader();
        let project = scope::project(db, actor, &command.project).await?;
        let rows = environments::rows(db, project.org.id, project.id).await?;
        let mut environments: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.key)).collect();
        if let Some(wanted) = &command.environment {
            environments.retain(|_, key| key == wanted.as_str());
            if environments.is_empty() {
                return Err(Refusal::not_found(format!("environment `{wanted}`")).into());
            }
        }
        let all = api_key::Entity::find()
            .filter(api_key::Column::OrgId.eq(project.org.id))
            .filter(api_key::Column::EnvironmentId.is_in(environments.keys().copied()));
        let total = all.clone().count(db).await?;
        let Page { cursor, limit } = &command.page;
        let list = page::List::new("keys", &project.id, &command.environment)?;
        let part = match list.after::<ApiKeyId>(cursor.as_deref())? {
            Some(last) => all.filter(api_key::Column::Id.lt(last)),
            None => all,
        };
        let rows = part.order_by_desc(api_key::Column::Id).limit(u64::from(*limit) + 1).all(db).await?;
        let (rows, has_more) = page::split(rows, *limit);
        let next = rows.last().filter(|_| has_more).map(|last| list.end(last.id)).transpose()?;
        let creators = store::creators(db, rows.iter().filter_map(|row| row.created_by)).await?;
        let shown = |row: api_key::Model| {
            let environment =
                environments.get(&row.environment_id).ok_or(Error::Invariant("a key has no environment"))?;
            store::shown(row, self.0.now(), environment, &creators)
        };
        let keys = rows.into_iter().map(shown).collect::<Result<_>>()?;
        Ok(ApiKeysPage { keys, next, total })
    }

    /// One API key.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such key in it, or the database fails.
    pub async fn find(&self, actor: &Actor, project: &ProjectRef, id: ApiKeyId) -> Result<ApiKeyView> {
        let db = self.0.reader();
        let project = scope::project(db, actor, project).await?;
        let (row, environment) = store::find(db, project.org.id, project.id, id).await?;
        store::view(db, self.0.now(), row, &environment.key).await
    }
}
