//! From what a request carries to an actor, with what they may do now.

use domain::accounts::{Person, TokenScope};
use domain::{Error as Refusal, Millis, UserId};
use entity::{member, organization, personal_token, sign_in, user_account};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tower_sessions::session::Id;

use super::sessions::stored_id;
use super::sign_ins::live;
use super::{Accounts, tokens};
use crate::actor::{Membership, Via};
use crate::error::{Error, Result};
use crate::{Actor, scope};

/// How long a session lasts, however much it is used.
pub const SESSION_LASTS_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How long a session lasts without being used.
pub const SESSION_IDLE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// How exactly the last use of a session or a token is known: each time it is written down is a write.
const LAST_USE_MS: i64 = 5 * 60 * 1000;

impl Accounts<'_> {
    /// The person with this id.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] when the account is gone, or when the database fails.
    pub async fn actor(&self, id: UserId) -> Result<Actor> {
        self.load(id, Via::Session(None)).await
    }

    /// Whoever signed in to a session; none where nobody did, or it was ended, or its time is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_session(&self, id: &Id) -> Result<Option<Actor>> {
        let Some((actor, row)) = self.find_session(id).await? else { return Ok(None) };
        if self.is_stale(row.last_used_at) {
            sign_in::Entity::update_many()
                .col_expr(sign_in::Column::LastUsedAt, Expr::value(self.0.now()))
                .filter(sign_in::Column::SessionId.eq(row.session_id))
                .exec(self.0.database().writer())
                .await?;
        }
        Ok(Some(actor))
    }

    /// Whoever signed in to a session, as [`Accounts::by_session`], which is not used by that: a page that lies open and
    /// looks whether it may is nobody's use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_at_session(&self, id: &Id) -> Result<Option<Actor>> {
        Ok(self.find_session(id).await?.map(|(actor, _)| actor))
    }

    async fn find_session(&self, id: &Id) -> Result<Option<(Actor, sign_in::Model)>> {
        let row = sign_in::Entity::find_by_id(stored_id(id))
            .filter(live(self.0.now()))
            .one(self.0.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        match self.load(row.user_id, Via::Session(Some(row.id))).await {
            Err(Error::Refused(Refusal::Unauthenticated)) => Ok(None),
            actor => Ok(Some((actor?, row))),
        }
    }

    /// Whoever made a personal access token; none where it was revoked or has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_token(&self, raw: &str) -> Result<Option<Actor>> {
        if !raw.starts_with(tokens::PREFIX) {
            return Ok(None);
        }
        let row = personal_token::Entity::find()
            .filter(personal_token::Column::Hash.eq(self.0.secrets().token_hash(tokens::KIND, raw)))
            .one(self.0.reader())
            .await?;
        let is_over = |at: Millis| at <= self.0.now();
        let Some(row) = row.filter(|row| !row.expires_at.is_some_and(is_over)) else { return Ok(None) };
        let scope =
            TokenScope::from_name(&row.scope).ok_or(Error::Invariant("a stored scope is no scope"))?;
        let actor = match self.load(row.user_id, Via::Token(row.id, scope)).await {
            Err(Error::Refused(Refusal::Unauthenticated)) => return Ok(None),
            actor => actor?,
        };
        if row.last_used_at.is_none_or(|at| self.is_stale(at)) {
            personal_token::Entity::update_many()
                .col_expr(personal_token::Column::LastUsedAt, Expr::value(self.0.now()))
                .filter(personal_token::Column::Id.eq(row.id))
                .exec(self.0.database().writer())
                .await?;
        }
        Ok(Some(actor))
    }

    /// The person with this e-mail address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, email: &str) -> Result<Option<Person>> {
        let by_email = user_account::Column::EmailLower.eq(email.to_lowercase());
        let user = user_account::Entity::find().filter(by_email).one(self.0.reader()).await?;
        Ok(user.map(person))
    }

    fn is_stale(&self, last_use: Millis) -> bool {
        last_use.plus(LAST_USE_MS) <= self.0.now()
    }

    /// A person with their memberships as they are now: what was taken away is gone at the next request.
    pub(super) async fn load(&self, id: UserId, via: Via) -> Result<Actor> {
        let db = self.0.reader();
        let user = user_account::Entity::find_by_id(id).one(db).await?.ok_or(Refusal::Unauthenticated)?;
        // The revisions before the roles: a role that changes in between is then looked at again by whatever it grants.
        let own = Query::select()
            .column(member::Column::OrgId)
            .from(member::Entity)
            .and_where(member::Column::UserId.eq(id))
            .to_owned();
        let orgs =
            organization::Entity::find().filter(organization::Column::Id.in_subquery(own)).all(db).await?;
        let rows = member::Entity::find().filter(member::Column::UserId.eq(id)).all(db).await?;
        let membership = |row: member::Model| {
            let org = orgs.iter().find(|org| org.id == row.org_id)?;
            let with = |role| Membership { org_id: row.org_id, role, access_revision: org.access_revision };
            Some(scope::role(&row.role).map(with))
        };
        let memberships = rows.into_iter().filter_map(membership).collect::<Result<_>>()?;
        Ok(Actor::user(person(user), memberships, via))
    }
}

/// A person, as others see them.
pub(crate) fn person(user: user_account::Model) -> Person {
    Person { id: user.id, email: user.email, name: user.name }
}
