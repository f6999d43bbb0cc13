use domain::Error as Refusal;
use domain::access::Action;
use domain::flags::DeleteFlag;
use entity::{flag, flag_configuration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::definition::definition;
use super::store::{self, Lives};
use super::{Flags, read};
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Flags<'_> {
    /// Deletes an archived flag. What it did in the past is kept with the environments' revisions, and its last version,
    /// so that a flag that gets its key later goes on after it.
    ///
    /// # Errors
    /// When the actor may not, the flag does not exist or is not archived, or its key was not typed.
    pub async fn delete(&self, actor: &Actor, command: DeleteFlag) -> Result<()> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &command.project).await?;
        let grant = self.0.grant(actor, Action::DeleteFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let DeleteFlag { project: _, key, confirm, comment } = command;
                    tx.project(project.id).await?;
                    let flag = store::lock_flag(tx, project.id, &key, Lives::Either).await?;
                    if confirm != flag.key {
                        return Err(Refusal::invalid("confirm", format!("type the key: {key}")).into());
                    }
                    if flag.archived_at.is_none() {
                        let message = format!("the flag `{key}` is not archived: archive it first");
                        return Err(Refusal::conflict(message).into());
                    }
                    let last_version = last_version(tx, &flag).await?;
                    store::bury(tx, project.id, "flag", &flag.key, last_version).await?;
                    let tags = read::tags_of(tx.db(), &flag).await?;
                    let old = definition(&flag, &tags)?;
                    flag::Entity::delete_by_id(flag.id)
                        .filter(flag::Column::OrgId.eq(tx.org_id()))
                        .exec(tx.db())
                        .await?;
                    let event = Event::flag_deleted(Resource::new("flag", flag.id, &key))
                        .documents(Some(old), None)
                        .comment(comment);
                    Ok(((), event))
                })
            })
            .await
    }
}

/// The highest of all versions that a flag has had.
async fn last_version(tx: &ChangeTx, flag: &flag::Model) -> Result<i64> {
    let rows = flag_configuration::Entity::find()
        .filter(flag_configuration::Column::OrgId.eq(tx.org_id()))
        .filter(flag_configuration::Column::FlagId.eq(flag.id))
        .all(tx.db())
        .await?;
    Ok(rows.iter().map(|row| row.version).fold(flag.version, i64::max))
}
