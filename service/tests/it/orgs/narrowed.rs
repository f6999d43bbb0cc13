//! Roles that are less in one place than elsewhere.

use domain::access::{Action, NARROWED_MANAGES_NOBODY, Role};
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::orgs::{ChangeRole, Invite, NarrowRole, NarrowedRole, PlaceRef};
use domain::{Error as Refusal, UserId};
use serde_json::json;
use service::Actor;
use testkit::{Kit, Workspace, each};

use crate::{again, id};

fn place(text: &str) -> PlaceRef {
    text.parse().unwrap()
}

fn narrow(workspace: &Workspace, user: UserId, at: &str, role: Option<Role>) -> NarrowRole {
    NarrowRole { organization: workspace.organization.clone(), user, place: place(at), role }
}

/// Narrows the role of somebody by the owner.
async fn narrowed(kit: &Kit, workspace: &Workspace, whom: &Actor, at: &str, role: Option<Role>) {
    let command = narrow(workspace, id(whom), at, role);
    kit.services.orgs().narrow(&workspace.owner, command).await.unwrap();
}

async fn switch(kit: &Kit, workspace: &Workspace, actor: &Actor, environment: &str) -> service::Result<()> {
    let command = workspace.switch("menu", environment, true);
    kit.services.flags().switch(actor, command).await.map(drop)
}

async fn key(kit: &Kit, workspace: &Workspace, actor: &Actor, environment: &str) -> service::Result<()> {
    let command = CreateApiKey {
        project: workspace.project.clone(),
        environment: environment.parse().unwrap(),
        name: "key".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: None,
        rate_limit: None,
    };
    kit.services.api_keys().create(actor, command).await.map(drop)
}

/// A developer here, a member in prod: what is narrowed in one environment counts there alone, for all that is done in it, the
/// kill switch too; lifted, it is as before.
#[tokio::test]
async fn a_role_is_less_in_one_environment() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let developer = &workspace.developer;
        switch(&kit, &workspace, developer, "prod").await.unwrap();
        narrowed(&kit, &workspace, developer, "default/prod", Some(Role::Member)).await;
        let reason = "Your role is narrowed here. A member may not switch flags on: this needs the role developer or above.";
        let refused = kit.refused(switch(&kit, &workspace, developer, "prod")).await;
        assert_eq!(refused, Refusal::Forbidden { reason: reason.into() });
        let kill = workspace.switch("menu", "prod", false);
        let refused = kit.refused(async { kit.services.flags().switch(developer, kill).await }).await;
        assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused:?}");
        switch(&kit, &workspace, developer, "dev").await.unwrap();

        let flags = kit.services.flags();
        let place = kit.services.projects().place(developer, &workspace.project).await.unwrap();
        for (environment, role) in [("dev", Role::Developer), ("prod", Role::Member)] {
            let at = place.environment(Some(&environment.parse().unwrap())).unwrap();
            assert_eq!(at.role, role);
            assert_eq!(place.refusal_in(at, Action::EnableFlag).is_none(), role == Role::Developer);
        }
        // A flag is the project's: it is created off, in the narrowed environment too.
        flags.create(developer, workspace.boolean_flag("another")).await.unwrap();

        narrowed(&kit, &workspace, developer, "default/prod", None).await;
        switch(&kit, &workspace, developer, "prod").await.unwrap();
    })
    .await;
}

/// What is narrowed in a project counts in all of its environments, and the least of all counts; a role elsewhere that becomes
/// less than that counts too.
#[tokio::test]
async fn the_least_role_counts() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let (admin, orgs) = (&workspace.admin, kit.services.orgs());
        let role = async |at: &str| {
            let rights = orgs.rights(admin, &workspace.organization).await.unwrap();
            rights.at(Some(&place(at)))
        };
        key(&kit, &workspace, admin, "dev").await.unwrap();
        narrowed(&kit, &workspace, admin, "default", Some(Role::Developer)).await;
        narrowed(&kit, &workspace, admin, "default/prod", Some(Role::Member)).await;
        assert_eq!((role("default").await, role("default/dev").await), (Role::Developer, Role::Developer));
        assert_eq!(role("default/prod").await, Role::Member);
        let refused = kit.refused(key(&kit, &workspace, admin, "dev")).await;
        assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused:?}");
        switch(&kit, &workspace, admin, "dev").await.unwrap();
        narrowed(&kit, &workspace, admin, "default", Some(Role::Member)).await;
        let flags = kit.services.flags();
        let refused = kit.refused(flags.create(admin, workspace.boolean_flag("another"))).await;
        assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused:?}");
    })
    .await;
}

/// It is listed, by place, and gone with the membership and for an owner.
#[tokio::test]
async fn what_is_narrowed_is_listed() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (admin, orgs) = (&workspace.admin, kit.services.orgs());
        let listed = async || {
            let members = orgs.members(&workspace.owner, &workspace.organization).await.unwrap();
            members.into_iter().find(|member| member.person.id == id(admin)).unwrap().narrowed
        };
        assert_eq!(listed().await, []);
        narrowed(&kit, &workspace, admin, "default/prod", Some(Role::Developer)).await;
        narrowed(&kit, &workspace, admin, "default", Some(Role::Developer)).await;
        narrowed(&kit, &workspace, admin, "default/prod", Some(Role::Member)).await;
        let expected = [("default", Role::Developer), ("default/prod", Role::Member)];
        let expected = expected.map(|(at, role)| NarrowedRole { place: place(at), role });
        assert_eq!(listed().await, expected);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let last = log.last().unwrap();
        assert_eq!((last.action.as_str(), last.resource.key.as_str()), ("member.narrowed", "default/prod"));
        let documents =
            ["developer", "member"].map(|role| Some(json!({"place": "default/prod", "role": role})));
        assert_eq!([last.old.clone(), last.new.clone()], documents);

        let all = ["default", "default/dev", "default/staging", "default/prod"].map(place);
        assert_eq!(orgs.places(&workspace.member, &workspace.organization).await.unwrap(), all);
        let change = |role| {
            let (organization, user) = (workspace.organization.clone(), id(admin));
            orgs.change_role(&workspace.owner, ChangeRole { organization, user, role })
        };
        change(Role::Owner).await.unwrap();
        change(Role::Admin).await.unwrap();
        assert_eq!(listed().await, [], "an owner may do everything everywhere");
        narrowed(&kit, &workspace, admin, "default", Some(Role::Member)).await;
        orgs.leave(&again(&kit, admin).await, &workspace.organization).await.unwrap();
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM narrowed_role").await, 0);
    })
    .await;
}

/// Nobody narrows owners, or lifts what narrows themselves; what is not less is refused, and so is what is not there.
#[tokio::test]
async fn what_narrows_nothing_is_refused() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (admin, developer) = (&workspace.admin, &workspace.developer);
        let refused = async |actor: &Actor, whom: &Actor, at: &str, role| {
            kit.refused(kit.services.orgs().narrow(actor, narrow(&workspace, id(whom), at, role))).await
        };
        let own = refused(admin, admin, "default", Some(Role::Member)).await;
        let reason = "nobody changes their own rights: ask another admin".to_owned();
        assert_eq!(own, Refusal::Forbidden { reason });
        let owner = refused(admin, &workspace.owner, "default", Some(Role::Member)).await;
        assert!(matches!(owner, Refusal::Forbidden { .. }), "{owner:?}");
        let owner = Actor::system("test");
        let owner = refused(&owner, &workspace.owner, "default", Some(Role::Member)).await;
        assert_eq!(owner, Refusal::conflict("an owner may do everything everywhere"));
        for role in [Role::Developer, Role::Admin, Role::Owner] {
            let Refusal::Invalid { details } = refused(admin, developer, "default", Some(role)).await else {
                panic!("{role:?}");
            };
            assert_eq!(details[0].path, "role");
        }
        for (at, what) in [("nowhere", "project `nowhere`"), ("default/nowhere", "environment `nowhere`")] {
            assert_eq!(refused(admin, developer, at, Some(Role::Member)).await, Refusal::not_found(what));
        }
        let nothing = refused(admin, developer, "default", None).await;
        assert_eq!(nothing, Refusal::not_found("narrowed role"));
        let stranger = refused(admin, &workspace.outsider, "default", Some(Role::Member)).await;
        assert_eq!(stranger, Refusal::not_found("member"));
        for actor in [developer, &workspace.member] {
            let refused = refused(actor, admin, "default", None).await;
            assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused:?}");
        }
        let outsider = refused(&workspace.outsider, developer, "default", Some(Role::Member)).await;
        assert_eq!(outsider, Refusal::not_found("organization"));
    })
    .await;
}

/// A role that is narrowed so already stays as it is: nothing is written, and nobody's access is read anew.
#[tokio::test]
async fn what_is_narrowed_already_changes_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let developer = &workspace.developer;
        narrowed(&kit, &workspace, developer, "default/prod", Some(Role::Member)).await;
        let (before, entries) = (kit.state().await, kit.audit_entries().await);
        narrowed(&kit, &workspace, developer, "default/prod", Some(Role::Member)).await;
        assert_eq!(before.changes(&kit.state().await), Vec::<String>::new());
        assert_eq!(kit.audit_entries().await, entries);
    })
    .await;
}

/// Whoever is narrowed manages nobody, who could do for them what they may not; what they had invited ends.
#[tokio::test]
async fn whoever_is_narrowed_manages_nobody() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (admin, orgs) = (&workspace.admin, kit.services.orgs());
        let invite = || Invite {
            organization: workspace.organization.clone(),
            email: "second@example.com".into(),
            role: Role::Admin,
        };
        let token = orgs.invite(admin, invite()).await.unwrap().token.unwrap();
        narrowed(&kit, &workspace, admin, "default/prod", Some(Role::Member)).await;
        let second = crate::person(&kit, "second@example.com").await;
        let refused = kit.refused(orgs.accept_link(&second, &token)).await;
        assert_eq!(refused, Refusal::conflict("this invitation was taken back"));

        let forbidden = Refusal::Forbidden { reason: NARROWED_MANAGES_NOBODY.into() };
        assert_eq!(kit.refused(orgs.invite(admin, invite())).await, forbidden);
        let (organization, user) = (workspace.organization.clone(), id(&workspace.member));
        let promote = ChangeRole { organization, user, role: Role::Admin };
        assert_eq!(kit.refused(orgs.change_role(admin, promote)).await, forbidden);
        let lift = narrow(&workspace, id(admin), "default/prod", None);
        assert_eq!(kit.refused(orgs.narrow(admin, lift)).await, forbidden);
        narrowed(&kit, &workspace, admin, "default/prod", None).await;
        orgs.invite(admin, invite()).await.unwrap();
    })
    .await;
}
