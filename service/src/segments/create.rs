use domain::SegmentKey;
use domain::access::Action;
use domain::orgs::ProjectRef;
use domain::segments::{CreateSegment, SegmentView};
use entity::segment;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::store::{self, Stored};
use super::{Segments, read};
use crate::change::ChangeTx;
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::once::Replay;
use crate::scope::ProjectScope;
use crate::{Actor, flags, scope};

impl Replay for SegmentView {}

impl Segments<'_> {
    /// Creates a segment with the same contents in every environment of its project. Versions go on where those of a
    /// deleted segment with the same key ended.
    ///
    /// # Errors
    /// When the actor may not, the command is against the rules, or the key is taken.
    pub async fn create(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        command: CreateSegment,
    ) -> Result<SegmentView> {
        domain::validate(&command)?;
        let key = command.key()?;
        command.audience().check()?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::CreateSegment, project.org.place()).await?;
        self.0
            .create(grant, move |tx| {
                Box::pin(async move {
                    let audience = command.audience();
                    let segment = insert(tx, &project, key, command).await?;
                    let version = segment.version;
                    let stored = Stored { segment, audience, version, updated_at: tx.now() };
                    for environment in tx.environments(project.id).await? {
                        if stored.audience.when.is_some() || stored.audience.by.is_some() {
                            stored.check_compiles(tx, &environment).await?;
                        }
                        store::insert(tx, &environment, &stored).await?;
                    }
                    let view = read::view(tx.db(), &project, stored.segment.clone()).await?;
                    let resource = Resource::new("segment", stored.segment.id, &stored.segment.key);
                    let event =
                        Event::segment_created(resource).documents(None, Some(stored.audit_document()?));
                    Ok((view, event))
                })
            })
            .await
    }
}

async fn insert(
    tx: &ChangeTx,
    project: &ProjectScope,
    key: SegmentKey,
    command: CreateSegment,
) -> Result<segment::Model> {
    let version = flags::store::last_version(tx, project.id, store::KIND, key.as_str()).await? + 1;
    let row = store::segment_row(tx, project.id, &key, (command.name, command.description), version);
    segment::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.db())
        .await
        .map_err(|error| Error::on_unique(error, || format!("a segment has the key `{key}` already")))?;
    Ok(row)
}
