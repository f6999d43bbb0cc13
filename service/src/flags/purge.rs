use domain::EnvironmentKey;
use domain::access::Action;
use domain::flags::{PurgeCaches, Purged};
use domain::orgs::ProjectRef;

use super::Flags;
use super::store::{self, Lives};
use crate::error::{Error, Result, causes};
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Makes applications drop what they have kept of an environment, or of one flag of it. What it serves stays the same,
    /// under another revision.
    ///
    /// # Errors
    /// When the actor may not, or the environment or the flag does not exist.
    pub async fn purge(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: EnvironmentKey,
        command: PurgeCaches,
    ) -> Result<Purged> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::PurgeCaches, project.org.place()).await?;
        let (id, mut purged) = self
            .0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let PurgeCaches { flag, comment } = command;
                    let changing = tx.environment(project.id, &environment).await?;
                    tx.purge(&changing, flag.as_ref().map(domain::FlagKey::as_str));
                    let event = match &flag {
                        Some(key) => {
                            let flag = store::lock_flag(tx, project.id, key, Lives::Either).await?;
                            Event::flag_purged(Resource::new("flag", flag.id, key))
                        }
                        None => Event::environment_purged(Resource::new(
                            "environment",
                            changing.row.id,
                            &environment,
                        )),
                    };
                    let revision = tx.next_revision(&changing);
                    let revision = revision.ok_or(Error::Invariant("a purge takes a revision"))?;
                    let event = event.in_environment(changing.row.id).comment(comment);
                    Ok(((changing.row.id, Purged { environment, revision, streams: 0 }), event))
                })
            })
            .await?;
        // The purge is done, whatever can be said of it.
        let told = self.0.delivery().streams_of(project.org.id, id).await;
        purged.streams = told
            .inspect_err(|error| tracing::warn!(error.causes = causes(error), "streams are not counted"))
            .unwrap_or_default();
        Ok(purged)
    }
}
