//! What is stored about a person: given to them when they ask, and deleted when they go.

use std::collections::HashMap;

use domain::access::{Action, Role};
use domain::accounts::{AccountExport, Activity, DeleteAccount, Person};
use domain::{Error as Refusal, OrgId, UserId};
use entity::{audit_event, audit_person, invitation, member, organization, user_account};
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Accounts, sign_ins};
use crate::actor::Place;
use crate::change::ChangeTx;
use crate::error::Result;
use crate::event::{Event, Resource};
use crate::orgs;
use crate::{Actor, Services, once};

impl Accounts<'_> {
    /// What is stored about the person who asks.
    ///
    /// # Errors
    /// When nobody is signed in, or the database fails.
    pub async fn export(&self, actor: &Actor) -> Result<AccountExport> {
        Ok(AccountExport {
            account: self.account(actor).await?,
            organizations: self.0.orgs().list(actor).await?,
            sessions: self.sign_ins(actor).await?,
            tokens: self.tokens(actor).await?,
            activity: self.activity(actor.account()?).await?,
        })
    }

    async fn activity(&self, person: &Person) -> Result<Vec<Activity>> {
        let rows = audit_event::Entity::find()
            .filter(by_person(person))
            // Anybody may ask for a letter to them.
            .filter(audit_event::Column::Action.ne("password.reset_link_mailed"))
            .order_by_asc(audit_event::Column::At)
            .all(self.0.reader())
            .await?;
        let traces = audit_person::Entity::find().filter(of_person(person)).all(self.0.reader()).await?;
        let mut traces: HashMap<_, _> =
            traces.into_iter().map(|row| ((row.org_id, row.seq), (row.address, row.user_agent))).collect();
        let activity = |event: audit_event::Model| {
            let (address, user_agent) = traces.remove(&(event.org_id, event.seq)).unwrap_or_default();
            Activity {
                organization: Some(event.org_id).filter(|id| *id != OrgId::INSTANCE),
                at: event.at,
                action: event.action,
                resource: event.resource_key,
                address,
                user_agent,
            }
        };
        Ok(rows.into_iter().map(activity).collect())
    }

    /// Deletes one's account. What one did stays in the logs, without what says who it was.
    ///
    /// # Errors
    /// When the actor may not, the address is not typed right, or one is the last owner of an organization.
    pub async fn delete(&self, actor: &Actor, command: DeleteAccount) -> Result<()> {
        domain::validate(&command)?;
        let person = actor.account()?.clone();
        let grant = self.0.grant(actor, Action::ManageAccount, Place::Instance).await?;
        if command.confirm.trim().to_lowercase() != person.email.to_lowercase() {
            return Err(Refusal::invalid("confirm", "type your e-mail address").into());
        }
        self.0
            .change(grant, move |tx| {
                Box::pin(async move {
                    tx.leave_no_traces();
                    leave_all(tx, &person).await?;
                    sign_ins::end_all(tx, person.id, None).await?;
                    erase(tx.db(), &person).await?;
                    user_account::Entity::delete_by_id(person.id).exec(tx.db()).await?;
                    Ok(((), Event::user_deleted(Resource::new("user", person.id, person.id))))
                })
            })
            .await
    }
}

/// How long it is kept who failed to sign in from where: long enough to look into what happened.
const FAILURES_KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Erases what lies beside failed sign-ins of long ago: it may be anybody's, and nobody can have it erased.
pub(super) async fn erase_old_failures(services: &Services) -> Result<()> {
    let old = Query::select()
        .column(audit_event::Column::Seq)
        .from(audit_event::Entity)
        .and_where(audit_event::Column::OrgId.eq(OrgId::INSTANCE))
        .and_where(audit_event::Column::Action.eq("user.sign_in_failed"))
        .and_where(audit_event::Column::At.lte(services.now().plus(-FAILURES_KEPT_MS)))
        .to_owned();
    audit_person::Entity::delete_many()
        .filter(audit_person::Column::OrgId.eq(OrgId::INSTANCE))
        .filter(audit_person::Column::Seq.in_subquery(old))
        .exec(services.database().writer())
        .await?;
    Ok(())
}

/// Leaves all organizations. They are locked, and so are those that something of the person is erased in: whoever changes
/// the same there waits. Then the account is, so that nobody makes them a member of another one in the meantime.
async fn leave_all(tx: &mut ChangeTx, person: &Person) -> Result<()> {
    let joined = memberships(tx, person.id).await?;
    let invited = invitation::Entity::find()
        .select_only()
        .column(invitation::Column::OrgId)
        .filter(invitation::Column::EmailLower.eq(person.email.to_lowercase()))
        .into_tuple::<OrgId>()
        .all(tx.db())
        .await?;
    let left = audit_person::Entity::find()
        .select_only()
        .column(audit_person::Column::OrgId)
        .distinct()
        .filter(of_person(person))
        .into_tuple::<OrgId>()
        .all(tx.db())
        .await?;
    let locked = organization::Entity::find()
        .filter(
            organization::Column::Id
                .is_in(joined.into_iter().map(|(org_id, _)| org_id).chain(invited).chain(left)),
        )
        .order_by_asc(organization::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?;
    tx.lock_account(person.id).await?;
    let mut owned = Vec::new();
    for (org_id, role) in memberships(tx, person.id).await? {
        let Some(organization) = locked.iter().find(|organization| organization.id == org_id) else {
            return Err(Refusal::conflict("you joined an organization in the meantime: try again").into());
        };
        if orgs::is_last_owner(tx.db(), org_id, person.id).await? {
            owned.push(organization.slug.clone());
        }
        orgs::revoke_those_of(tx, org_id, person.id, None).await?;
        orgs::bump_access(tx.db(), org_id).await?;
        tx.also(org_id, Event::member_left(Resource::new("member", person.id, role)));
    }
    match owned.is_empty() {
        true => Ok(()),
        false => Err(Refusal::conflict(format!(
            "you are the last {} of {}: hand over or delete first",
            Role::Owner.as_str(),
            owned.join(", ")
        ))
        .into()),
    }
}

/// The organizations that somebody belongs to, and the role in each.
async fn memberships(tx: &ChangeTx, user_id: UserId) -> Result<Vec<(OrgId, String)>> {
    let own = member::Entity::find().filter(member::Column::UserId.eq(user_id));
    Ok(own.all(tx.db()).await?.into_iter().map(|row| (row.org_id, row.role)).collect())
}

/// Erases what says who somebody was: beside the logs, and in invitations.
async fn erase(db: &impl ConnectionTrait, person: &Person) -> Result<()> {
    audit_person::Entity::delete_many().filter(of_person(person)).exec(db).await?;
    let is_theirs = invitation::Column::EmailLower.eq(person.email.to_lowercase());
    let invitations = invitation::Entity::find().filter(is_theirs.clone()).all(db).await?;
    // The chain covers the documents by their digests, so they can go.
    audit_event::Entity::update_many()
        .col_expr(audit_event::Column::OldDocument, Expr::value(Option::<String>::None))
        .col_expr(audit_event::Column::NewDocument, Expr::value(Option::<String>::None))
        .filter(audit_event::Column::ResourceKind.eq("invitation"))
        .filter(audit_event::Column::ResourceId.is_in(invitations.iter().map(|row| row.id.to_string())))
        .exec(db)
        .await?;
    // What was answered to those who invited them has the address, too.
    for row in &invitations {
        once::forget_mentions(db, &row.id.to_string()).await?;
    }
    invitation::Entity::delete_many().filter(is_theirs).exec(db).await?;
    Ok(())
}

/// What a person did: signed in, and before that, to their own account: signing up and choosing a password by a link. And
/// what anybody did who asked for such a link.
fn by_person(person: &Person) -> Condition {
    let entry = |column: audit_event::Column| Expr::col((audit_event::Entity, column));
    let signed_in = Condition::all()
        .add(entry(audit_event::Column::ActorKind).eq("user"))
        .add(entry(audit_event::Column::Actor).eq(person.id.to_string()));
    let before = Condition::all()
        .add(entry(audit_event::Column::ActorKind).eq("anonymous"))
        .add(entry(audit_event::Column::ResourceKind).eq("user"))
        .add(entry(audit_event::Column::ResourceId).eq(person.id.to_string()));
    Condition::any().add(signed_in).add(before)
}

/// What lies beside the logs about a person: beside what they did, and beside failed attempts with their address.
fn of_person(person: &Person) -> Condition {
    let entry = |column: audit_event::Column| Expr::col((audit_event::Entity, column));
    let traces = |column: audit_person::Column| (audit_person::Entity, column);
    let own = Query::select()
        .expr(Expr::value(1))
        .from(audit_event::Entity)
        .and_where(entry(audit_event::Column::OrgId).equals(traces(audit_person::Column::OrgId)))
        .and_where(entry(audit_event::Column::Seq).equals(traces(audit_person::Column::Seq)))
        .cond_where(by_person(person))
        .to_owned();
    let email = Func::lower(Expr::col(traces(audit_person::Column::Email)));
    Condition::any().add(Expr::exists(own)).add(Expr::expr(email).eq(person.email.to_lowercase()))
}
