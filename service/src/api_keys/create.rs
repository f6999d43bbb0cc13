use domain::ApiKeyId;
use domain::access::Action;
use domain::api_keys::{CreateApiKey, NewApiKey};
use entity::api_key;

use super::ApiKeys;
use super::store::{self, Raw};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::{Actor, random_token, scope};

/// A raw key is shown once.
impl Replay for NewApiKey {
    fn forget_secrets(&mut self) {
        self.raw = None;
    }
}

impl ApiKeys<'_> {
    /// Creates an API key. The answer is the only time that the raw key is seen.
    ///
    /// # Errors
    /// When the actor may not, or the command is against the rules.
    pub async fn create(&self, actor: &Actor, command: CreateApiKey) -> Result<NewApiKey> {
        self.create_with_token(actor, command, random_token()).await
    }

    /// The same with a chosen random part.
    pub(crate) async fn create_with_token(
        &self,
        actor: &Actor,
        command: CreateApiKey,
        token: String,
    ) -> Result<NewApiKey> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageApiKeys, project.org.place()).await?;
        let secrets = self.0.secrets().clone();
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    store::expect_future(tx, command.expires_at)?;
                    let environment = tx.environment(project.id, &command.environment).await?.row;
                    let raw = Raw::new(command.kind, &environment.key, &token);
                    let row = api_key::Model {
                        id: tx.new_id::<ApiKeyId>(),
                        org_id: tx.org_id(),
                        environment_id: environment.id,
                        name: command.name,
                        kind: command.kind.as_str().to_owned(),
                        prefix: raw.prefix,
                        hash: store::hash(&secrets, &raw.key),
                        hmac_key_id: secrets.key_id().to_owned(),
                        allowed_networks: store::write_networks(command.allowed_networks.as_deref())?,
                        rate_limit: command.rate_limit.map(i64::from),
                        created_by: tx.person(),
                        created_at: tx.now(),
                        expires_at: command.expires_at,
                        revoked_at: None,
                        last_used_at: None,
                        replaced_by: None,
                    };
                    store::insert(tx, &row).await?;
                    tx.access_changed();
                    let event = Event::api_key_created(Resource::new("api_key", row.id, &row.prefix))
                        .in_environment(environment.id)
                        .documents(None, Some(store::document(&row)));
                    let key = store::view(tx.db(), tx.now(), row, &environment.key).await?;
                    Ok((NewApiKey { raw: Some(raw.key), key }, event))
                })
            })
            .await
    }
}
