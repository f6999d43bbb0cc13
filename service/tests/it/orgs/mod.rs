//! Organizations and who belongs to them.

mod concurrency;
mod delete;
mod invitations;
mod members;
mod narrowed;

use domain::access::Role;
use domain::orgs::{AddMember, CreateOrganization};
use domain::{Error as Refusal, UserId};
use service::Actor;
use service::audit::Verdict;
use testkit::{Kit, each};

use crate::org_id;

async fn person(kit: &Kit, email: &str) -> UserId {
    crate::id(&crate::person(kit, email).await)
}

fn organization(slug: &str, owner: UserId) -> CreateOrganization {
    CreateOrganization { slug: slug.parse().unwrap(), name: "New".into(), owner }
}

/// A new organization has an owner, a project with three environments, and a log that begins with itself.
#[tokio::test]
async fn a_new_organization_is_ready_to_use() {
    each(async |kit| {
        let owner = person(&kit, "owner@example.com").await;
        let actor = kit.services.accounts().actor(owner).await.unwrap();
        assert_eq!(kit.services.orgs().home(&actor).await.unwrap(), None);
        let view = kit.services.orgs().create(&actor, organization("acme", owner)).await.unwrap();
        assert_eq!((view.slug.as_str(), view.role), ("acme", Role::Owner));

        let actor = kit.services.accounts().actor(owner).await.unwrap();
        assert_eq!(kit.services.orgs().list(&actor).await.unwrap(), std::slice::from_ref(&view));
        let home = kit.services.orgs().home(&actor).await.unwrap().unwrap();
        assert_eq!((home.organization.as_str(), home.project.as_str()), ("acme", "default"));
        let environments = kit.services.environments().list(&actor, &home).await.unwrap();
        let environments: Vec<_> = environments
            .iter()
            .map(|it| (it.key.as_str(), it.color.as_str(), it.protected, it.revision))
            .collect();
        assert_eq!(
            environments,
            [("dev", "sky", false, 0), ("staging", "amber", false, 0), ("prod", "rose", false, 0)]
        );
        let log = kit.log(&actor, &view.slug).await;
        let actions: Vec<_> = log.iter().map(|entry| (entry.seq, entry.action.as_str())).collect();
        assert_eq!(actions, [(1, "organization.created")]);
        assert_eq!(kit.services.audit().verify(&actor, &view.slug).await.unwrap(), Verdict::Whole(1));
    })
    .await;
}

/// A slug that is taken is a conflict, and nothing of the second organization stays.
#[tokio::test]
async fn a_slug_is_taken_once() {
    each(async |kit| {
        let owner = person(&kit, "owner@example.com").await;
        let system = Actor::system("test");
        kit.services.orgs().create(&system, organization("acme", owner)).await.unwrap();
        let again = async { kit.services.orgs().create(&system, organization("acme", owner)).await };
        assert_eq!(kit.refused(again).await, Refusal::conflict("the slug `acme` is taken"));
    })
    .await;
}

/// An owner who does not exist is not found, and a name against the rules is refused.
#[tokio::test]
async fn an_organization_needs_an_owner_and_a_name() {
    each(async |kit| {
        let owner = person(&kit, "owner@example.com").await;
        let system = Actor::system("test");
        let nobody = UserId(domain::OrgId::INSTANCE.0);
        let refusal = kit.refused(kit.services.orgs().create(&system, organization("acme", nobody))).await;
        assert_eq!(refusal, Refusal::not_found("person"));
        for name in [String::new(), "n".repeat(101), "a\0b".to_owned()] {
            let command = CreateOrganization { name, ..organization("acme", owner) };
            let refusal = kit.refused(kit.services.orgs().create(&system, command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
            assert_eq!(details[0].path, "name");
        }
    })
    .await;
}

/// Somebody who is added may do what their role says from their next request on; adding them again is a conflict.
#[tokio::test]
async fn a_new_member_may_do_what_their_role_says() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let user = person(&kit, "new@example.com").await;
        let before = (kit.audit_entries().await, access_revision(&kit, &workspace).await);
        let add = |role| AddMember { organization: workspace.organization.clone(), user, role };
        kit.services.orgs().add_member(&workspace.admin, add(Role::Developer)).await.unwrap();
        assert_eq!(kit.audit_entries().await, before.0 + 1);
        assert_eq!(access_revision(&kit, &workspace).await, before.1 + 1);

        let actor = kit.services.accounts().actor(user).await.unwrap();
        kit.services.flags().create(&actor, workspace.boolean_flag("menu")).await.unwrap();
        for role in [Role::Developer, Role::Member] {
            let again = async { kit.services.orgs().add_member(&workspace.admin, add(role)).await };
            assert_eq!(kit.refused(again).await, Refusal::conflict("this person is a member already"));
        }
    })
    .await;
}

async fn access_revision(kit: &Kit, workspace: &testkit::Workspace) -> i64 {
    let org = kit.database.id(org_id(kit, workspace).await);
    kit.database.number(&format!("SELECT access_revision FROM organization WHERE id = {org}")).await
}
