use domain::access::Action;
use domain::flags::Configuration;
use domain::history::{RollBack, RolledBack};
use domain::orgs::ProjectRef;
use domain::segments::{Audience, AudienceView, SegmentPlace};
use domain::{EnvironmentKey, Error as Refusal, FlagKey};
use serde::de::DeserializeOwned;

use super::{History, read};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::{Error, Result};
use crate::event::{Event, Resource};
use crate::flags::store::{self as flags, Stored};
use crate::segments::{self, store as segment_store};
use crate::{Actor, scope};

impl History<'_> {
    /// Makes a new version of a flag that does what an old one did, whether it is on included.
    ///
    /// # Errors
    /// When the actor may not, there is no such flag or version, another version is there than the one that the author saw,
    /// or what it did cannot be done any more, such as serving a variation that is gone.
    pub async fn roll_back_flag(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        key: FlagKey,
        environment: EnvironmentKey,
        command: RollBack,
    ) -> Result<RolledBack> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, project).await?;
        let grant = self.0.grant(actor, Action::ConfigureFlag, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let RollBack { to, version, comment } = command;
                    let environment = tx.environment(project.id, &environment).await?;
                    let before = flags::lock(tx, project.id, &key, &environment).await?;
                    if let Some(seen) = version {
                        before.expect_version(seen)?;
                    }
                    let old = document(tx, &environment, ("flag", key.as_str()), to).await?;
                    let configuration = Configuration::of(old);
                    configuration.check(&before.variations)?;
                    let after = Stored { configuration, version: before.version + 1, ..before.clone() };
                    after.check_compiles(tx, &environment).await?;
                    flags::save(tx, &environment, &after).await?;
                    let event = Event::flag_rolled_back(Resource::new("flag", after.flag.id, &key))
                        .in_environment(environment.row.id)
                        .documents(Some(before.document()?), Some(after.document()?))
                        .comment(comment);
                    let revision = tx.next_revision(&environment).unwrap_or(environment.row.revision);
                    let document = after.flag_document()?;
                    Ok((RolledBack { version: after.version, revision, document }, event))
                })
            })
            .await
    }

    /// Makes a new version of a segment that contains what an old one did.
    ///
    /// # Errors
    /// As [`History::roll_back_flag`].
    pub async fn roll_back_segment(
        &self,
        actor: &Actor,
        place: SegmentPlace,
        command: RollBack,
    ) -> Result<AudienceView> {
        domain::validate(&command)?;
        let project = scope::project(self.0.reader(), actor, &place.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureSegment, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let RollBack { to, version, comment } = command;
                    let environment = tx.environment(project.id, &place.environment).await?;
                    let before = segment_store::lock(tx, project.id, &place.segment, &environment).await?;
                    segment_store::expect_version(&before.segment.key, version, before.version)?;
                    let name = (segment_store::KIND, place.segment.as_str());
                    let audience = Audience::of(document(tx, &environment, name, to).await?);
                    let after = segments::replace(tx, &environment, &before, audience).await?;
                    let event = Event::segment_rolled_back(segments::resource(&after));
                    let event = segments::told(event, &environment, &before, &after)?.comment(comment);
                    Ok((after.view(place.environment)?, event))
                })
            })
            .await
    }
}

/// The document of an old version, as this version of Togglebit reads it.
async fn document<T: DeserializeOwned>(
    tx: &ChangeTx,
    environment: &ChangingEnvironment,
    name: (&str, &str),
    version: i64,
) -> Result<T> {
    let found = read::find(tx.db(), (tx.org_id(), environment.row.id), name, version).await?;
    let (_, document) = found.ok_or_else(|| Refusal::invalid("to", format!("no version {version}")))?;
    let refusal = |error| Refusal::invalid("to", format!("version {version} cannot be read: {error}"));
    Ok::<T, Error>(serde_json::from_value(document).map_err(refusal)?)
}
