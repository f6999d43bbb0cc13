use std::collections::HashSet;

use domain::access::Action;
use domain::segments::{Audience, KeyList, SegmentPlace, UploadKeys, UploadMode, Uploaded};
use domain::{Error as Refusal, ProjectId};

use super::configure::{replace, resource, told};
use super::keys::{KeyFormat, KeyReader};
use super::{Segments, store};
use crate::actor::Grant;
use crate::error::Result;
use crate::event::Event;
use crate::flags::check::aside;
use crate::{Actor, Services, scope};

/// A list of keys that is being sent, by somebody who may.
pub struct KeyUpload<'s> {
    services: &'s Services,
    grant: Grant,
    project: ProjectId,
    place: SegmentPlace,
    command: UploadKeys,
    reader: KeyReader,
}

impl<'s> Segments<'s> {
    /// Begins to take keys for a list of a segment in one environment. Nothing changes before all of them are there.
    ///
    /// # Errors
    /// When the actor may not, or the command is against the rules.
    pub async fn upload(
        &self,
        actor: &Actor,
        place: SegmentPlace,
        format: KeyFormat,
        command: UploadKeys,
    ) -> Result<KeyUpload<'s>> {
        domain::validate(&command)?;
        let reader = KeyReader::new(format, command.column.clone(), command.header)?;
        let project = scope::project(self.0.reader(), actor, &place.project).await?;
        let grant = self.0.grant(actor, Action::ConfigureSegment, project.org.place()).await?;
        Ok(KeyUpload { services: self.0, grant, project: project.id, place, command, reader })
    }
}

impl KeyUpload<'_> {
    /// Takes the next bytes, wherever they were cut.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the line where a key is none, and [`Refusal::TooLarge`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.reader.push(bytes)?)
    }

    /// Does with the keys what was asked for. A list that stays as it is gets no new version.
    ///
    /// # Errors
    /// When the last key is none, the actor may not, there is no such segment, another version is there than the one that
    /// the author saw, or the list gets too long.
    pub async fn finish(self) -> Result<Uploaded> {
        let Self { services, grant, project, place, command, reader } = self;
        let (read, keys) = reader.finish()?;
        services
            .change(grant, move |tx| {
                Box::pin(async move {
                    let environment = tx.environment(project, &place.environment).await?;
                    let before = store::lock(tx, project, &place.segment, &environment).await?;
                    store::expect_version(&before.segment.key, command.version, before.version)?;
                    let mut audience = before.audience.clone();
                    let (audience, total, (added, removed)) = aside(move || {
                        let list = list_of(&mut audience, command.list);
                        let came = apply(list, keys, command.mode);
                        let total = count(list.len());
                        (audience, total, came)
                    })
                    .await?;
                    let is_same = added == 0 && removed == 0;
                    let mut done = Uploaded {
                        read,
                        added,
                        removed,
                        total,
                        version: before.version,
                        revision: environment.row.revision,
                    };
                    if is_same {
                        tx.abandon();
                        return Ok((done, Event::nothing()));
                    }
                    let after = replace(tx, &environment, &before, audience).await?;
                    done.version = after.version;
                    done.revision = tx.next_revision(&environment).unwrap_or(done.revision);
                    let event = Event::segment_configured(resource(&after));
                    let event = told(event, &environment, &before, &after)?.comment(command.comment);
                    Ok((done, event))
                })
            })
            .await
    }
}

fn list_of(audience: &mut Audience, list: KeyList) -> &mut Vec<String> {
    match list {
        KeyList::Included => &mut audience.included,
        KeyList::Excluded => &mut audience.excluded,
    }
}

/// Does with a list what was asked for, and counts the keys that it gained and lost.
fn apply(list: &mut Vec<String>, keys: Vec<String>, mode: UploadMode) -> (u64, u64) {
    let before = list.len();
    match mode {
        UploadMode::Replace => {
            let known: HashSet<&str> = list.iter().map(String::as_str).collect();
            let stayed = keys.iter().filter(|key| known.contains(key.as_str())).count();
            let added = keys.len() - stayed;
            // In the order that was there, if the keys are the same.
            if added > 0 || stayed < before {
                *list = keys;
            }
            (count(added), count(before - stayed))
        }
        UploadMode::Add => {
            let known: HashSet<&str> = list.iter().map(String::as_str).collect();
            let new: Vec<_> = keys.into_iter().filter(|key| !known.contains(key.as_str())).collect();
            list.extend(new);
            (count(list.len() - before), 0)
        }
        UploadMode::Remove => {
            let gone: HashSet<String> = keys.into_iter().collect();
            list.retain(|key| !gone.contains(key));
            (0, count(before - list.len()))
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The largest body in bytes.
pub(super) const LIMIT: usize = domain::segments::LIST_BYTES;

/// What is said of more bytes than that.
pub(super) fn too_large() -> Refusal {
    Refusal::TooLarge { limit: LIMIT as u64 }
}
