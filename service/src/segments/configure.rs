use domain::access::Action;
use domain::segments::{Audience, AudienceView, ChangeAudience, ReplaceAudience, SegmentPlace};

use super::Segments;
use super::store::{self, Stored};
use crate::change::{ChangeTx, ChangingEnvironment};
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::{Actor, scope};

impl Segments<'_> {
    /// Changes what a segment contains in one environment, field by field. What is so already changes nothing.
    ///
    /// # Errors
    /// When the actor may not, the contents are against the rules, or another version is there than the one that the author
    /// saw.
    pub async fn configure(
        &self,
        actor: &Actor,
        place: SegmentPlace,
        command: ChangeAudience,
    ) -> Result<AudienceView> {
        command.check()?;
        let project = scope::project(self.0.reader(), actor, &place.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureSegment, project.org.place()).await?;
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project.id, &place.environment).await?;
                    let before = store::lock(tx, project.id, &place.segment, &environment).await?;
                    store::expect_version(&before.segment.key, command.version, before.version)?;
                    let comment = command.comment.clone();
                    let audience = command.apply(before.audience.clone());
                    if audience == before.audience {
                        tx.abandon();
                        return Ok((before.view(place.environment)?, Event::nothing()));
                    }
                    let after = replace(tx, &environment, &before, audience).await?;
                    let event = Event::segment_configured(resource(&after));
                    let event = told(event, &environment, &before, &after)?.comment(comment);
                    Ok((after.view(place.environment)?, event))
                })
            })
            .await
    }

    /// Replaces what a segment contains in one environment.
    ///
    /// # Errors
    /// As [`Segments::configure`].
    pub async fn replace(
        &self,
        actor: &Actor,
        place: SegmentPlace,
        command: ReplaceAudience,
    ) -> Result<AudienceView> {
        self.configure(actor, place, command.into()).await
    }
}

/// Saves other contents as the next version, where evaluation can do what they say.
pub(crate) async fn replace(
    tx: &mut ChangeTx,
    environment: &ChangingEnvironment,
    before: &Stored,
    audience: Audience,
) -> Result<Stored> {
    audience.check()?;
    let after = before.next(tx, audience);
    // Lists alone can take nothing out of service.
    if (&after.audience.by, &after.audience.when) != (&before.audience.by, &before.audience.when) {
        after.check_compiles(tx, environment).await?;
    }
    store::save(tx, environment, &after).await?;
    Ok(after)
}

/// What happened to a segment.
pub(crate) fn resource(segment: &Stored) -> Resource {
    Resource::new("segment", segment.segment.id, &segment.segment.key)
}

/// The event with what the segment contained in the environment, and what it contains now.
pub(crate) fn told(
    event: Event,
    environment: &ChangingEnvironment,
    before: &Stored,
    after: &Stored,
) -> Result<Event> {
    let (old, new) = (before.audit_document()?, after.audit_document()?);
    Ok(event.in_environment(environment.row.id).documents(Some(old), Some(new)))
}
