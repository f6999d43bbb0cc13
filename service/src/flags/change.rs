use domain::access::Action;
use domain::flags::{ChangeConfiguration, Configuration, ConfigurationView, FlagAt, ReplaceConfiguration};
use domain::{Error as Refusal, FieldError};

use super::store::{self, Stored};
use super::{Flags, configured, kind_of, recover, switch};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Changes what a flag does in one environment, field by field. What only switches it is a switch, and takes no more
    /// right than that. What is so already changes nothing.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist, the change is against the rules, or another version is there than
    /// the one that the author saw.
    pub async fn change(
        &self,
        actor: &Actor,
        at: FlagAt,
        command: ChangeConfiguration,
    ) -> Result<ConfigurationView> {
        command.check()?;
        if let Some(enabled) = command.switches() {
            return self.switch_to(actor, at, enabled, (command.version, command.comment)).await;
        }
        let project = scope::project(self.0.reader(), actor, &at.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project.id, &at.environment).await?;
                    let before = store::lock(tx, project.id, &at.key, &environment).await?;
                    if let Some(version) = command.version {
                        before.expect_version(version)?;
                    }
                    let kind = kind_of(&before)?;
                    let configuration = command.apply(kind, &before.variations, &before.configuration)?;
                    if configuration == before.configuration {
                        tx.abandon();
                        return Ok((configured::view(tx, &environment, &before)?, Event::nothing()));
                    }
                    let place = |fault| command.place(fault);
                    let after = save(tx, &environment, &before, configuration, place).await?;
                    let event = event(&environment, &before, &after)?.comment(command.comment);
                    Ok((configured::view(tx, &environment, &after)?, event))
                })
            })
            .await
    }

    /// Replaces what a flag does in one environment, whether or not what is there can be read. What is so
    /// already changes nothing.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist, the configuration is against the rules, or another version is
    /// there than the one that the author saw.
    pub async fn replace(
        &self,
        actor: &Actor,
        at: FlagAt,
        command: ReplaceConfiguration,
    ) -> Result<ConfigurationView> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &at.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project.id, &at.environment).await?;
                    let (before, is_read) = match store::lock(tx, project.id, &at.key, &environment).await {
                        Err(Error::Corrupt { .. }) => {
                            (recover::lock(tx, project.id, &at.key, &environment).await?, false)
                        }
                        found => (found?, true),
                    };
                    if let Some(version) = command.version {
                        before.expect_version(version)?;
                    }
                    let configuration = command.configuration();
                    // What cannot be read is written anew, whatever it says.
                    if is_read && configuration == before.configuration {
                        tx.abandon();
                        return Ok((configured::view(tx, &environment, &before)?, Event::nothing()));
                    }
                    let after = save(tx, &environment, &before, configuration, |fault| fault).await?;
                    let event = event(&environment, &before, &after)?.comment(command.comment);
                    Ok((configured::view(tx, &environment, &after)?, event))
                })
            })
            .await
    }

    async fn switch_to(
        &self,
        actor: &Actor,
        at: FlagAt,
        enabled: bool,
        (version, comment): (Option<i64>, Option<String>),
    ) -> Result<ConfigurationView> {
        let project = scope::project(self.0.reader(), actor, &at.project).await?;
        let action = if enabled { Action::EnableFlag } else { Action::KillFlag };
        let grant = self.0.grant(actor, action, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project.id, &at.environment).await?;
                    let before = switch::lock(tx, project.id, &at.key, &environment, enabled).await?;
                    if let (true, Some(version)) = (enabled, version) {
                        before.expect_version(version)?;
                    }
                    let (after, event) = switch::switch(tx, &environment, &before, enabled).await?;
                    Ok((configured::view(tx, &environment, &after)?, event.comment(comment)))
                })
            })
            .await
    }

    /// Switches a flag off in one environment: the kill switch. It heeds no version, and works where the configuration
    /// cannot be read.
    ///
    /// # Errors
    /// When the actor may not, or the flag does not exist.
    pub async fn kill(
        &self,
        actor: &Actor,
        at: FlagAt,
        comment: Option<String>,
    ) -> Result<ConfigurationView> {
        self.switch_to(actor, at, false, (None, comment)).await
    }
}

/// Saves another configuration as the next version, unless something is wrong with it: `place` says where.
async fn save(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    before: &Stored,
    configuration: Configuration,
    place: impl Fn(FieldError) -> FieldError,
) -> Result<Stored> {
    let faults = configuration.faults(&before.variations);
    Refusal::refuse(faults.into_iter().map(&place).collect())?;
    let after = Stored { configuration, version: before.version + 1, ..before.clone() };
    let faults = after.compile_faults(tx, environment).await?;
    Refusal::refuse(faults.into_iter().map(&place).collect())?;
    store::save(tx, environment, &after).await?;
    Ok(after)
}

fn event(environment: &ChangingEnvironment, before: &Stored, after: &Stored) -> Result<Event> {
    let event = Event::flag_configured(Resource::new("flag", after.flag.id, &after.flag.key));
    Ok(event.in_environment(environment.row.id).documents(Some(before.document()?), Some(after.document()?)))
}
