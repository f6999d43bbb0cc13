use domain::access::Action;
use domain::api_keys::{ApiKeyChanges, ApiKeyView, UpdateApiKey};
use entity::api_key;

use super::{ApiKeys, store};
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl ApiKeys<'_> {
    /// Changes what a key is called, when it ends, and how far it reaches.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key does not exist or is revoked.
    pub async fn update(&self, actor: &Actor, command: UpdateApiKey) -> Result<ApiKeyView> {
        domain::validate(&command.changes)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageApiKeys, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let (before, environment) = store::lock(tx, project.id, command.api_key).await?;
                    store::expect_unrevoked(&before)?;
                    let row = changed(tx, &before, command.changes)?;
                    if row == before {
                        tx.abandon();
                        return Ok((
                            store::view(tx.db(), tx.now(), row, &environment.key).await?,
                            Event::nothing(),
                        ));
                    }
                    store::save(tx, &row).await?;
                    tx.access_changed();
                    let event = Event::api_key_updated(Resource::new("api_key", row.id, &row.prefix))
                        .in_environment(environment.id)
                        .documents(Some(store::document(&before)), Some(store::document(&row)));
                    Ok((store::view(tx.db(), tx.now(), row, &environment.key).await?, event))
                })
            })
            .await
    }
}

/// A key with what changes of it.
fn changed(tx: &ChangeTx, before: &api_key::Model, changes: ApiKeyChanges) -> Result<api_key::Model> {
    let ApiKeyChanges { name, expires_at, allowed_networks, rate_limit } = changes;
    store::expect_future(tx, expires_at.flatten())?;
    let mut row = before.clone();
    row.name = name.unwrap_or(row.name);
    row.expires_at = expires_at.unwrap_or(row.expires_at);
    row.rate_limit = rate_limit.map_or(row.rate_limit, |limit| limit.map(i64::from));
    if let Some(networks) = allowed_networks {
        row.allowed_networks = store::write_networks(networks.as_deref())?;
    }
    Ok(row)
}
