//! Finding flags: in the database, so that many of them stay quick to look through.

use domain::environments::EnvironmentView;
use domain::flags::{FlagFilter, FlagList, FlagTable, ListFlags, OwnerFilter, State};
use domain::{EnvironmentId, Error as Refusal, FlagId, Millis, Sort};
use entity::{flag, flag_configuration, flag_tag};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::{Flags, view};
use crate::environments::read as environments;
use crate::error::Result;
use crate::page::{self, Place};
use crate::scope::ProjectScope;
use crate::{Actor, scope};

/// How many tags there are to choose from at most: more are looked for by name.
const MOST_TAGS: u64 = 200;

impl Flags<'_> {
    /// A page of a project's flags.
    ///
    /// # Errors
    /// When the actor may not see the project, what is asked for is against the rules, or the database fails.
    pub async fn list(&self, actor: &Actor, command: ListFlags) -> Result<FlagList> {
        domain::validate(&command)?;
        command.filter.check()?;
        let db = self.0.reader();
        let project = scope::project(db, actor, &command.project).await?;
        let mut environments = environments::list(db, &project).await?;
        if let Some(key) = &command.filter.environment {
            environments.retain(|environment| environment.key == *key);
            if environments.is_empty() {
                let message = format!("the project has no environment `{key}`");
                return Err(Refusal::invalid("environment", message).into());
            }
        }
        self.found(actor, &project, command, &environments).await
    }

    /// A page of a project's flags for those who look at one environment, the first one unless it is named: with what the
    /// flags do in the others, too, and with what there is to choose from.
    ///
    /// # Errors
    /// When the actor may not see the project, there is no such environment, what is asked for is against the rules, or the
    /// database fails.
    pub async fn table(&self, actor: &Actor, mut command: ListFlags) -> Result<FlagTable> {
        domain::validate(&command)?;
        let db = self.0.reader();
        let project = scope::project(db, actor, &command.project).await?;
        let environments = environments::list(db, &project).await?;
        let environment = environments::choose(&environments, command.filter.environment.as_ref())?.key;
        command.filter.environment = Some(environment.clone());
        let list = self.found(actor, &project, command, &environments).await?;
        let of_project = Query::select()
            .column(flag::Column::Id)
            .from(flag::Entity)
            .and_where(flag::Column::OrgId.eq(project.org.id))
            .and_where(flag::Column::ProjectId.eq(project.id))
            .to_owned();
        let tags = flag_tag::Entity::find()
            .select_only()
            .column(flag_tag::Column::Tag)
            .distinct()
            .filter(flag_tag::Column::OrgId.eq(project.org.id))
            .filter(flag_tag::Column::FlagId.in_subquery(of_project))
            .order_by_asc(flag_tag::Column::Tag)
            .limit(MOST_TAGS)
            .into_tuple()
            .all(db)
            .await?;
        Ok(FlagTable { now: self.0.now(), environment, list, tags })
    }

    /// The flags that are asked for, with what they do in some environments.
    async fn found(
        &self,
        actor: &Actor,
        project: &ProjectScope,
        command: ListFlags,
        shown: &[EnvironmentView],
    ) -> Result<FlagList> {
        let db = self.0.reader();
        let ListFlags { project: _, mut filter, page } = command;
        if filter.owner == Some(OwnerFilter::Me) {
            filter.owner = Some(OwnerFilter::User(actor.account()?.id));
        }
        let environment =
            shown.iter().find(|environment| Some(&environment.key) == filter.environment.as_ref());
        let now = self.0.now();
        let mut found = filtered(project, &filter, now);
        if let (Some(environment), Some(state)) = (environment, filter.state) {
            found = found.filter(switched(environment.id, state == State::On));
        }
        let total = found.clone().count(db).await?;
        let list = page::List::new("flags", &project.id, &filter)?;
        let column = sorted_by(filter.sort);
        let after = list.after::<(Place, FlagId)>(page.cursor.as_deref())?;
        let after = after.map(|(place, id)| (place, Expr::val(id)));
        let flags = page::sorted(found, filter.sort, (column, flag::Column::Id), after)?
            .limit(u64::from(page.limit) + 1)
            .all(db)
            .await?;
        let (flags, has_more) = page::split(flags, page.limit);
        let next = flags.last().filter(|_| has_more).map(|last| list.end((place(last, column), last.id)));
        let next = next.transpose()?;
        let flags = view::of(db, flags, shown, now).await?;
        Ok(FlagList { flags, next, total })
    }
}

fn filtered(project: &ProjectScope, filter: &FlagFilter, now: Millis) -> Select<flag::Entity> {
    let FlagFilter { q, kind, environment: _, state: _, tag: tags, owner, stale, archived, sort: _ } = filter;
    let mut found = flag::Entity::find()
        .filter(flag::Column::OrgId.eq(project.org.id))
        .filter(flag::Column::ProjectId.eq(project.id))
        .filter(match archived {
            true => flag::Column::ArchivedAt.is_not_null(),
            false => flag::Column::ArchivedAt.is_null(),
        });
    if let Some(text) = q.as_ref().filter(|text| !text.is_empty()) {
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
    Expr::col(column.as_column_ref()).like(page::containing(&text.to_lowercase()))
}

const fn sorted_by(sort: Sort) -> flag::Column {
    match sort {
        Sort::Key | Sort::KeyDescending => flag::Column::Key,
        Sort::Name | Sort::NameDescending => flag::Column::NameLower,
        Sort::Created | Sort::CreatedDescending => flag::Column::CreatedAt,
        Sort::Updated | Sort::UpdatedDescending => flag::Column::UpdatedAt,
    }
}

/// What a flag is sorted by.
fn place(flag: &flag::Model, column: flag::Column) -> Place {
    match column {
        flag::Column::NameLower => Place::Text(flag.name_lower.clone()),
        flag::Column::CreatedAt => Place::Time(flag.created_at),
        flag::Column::UpdatedAt => Place::Time(flag.updated_at),
        _ => Place::Text(flag.key.clone()),
    }
}
