//! How many streams there are on all nodes together: each writes down its own from time to time.

use std::collections::HashSet;

use domain::{EnvironmentId, OrgId};
use entity::environment;
use entity::stream_count::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::Delivery;
use crate::Result;

/// For how long what a node has written is taken for what it has. Clocks may be some seconds apart.
const TRUSTED_MS: i64 = 30_000;

/// For how long what a node has written is kept. It deletes it itself when it stops.
const KEPT_MS: i64 = 600_000;

/// How many rows one statement writes: SQLite takes 32 766 parameters, and a row has 5.
const ROWS_A_STATEMENT: usize = 1000;

impl Delivery {
    /// Writes down how many streams this node has of each environment, for the others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_streams(&self) -> Result<()> {
        let (db, now) = (self.0.database.writer(), self.now());
        let row = |(environment, org_id, streams): (EnvironmentId, OrgId, usize)| ActiveModel {
            org_id: Set(org_id),
            environment_id: Set(environment),
            node: Set(self.0.node.clone()),
            streams: Set(i64::try_from(streams).unwrap_or(i64::MAX)),
            counted_at: Set(now),
        };
        let rows: Vec<_> = self.followed().await?.into_iter().map(row).collect();
        let replace = OnConflict::columns([Column::EnvironmentId, Column::Node])
            .update_columns([Column::Streams, Column::CountedAt])
            .to_owned();
        for rows in rows.chunks(ROWS_A_STATEMENT) {
            let insert = Entity::insert_many(rows.iter().cloned()).on_conflict(replace.clone());
            insert.exec_without_returning(db).await?;
        }
        let is_mine = Column::Node.eq(&*self.0.node).and(Column::CountedAt.lt(now));
        let is_over = is_mine.or(Column::CountedAt.lt(now.plus(-KEPT_MS)));
        Entity::delete_many().filter(is_over).exec(db).await?;
        Ok(())
    }

    /// Deletes what this node has written down.
    pub(crate) async fn forget_streams(&self) -> Result<()> {
        let is_mine = Column::Node.eq(&*self.0.node);
        Entity::delete_many().filter(is_mine).exec(self.0.database.writer()).await?;
        Ok(())
    }

    /// How many follow an environment on this node.
    pub(crate) fn streams_here(&self, environment: EnvironmentId) -> usize {
        self.0.environments.load().get(&environment).map_or(0, |live| live.streams())
    }

    /// How many follow an environment: on this node now, and on the others as of some seconds ago.
    pub(crate) async fn streams_of(&self, org_id: OrgId, environment: EnvironmentId) -> Result<usize> {
        let others: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::Streams)
            .filter(Column::OrgId.eq(org_id))
            .filter(Column::EnvironmentId.eq(environment))
            .filter(Column::Node.ne(&*self.0.node))
            .filter(Column::CountedAt.gt(self.now().plus(-TRUSTED_MS)))
            .into_tuple()
            .all(self.0.database.reader())
            .await?;
        let here = self.streams_here(environment);
        Ok(others
            .into_iter()
            .filter_map(|streams| usize::try_from(streams).ok())
            .fold(here, usize::saturating_add))
    }

    /// The environments that somebody follows on this node, and how many. Without those that are deleted, and that this node
    /// has not seen to be.
    async fn followed(&self) -> Result<Vec<(EnvironmentId, OrgId, usize)>> {
        let environments = self.0.environments.load_full();
        let followed: Vec<_> = environments.values().filter(|live| live.streams() > 0).collect();
        let mut there = HashSet::new();
        for some in followed.chunks(ROWS_A_STATEMENT) {
            let ids = environment::Entity::find().select_only().column(environment::Column::Id);
            let ids = ids.filter(environment::Column::Id.is_in(some.iter().map(|live| live.id)));
            there.extend(ids.into_tuple::<EnvironmentId>().all(self.0.database.reader()).await?);
        }
        let followed = followed.into_iter().filter(|live| there.contains(&live.id));
        Ok(followed.map(|live| (live.id, live.snapshot().meter().org_id(), live.streams())).collect())
    }
}
