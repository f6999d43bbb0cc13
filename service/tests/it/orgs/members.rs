//! Members: their roles, how they go, and that an owner remains.

use domain::access::Role;
use domain::orgs::{AddMember, ChangeRole, RemoveMember};
use domain::{Error as Refusal, OrgSlug, UserId};
use serde_json::json;
use service::Actor;
use testkit::{Kit, Workspace, each};

use crate::{again, id, person, refusal, set_role, table};

const LAST_OWNER: &str = "an organization needs an owner: make somebody else one first";

fn change(workspace: &Workspace, user: UserId, role: Role) -> ChangeRole {
    ChangeRole { organization: workspace.organization.clone(), user, role }
}

fn remove(workspace: &Workspace, user: UserId) -> RemoveMember {
    RemoveMember { organization: workspace.organization.clone(), user }
}

/// A new member, who has done nothing yet.
async fn join(kit: &Kit, organization: &OrgSlug, role: Role) -> Actor {
    let actor = person(kit, &format!("{}@example.com", service::random_token())).await;
    let command = AddMember { organization: organization.clone(), user: id(&actor), role };
    kit.services.orgs().add_member(&Actor::system("test"), command).await.unwrap();
    again(kit, &actor).await
}

async fn role(kit: &Kit, workspace: &Workspace, user: UserId) -> Option<Role> {
    let (system, slug) = (Actor::system("test"), &workspace.organization);
    let members = kit.services.orgs().members(&system, slug).await.unwrap();
    members.iter().find(|member| member.person.id == user).map(|member| member.role)
}

async fn owners(kit: &Kit, workspace: &Workspace) -> i64 {
    let sql =
        "SELECT COUNT(*) FROM member JOIN organization ON id = org_id WHERE role = 'owner' AND slug = '!'";
    kit.database.number(&sql.replace('!', workspace.organization.as_str())).await
}

/// The list of members shows owners first and marks whoever asks; nobody outside sees it.
#[tokio::test]
async fn members_are_listed_for_members() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        for (_, actor) in workspace.people() {
            let members = orgs.members(actor, &workspace.organization).await.unwrap();
            let roles: Vec<_> = members.iter().map(|member| member.role).collect();
            assert_eq!(roles, [Role::Owner, Role::Admin, Role::Developer, Role::Member]);
            let you: Vec<_> = members.iter().filter(|it| it.is_you).map(|it| it.person.id).collect();
            assert_eq!(you, [id(actor)]);
        }
        for (actor, expected) in [
            (&workspace.outsider, Refusal::not_found("organization")),
            (&Actor::anonymous(), Refusal::Unauthenticated),
        ] {
            assert_eq!(refusal(orgs.members(actor, &workspace.organization).await), expected);
            assert_eq!(refusal(orgs.invitations(actor, &workspace.organization).await), expected);
        }
    })
    .await;
}

/// Each role changes roles as far as it may: admins all but owners, and no one to one; owners everybody; others nobody.
/// So nobody promotes themselves either.
#[tokio::test]
async fn each_role_changes_roles_as_far_as_it_may() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for (by, actor) in workspace.people() {
            for old in Role::ALL {
                for new in Role::ALL {
                    let target = id(&join(&kit, &workspace.organization, old).await);
                    let orgs = kit.services.orgs();
                    let attempt = orgs.change_role(actor, change(&workspace, target, new));
                    let may = match by {
                        Role::Owner => true,
                        Role::Admin => old != Role::Owner && new != Role::Owner,
                        _ => false,
                    };
                    if may {
                        attempt.await.unwrap();
                        assert_eq!(role(&kit, &workspace, target).await, Some(new));
                    } else {
                        let refusal = kit.refused(attempt).await;
                        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{by:?} {old:?} {new:?}");
                    }
                    // So that there is not one row more for each of the next.
                    let user = kit.database.id(target);
                    kit.database.execute(&format!("DELETE FROM user_account WHERE id = {user}")).await;
                }
            }
        }
        for (by, actor) in workspace.people() {
            for new in Role::ALL.into_iter().filter(|new| *new > by) {
                let orgs = kit.services.orgs();
                let attempt = orgs.change_role(actor, change(&workspace, id(actor), new));
                let refusal = kit.refused(attempt).await;
                assert!(matches!(refusal, Refusal::Forbidden { .. }), "{by:?} to {new:?}: {refusal:?}");
            }
        }
    })
    .await;
}

/// A changed role counts from the next request on, and the log tells both roles.
#[tokio::test]
async fn a_changed_role_counts_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let member = id(&workspace.member);
        orgs.change_role(&workspace.admin, change(&workspace, member, Role::Developer)).await.unwrap();
        let promoted = again(&kit, &workspace.member).await;
        kit.services.flags().create(&promoted, workspace.boolean_flag("menu")).await.unwrap();

        // Who came in as a developer, and is none any more.
        orgs.change_role(&workspace.admin, change(&workspace, member, Role::Member)).await.unwrap();
        let flags = kit.services.flags();
        let create = flags.create(&promoted, workspace.boolean_flag("other"));
        assert!(matches!(kit.refused(create).await, Refusal::Forbidden { .. }));

        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let documents: Vec<_> = log
            .into_iter()
            .filter(|entry| entry.action == "member.role_changed")
            .map(|entry| (entry.old.unwrap(), entry.new.unwrap()))
            .collect();
        let document = |role: &str| json!({ "role": role });
        let up = (document("member"), document("developer"));
        assert_eq!(documents, [up.clone(), (up.1, up.0)]);
    })
    .await;
}

/// An owner who is an admin by now demotes owners no more.
#[tokio::test]
async fn a_demoted_owner_manages_owners_no_more() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let second = id(&join(&kit, &workspace.organization, Role::Owner).await);
        let owner = again(&kit, &workspace.owner).await;
        set_role(&kit, &workspace, &owner, "admin").await;
        let orgs = kit.services.orgs();
        for refusal in [
            kit.refused(orgs.change_role(&owner, change(&workspace, second, Role::Member))).await,
            kit.refused(orgs.change_role(&owner, change(&workspace, id(&owner), Role::Owner))).await,
            kit.refused(orgs.remove_member(&owner, remove(&workspace, second))).await,
        ] {
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
    })
    .await;
}

/// The last owner is not demoted, not removed, and does not leave: neither by themselves nor by Togglebit.
#[tokio::test]
async fn the_last_owner_stays() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let owner = id(&workspace.owner);
        for actor in [&workspace.owner, &Actor::system("test")] {
            for new in [Role::Admin, Role::Developer, Role::Member] {
                let refusal = kit.refused(orgs.change_role(actor, change(&workspace, owner, new))).await;
                assert_eq!(refusal, Refusal::conflict(LAST_OWNER));
            }
            let refusal = kit.refused(orgs.remove_member(actor, remove(&workspace, owner))).await;
            assert_eq!(refusal, Refusal::conflict(LAST_OWNER));
        }
        let refusal = kit.refused(orgs.leave(&workspace.owner, &workspace.organization)).await;
        assert_eq!(refusal, Refusal::conflict(LAST_OWNER));
        // An owner stays one when they are made one again.
        orgs.change_role(&workspace.owner, change(&workspace, owner, Role::Owner)).await.unwrap();

        orgs.change_role(&workspace.owner, change(&workspace, id(&workspace.admin), Role::Owner))
            .await
            .unwrap();
        orgs.leave(&again(&kit, &workspace.owner).await, &workspace.organization).await.unwrap();
        assert_eq!(role(&kit, &workspace, owner).await, None);
        assert_eq!(owners(&kit, &workspace).await, 1);
    })
    .await;
}

/// Each role removes members as far as it may; who is none is not found.
#[tokio::test]
async fn each_role_removes_as_far_as_it_may() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        for (by, actor) in workspace.people() {
            for old in Role::ALL {
                let target = id(&join(&kit, &workspace.organization, old).await);
                let attempt = orgs.remove_member(actor, remove(&workspace, target));
                if by == Role::Owner || by == Role::Admin && old != Role::Owner {
                    attempt.await.unwrap();
                    assert_eq!(role(&kit, &workspace, target).await, None);
                } else {
                    let refusal = kit.refused(attempt).await;
                    assert!(matches!(refusal, Refusal::Forbidden { .. }), "{by:?} {old:?}: {refusal:?}");
                }
            }
        }
        let outsider = id(&workspace.outsider);
        for refusal in [
            kit.refused(orgs.remove_member(&workspace.owner, remove(&workspace, outsider))).await,
            kit.refused(orgs.change_role(&workspace.owner, change(&workspace, outsider, Role::Member))).await,
        ] {
            assert_eq!(refusal, Refusal::not_found("member"));
        }
    })
    .await;
}

/// To whoever was removed or left the organization no longer exists: for what they are about to do, and for what they
/// look at next.
#[tokio::test]
async fn whoever_is_gone_finds_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let organization = &workspace.organization;
        orgs.remove_member(&workspace.admin, remove(&workspace, id(&workspace.developer))).await.unwrap();
        orgs.leave(&workspace.member, organization).await.unwrap();
        let leaver = join(&kit, organization, Role::Developer).await;
        orgs.leave(&leaver, organization).await.unwrap();
        for actor in [&workspace.developer, &leaver] {
            let flags = kit.services.flags();
            let create = flags.create(actor, workspace.boolean_flag("menu"));
            assert_eq!(kit.refused(create).await, Refusal::not_found("organization"));
        }
        let twice = kit.refused(orgs.leave(&leaver, organization)).await;
        assert_eq!(twice, Refusal::not_found("organization"));
        for actor in [&workspace.developer, &workspace.member, &leaver] {
            let gone = again(&kit, actor).await;
            assert_eq!(orgs.list(&gone).await.unwrap(), []);
            for refusal in [
                refusal(table(&kit, &gone, &workspace.project, None).await),
                refusal(orgs.members(&gone, organization).await),
                refusal(orgs.invitations(&gone, organization).await),
                refusal(crate::entries(&kit, &gone, organization).await),
                kit.refused(orgs.leave(&gone, organization)).await,
            ] {
                assert_eq!(refusal, Refusal::not_found("organization"));
            }
        }
        let log = kit.log(&workspace.owner, organization).await;
        let gone = log.iter().filter(|it| ["member.removed", "member.left"].contains(&it.action.as_str()));
        assert_eq!(gone.count(), 3);
    })
    .await;
}

/// What two owners do to each other or themselves at once: afterwards exactly one is left, whatever it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_remains_whatever_two_do_at_once() {
    #[derive(Clone, Copy, Debug)]
    enum Does {
        DemotesTheOther,
        RemovesTheOther,
        StepsDown,
        Leaves,
        DeletesTheAccount,
    }
    use Does::{DeletesTheAccount, DemotesTheOther, Leaves, RemovesTheOther, StepsDown};
    let pairs = [
        [DemotesTheOther, DemotesTheOther],
        [RemovesTheOther, RemovesTheOther],
        [Leaves, Leaves],
        [StepsDown, StepsDown],
        [DeletesTheAccount, DeletesTheAccount],
        [StepsDown, Leaves],
        [DeletesTheAccount, Leaves],
        [DeletesTheAccount, StepsDown],
    ];
    each(async |kit| {
        for pair in pairs {
            for _ in 0..3 {
                let workspace = kit.workspace().await;
                let second = join(&kit, &workspace.organization, Role::Owner).await;
                let both = [again(&kit, &workspace.owner).await, second];
                let tasks = [0, 1].map(|n| {
                    let (services, actor) = (kit.services.clone(), both[n].clone());
                    let (own, other) = (id(&actor), id(&both[1 - n]));
                    let (removed, demoted) =
                        (remove(&workspace, other), change(&workspace, other, Role::Member));
                    let organization = workspace.organization.clone();
                    tokio::spawn(async move {
                        let orgs = services.orgs();
                        match pair[n] {
                            DemotesTheOther => orgs.change_role(&actor, demoted).await,
                            RemovesTheOther => orgs.remove_member(&actor, removed).await,
                            StepsDown => orgs.change_role(&actor, ChangeRole { user: own, ..demoted }).await,
                            Leaves => orgs.leave(&actor, &organization).await,
                            DeletesTheAccount => {
                                let confirm = crate::email(&actor);
                                let command = domain::accounts::DeleteAccount { confirm };
                                services.accounts().delete(&actor, command).await
                            }
                        }
                    })
                });
                let mut done = 0;
                for task in tasks {
                    match task.await.unwrap() {
                        Ok(()) => done += 1,
                        // A refusal, and never a failure.
                        outcome => drop(refusal(outcome)),
                    }
                }
                assert_eq!(done, 1, "{pair:?}");
                assert_eq!(owners(&kit, &workspace).await, 1, "{pair:?}");
            }
        }
    })
    .await;
}
