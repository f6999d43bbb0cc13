use domain::access::Action;
use domain::flags::{ConfigureFlag, FlagRow};

use super::store::{self, Stored};
use super::{Flags, read};
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
                    before.expect_version(version)?;
                    configuration.check(&before.variations)?;
                    let after = Stored { configuration, version: version + 1, ..before.clone() };
                    after.check_compiles(tx, &environment).await?;
                    store::save(tx, &environment, &after).await?;
                    let event = Event::flag_configured(Resource::new("flag", after.flag.id, &key))
                        .in_environment(environment.row.id)
                        .documents(Some(before.document()?), Some(after.document()?))
                        .comment(comment);
                    let view = after.view(read::tags_of(tx.db(), &after.flag).await?, tx.now())?;
                    Ok((view, event))
                })
            })
            .await
    }
}
