//! Finding flags: in the database, so that many of them stay quick to look through.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::flags::{FlagFilter, FlagList, FlagSort, ListFlags, OwnerFilter};
use domain::{EnvironmentId, Error as Refusal, FlagId, Millis};
use entity::{flag, flag_configuration, flag_tag};
use sea_orm::sea_query::{Expr, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Flags, store, view};
use crate::environments::read as environments;
use crate::error::Result;
use crate::scope::ProjectScope;
use crate::secrets::hex;
use crate::{Actor, scope};

impl Flags<'_> {
    /// A page of a project's flags.
    ///
    /// # Errors
    /// When the actor may not see the project, what is asked for is against the rules, or the database fails.
    pub async fn list(&self, actor: &Actor, command: ListFlags) -> Result<FlagList> {
        domain::validate(&command)?;
        command.filter.check()?;
        let db = self.0.reader();
        let ListFlags { project, mut filter, sort, limit, cursor } = command;
        let project = scope::project(db, actor, &project).await?;
        if filter.owner == Some(OwnerFilter::Me) {
            filter.owner = Some(OwnerFilter::User(actor.account()?.id));
        }
        let mut environments = environments::list(db, &project).await?;
        if let Some(key) = &filter.environment {
            environments.retain(|environment| environment.key == *key);
        }
        let environment = match (&filter.environment, environments.first()) {
            (Some(key), None) => {
                let message = format!("the project has no environment `{key}`");
                return Err(Refusal::invalid("environment", message).into());
            }
            (Some(_), Some(environment)) => Some(environment.id),
            (None, _) => None,
        };
        let now = self.0.now();
        let mut found = filtered(&project, &filter, now);
        if let (Some(environment), Some(enabled)) = (environment, filter.enabled) {
            found = found.filter(switched(environment, enabled));
        }
        let total = found.clone().count(db).await?;
        let of = digest(&project, &filter, sort)?;
        if let Some(cursor) = cursor {
            found = found.filter(Cursor::read(&cursor, &of)?.after(sort)?);
        }
        let (column, order) = sorted_by(sort);
        let mut flags = found
            .order_by(column, order.clone())
            .order_by(flag::Column::Id, order)
            .limit(u64::from(limit) + 1)
            .all(db)
            .await?;
        let has_more = flags.len() > limit as usize;
        flags.truncate(limit as usize);
        let next = flags.last().filter(|_| has_more).map(|last| Cursor::at(last, sort, of).write());
        let flags = view::of(db, flags, &environments, now).await?;
        Ok(FlagList { flags, next: next.transpose()?, total })
    }
}

fn filtered(project: &ProjectScope, filter: &FlagFilter, now: Millis) -> Select<flag::Entity> {
    let FlagFilter { text, kind, environment: _, enabled: _, tags, owner, stale, archived } = filter;
    let mut found = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(project.org.id))
        .filter(flag::Column::ProjectId.eq(project.id))
        .filter(match archived {
            true => flag::Column::ArchivedAt.is_not_null(),
            false => flag::Column::ArchivedAt.is_null(),
        });
    if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
        found = found.filter(
            Condition::any()
                .add(contains(flag::Column::KeyLower, text))
                .add(contains(flag::Column::NameLower, text))
                .add(contains(flag::Column::DescriptionLower, text))
                .add(tagged(contains(flag_tag::Column::TagLower, text))),
        );
    }
    if let Some(kind) = kind {
        found = found.filter(flag::Column::Kind.eq(kind.as_str()));
    }
    for tag in tags {
        found = found.filter(tagged(flag_tag::Column::Tag.eq(tag)));
    }
    if let Some(OwnerFilter::User(owner)) = owner {
        found = found.filter(flag::Column::OwnerId.eq(*owner));
    }
    if let Some(stale) = stale {
        let is_stale = Condition::all()
            .add(flag::Column::ArchivedAt.is_null())
            .add(flag::Column::Temporary.eq(true))
            .add(flag::Column::ExpiresAt.is_not_null())
            .add(flag::Column::ExpiresAt.lte(now));
        found = found.filter(if *stale { is_stale } else { is_stale.not() });
    }
    found
}

/// That a flag is on or off in an environment. Asked of each flag by the table's key alone: a database that has not counted
/// its rows would take another index, and look through all rows for each flag. The flag is one of the organization.
fn switched(environment: EnvironmentId, enabled: bool) -> Expr {
    let of_flag = Query::select()
        .expr(Expr::val(1))
        .from(flag_configuration::Entity)
        .and_where(flag_configuration::Column::FlagId.into_expr().equals(flag::Column::Id.as_column_ref()))
        .and_where(flag_configuration::Column::EnvironmentId.eq(environment))
        .and_where(flag_configuration::Column::Enabled.eq(enabled))
        .to_owned();
    Expr::exists(of_flag)
}

/// That a flag has a tag of which this holds, in the same way.
fn tagged(is: Expr) -> Expr {
    let of_flag = Query::select()
        .expr(Expr::val(1))
        .from(flag_tag::Entity)
        .and_where(flag_tag::Column::FlagId.into_expr().equals(flag::Column::Id.as_column_ref()))
        .and_where(is)
        .to_owned();
    Expr::exists(of_flag)
}

/// That a column, which is in lower case, contains a text as it is: `%` and `_` stand for themselves.
fn contains(column: impl ColumnTrait, text: &str) -> Expr {
    let literal = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Expr::col(column.as_column_ref()).like(LikeExpr::new(format!("%{literal}%")).escape('!'))
}

const fn sorted_by(sort: FlagSort) -> (flag::Column, Order) {
    match sort {
        FlagSort::Key => (flag::Column::Key, Order::Asc),
        FlagSort::KeyDescending => (flag::Column::Key, Order::Desc),
        FlagSort::Name => (flag::Column::NameLower, Order::Asc),
        FlagSort::NameDescending => (flag::Column::NameLower, Order::Desc),
        FlagSort::Created => (flag::Column::CreatedAt, Order::Asc),
        FlagSort::CreatedDescending => (flag::Column::CreatedAt, Order::Desc),
        FlagSort::Updated => (flag::Column::UpdatedAt, Order::Asc),
        FlagSort::UpdatedDescending => (flag::Column::UpdatedAt, Order::Desc),
    }
}

/// Tells what is asked for from anything else.
fn digest(project: &ProjectScope, filter: &FlagFilter, sort: FlagSort) -> Result<String> {
    let asked = store::write_json(&(project.id, filter, sort))?;
    Ok(hex(&Sha256::digest(asked)[..8]))
}

/// Where a page ended.
#[derive(Deserialize, Serialize)]
struct Cursor {
    /// What was asked for.
    of: String,
    at: Place,
    id: FlagId,
}

/// What the last flag of a page is sorted by.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Place {
    Time(Millis),
    Text(String),
}

impl Cursor {
    fn at(flag: &flag::Model, sort: FlagSort, of: String) -> Self {
        let at = match sorted_by(sort).0 {
            flag::Column::NameLower => Place::Text(flag.name_lower.clone()),
            flag::Column::CreatedAt => Place::Time(flag.created_at),
            flag::Column::UpdatedAt => Place::Time(flag.updated_at),
            _ => Place::Text(flag.key.clone()),
        };
        Self { of, at, id: flag.id }
    }

    fn write(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(store::write_json(self)?))
    }

    fn read(text: &str, of: &str) -> Result<Self> {
        let cursor = URL_SAFE_NO_PAD.decode(text).ok();
        let cursor: Option<Self> = cursor.and_then(|json| serde_json::from_slice(&json).ok());
        let is_good = |cursor: &Self| {
            cursor.of == of && !matches!(&cursor.at, Place::Text(text) if text.contains('\0'))
        };
        Ok(cursor.filter(is_good).ok_or_else(not_of_this_list)?)
    }

    /// What comes after.
    fn after(self, sort: FlagSort) -> Result<Expr> {
        let (column, order) = sorted_by(sort);
        let is_time = matches!(column, flag::Column::CreatedAt | flag::Column::UpdatedAt);
        let at = match self.at {
            Place::Time(at) if is_time => Expr::val(at.0),
            Place::Text(text) if !is_time => Expr::val(text),
            _ => return Err(not_of_this_list().into()),
        };
        let place =
            Expr::tuple([Expr::col(column.as_column_ref()), Expr::col(flag::Column::Id.as_column_ref())]);
        let last = Expr::tuple([at, Expr::val(self.id)]);
        Ok(match order {
            Order::Desc => place.lt(last),
            _ => place.gt(last),
        })
    }
}

fn not_of_this_list() -> Refusal {
    Refusal::invalid("cursor", "is not the `next` of a list with the same filter and sort")
}
