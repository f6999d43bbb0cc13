use domain::Error as Refusal;
use domain::access::Action;
use domain::flags::{ConfigurationView, FlagAt};

use super::{Flags, configured, switch};
use crate::error::Result;
use crate::event::Event;
use crate::{Actor, scope};

/// How often it is tried again where somebody else switches at the same time.
const ATTEMPTS: usize = 5;

impl Flags<'_> {
    /// Switches a flag in one environment from what it is to what it is not.
    ///
    /// A grant is for one action, so what the flag is must be known before; where that is not so any more, it begins anew.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist, or others keep switching it.
    pub async fn toggle(
        &self,
        actor: &Actor,
        at: FlagAt,
        comment: Option<String>,
    ) -> Result<ConfigurationView> {
        let project = scope::project(self.0.reader(), actor, &at.project).await?;
        for _ in 0..ATTEMPTS {
            let seen = configured::find(self.0.reader(), &project, &at).await?.configuration.enabled;
            let action = if seen { Action::KillFlag } else { Action::EnableFlag };
            let grant = self.0.grant(actor, action, project.org.place()).await?;
            let (project, at, comment) = (project.id, at.clone(), comment.clone());
            let done = self.0.change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project, &at.environment).await?;
                    let before = switch::lock(tx, project, &at.key, &environment, !seen).await?;
                    if before.configuration.enabled != seen {
                        tx.abandon();
                        return Ok((None, Event::nothing()));
                    }
                    let (after, event) = switch::switch(tx, &environment, &before, !seen).await?;
                    Ok((Some(configured::view(tx, &environment, &after)?), event.comment(comment)))
                })
            });
            if let Some(view) = done.await? {
                return Ok(view);
            }
        }
        Err(Refusal::conflict(format!("others are switching `{}`: try again", at.key)).into())
    }
}
