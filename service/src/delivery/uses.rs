//! When keys were used last: one store each, written down with the counters. It outlives the table of keys, which is made
//! anew with each change.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{ApiKeyId, Millis};
use entity::api_key;
use sea_orm::sea_query::{CaseStatement, Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::Result;

/// How many keys one statement writes: SQLite takes 32 766 parameters, and a key has 5.
const KEYS_A_STATEMENT: usize = 1000;

/// What is remembered of a key between two tables.
#[derive(Debug, Default)]
pub(super) struct Use {
    /// When it was used last, and the last time of that which is written down; 0 for never.
    at: AtomicI64,
    written: AtomicI64,
    /// How many follow its environment by it.
    pub(super) streams: AtomicUsize,
}

impl Use {
    /// Remembers that the key was used.
    pub(super) fn note(&self, now: Millis) {
        // Most requests of a busy key come in the same millisecond as another, and leave its memory to others.
        if self.at.load(Ordering::Relaxed) < now.0 {
            self.at.store(now.0, Ordering::Relaxed);
        }
    }

    /// When it was used last, where that is not written down.
    fn unwritten(&self) -> Option<i64> {
        let at = self.at.load(Ordering::Relaxed);
        (at > self.written.load(Ordering::Relaxed)).then_some(at)
    }
}

/// What is remembered of all keys.
#[derive(Debug, Default)]
pub(super) struct Uses(Mutex<HashMap<ApiKeyId, Arc<Use>>>);

/// When keys were used last, about to be written down.
pub(super) struct Unwritten(Vec<(ApiKeyId, Arc<Use>, i64)>);

impl Uses {
    /// What is remembered of a key.
    pub(super) fn of(&self, id: ApiKeyId) -> Arc<Use> {
        Arc::clone(self.lock().entry(id).or_default())
    }

    /// What is to be written down. Keys that are in no table any more are forgotten after that.
    pub(super) fn unwritten(&self) -> Unwritten {
        let mut uses = self.lock();
        uses.retain(|_, it| Arc::strong_count(it) > 1 || it.unwritten().is_some());
        let found = uses.iter().filter_map(|(id, it)| Some((*id, Arc::clone(it), it.unwritten()?)));
        Unwritten(found.collect())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Arc<Use>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unwritten {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them; what another node has seen later stays. Returns the keys that somebody else is changing in this moment,
    /// which are left for the next time: nodes would lock them in whatever order they come upon them, so nobody waits.
    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<HashSet<ApiKeyId>> {
        let mut busy = HashSet::new();
        for keys in self.0.chunks(KEYS_A_STATEMENT) {
            let found = api_key::Entity::find().select_only().column(api_key::Column::Id);
            let found = found.filter(api_key::Column::Id.is_in(keys.iter().map(|(id, ..)| *id)));
            busy.extend(found.clone().into_tuple::<ApiKeyId>().all(tx).await?);
            let free = found.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
            let free: HashSet<_> = free.into_tuple::<ApiKeyId>().all(tx).await?.into_iter().collect();
            let of_key = |case: CaseStatement, (id, _, at): &(ApiKeyId, _, i64)| {
                case.case(Expr::col(api_key::Column::Id).eq(*id), *at)
            };
            let at = Expr::Case(Box::new(keys.iter().fold(CaseStatement::new(), of_key)));
            let is_older = Expr::col(api_key::Column::LastUsedAt).lt(at.clone());
            api_key::Entity::update_many()
                .col_expr(api_key::Column::LastUsedAt, at)
                .filter(api_key::Column::Id.is_in(free.iter().copied()))
                .filter(api_key::Column::LastUsedAt.is_null().or(is_older))
                .exec(tx)
                .await?;
            busy.retain(|id| !free.contains(id));
        }
        Ok(busy)
    }

    /// Remembers that they are written, but for those that are busy.
    pub(super) fn written(&self, busy: &HashSet<ApiKeyId>) {
        for (_, it, at) in self.0.iter().filter(|(id, ..)| !busy.contains(id)) {
            it.written.store(*at, Ordering::Relaxed);
        }
    }
}
