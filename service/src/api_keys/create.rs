use domain::access::Action;
use domain::api_keys::{CreateApiKey, NewApiKey};
use domain::{ApiKeyId, Error as Refusal};
use entity::api_key;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::ApiKeys;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::secrets::hex;
use crate::{Actor, random_token, scope};

/// How much of the random part is shown afterwards.
const SHOWN: usize = 6;

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
        if command.expires_at.is_some_and(|at| at <= self.0.now()) {
            return Err(Refusal::invalid("expires_at", "is in the past").into());
        }
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageApiKeys, project.org.place()).await?;
        let secrets = self.0.secrets().clone();
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let CreateApiKey { project: _, environment, name, kind, expires_at } = command;
                    let environment = tx.environment(project.id, &environment).await?.row;
                    let head = format!("{}_{}_", kind.prefix(), environment.key);
                    let raw = format!("{head}{token}");
                    let prefix = format!("{head}{}", token.chars().take(SHOWN).collect::<String>());
                    let id: ApiKeyId = tx.new_id();
                    let row = api_key::ActiveModel {
                        id: Set(id),
                        org_id: Set(tx.org_id()),
                        environment_id: Set(environment.id),
                        name: Set(name),
                        kind: Set(kind.as_str().to_owned()),
                        prefix: Set(prefix.clone()),
                        hash: Set(hex(&secrets.api_key_hash(&raw))),
                        hmac_key_id: Set(secrets.key_id().to_owned()),
                        allowed_networks: Set(None),
                        rate_limit: Set(None),
                        created_by: Set(tx.person()),
                        created_at: Set(tx.now()),
                        expires_at: Set(expires_at),
                        revoked_at: Set(None),
                        last_used_at: Set(None),
                    };
                    api_key::Entity::insert(row)
                        .exec_without_returning(tx.db())
                        .await
                        .map_err(|error| Error::on_unique(error, || "this key exists already".into()))?;
                    tx.access_changed();
                    let event = Event::api_key_created(Resource::new("api_key", id, &prefix))
                        .in_environment(environment.id);
                    Ok((NewApiKey { id, raw, prefix }, event))
                })
            })
            .await
    }
}
