use domain::Error as Refusal;
use domain::FlagKey;
use domain::flags::{FlagChanges, FlagView, NewFlag, PutFlag, UpdateFlag};
use domain::orgs::ProjectRef;

use super::Flags;
use crate::Actor;
use crate::error::{Error, Result};

impl Flags<'_> {
    /// Creates a flag, or makes the one that has the key what it is to be. Says whether it was created.
    ///
    /// # Errors
    /// When the actor may not, the flag is against the rules, or one with the key is archived, of another kind or type, or
    /// there in another version than the one that the author saw.
    pub async fn put(
        &self,
        actor: &Actor,
        project: ProjectRef,
        key: FlagKey,
        flag: PutFlag,
    ) -> Result<(FlagView, bool)> {
        domain::validate(&flag)?;
        let there = match self.show(actor, &project, &key).await {
            Ok(there) => there,
            Err(Error::Refused(Refusal::NotFound { what })) if what == format!("flag `{key}`") => {
                return Ok((self.create_as(actor, project, key, flag).await?, true));
            }
            Err(error) => return Err(error),
        };
        let PutFlag {
            name,
            description,
            kind,
            value_type,
            variations,
            client_side,
            tags,
            owner,
            temporary,
            expires_at,
            version,
            comment,
        } = flag;
        if kind.is_some_and(|kind| kind != there.kind) {
            let message = format!("the flag `{key}` is of the kind {}", there.kind.as_str());
            return Err(Refusal::conflict(message).into());
        }
        if value_type.is_some_and(|value_type| value_type != there.value_type) {
            let message = format!("the flag `{key}` has values of the type {}", there.value_type.as_str());
            return Err(Refusal::conflict(message).into());
        }
        let changes = FlagChanges {
            name: Some(name),
            description: Some(description),
            tags: Some(tags),
            owner,
            temporary: Some(temporary),
            expires_at: Some(expires_at),
            client_side: Some(client_side),
            variations,
            version,
            comment,
        };
        Ok((self.update(actor, UpdateFlag { project, key, changes }).await?, false))
    }

    async fn create_as(
        &self,
        actor: &Actor,
        project: ProjectRef,
        key: FlagKey,
        flag: PutFlag,
    ) -> Result<FlagView> {
        if flag.version.is_some() {
            let message = format!("there is no flag `{key}` that could have been seen in a version");
            return Err(Refusal::conflict(message).into());
        }
        let new = NewFlag {
            name: flag.name,
            key: Some(key),
            description: flag.description,
            kind: flag.kind,
            value_type: flag.value_type,
            variations: flag.variations,
            client_side: flag.client_side,
            tags: flag.tags,
            owner: flag.owner,
            temporary: flag.temporary,
            expires_at: flag.expires_at,
            configuration: None,
            rollout_pct: None,
            rules: None,
        };
        self.create(actor, new.complete(project)?).await
    }
}
