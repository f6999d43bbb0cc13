//! Looking for a text in entries: in what they say, in what people call the things, and in who did it.

use std::collections::BTreeSet;

use domain::OrgId;
use entity::{
    api_key, audit_event, audit_person, environment, flag, member, organization, project, segment, template,
    user_account,
};
use sea_orm::sea_query::{Alias, Expr, Func, IntoColumnRef, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, ExprTrait};

use crate::page;

/// That an entry has a text, in whatever case: `%` and `_` stand for themselves. Things are known by their keys of then and
/// by their names of today.
pub(super) fn containing(backend: DbBackend, org_id: OrgId, text: &str) -> Condition {
    let text = Text::new(backend, org_id, text);
    let by = text.is_id(audit_event::Column::Actor, text.people(true));
    Condition::any()
        .add(text.is_in(audit_event::Column::ResourceKey.as_column_ref()))
        .add(text.is_in(audit_event::Column::Comment.as_column_ref()))
        .add(text.is_id(audit_event::Column::ResourceId, text.things()))
        .add(audit_event::Column::ActorKind.eq("user").and(by))
        .add(audit_event::Column::Seq.in_subquery(text.emails()))
}

/// What is looked for, and where.
struct Text {
    backend: DbBackend,
    org_id: OrgId,
    /// In lower case.
    text: String,
    /// Its letters beyond ASCII in other cases, and what each is in lower case.
    letters: BTreeSet<(String, String)>,
}

impl Text {
    fn new(backend: DbBackend, org_id: OrgId, text: &str) -> Self {
        let lower = |letter: char| letter.to_lowercase().to_string();
        let cases = |letter: char| {
            [letter.to_string(), letter.to_uppercase().to_string()].map(|it| (it, lower(letter)))
        };
        let letters = text.chars().filter(|letter| !letter.is_ascii()).flat_map(cases);
        Self {
            backend,
            org_id,
            text: text.chars().map(lower).collect(),
            letters: letters.filter(|(letter, lower)| letter != lower).collect(),
        }
    }

    /// That a column contains it. SQLite knows the cases of ASCII alone, and PostgreSQL those of its locale, so it is told of
    /// the other letters that are looked for.
    fn is_in(&self, column: impl IntoColumnRef) -> Expr {
        let replaced = |column: Expr, (letter, lower): &(String, String)| {
            Expr::from(Func::cust(Alias::new("replace")).arg(column).arg(letter.as_str()).arg(lower.as_str()))
        };
        let column = self.letters.iter().fold(Expr::col(column), replaced);
        Expr::from(Func::lower(column)).like(page::containing(&self.text))
    }

    /// That a column of the log, which has ids as texts, is one of some ids.
    fn is_id(&self, column: audit_event::Column, ids: SelectStatement) -> Expr {
        let id = Expr::col(column.as_column_ref());
        match self.backend {
            DbBackend::Postgres => id.in_subquery(ids),
            _ => Expr::from(Func::cust(Alias::new("replace")).arg(id).arg("-").arg("")).in_subquery(ids),
        }
    }

    /// An id as a text, to be compared with those of the log.
    fn id(&self, column: impl IntoColumnRef) -> Expr {
        let id = Expr::col(column);
        match self.backend {
            DbBackend::Postgres => id.cast_as("TEXT"),
            _ => Func::lower(Func::cust(Alias::new("hex")).arg(id)).into(),
        }
    }

    /// The ids of people whose names contain it: as texts, or as they are.
    fn people(&self, as_text: bool) -> SelectStatement {
        let id = user_account::Column::Id.as_column_ref();
        Query::select()
            .expr(if as_text { self.id(id) } else { Expr::col(id) })
            .from(user_account::Entity)
            .and_where(self.is_in(user_account::Column::Name.as_column_ref()))
            .to_owned()
    }

    /// The numbers of the entries of people whose addresses contained it.
    fn emails(&self) -> SelectStatement {
        Query::select()
            .column(audit_person::Column::Seq)
            .from(audit_person::Entity)
            .and_where(audit_person::Column::OrgId.eq(self.org_id))
            .and_where(self.is_in(audit_person::Column::Email.as_column_ref()))
            .to_owned()
    }

    /// The ids of the organization's things whose names contain it, as texts.
    fn things(&self) -> SelectStatement {
        use organization::Column::Id;
        let others = [
            self.called(organization::Entity, [Id, Id, organization::Column::Name]),
            self.called(
                project::Entity,
                [project::Column::Id, project::Column::OrgId, project::Column::Name],
            ),
            self.called(flag::Entity, [flag::Column::Id, flag::Column::OrgId, flag::Column::Name]),
            self.called(
                segment::Entity,
                [segment::Column::Id, segment::Column::OrgId, segment::Column::Name],
            ),
            self.called(
                template::Entity,
                [template::Column::Id, template::Column::OrgId, template::Column::Name],
            ),
            self.called(
                api_key::Entity,
                [api_key::Column::Id, api_key::Column::OrgId, api_key::Column::Name],
            ),
            self.called(
                environment::Entity,
                [environment::Column::Id, environment::Column::OrgId, environment::Column::Name],
            ),
        ];
        // Members have the names of their people.
        Query::select()
            .expr(self.id(member::Column::UserId.as_column_ref()))
            .from(member::Entity)
            .and_where(member::Column::OrgId.eq(self.org_id))
            .and_where(member::Column::UserId.in_subquery(self.people(false)))
            .unions(others.map(|things| (UnionType::All, things)))
            .to_owned()
    }

    /// The ids of those things of the organization whose names contain it.
    fn called<E: EntityTrait>(&self, things: E, [id, org, name]: [E::Column; 3]) -> SelectStatement {
        Query::select()
            .expr(self.id(id.as_column_ref()))
            .from(things)
            .and_where(org.eq(self.org_id))
            .and_where(self.is_in(name.as_column_ref()))
            .to_owned()
    }
}
