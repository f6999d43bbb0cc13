//! The one door for writes.
//!
//! A change needs a [`Grant`] to begin and an [`Event`] to end; an error or a drop in between rolls everything back.
//! Committing gives each affected environment its next revision, stores the changed documents under it, appends to the
//! audit chain, and then tells this node's snapshots and the other nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use domain::access::{self, Action, Role};
use domain::{EnvironmentId, Error as Refusal, Millis, OrgId, ProjectId, UserId};
use entity::{
    environment, environment_document, environment_revision, member, organization, personal_token, project,
    sign_in, user_account,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::accounts::live;
use crate::actor::{Grant, Place, Via};
use crate::audit::Chain;
use crate::clock::{Clock, new_id};
use crate::delivery::{Delivery, Snapshot};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::hints::Hints;
use crate::{Services, audit, orgs, scope};

/// How many rows one statement inserts: SQLite takes 32 766 values in one, and no row has more than 30.
pub(crate) const ROWS: usize = 1000;

/// What a change's work returns while it borrows its transaction.
pub(crate) type Work<'t, T> = Pin<Box<dyn Future<Output = Result<(T, Event)>> + Send + 't>>;

/// A change that has begun. Stores take it instead of a pool.
pub(crate) struct ChangeTx {
    tx: DatabaseTransaction,
    delivery: Delivery,
    hints: Hints,
    grant: Grant,
    /// Whose log the event goes to.
    org_id: OrgId,
    clock: Arc<dyn Clock>,
    now: Millis,
    /// The actor's role as of this transaction.
    role: Role,
    revisions: BTreeMap<EnvironmentId, NextRevision>,
    access_changed: bool,
    /// What happened besides, and in whose log it belongs.
    also: Vec<(OrgId, Event)>,
    /// Whether somebody may do less than before, so that pages that are open are to look.
    ends_access: bool,
    /// Whether what identifies the actor is kept beside the log.
    leaves_traces: bool,
    /// Whether all is rolled back although nothing is wrong.
    is_abandoned: bool,
    /// The project in which the actor's right was checked, for the log.
    project: OnceLock<ProjectId>,
}

/// What an environment's next revision has.
#[derive(Debug, Default)]
struct NextRevision {
    is_protected: bool,
    documents: Vec<DocumentChange>,
    /// What applications are to drop: everything where it is empty, else a flag.
    purge: Option<String>,
}

/// A document that a change writes, or removes where there is no text.
#[derive(Debug)]
pub(crate) struct DocumentChange {
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) format: u32,
    pub(crate) semantics: u32,
    pub(crate) document: Option<String>,
}

/// An environment that this change may change: it was locked, and its protection was heeded.
#[derive(Clone, Debug)]
pub(crate) struct ChangingEnvironment {
    pub(crate) row: environment::Model,
    /// Whether what is changed there needs a comment where it is protected.
    heeds_protection: bool,
}

impl ChangingEnvironment {
    /// One that this change has just made. Nothing was served there before, so that nobody has to say why.
    pub(crate) fn made(row: environment::Model) -> Self {
        Self { row, heeds_protection: false }
    }
}

impl Services {
    /// Makes a change: begins, checks the grant again, does the work, writes the event, commits, and brings this
    /// node's snapshots up to date.
    ///
    /// It runs in a task of its own, so that a client that hangs up cannot fall between the commit and the snapshots.
    pub(crate) async fn change<T, F>(&self, grant: Grant, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut ChangeTx) -> Work<'t, T> + Send + 'static,
    {
        let services = self.clone();
        let change = async move {
            let denied_as = grant.clone();
            let result = services.commit(grant, work).await;
            if let Err(Error::Refused(Refusal::Forbidden { .. })) = &result {
                services.record_denial(denied_as.actor(), denied_as.action(), denied_as.place()).await;
            }
            result
        };
        tokio::spawn(change).await.map_err(|_| Error::Invariant("a change panicked"))?
    }

    async fn commit<T, F>(&self, grant: Grant, work: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t mut ChangeTx) -> Work<'t, T>,
    {
        let mut change = ChangeTx::begin(self, grant).await?;
        let (output, event) = work(&mut change).await?;
        let ends_access = change.ends_access;
        change.commit(event).await?;
        self.inner.hints.after_commit(&self.inner.background);
        if ends_access {
            self.inner.access_changes.send_modify(|changes| *changes += 1);
        }
        self.inner.news.wake();
        // The change stands whatever happens here: the watcher's next look finds it.
        if let Err(error) = self.delivery().refresh().await {
            tracing::warn!(error.causes = crate::error::causes(&error), "snapshots will follow later");
        }
        Ok(output)
    }
}

impl ChangeTx {
    async fn begin(services: &Services, grant: Grant) -> Result<Self> {
        let tx = services.database().begin().await?;
        let role = match grant.place() {
            Place::Instance => Role::Owner,
            Place::Organization(org_id) => recheck(&tx, &grant, org_id).await?,
        };
        // After the wait for the organization's lock: times are in the order of what is committed.
        let now = services.now();
        recheck_proof(&tx, &grant, now).await?;
        let org_id = grant.place().org_id();
        let clock = Arc::clone(&services.inner.clock);
        Ok(Self {
            tx,
            delivery: services.delivery().clone(),
            hints: services.hints().clone(),
            grant,
            org_id,
            clock,
            now,
            role,
            revisions: BTreeMap::new(),
            access_changed: false,
            also: Vec::new(),
            ends_access: false,
            leaves_traces: true,
            is_abandoned: false,
            project: OnceLock::new(),
        })
    }

    /// The transaction, for stores.
    pub(crate) fn db(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The organization that the change is in.
    pub(crate) fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// The time of the change.
    pub(crate) fn now(&self) -> Millis {
        self.now
    }

    /// The person who makes the change, if it is one.
    pub(crate) fn person(&self) -> Option<domain::UserId> {
        self.grant.actor().person().map(|person| person.id)
    }

    /// The actor's role in the organization, as of this change. Where it matters more than for the grant's action.
    pub(crate) fn role(&self) -> Role {
        self.role
    }

    /// Whether a script makes the change, by a personal access token.
    pub(crate) fn is_by_token(&self) -> bool {
        self.grant.actor().is_token()
    }

    /// A new id.
    pub(crate) fn new_id<I: From<uuid::Uuid>>(&self) -> I {
        new_id(&self.clock)
    }

    /// Makes the change one of the organization that it has just created: the event opens its chain. Or one of the
    /// instance, where it has just deleted the organization.
    pub(crate) fn adopt(&mut self, org_id: OrgId) {
        self.org_id = org_id;
    }

    /// Locks an organization. Several are locked in the order of their ids.
    pub(crate) async fn lock_organization(&self, org_id: OrgId) -> Result<organization::Model> {
        lock_organization(&self.tx, org_id).await
    }

    /// Locks an account, which may be gone by now. Whoever locks organizations too locks them before.
    pub(crate) async fn lock_account(&self, id: UserId) -> Result<user_account::Model> {
        let row = user_account::Entity::find_by_id(id).lock_exclusive().one(&self.tx).await?;
        // What ends sessions and tokens holds the same lock.
        recheck_proof(&self.tx, &self.grant, self.now).await?;
        Ok(row.ok_or(Refusal::Unauthenticated)?)
    }

    /// Makes a change of the instance one of an organization, which it locks.
    pub(crate) async fn enter(&mut self, org_id: OrgId) -> Result<organization::Model> {
        let organization = self.lock_organization(org_id).await?;
        self.adopt(org_id);
        Ok(organization)
    }

    /// Locks an environment of the granted organization, and checks that its protection, and the actor's role there, let
    /// them change it.
    pub(crate) async fn environment(
        &self,
        project: ProjectId,
        key: &domain::EnvironmentKey,
    ) -> Result<ChangingEnvironment> {
        let row = environment::Entity::find()
            .filter(environment::Column::OrgId.eq(self.org_id()))
            .filter(environment::Column::ProjectId.eq(project))
            .filter(environment::Column::Key.eq(key.as_str()))
            .lock_exclusive()
            .one(&self.tx)
            .await?
            .ok_or_else(|| Refusal::not_found(format!("environment `{key}`")))?;
        self.may_change(row).await
    }

    /// Locks all environments of a project, in the order of their ids.
    pub(crate) async fn environments(&self, project: ProjectId) -> Result<Vec<ChangingEnvironment>> {
        let rows = self.lock_environments(project).await?;
        let mut environments = Vec::with_capacity(rows.len());
        for row in rows {
            environments.push(self.may_change(row).await?);
        }
        Ok(environments)
    }

    /// Locks all environments of a project for flags that none of them has yet: that takes the right to create flags, and
    /// no more in a protected one.
    pub(crate) async fn environments_for_new(&self, project: ProjectId) -> Result<Vec<ChangingEnvironment>> {
        let whose = (self.org_id, self.person(), self.role);
        orgs::may_in(&self.tx, whose, Action::CreateFlag, project).await?;
        self.enter_project(project);
        let rows = self.lock_environments(project).await?;
        Ok(rows.into_iter().map(|row| ChangingEnvironment { row, heeds_protection: false }).collect())
    }

    /// Locks all environments of a project, in the order of their ids, before the actor's right is checked in some.
    pub(crate) async fn lock_environments(&self, project: ProjectId) -> Result<Vec<environment::Model>> {
        let rows = environment::Entity::find()
            .filter(environment::Column::OrgId.eq(self.org_id()))
            .filter(environment::Column::ProjectId.eq(project))
            .order_by_asc(environment::Column::Id)
            .lock_exclusive()
            .all(&self.tx)
            .await?;
        match rows.is_empty() {
            // Every project has some: it was deleted while this change waited.
            true => Err(Refusal::not_found("project").into()),
            false => Ok(rows),
        }
    }

    /// Checks that the actor's role in a project lets them change it. Where an environment is changed, it is checked there.
    pub(crate) async fn project(&self, project: ProjectId) -> Result<()> {
        self.enter_project(project);
        let there = project::Entity::find_by_id(project).filter(project::Column::OrgId.eq(self.org_id));
        // It may have been deleted while this change waited for the organization's lock.
        if there.count(&self.tx).await? == 0 {
            return Err(Refusal::not_found("project").into());
        }
        let whose = (self.org_id, self.person(), self.role);
        orgs::may_in(&self.tx, whose, self.grant.action(), project).await
    }

    /// Makes the change one of a project, in the log.
    pub(crate) fn enter_project(&self, project: ProjectId) {
        // A change has one project: whoever copies from another one only reads there.
        self.project.get_or_init(|| project);
    }

    async fn may_change(&self, row: environment::Model) -> Result<ChangingEnvironment> {
        self.enter_project(row.project_id);
        let whose = (self.org_id, self.person(), self.role);
        orgs::may_at(&self.tx, whose, self.grant.action(), &row).await?;
        Ok(ChangingEnvironment { row, heeds_protection: self.grant.action().heeds_protection() })
    }

    /// What is served of an environment before this change, where this node has it in memory.
    pub(crate) fn served(&self, environment: &ChangingEnvironment) -> Option<Arc<Snapshot>> {
        let revision = u64::try_from(environment.row.revision).ok()?;
        let snapshot = self.delivery.snapshot_of(environment.row.id)?;
        (snapshot.compiled().revision() == revision).then_some(snapshot)
    }

    /// Writes a document of an environment at commit, under the revision that the environment gets then.
    pub(crate) fn stage(&mut self, environment: &ChangingEnvironment, document: DocumentChange) {
        self.revision_of(environment).documents.push(document);
    }

    /// Makes applications drop what they have kept of an environment, or of one flag of it.
    pub(crate) fn purge(&mut self, environment: &ChangingEnvironment, flag: Option<&str>) {
        self.revision_of(environment).purge = Some(flag.unwrap_or_default().to_owned());
    }

    fn revision_of(&mut self, environment: &ChangingEnvironment) -> &mut NextRevision {
        let next = self.revisions.entry(environment.row.id).or_default();
        next.is_protected |= environment.heeds_protection && environment.row.protected;
        next
    }

    /// The revision that an environment gets with this change, if it gets one. Exact, because it is locked.
    pub(crate) fn next_revision(&self, environment: &ChangingEnvironment) -> Option<i64> {
        self.revisions.contains_key(&environment.row.id).then_some(environment.row.revision + 1)
    }

    /// Rolls everything back at the end, although nothing is wrong: what was asked for is what would happen, or it has
    /// happened before.
    pub(crate) fn abandon(&mut self) {
        self.is_abandoned = true;
    }

    /// Makes every node read keys and memberships of the organization anew.
    pub(crate) fn access_changed(&mut self) {
        self.access_changed = true;
        self.ends_access = true;
    }

    /// Makes pages that are open look whether they still may: sessions ended, or an organization did.
    pub(crate) fn ends_access(&mut self) {
        self.ends_access = true;
    }

    /// Keeps nothing that identifies the actor, who asked to be forgotten.
    pub(crate) fn leave_no_traces(&mut self) {
        self.leaves_traces = false;
    }

    /// Says that something else happened with this change, in an organization that is locked.
    pub(crate) fn also(&mut self, org_id: OrgId, event: Event) {
        self.also.push((org_id, event));
    }

    async fn commit(mut self, event: Event) -> Result<()> {
        if self.is_abandoned {
            return Ok(self.tx.rollback().await?);
        }
        self.expect_comment(&event)?;
        let also = std::mem::take(&mut self.also);
        let is_granted = |event: &Event| event.granted_by.contains(&self.grant.action());
        if !is_granted(&event) || !also.iter().all(|(_, event)| is_granted(event)) {
            return Err(Error::Invariant("the event is not what was granted"));
        }
        // Last, so that all who lock organizations do that before they lock a chain; in the order of their ids, so that
        // those who lock several do not wait for each other.
        let mut chains = BTreeMap::new();
        let owners: BTreeSet<_> = also.iter().map(|(org_id, _)| *org_id).chain([self.org_id]).collect();
        for org_id in owners {
            chains.insert(org_id, Chain::lock(&self.tx, org_id).await?);
        }
        let seq = locked(&mut chains, self.org_id)?.next_seq();
        let mut revisions = BTreeMap::new();
        for (environment_id, next) in std::mem::take(&mut self.revisions) {
            revisions.insert(environment_id, self.write_revision(environment_id, seq, next).await?);
        }
        if self.access_changed {
            orgs::bump_access(&self.tx, self.org_id).await?;
        }
        let entry = |event: Event| {
            let revision = event.environment.and_then(|environment| revisions.get(&environment).copied());
            let entry = audit::Entry::new(self.now, self.grant.actor(), event, revision);
            let entry = entry.in_project(self.project.get().copied());
            if self.leaves_traces { entry } else { entry.without_traces() }
        };
        let mut entries: BTreeMap<OrgId, Vec<audit::Entry>> = BTreeMap::new();
        entries.entry(self.org_id).or_default().push(entry(event));
        for (org_id, event) in also {
            entries.entry(org_id).or_default().push(entry(event));
        }
        for (org_id, entries) in entries {
            locked(&mut chains, org_id)?.append(&self.tx, entries).await?;
        }
        self.hints.with(&self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Refuses to change what a protected environment serves without saying why.
    fn expect_comment(&self, event: &Event) -> Result<()> {
        let is_protected = self.revisions.values().any(|next| next.is_protected);
        let is_person = self.grant.actor().person().is_some();
        let is_said = event.comment.as_deref().is_some_and(|comment| !comment.trim().is_empty());
        match is_protected && is_person && !is_said {
            true => Err(Refusal::invalid("comment", "is needed in a protected environment: say why").into()),
            false => Ok(()),
        }
    }

    /// Gives an environment its next revision. The row's lock makes revisions follow the order of commits.
    async fn write_revision(
        &self,
        environment_id: EnvironmentId,
        audit_seq: i64,
        next: NextRevision,
    ) -> Result<i64> {
        let NextRevision { is_protected: _, documents, purge } = next;
        let org_id = self.org_id;
        let updated = environment::Entity::update_many()
            .col_expr(environment::Column::Revision, Expr::col(environment::Column::Revision).add(1))
            .filter(environment::Column::Id.eq(environment_id))
            .filter(environment::Column::OrgId.eq(org_id))
            .exec_with_returning(&self.tx)
            .await?;
        let [environment] = updated.as_slice() else {
            return Err(Error::Invariant("a locked environment is gone"));
        };
        let revision = environment.revision;
        let row = environment_revision::ActiveModel {
            org_id: Set(org_id),
            environment_id: Set(environment_id),
            revision: Set(revision),
            at: Set(self.now),
            audit_seq: Set(audit_seq),
            purge: Set(purge),
        };
        environment_revision::Entity::insert(row).exec_without_returning(&self.tx).await?;
        if documents.is_empty() {
            return Ok(revision);
        }
        let rows: Vec<_> = documents
            .into_iter()
            .map(|change| environment_document::ActiveModel {
                org_id: Set(org_id),
                environment_id: Set(environment_id),
                kind: Set(change.kind.to_owned()),
                key: Set(change.key),
                revision: Set(revision),
                format: Set(change.format.into()),
                semantics: Set(change.semantics.into()),
                document: Set(change.document),
            })
            .collect();
        for rows in rows.chunks(ROWS) {
            let rows = rows.iter().cloned();
            environment_document::Entity::insert_many(rows).exec_without_returning(&self.tx).await?;
        }
        Ok(revision)
    }
}

fn locked(chains: &mut BTreeMap<OrgId, Chain>, org_id: OrgId) -> Result<&mut Chain> {
    chains.get_mut(&org_id).ok_or(Error::Invariant("a locked chain is gone"))
}

/// Checks that the session or the token is still there by which the actor came in. A request may take long to arrive whole.
async fn recheck_proof(tx: &DatabaseTransaction, grant: &Grant, now: Millis) -> Result<()> {
    let is_there = match grant.actor().via() {
        Some(Via::Session(Some(id))) => {
            let session = sign_in::Entity::find().filter(sign_in::Column::Id.eq(id)).filter(live(now));
            session.one(tx).await?.is_some()
        }
        Some(Via::Token(id, _)) => {
            let token = personal_token::Entity::find_by_id(id).one(tx).await?;
            token.is_some_and(|token| token.expires_at.is_none_or(|at| now < at))
        }
        Some(Via::Session(None) | Via::Password(_)) | None => true,
    };
    match is_there {
        true => Ok(()),
        false => Err(Refusal::Unauthenticated.into()),
    }
}

/// Locks the organization and checks the grant against it: memberships may have changed since the actor came in.
async fn recheck(tx: &DatabaseTransaction, grant: &Grant, org_id: OrgId) -> Result<Role> {
    let organization = lock_organization(tx, org_id).await?;
    let (Some(person), Some(membership)) = (grant.actor().person(), grant.membership()) else {
        return Ok(grant.actor().role(org_id)?);
    };
    if membership.access_revision == organization.access_revision {
        return Ok(membership.role);
    }
    let row = member::Entity::find_by_id((org_id, person.id)).one(tx).await?;
    let row = row.ok_or_else(|| Refusal::not_found("organization"))?;
    let role = scope::role(&row.role)?;
    access::allowed(role, grant.action(), false).map_err(|reason| Refusal::Forbidden { reason })?;
    Ok(role)
}

async fn lock_organization(tx: &DatabaseTransaction, org_id: OrgId) -> Result<organization::Model> {
    let row = organization::Entity::find_by_id(org_id).lock_exclusive().one(tx).await?;
    Ok(row.ok_or_else(|| Refusal::not_found("organization"))?)
}
