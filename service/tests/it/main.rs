//! The application's tests: rules, audit, revisions, delivery. Each runs on every database that there is.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod accounts;
mod api_keys;
mod audit;
mod audit_search;
mod change;
mod delivery;
mod demo;
mod environments;
mod faults;
mod flags;
mod latency;
mod limits;
mod live;
mod nodes;
mod orgs;
mod pages;
mod schema;

use std::sync::Arc;

use domain::accounts::CreateUser;
use domain::audit::{AuditFilter, AuditPage};
use domain::environments::EnvironmentView;
use domain::flags::{FlagFilter, FlagTable, ListFlags};
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, OrgId, OrgSlug, Page, UserId};
use engine::{Context, Reason};
use serde_json::Value;
use service::{Actor, Origin, Services};
use testkit::{Kit, Workspace};

/// What an application gets.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    value: Value,
    reason: Reason,
    enabled: bool,
    version: Option<u64>,
    revision: u64,
}

/// Evaluates a flag for `user-1` with a raw key.
fn evaluate(services: &Services, raw: &str, flag: &str) -> Answer {
    let caller = services.delivery().authenticate(raw).expect("the key works");
    let context = Context::from_json(br#"{"userId":"user-1"}"#).unwrap();
    let snapshot = caller.environment.snapshot();
    let detail = snapshot.evaluate(caller.kind, flag, &context, services.now().0).detail;
    Answer {
        value: detail.value.map_or(Value::Null, |value| serde_json::from_str(value.get()).unwrap()),
        reason: detail.reason,
        enabled: detail.enabled,
        version: detail.version,
        revision: detail.revision,
    }
}

/// How a boolean flag answers while it is off.
fn off(version: u64, revision: u64) -> Answer {
    let reason = Reason::FlagDisabled;
    Answer { value: false.into(), reason, enabled: false, version: Some(version), revision }
}

/// How a boolean flag answers while it is on.
fn on(version: u64, revision: u64) -> Answer {
    Answer { value: true.into(), reason: Reason::Boolean, enabled: true, version: Some(version), revision }
}

/// A workspace's environment as its owner sees it.
async fn environment(kit: &Kit, workspace: &Workspace, key: &str) -> EnvironmentView {
    let key: EnvironmentKey = key.parse().unwrap();
    kit.services.environments().find(&workspace.owner, &workspace.project, &key).await.unwrap()
}

/// The revisions of a workspace's environments, in their order.
async fn revisions(kit: &Kit, workspace: &Workspace) -> Vec<i64> {
    let environments = kit.services.environments().list(&workspace.owner, &workspace.project).await.unwrap();
    environments.iter().map(|environment| environment.revision).collect()
}

/// A project's flags as somebody sees them who looks at one environment: at the first one unless it is named.
async fn table(
    kit: &Kit,
    actor: &Actor,
    project: &ProjectRef,
    environment: Option<&str>,
) -> service::Result<FlagTable> {
    let environment = environment.map(|key| key.parse().unwrap());
    let filter = FlagFilter { environment, ..FlagFilter::default() };
    let page = Page { limit: 100, ..Page::default() };
    let command = ListFlags { project: project.clone(), filter, page };
    kit.services.flags().table(actor, command).await
}

/// The newest entries of an organization's log.
async fn entries(kit: &Kit, actor: &Actor, organization: &OrgSlug) -> service::Result<AuditPage> {
    kit.services.audit().page(actor, organization, &AuditFilter::default(), &Page::default()).await
}

/// The id of a workspace's organization.
async fn org_id(kit: &Kit, workspace: &Workspace) -> OrgId {
    kit.services.orgs().list(&workspace.owner).await.unwrap()[0].id
}

/// Gives a person another role behind the application's back, as another node would.
async fn set_role(kit: &Kit, workspace: &Workspace, actor: &Actor, role: &str) {
    let (org, user) = (org_id(kit, workspace).await, actor.person().unwrap().id);
    let (org, user) = (kit.database.id(org), kit.database.id(user));
    let change = format!("UPDATE member SET role = '{role}' WHERE org_id = {org} AND user_id = {user}");
    kit.database.execute(&change).await;
    access_changed(kit).await;
}

/// Tells all nodes to read keys and memberships anew.
async fn access_changed(kit: &Kit) {
    kit.database.execute("UPDATE organization SET access_revision = access_revision + 1").await;
}

/// Makes an account without a password.
async fn person(kit: &Kit, email: &str) -> Actor {
    let command = CreateUser { email: email.into(), name: "Somebody".into() };
    let person = kit.services.accounts().create(&Actor::system("test"), command).await.unwrap();
    kit.services.accounts().actor(person.id).await.unwrap()
}

/// A person as they come in with their next request.
async fn again(kit: &Kit, actor: &Actor) -> Actor {
    kit.services.accounts().actor(id(actor)).await.unwrap()
}

fn id(actor: &Actor) -> UserId {
    actor.person().unwrap().id
}

fn email(actor: &Actor) -> String {
    actor.person().unwrap().email.clone()
}

/// Somebody who asks from a network address, with a browser.
fn at_address(actor: Actor, address: &str) -> Actor {
    actor.from(Arc::new(Origin {
        address: Some(address.into()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0".into()),
        request_id: "request-1".into(),
    }))
}

/// The refusal of something that changes nothing, whether or not it is refused.
fn refusal<T: std::fmt::Debug>(outcome: service::Result<T>) -> domain::Error {
    match outcome {
        Err(service::Error::Refused(refusal)) => refusal,
        outcome => panic!("not refused: {outcome:?}"),
    }
}
