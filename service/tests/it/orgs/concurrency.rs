//! All at once on one organization: somebody is refused perhaps, but nothing fails.

use domain::access::Role;
use domain::accounts::DeleteAccount;
use domain::orgs::{DeleteOrganization, Invite};
use service::{Actor, Error, Services};
use testkit::{Kit, Workspace, each};

use crate::{again, email, person};

async fn invited(kit: &Kit, workspace: &Workspace, email: &str) -> String {
    let organization = workspace.organization.clone();
    let command = Invite { organization, email: email.into(), role: Role::Developer };
    kit.services.orgs().invite(&workspace.owner, command).await.unwrap().token.unwrap()
}

async fn forget(services: &Services, actor: &Actor) -> service::Result<()> {
    services.accounts().delete(actor, DeleteAccount { confirm: email(actor) }).await
}

/// Runs them at once, and asserts that each is done or refused.
async fn at_once(round: usize, tasks: Vec<(&str, tokio::task::JoinHandle<service::Result<()>>)>) {
    for (name, task) in tasks {
        let outcome = task.await.unwrap();
        assert!(matches!(outcome, Ok(()) | Err(Error::Refused(_))), "round {round}: {name}: {outcome:?}");
    }
}

/// Whatever members, guests and people who left do at once to one organization ends, and the database finds no deadlock
/// in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_blocks_each_other() {
    each(async |kit| {
        for round in 0..8 {
            let workspace = kit.workspace().await;
            workspace.flag("menu").await;
            let orgs = kit.services.orgs();
            // Somebody who accepts, while they delete the account; somebody who was here, left, and is invited again.
            let guest = person(&kit, &format!("guest{round}@example.com")).await;
            let token = invited(&kit, &workspace, &email(&guest)).await;
            let past = person(&kit, &format!("past{round}@example.com")).await;
            let back = invited(&kit, &workspace, &email(&past)).await;
            orgs.accept_link(&past, &back).await.unwrap();
            let past = again(&kit, &past).await;
            kit.services.flags().create(&past, workspace.boolean_flag("theirs")).await.unwrap();
            orgs.leave(&past, &workspace.organization).await.unwrap();
            let past = again(&kit, &past).await;
            invited(&kit, &workspace, &email(&past)).await;

            let mut tasks = Vec::new();
            macro_rules! spawn {
                ($name:literal, |$services:ident| $work:expr) => {{
                    let $services = kit.services.clone();
                    tasks.push(($name, tokio::spawn(async move { $work.map(drop) })));
                }};
            }
            for enabled in [true, false] {
                let command = workspace.switch("menu", "dev", enabled);
                let actor = workspace.developer.clone();
                spawn!("switch", |services| services.flags().switch(&actor, command).await);
            }
            let (actor, link) = (guest.clone(), token.clone());
            spawn!("accept", |services| services.orgs().accept_link(&actor, &link).await);
            let actor = guest.clone();
            spawn!("delete the guest", |services| forget(&services, &actor).await);
            let actor = workspace.member.clone();
            spawn!("delete a member", |services| forget(&services, &actor).await);
            let actor = past.clone();
            spawn!("delete who left", |services| forget(&services, &actor).await);
            let (actor, organization) = (workspace.admin.clone(), workspace.organization.clone());
            spawn!("leave", |services| services.orgs().leave(&actor, &organization).await);
            let actor = workspace.owner.clone();
            let command = Invite {
                organization: workspace.organization.clone(),
                email: email(&guest),
                role: Role::Admin,
            };
            spawn!("renew", |services| services.orgs().invite(&actor, command).await);
            // In every other round: the others meet each other there, too.
            if round % 2 == 0 {
                let command = DeleteOrganization {
                    organization: workspace.organization.clone(),
                    confirm: workspace.organization.to_string(),
                };
                let actor = workspace.owner.clone();
                spawn!("delete the organization", |services| services.orgs().delete(&actor, command).await);
            }
            at_once(round, tasks).await;
            let orphans =
                "SELECT COUNT(*) FROM audit_chain WHERE org_id NOT IN (SELECT id FROM organization)";
            assert_eq!(kit.database.number(orphans).await, 1, "the instance's chain alone");
        }
    })
    .await;
}
