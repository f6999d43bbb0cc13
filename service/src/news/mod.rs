//! What happens in organizations, for pages that are open: entries of the audit log, told as they are appended.
//!
//! A node reads the log once for each organization that somebody follows, however many do, and looks for all of them at
//! once: after each change of its own, at hints of other nodes, and each second as the guarantee.

mod follow;
mod read;

use std::collections::HashMap;
use std::sync::Arc;

use domain::OrgId;
use domain::audit::News;
use entity::{audit_chain, audit_event, organization};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use tokio::sync::{Mutex, Notify, broadcast};

use crate::Services;
use crate::error::Result;

pub use follow::{Begin, Follower};
pub(crate) use read::head;

/// How many entries one look tells of an organization, and how many somebody who comes back is told. Of more they hear
/// that there were some: a page asks anew anyway.
const MOST: i64 = 200;

/// How many entries wait for whoever is slow. Who is slower begins anew.
const WAITING: usize = 256;

/// What happens outside of organizations and ends nobody's session.
const HARMLESS: [&str; 5] =
    ["user.signed_in", "user.sign_in_failed", "user.signed_up", "user.created", "denied"];

/// Who follows which organization on this node.
#[derive(Default)]
pub(crate) struct Hub {
    /// Its lock lets one look happen at a time.
    rooms: Mutex<Rooms>,
    due: Notify,
}

#[derive(Default)]
struct Rooms {
    followed: HashMap<OrgId, Room>,
    /// The number of the newest entry of the instance's own log, where somebody follows anything.
    instance: Option<i64>,
}

/// Those who follow one organization.
struct Room {
    /// The number of the newest entry that they were told.
    head: i64,
    access_revision: Option<i64>,
    told: broadcast::Sender<Told>,
}

/// What those who follow are told.
#[derive(Clone, Debug)]
enum Told {
    News(Arc<News>),
    /// Something happened that is not told.
    Lost,
}

impl Hub {
    /// There may be something to tell.
    pub(crate) fn wake(&self) {
        self.due.notify_one();
    }

    /// Waits until there may be something to tell. One waits.
    pub(crate) async fn due(&self) {
        self.due.notified().await;
    }
}

impl Services {
    /// Tells those who follow what has happened since the last look.
    pub(crate) async fn tell_news(&self) -> Result<()> {
        let mut rooms = self.inner.news.rooms.lock().await;
        rooms.followed.retain(|_, room| room.told.receiver_count() > 0);
        if rooms.followed.is_empty() {
            rooms.instance = None;
            return Ok(());
        }
        let ids: Vec<_> = rooms.followed.keys().copied().collect();
        let heads = self.heads(&ids).await?;
        let revisions = self.access_revisions(&ids).await?;
        let mut is_access_changed =
            self.ended_sessions(&mut rooms, heads.get(&OrgId::INSTANCE).copied()).await?;
        for (id, room) in &mut rooms.followed {
            let revision = revisions.get(id).copied();
            is_access_changed |= std::mem::replace(&mut room.access_revision, revision) != revision;
        }
        // First, so that nobody is told what they may not see any more.
        if is_access_changed {
            self.inner.access_changes.send_modify(|changes| *changes += 1);
        }
        for (id, room) in &mut rooms.followed {
            let head = heads.get(id).copied().unwrap_or_default();
            self.tell(*id, room, head).await?;
        }
        Ok(())
    }

    /// Tells those who follow one organization of entries up to one.
    async fn tell(&self, id: OrgId, room: &mut Room, head: i64) -> Result<()> {
        // Nobody who receives is no failure: they left since.
        match head - room.head {
            0 => {}
            1..=MOST => {
                for news in read::between(self.reader(), id, room.head, head).await? {
                    let _ = room.told.send(Told::News(Arc::new(news)));
                }
            }
            // A log that is shorter than before is that of a database that was restored, or of a deleted organization.
            _ => drop(room.told.send(Told::Lost)),
        }
        room.head = head;
        Ok(())
    }

    /// The numbers of the newest entries of organizations, and of the instance.
    async fn heads(&self, ids: &[OrgId]) -> Result<HashMap<OrgId, i64>> {
        let heads: Vec<(OrgId, i64)> = audit_chain::Entity::find()
            .select_only()
            .columns([audit_chain::Column::OrgId, audit_chain::Column::Seq])
            .filter(audit_chain::Column::OrgId.is_in(ids.iter().copied().chain([OrgId::INSTANCE])))
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(heads.into_iter().collect())
    }

    /// How often keys and memberships of organizations have changed; nothing of those that are gone.
    async fn access_revisions(&self, ids: &[OrgId]) -> Result<HashMap<OrgId, i64>> {
        let revisions: Vec<(OrgId, i64)> = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Id, organization::Column::AccessRevision])
            .filter(organization::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(self.reader())
            .await?;
        Ok(revisions.into_iter().collect())
    }

    /// Whether sessions may have ended since the last look, on whichever node.
    async fn ended_sessions(&self, rooms: &mut Rooms, head: Option<i64>) -> Result<bool> {
        let head = head.unwrap_or_default();
        let Some(before) = rooms.instance.filter(|before| *before != head) else {
            rooms.instance = Some(head);
            return Ok(false);
        };
        let ends = audit_event::Entity::find()
            .filter(audit_event::Column::OrgId.eq(OrgId::INSTANCE))
            .filter(audit_event::Column::Seq.gt(before))
            .filter(audit_event::Column::Action.is_not_in(HARMLESS));
        let are_some = head < before || ends.count(self.reader()).await? > 0;
        rooms.instance = Some(head);
        Ok(are_some)
    }
}
