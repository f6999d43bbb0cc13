use domain::access::Action;
use domain::api_keys::{ApiKeyView, RevokeApiKey};
use entity::api_key;

use super::{ApiKeys, store};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl ApiKeys<'_> {
    /// Revokes a key: it works no more, at once and for good.
    ///
    /// # Errors
    /// When the actor may not, or the key does not exist or is revoked already.
    pub async fn revoke(&self, actor: &Actor, command: RevokeApiKey) -> Result<ApiKeyView> {
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageApiKeys, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let (before, environment) = store::lock(tx, project.id, command.api_key).await?;
                    store::expect_unrevoked(&before)?;
                    let row = api_key::Model { revoked_at: Some(tx.now()), ..before };
                    store::save(tx, &row).await?;
                    tx.access_changed();
                    let event = Event::api_key_revoked(Resource::new("api_key", row.id, &row.prefix))
                        .in_environment(environment.id)
                        .documents(Some(store::document(&row)), None);
                    Ok((store::view(tx.db(), tx.now(), row, &environment.key).await?, event))
                })
            })
            .await
    }
}
