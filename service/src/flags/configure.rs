use domain::Error as Refusal;
use domain::access::Action;
use domain::flags::{ConfigureFlag, FlagRow};

use super::Flags;
use super::store::{self, Stored};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Replaces what a flag does in one environment.
    ///
    /// # Errors
    /// When the actor may not, the configuration is against the rules, or another version is there than the one that
    /// the author saw.
    pub async fn configure(&self, actor: &Actor, command: ConfigureFlag) -> Result<FlagRow> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let ConfigureFlag { project: _, key, environment, version, comment, configuration } =
                        command;
                    let environment = tx.environment(project.id, &environment).await?;
                    let before = store::lock(tx, project.id, &key, &environment).await?;
                    if before.version != version {
                        let message = format!("`{key}` was changed in the meantime");
                        let (seen, current) = (Some(version), Some(before.version));
                        return Err(Refusal::Conflict { message, seen, current }.into());
                    }
                    configuration.check(&before.variations)?;
                    let after = Stored { configuration, version: version + 1, ..before.clone() };
                    store::save(tx, &environment, &after).await?;
                    let event = Event::flag_configured(Resource::new("flag", after.flag.id, &key))
                        .in_environment(environment.row.id)
                        .documents(Some(before.document()?), Some(after.document()?))
                        .comment(comment);
                    Ok((after.view(Vec::new(), tx.now())?, event))
                })
            })
            .await
    }
}
