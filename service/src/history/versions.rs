use std::collections::HashMap;
use std::sync::Arc;

use domain::history::{Author, VersionRow, VersionsPage};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Page, UserId};
use entity::environment_document::Column;
use entity::{audit_event, environment_document, environment_revision, user_account};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::Value;

use super::{History, Looked, Subject, changes};
use crate::error::{Error, Result};
use crate::flags::check::aside;
use crate::{Actor, documents, page};

impl History<'_> {
    /// The versions of a flag or of a segment in one environment, the newest first.
    ///
    /// # Errors
    /// When the actor may not see the environment, there never was such a flag or segment, the query is against the rules,
    /// or the database fails.
    pub async fn versions(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        subject: &Subject,
        environment: &EnvironmentKey,
        page: &Page,
    ) -> Result<VersionsPage> {
        domain::validate(page)?;
        let place = self.look(actor, project, environment).await?;
        let list = page::List::new("versions", &place.environment.id, &subject.name())?;
        let until: Option<i64> = list.after(page.cursor.as_deref())?;
        let all = documents_of(&place, subject);
        let total = all.clone().count(self.0.reader()).await?;
        if total == 0 {
            return Err(subject.missing().into());
        }
        // One more, which the last one is compared with.
        let part = all.filter(Column::Revision.lt(until.unwrap_or(i64::MAX)));
        let revisions = self.revisions(part, u64::from(page.limit) + 1).await?;
        let last = revisions.last().copied();
        let (revisions, has_more) = page::split(revisions, page.limit);
        let before = last.filter(|_| has_more);
        let next = revisions.last().filter(|_| has_more).map(|last| list.end(last)).transpose()?;
        let versions = self.describe(&place, subject, &revisions, before).await?;
        Ok(VersionsPage { versions, next, total })
    }

    /// The newest of some documents' revisions.
    pub(super) async fn revisions(
        &self,
        of: Select<environment_document::Entity>,
        limit: u64,
    ) -> Result<Vec<i64>> {
        let newest = of.select_only().column(Column::Revision).order_by_desc(Column::Revision).limit(limit);
        Ok(newest.into_tuple().all(self.0.reader()).await?)
    }

    /// What there is to say of the documents of revisions, the newest first. The one before the last of them may be named,
    /// to compare it with.
    pub(super) async fn describe(
        &self,
        place: &Looked,
        subject: &Subject,
        revisions: &[i64],
        before: Option<i64>,
    ) -> Result<Vec<VersionRow>> {
        let mut events = self.events(place, subject, revisions).await?;
        let mut described = Vec::with_capacity(revisions.len());
        // One after the other, and the oldest first: documents may be large, and two of them are enough.
        let mut older = match before {
            Some(revision) => self.document(place, subject, revision).await?.map(Arc::new),
            None => None,
        };
        for revision in revisions.iter().rev() {
            let document = self.document(place, subject, *revision).await?.map(Arc::new);
            let (changes, more_changes) = match (older, &document) {
                (Some(older), Some(document)) => {
                    let document = Arc::clone(document);
                    aside(move || changes::between(&older, &document)).await?
                }
                _ => (Vec::new(), 0),
            };
            let event = events.remove(revision).ok_or(Error::Invariant("a revision lacks its event"))?;
            let version = document.as_ref().and_then(|document| document.get("version")?.as_i64());
            described.push(VersionRow { version, changes, more_changes, ..event });
            older = document;
        }
        described.reverse();
        Ok(described)
    }

    /// A document as it is stored; none where it was removed, or cannot be read.
    pub(super) async fn document(
        &self,
        place: &Looked,
        subject: &Subject,
        revision: i64,
    ) -> Result<Option<Value>> {
        let (db, environment) = (self.0.reader(), place.environment.id);
        let document = documents::of_revision(db, environment, subject.name(), revision).await?;
        let Some(document) = document else { return Ok(None) };
        aside(move || serde_json::from_str(document.text()?).ok()).await
    }

    /// How revisions came about, as far as the flag or segment goes.
    async fn events(
        &self,
        place: &Looked,
        subject: &Subject,
        revisions: &[i64],
    ) -> Result<HashMap<i64, VersionRow>> {
        let (db, (kind, key)) = (self.0.reader(), subject.name());
        let rows = environment_revision::Entity::find()
            .filter(environment_revision::Column::OrgId.eq(place.org_id))
            .filter(environment_revision::Column::EnvironmentId.eq(place.environment.id))
            .filter(environment_revision::Column::Revision.is_in(revisions.iter().copied()))
            .all(db)
            .await?;
        // Work on many flags at once has an entry for each, and one for all of it.
        let own = Condition::all()
            .add(audit_event::Column::EnvironmentId.eq(place.environment.id))
            .add(audit_event::Column::Revision.is_in(revisions.iter().copied()))
            .add(audit_event::Column::ResourceKind.eq(kind))
            .add(audit_event::Column::ResourceKey.eq(key));
        let common = audit_event::Column::Seq.is_in(rows.iter().map(|row| row.audit_seq));
        let found = audit_event::Entity::find()
            .filter(audit_event::Column::OrgId.eq(place.org_id))
            .filter(Condition::any().add(own).add(common))
            .all(db)
            .await?;
        let names = self.names(&found).await?;
        let mut events = HashMap::new();
        for row in rows {
            let is_own = |event: &&audit_event::Model| {
                event.environment_id == Some(place.environment.id)
                    && event.revision == Some(row.revision)
                    && (event.resource_kind.as_str(), event.resource_key.as_str()) == (kind, key)
            };
            let event =
                found.iter().find(is_own).or_else(|| found.iter().find(|event| event.seq == row.audit_seq));
            let event = event.ok_or(Error::Invariant("a revision lacks its event"))?;
            let author = Author {
                kind: event.actor_kind.clone(),
                id: event.actor.clone(),
                name: names.get(&event.actor).cloned(),
            };
            let row = VersionRow {
                version: None,
                revision: row.revision,
                at: row.at,
                author,
                action: event.action.clone(),
                comment: event.comment.clone(),
                changes: Vec::new(),
                more_changes: 0,
            };
            events.insert(row.revision, row);
        }
        Ok(events)
    }

    /// The names of the people who did something, by their ids.
    pub(super) async fn names(&self, events: &[audit_event::Model]) -> Result<HashMap<String, String>> {
        let people = events.iter().filter(|event| event.actor_kind == "user");
        let ids = people.filter_map(|event| event.actor.parse().ok().map(UserId));
        let rows: Vec<(UserId, String)> = user_account::Entity::find()
            .select_only()
            .columns([user_account::Column::Id, user_account::Column::Name])
            .filter(user_account::Column::Id.is_in(ids))
            .into_tuple()
            .all(self.0.reader())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
    }
}

/// The documents of a flag or a segment in an environment.
pub(super) fn documents_of(place: &Looked, subject: &Subject) -> Select<environment_document::Entity> {
    let (kind, key) = subject.name();
    environment_document::Entity::find()
        .filter(Column::OrgId.eq(place.org_id))
        .filter(Column::EnvironmentId.eq(place.environment.id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Key.eq(key))
}
