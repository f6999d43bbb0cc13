use domain::access::Action;
use domain::api_keys::{KeyKind, NewApiKey, RotateApiKey};
use domain::{ApiKeyId, Error as Refusal, ProjectId};
use entity::api_key;

use super::ApiKeys;
use super::store::{self, Raw};
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, random_token, scope};

impl ApiKeys<'_> {
    /// Puts a new key with the same settings in the place of another, which ends after a while, or when it was to end, if
    /// that is sooner. The answer is the only time that the new raw key is seen.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key does not exist, works no more, or is rotated
    /// already to one that works.
    pub async fn rotate(&self, actor: &Actor, command: RotateApiKey) -> Result<NewApiKey> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ManageApiKeys, project.org.place()).await?;
        let secrets = self.0.secrets().clone();
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let (before, environment) = store::lock(tx, project.id, command.api_key).await?;
                    store::expect_unrevoked(&before)?;
                    let successor = successor(tx, project.id, &before).await?;
                    if before.expires_at.is_some_and(|at| at <= tx.now()) {
                        let message = format!("the key `{}` has expired", before.prefix);
                        return Err(Refusal::conflict(message).into());
                    }
                    let kind = KeyKind::from_name(&before.kind);
                    let kind = kind.ok_or(Error::Invariant("a stored kind of key is none"))?;
                    let raw = Raw::new(kind, &environment.key, &random_token());
                    let row = api_key::Model {
                        id: tx.new_id::<ApiKeyId>(),
                        prefix: raw.prefix,
                        hash: store::hash(&secrets, &raw.key),
                        hmac_key_id: secrets.key_id().to_owned(),
                        created_by: tx.person(),
                        created_at: tx.now(),
                        last_used_at: None,
                        // The end that this one had before the successor that works no more was made of it.
                        expires_at: successor.map_or(before.expires_at, |successor| successor.expires_at),
                        replaced_by: None,
                        ..before.clone()
                    };
                    store::insert(tx, &row).await?;
                    let end = tx.now().plus(1000 * i64::from(command.overlap_s));
                    let end = before.expires_at.map_or(end, |at| at.min(end));
                    let old = api_key::Model { expires_at: Some(end), replaced_by: Some(row.id), ..before };
                    store::save(tx, &old).await?;
                    tx.access_changed();
                    let event = Event::api_key_rotated(Resource::new("api_key", old.id, &old.prefix))
                        .in_environment(environment.id)
                        .documents(Some(store::document(&old)), Some(store::document(&row)));
                    let key = store::view(tx.db(), tx.now(), row, &environment.key).await?;
                    Ok((NewApiKey { raw: Some(raw.key), key }, event))
                })
            })
            .await
    }
}

/// The key that is in the place of another already, where that was revoked: it leaves the other without a successor, and
/// has the end that the other had. One that has expired says nothing of it.
async fn successor(
    tx: &ChangeTx,
    project: ProjectId,
    before: &api_key::Model,
) -> Result<Option<api_key::Model>> {
    let Some(id) = before.replaced_by else { return Ok(None) };
    let (successor, _) = store::find(tx.db(), tx.org_id(), project, id).await?;
    if successor.expires_at.is_some_and(|at| at <= tx.now()) {
        return Ok(None);
    }
    match successor.revoked_at {
        Some(_) => Ok(Some(successor)),
        None => {
            let (old, new) = (&before.prefix, &successor.prefix);
            let message = format!("`{new}` is in the place of the key `{old}` already: rotate that one");
            Err(Refusal::conflict(message).into())
        }
    }
}
