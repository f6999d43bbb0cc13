use domain::history::VersionRow;
use domain::orgs::ProjectRef;
use domain::{EnvironmentId, EnvironmentKey, Error as Refusal, OrgId};
use entity::environment_document::{Column, Entity};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;

use super::versions::documents_of;
use super::{History, Subject};
use crate::error::Result;
use crate::{Actor, documents};

/// A document begins with its format, its semantics, its key of at most 200 bytes and its version, and these are fewer
/// characters.
const HEAD: i32 = 400;

impl History<'_> {
    /// One version of a flag or of a segment in one environment, with its document.
    ///
    /// # Errors
    /// When the actor may not see the environment, there never was such a version, or the database fails.
    pub async fn version(
        &self,
        actor: &Actor,
        project: &ProjectRef,
        subject: &Subject,
        environment: &EnvironmentKey,
        version: i64,
    ) -> Result<(VersionRow, Value)> {
        let place = self.look(actor, project, environment).await?;
        let (db, whose) = (self.0.reader(), (place.org_id, place.environment.id));
        let (revision, document) = match find(db, whose, subject.name(), version).await? {
            Some(found) => found,
            None if documents_of(&place, subject).one(db).await?.is_none() => {
                return Err(subject.missing().into());
            }
            None => return Err(Refusal::not_found(format!("version {version}")).into()),
        };
        let older = documents_of(&place, subject).filter(Column::Revision.lt(revision));
        let before = self.revisions(older, 1).await?.pop();
        let mut described = self.describe(&place, subject, &[revision], before).await?;
        let row = described.pop().ok_or_else(|| Refusal::not_found(format!("version {version}")))?;
        Ok((row, document))
    }
}

/// The newest document of a version, and the revision that it came with.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    (org_id, environment): (OrgId, EnvironmentId),
    (kind, key): (&str, &str),
    version: i64,
) -> Result<Option<(i64, Value)>> {
    // Whether a document is of the version is asked of its beginning first: reading all of them would take long.
    let head = || {
        let text = Expr::col(Column::Document);
        Expr::expr(Func::cust("substr").arg(text).arg(Expr::val(1)).arg(Expr::val(HEAD)))
    };
    let is_of_version = Condition::any()
        .add(head().like(format!("%\"version\":{version},%")))
        .add(head().like(format!("%\"version\":{version}}}%")));
    let revisions: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::Revision)
        .filter(Column::OrgId.eq(org_id))
        .filter(Column::EnvironmentId.eq(environment))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Key.eq(key))
        .filter(is_of_version)
        .order_by_desc(Column::Revision)
        .into_tuple()
        .all(db)
        .await?;
    for revision in revisions {
        let document = documents::of_revision(db, environment, (kind, key), revision).await?;
        let document = document.and_then(|document| serde_json::from_str::<Value>(document.text()?).ok());
        if let Some(document) = document.filter(|document| document["version"] == version) {
            return Ok(Some((revision, document)));
        }
    }
    Ok(None)
}
