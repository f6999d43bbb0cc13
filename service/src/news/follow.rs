//! Following an organization: what was missed, and what comes.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::audit::News;
use domain::{OrgId, OrgSlug};
use entity::organization;
use sea_orm::EntityTrait;
use tokio::sync::broadcast::{self, Receiver};

use super::{MOST, Room, Told, WAITING, read};
use crate::audit::Audit;
use crate::error::Result;
use crate::{Actor, Services, scope};

/// Where somebody's following begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// After this entry: everything since is told.
    After(i64),
    /// After this entry, the newest one: what they know is too old, and what happened since is not told.
    Anew(i64),
}

/// Somebody who follows an organization. Dropped, they do no more.
#[derive(Debug)]
pub struct Follower {
    begin: Begin,
    missed: VecDeque<News>,
    told: Receiver<Told>,
    /// The number of the last entry that they were told.
    last: i64,
}

impl Audit<'_> {
    /// Begins to follow an organization: after an entry that they know, or from now on.
    ///
    /// What they may see is checked now. Whoever goes on asks again when rights have changed
    /// ([`Services::access_changes`]).
    ///
    /// # Errors
    /// When the actor may not see the organization, or the database fails.
    pub async fn follow(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        after: Option<i64>,
    ) -> Result<Follower> {
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        let (told, head) = self.0.enter(org.id).await?;
        let after = after.unwrap_or(head);
        // The page may know of an entry that this node has not told of yet.
        let newest = if after > head { read::head(self.0.reader(), org.id).await? } else { head };
        if after > newest || newest.saturating_sub(after) > MOST {
            return Ok(Follower { begin: Begin::Anew(newest), missed: VecDeque::new(), told, last: newest });
        }
        let missed = match after < head {
            true => read::between(self.0.reader(), org.id, after, head).await?.into(),
            false => VecDeque::new(),
        };
        Ok(Follower { begin: Begin::After(after), missed, told, last: after })
    }
}

impl Services {
    /// Joins those who follow an organization. All entries after the one that is named are told.
    async fn enter(&self, id: OrgId) -> Result<(Receiver<Told>, i64)> {
        let mut rooms = self.inner.news.rooms.lock().await;
        if let Some(room) = rooms.followed.get(&id) {
            return Ok((room.told.subscribe(), room.head));
        }
        if rooms.instance.is_none() {
            rooms.instance = Some(read::head(self.reader(), OrgId::INSTANCE).await?);
        }
        let head = read::head(self.reader(), id).await?;
        let row = organization::Entity::find_by_id(id).one(self.reader()).await?;
        let (sender, told) = broadcast::channel(WAITING);
        let access_revision = row.map(|row| row.access_revision);
        rooms.followed.insert(id, Room { head, access_revision, told: sender });
        Ok((told, head))
    }
}

impl Follower {
    /// Where it began.
    pub fn begin(&self) -> Begin {
        self.begin
    }

    /// Waits for what happens next. None where something was lost on the way: whoever wants to go on begins anew.
    pub async fn next(&mut self) -> Option<Arc<News>> {
        if let Some(missed) = self.missed.pop_front() {
            self.last = missed.seq;
            return Some(Arc::new(missed));
        }
        loop {
            match self.told.recv().await {
                Ok(Told::News(news)) if news.seq <= self.last => {}
                Ok(Told::News(news)) => {
                    self.last = news.seq;
                    return Some(news);
                }
                Ok(Told::Lost) | Err(_) => return None,
            }
        }
    }
}
