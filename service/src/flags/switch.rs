use domain::access::Action;
use domain::flags::{Configuration, FlagRow, SwitchFlag};
use domain::{FlagKey, ProjectId};

use super::store::{self, Stored};
use super::{Flags, read, recover};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Switches a flag on or off in one environment. Switching off is the kill switch: it heeds no version and, in a
    /// protected environment too, asks for no more than a developer.
    ///
    /// Switching to what it is already changes the version all the same: it is somebody's decision at that time.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist, or it is switched on in another version than its author saw.
    pub async fn switch(&self, actor: &Actor, command: SwitchFlag) -> Result<FlagRow> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let action = if command.enabled { Action::EnableFlag } else { Action::KillFlag };
        let grant = self.0.grant(actor, action, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let SwitchFlag { project: _, key, environment, enabled, version, comment } = command;
                    let environment = tx.environment(project.id, &environment).await?;
                    let before = lock(tx, project.id, &key, &environment, enabled).await?;
                    if let (true, Some(version)) = (enabled, version) {
                        before.expect_version(version)?;
                    }
                    let (after, event) = self::switch(tx, &environment, &before, enabled).await?;
                    let view = after.view(read::tags_of(tx.db(), &after.flag).await?, tx.now())?;
                    Ok((view, event.comment(comment)))
                })
            })
            .await
    }
}

/// Locks a flag to switch it. To switch it off its configuration need not be readable.
pub(super) async fn lock(
    tx: &ChangeTx,
    project: ProjectId,
    key: &FlagKey,
    environment: &ChangingEnvironment,
    enabled: bool,
) -> Result<Stored> {
    match enabled {
        true => store::lock(tx, project, key, environment).await,
        false => recover::lock(tx, project, key, environment).await,
    }
}

/// Switches a locked flag, and leaves the rest of its configuration alone.
pub(super) async fn switch(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    before: &Stored,
    enabled: bool,
) -> Result<(Stored, Event)> {
    let configuration = Configuration { enabled, ..before.configuration.clone() };
    let after = Stored { configuration, version: before.version + 1, ..before.clone() };
    store::save(tx, environment, &after).await?;
    let resource = Resource::new("flag", after.flag.id, &after.flag.key);
    let event = if enabled { Event::flag_enabled(resource) } else { Event::flag_killed(resource) };
    let documents = (Some(before.document()?), Some(after.document()?));
    Ok((after, event.in_environment(environment.row.id).documents(documents.0, documents.1)))
}
