use std::collections::BTreeMap;

use domain::history::{Moment, PastRuleset, Unreadable};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error as Refusal};
use engine::ruleset::{FORMAT, Flag, SEMANTICS, Segment};
use entity::environment_revision::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::de::DeserializeOwned;

use super::{History, Looked};
use crate::Actor;
use crate::documents::{self, Document};
use crate::error::Result;

impl History<'_> {
    /// All flags and segments of an environment at some moment. What is stored and cannot be read is told of.
    ///
    /// # Errors
    /// When the actor may not see the environment, it never had such a revision, or the database fails.
    pub async fn ruleset(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        environment: &EnvironmentKey,
        moment: Moment,
    ) -> Result<PastRuleset> {
        moment.check()?;
        let place = self.look(actor, project, environment).await?;
        let revision = self.revision_at(&place, moment).await?;
        let environment = place.environment;
        let documents = documents::newest(self.0.reader(), environment.id, 0, revision).await?;
        let mut unreadable = Vec::new();
        let (mut flags, mut segments) = (BTreeMap::new(), BTreeMap::new());
        for document in &documents {
            let Some(text) = document.text() else { continue };
            let read = match document.kind() {
                "segment" => read::<Segment>(text, |segment| (segment.format, segment.semantics))
                    .map(|segment| drop(segments.insert(document.key().to_owned(), segment))),
                _ => read::<Flag>(text, |flag| (flag.format, flag.semantics))
                    .map(|flag| drop(flags.insert(document.key().to_owned(), flag))),
            };
            if let Err(message) = read {
                unreadable.push(fault(document, message));
            }
        }
        unreadable.sort_by(|a, b| (&a.kind, &a.key).cmp(&(&b.kind, &b.key)));
        Ok(PastRuleset {
            format: FORMAT,
            environment: environment.key,
            revision,
            flags,
            segments,
            unreadable,
        })
    }

    /// The revision that an environment had at some moment.
    pub(super) async fn revision_at(&self, place: &Looked, moment: Moment) -> Result<i64> {
        let revisions = Entity::find()
            .filter(Column::OrgId.eq(place.org_id))
            .filter(Column::EnvironmentId.eq(place.environment.id));
        match moment {
            // What every environment begins with: nothing.
            Moment { revision: Some(0), .. } => Ok(0),
            Moment { revision: Some(revision), .. } => {
                let found = revisions.filter(Column::Revision.eq(revision)).one(self.0.reader()).await?;
                Ok(found.ok_or_else(|| Refusal::not_found(format!("revision {revision}")))?.revision)
            }
            Moment { at: Some(at), .. } => {
                let until = revisions.filter(Column::At.lte(at)).order_by_desc(Column::Revision);
                Ok(until.one(self.0.reader()).await?.map_or(0, |row| row.revision))
            }
            Moment { revision: None, at: None } => Ok(place.environment.revision),
        }
    }
}

/// A document as this version of Togglebit reads it.
fn read<T: DeserializeOwned>(
    text: &str,
    written_for: impl FnOnce(&T) -> (u32, u32),
) -> std::result::Result<T, String> {
    let document = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (format, semantics) = written_for(&document);
    match format > FORMAT || semantics > SEMANTICS {
        true => Err("written by a later version".to_owned()),
        false => Ok(document),
    }
}

fn fault(document: &Document, message: String) -> Unreadable {
    Unreadable { kind: document.kind().to_owned(), key: document.key().to_owned(), message }
}
