//! Looking for entries: the newest first, by what they say.

use domain::audit::{AuditEntry, AuditFilter, AuditPage, By};
use domain::{Error as Refusal, Millis, OrgId, OrgSlug, Page};
use entity::audit_event;
use sea_orm::sea_query::{Alias, Expr, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::containing::containing;
use super::places::Places;
use super::{Audit, read, weight};
use crate::error::Result;
use crate::{Actor, page, scope};

impl Audit<'_> {
    /// A part of an organization's log, the newest first: as many entries as are wanted, of those before one, or from
    /// the newest on.
    ///
    /// # Errors
    /// When the actor may not see the organization, there never was such a place, or the database fails.
    pub async fn page(
        &self,
        actor: &Actor,
        organization: &OrgSlug,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<AuditPage> {
        domain::validate(filter)?;
        domain::validate(page)?;
        let org = scope::organization(self.0.reader(), actor, organization).await?;
        // How many there are, which fit and what they say is asked one after the other, of one moment.
        let db = &self.0.database().moment().await?;
        let search = Search::new(db, org.id, filter).await?;
        let total = search.select(None).count(db).await?;
        let list = page::List::new("audit", &org.id, filter)?;
        let before = list.after(page.cursor.as_deref())?;
        let (rows, has_more) = search.before(db, before, u64::from(page.limit)).await?;
        let next = rows.last().filter(|_| has_more).map(|last| list.end(last.seq)).transpose()?;
        Ok(AuditPage { entries: read::entries(db, org.id, rows).await?, next, total })
    }

    /// An entry of an organization's log by its number.
    ///
    /// # Errors
    /// When the actor may not see the organization, there is no such entry, or the database fails.
    pub async fn entry(&self, actor: &Actor, organization: &OrgSlug, seq: i64) -> Result<AuditEntry> {
        let db = self.0.reader();
        let org = scope::organization(db, actor, organization).await?;
        let row = audit_event::Entity::find_by_id((org.id, seq)).one(db).await?;
        let entry = read::entries(db, org.id, row.into_iter().collect()).await?.pop();
        Ok(entry.ok_or_else(|| Refusal::not_found(format!("entry {seq}")))?)
    }
}

/// What is looked for in one organization's log.
#[derive(Clone, Debug)]
pub(super) struct Search {
    org_id: OrgId,
    actor: Option<By>,
    action: Option<String>,
    resource: Option<String>,
    places: Places,
    from: Option<Millis>,
    until: Option<Millis>,
    /// What holds for entries with a text.
    containing: Option<Condition>,
}

impl Search {
    /// Finds what a filter names.
    pub(super) async fn new(db: &impl ConnectionTrait, org_id: OrgId, filter: &AuditFilter) -> Result<Self> {
        let AuditFilter { q, actor, action, resource, project, environment, from, until } = filter.clone();
        let places = Places::named(db, org_id, project.as_deref(), environment.as_deref()).await?;
        let text = q.filter(|text| !text.is_empty());
        let containing = text.map(|text| containing(db.get_database_backend(), org_id, &text));
        Ok(Self { org_id, actor, action, resource, places, from, until, containing })
    }

    /// The entries before one, or from the newest on: so many at most, and fewer where they are long. Says whether there
    /// are more.
    pub(super) async fn before(
        &self,
        db: &impl ConnectionTrait,
        before: Option<i64>,
        limit: u64,
    ) -> Result<(Vec<audit_event::Model>, bool)> {
        // One more than is wanted tells whether there are more.
        let found =
            self.select(before).order_by_desc(audit_event::Column::Seq).limit(limit.saturating_add(1));
        let (fit, has_more) = weight::fitting(found.clone(), db, limit).await?;
        Ok((found.limit(fit).all(db).await?, has_more))
    }

    fn select(&self, before: Option<i64>) -> Select<audit_event::Entity> {
        let Self { org_id, actor, action, resource, places, from, until, containing } = self;
        let mut found = audit_event::Entity::find().filter(audit_event::Column::OrgId.eq(*org_id));
        if let Some(by) = actor {
            found = match by {
                By::User(id) => found
                    .filter(audit_event::Column::ActorKind.eq("user"))
                    .filter(audit_event::Column::Actor.eq(id.to_string())),
                By::System => found.filter(audit_event::Column::ActorKind.eq("system")),
                By::Anonymous => found.filter(audit_event::Column::ActorKind.eq("anonymous")),
            };
        }
        if let Some(action) = action {
            found = match action.ends_with('.') {
                true => found.filter(beginning(audit_event::Column::Action, action).eq(action.as_str())),
                false => found.filter(audit_event::Column::Action.eq(action.as_str())),
            };
        }
        if let Some(resource) = resource {
            found = match resource.split_once(':') {
                Some((kind, key)) => found
                    .filter(audit_event::Column::ResourceKind.eq(kind))
                    .filter(audit_event::Column::ResourceKey.eq(key)),
                None => found.filter(audit_event::Column::ResourceKind.eq(resource.as_str())),
            };
        }
        // An environment says which project it is, also in entries from before projects were written.
        if let Some(environments) = &places.environments {
            found = found.filter(audit_event::Column::EnvironmentId.is_in(environments.iter().copied()));
        } else if let Some(projects) = &places.projects {
            found = found.filter(audit_event::Column::ProjectId.is_in(projects.iter().copied()));
        }
        if let Some(from) = from {
            found = found.filter(audit_event::Column::At.gte(*from));
        }
        if let Some(until) = until {
            found = found.filter(audit_event::Column::At.lt(*until));
        }
        if let Some(containing) = containing {
            found = found.filter(containing.clone());
        }
        match before {
            Some(seq) => found.filter(audit_event::Column::Seq.lt(seq)),
            None => found,
        }
    }
}

/// As much of a column's beginning as a text has. LIKE would take `_` for any letter, and a range would depend on how the
/// database sorts.
fn beginning(column: audit_event::Column, text: &str) -> Expr {
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    let (from, length) = (Expr::value(1_i32), Expr::value(length));
    Func::cust(Alias::new("substr")).arg(Expr::col(column)).arg(from).arg(length).into()
}
