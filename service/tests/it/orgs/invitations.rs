//! Invitations: who may invite whom, and which links are good.

use domain::access::Role;
use domain::accounts::DeleteAccount;
use domain::orgs::{AddMember, ChangeRole, Invite, NewInvitation, RemoveMember, RevokeInvitation};
use domain::{Error as Refusal, InvitationId};
use service::Actor;
use service::orgs::InvitationState;
use testkit::{Kit, START, Workspace, each};

use crate::{again, email, id, person, refusal};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn invite(workspace: &Workspace, email: &str, role: Role) -> Invite {
    Invite { organization: workspace.organization.clone(), email: email.into(), role }
}

fn revoke(workspace: &Workspace, invitation: InvitationId) -> RevokeInvitation {
    RevokeInvitation { organization: workspace.organization.clone(), invitation }
}

/// What is told once.
fn secret(told: &Option<String>) -> &str {
    told.as_deref().unwrap()
}

async fn invited(kit: &Kit, workspace: &Workspace, email: &str, role: Role) -> NewInvitation {
    kit.services.orgs().invite(&workspace.owner, invite(workspace, email, role)).await.unwrap()
}

/// An invitation lasts for a week, says who sent it, and its link lies nowhere.
#[tokio::test]
async fn an_invitation_is_listed_without_its_link() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let new = kit
            .services
            .orgs()
            .invite(&workspace.admin, invite(&workspace, " New@Example.com ", Role::Developer))
            .await
            .unwrap();
        let view = &new.invitation;
        assert_eq!((view.email.as_str(), view.role), ("New@Example.com", Role::Developer));
        assert_eq!(view.invited_by.as_deref(), Some("Somebody"));
        assert_eq!((view.expires_at, view.is_expired), (START.plus(7 * DAY_MS), false));
        assert_eq!(kit.database.places_of(secret(&new.token)).await, [""; 0]);
        assert!(!format!("{new:?}").contains(secret(&new.token)));
        for (_, actor) in workspace.people() {
            let list = kit.services.orgs().invitations(actor, &workspace.organization).await.unwrap();
            assert_eq!(list, std::slice::from_ref(view));
        }
        let InvitationState::Open(open) = kit.services.orgs().invitation(secret(&new.token)).await.unwrap()
        else {
            panic!("not open")
        };
        assert_eq!(
            (open.id, open.organization, open.role),
            (view.id, workspace.organization.clone(), view.role)
        );
        kit.clock.advance(7 * DAY_MS);
        let list = kit.services.orgs().invitations(&workspace.member, &workspace.organization).await.unwrap();
        assert!(list[0].is_expired);
    })
    .await;
}

/// Admins and owners invite, and owners are invited by owners alone; an address must be one.
#[tokio::test]
async fn owners_are_invited_by_owners() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for (by, actor) in workspace.people() {
            for role in Role::ALL {
                let address = format!("{}-{}@example.com", by.as_str(), role.as_str());
                let orgs = kit.services.orgs();
                let attempt = orgs.invite(actor, invite(&workspace, &address, role));
                if by == Role::Owner || by == Role::Admin && role != Role::Owner {
                    assert_eq!(attempt.await.unwrap().invitation.role, role);
                } else {
                    let refusal = kit.refused(attempt).await;
                    assert!(matches!(refusal, Refusal::Forbidden { .. }), "{by:?} {role:?}: {refusal:?}");
                }
            }
        }
        for address in ["", "nobody", "a@", "a b@example.com", "a\0@example.com"] {
            let orgs = kit.services.orgs();
            let attempt = orgs.invite(&workspace.owner, invite(&workspace, address, Role::Member));
            let Refusal::Invalid { details } = kit.refused(attempt).await else { panic!("{address:?}") };
            assert_eq!(details[0].path, "email");
        }
        let member = email(&workspace.member).to_uppercase();
        let orgs = kit.services.orgs();
        let attempt = orgs.invite(&workspace.owner, invite(&workspace, &member, Role::Admin));
        assert_eq!(kit.refused(attempt).await, Refusal::conflict("this person is a member already"));
    })
    .await;
}

/// An address has one invitation to an organization: inviting it again replaces the link and the role, and gives it
/// another week.
#[tokio::test]
async fn inviting_again_renews() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let first = invited(&kit, &workspace, "new@example.com", Role::Member).await;
        let elsewhere = kit.workspace().await;
        let other = invited(&kit, &elsewhere, "new@example.com", Role::Member).await;
        kit.clock.advance(6 * DAY_MS);
        let second = invited(&kit, &workspace, "NEW@example.com", Role::Admin).await;
        assert_eq!(second.invitation.id, first.invitation.id);
        let list = orgs.invitations(&workspace.member, &workspace.organization).await.unwrap();
        assert_eq!(list, std::slice::from_ref(&second.invitation));
        assert_eq!(list[0].expires_at, START.plus(13 * DAY_MS));

        let actor = person(&kit, "new@example.com").await;
        assert_eq!(refusal(orgs.invitation(secret(&first.token)).await), Refusal::not_found("invitation"));
        let old = kit.refused(orgs.accept_link(&actor, secret(&first.token))).await;
        assert_eq!(old, Refusal::not_found("invitation"));
        let view = orgs.accept_link(&actor, secret(&second.token)).await.unwrap();
        assert_eq!((view.slug, view.role), (workspace.organization.clone(), Role::Admin));
        // The one to another organization is as it was.
        let InvitationState::Open(open) = orgs.invitation(secret(&other.token)).await.unwrap() else {
            panic!()
        };
        assert_eq!(open.expires_at, START.plus(7 * DAY_MS));
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let actions: Vec<_> = log.iter().skip(4).map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["invitation.created", "invitation.renewed", "invitation.accepted"]);
    })
    .await;
}

/// An address that is invited twice at once has one invitation, with one link that is good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_one_invitation() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let tasks = ["new@example.com", "New@Example.com"].map(|address| {
            let (services, actor) = (kit.services.clone(), workspace.owner.clone());
            let command = invite(&workspace, address, Role::Member);
            tokio::spawn(async move { services.orgs().invite(&actor, command).await })
        });
        let mut tokens = Vec::new();
        for task in tasks {
            tokens.push(task.await.unwrap().unwrap().token.unwrap());
        }
        let mut good = 0;
        for token in tokens {
            good += i32::from(kit.services.orgs().invitation(&token).await.is_ok());
        }
        assert_eq!(good, 1);
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM invitation").await, 1);
    })
    .await;
}

/// An owner's invitation is an owner's affair: an admin neither renews it, to whatever role, nor takes it back.
#[tokio::test]
async fn an_admin_leaves_an_owners_invitation_alone() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let new = invited(&kit, &workspace, "new@example.com", Role::Owner).await;
        let expected = Refusal::Forbidden { reason: "only owners may manage owners".into() };
        for role in Role::ALL {
            let attempt = orgs.invite(&workspace.admin, invite(&workspace, "New@example.com", role));
            assert_eq!(kit.refused(attempt).await, expected, "{role:?}");
        }
        let attempt = orgs.revoke_invitation(&workspace.admin, revoke(&workspace, new.invitation.id));
        assert_eq!(kit.refused(attempt).await, expected);
        orgs.revoke_invitation(&workspace.owner, revoke(&workspace, new.invitation.id)).await.unwrap();
    })
    .await;
}

/// An invitation is taken back once, in its own organization, by admins and owners.
#[tokio::test]
async fn an_invitation_is_taken_back() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let new = invited(&kit, &workspace, "new@example.com", Role::Member).await;
        let command = revoke(&workspace, new.invitation.id);
        for actor in [&workspace.member, &workspace.developer] {
            let refusal = kit.refused(orgs.revoke_invitation(actor, command.clone())).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        // Whoever owns another organization names it there.
        let slug = orgs.list(&workspace.outsider).await.unwrap()[0].slug.clone();
        let elsewhere = RevokeInvitation { organization: slug, ..command.clone() };
        let stranger = kit.refused(orgs.revoke_invitation(&workspace.outsider, elsewhere)).await;
        assert_eq!(stranger, Refusal::not_found("invitation"));

        orgs.revoke_invitation(&workspace.admin, command.clone()).await.unwrap();
        let twice = kit.refused(orgs.revoke_invitation(&workspace.admin, command)).await;
        assert_eq!(twice, Refusal::not_found("invitation"));
        assert_eq!(orgs.invitations(&workspace.owner, &workspace.organization).await.unwrap(), []);
        // The address can be invited anew, by a new link.
        let anew = invited(&kit, &workspace, "new@example.com", Role::Member).await;
        assert_ne!(anew.invitation.id, new.invitation.id);
        assert!(matches!(orgs.invitation(secret(&new.token)).await.unwrap(), InvitationState::Revoked(_)));
    })
    .await;
}

/// A link that is not good says why, to whoever has it, and lets nobody in.
#[tokio::test]
async fn a_link_that_is_not_good_says_why() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let mut cases = Vec::new();
        for name in ["accepted", "revoked", "expired"] {
            let actor = person(&kit, &format!("{name}@example.com")).await;
            let new = invited(&kit, &workspace, &email(&actor), Role::Member).await;
            cases.push((actor, new));
        }
        orgs.accept_link(&cases[0].0, secret(&cases[0].1.token)).await.unwrap();
        orgs.revoke_invitation(&workspace.owner, revoke(&workspace, cases[1].1.invitation.id)).await.unwrap();
        kit.clock.advance(7 * DAY_MS - 1);
        let state = async |n: usize| orgs.invitation(secret(&cases[n].1.token)).await.unwrap();
        assert!(matches!(state(2).await, InvitationState::Open(_)));
        kit.clock.advance(1);
        assert!(matches!(state(0).await, InvitationState::Accepted(_)));
        assert!(matches!(state(1).await, InvitationState::Revoked(_)));
        assert!(matches!(state(2).await, InvitationState::Expired(_)));
        let reasons = [
            "this invitation was accepted already",
            "this invitation was taken back",
            "this invitation has expired: ask for another one",
        ];
        let stranger = person(&kit, "stranger@example.com").await;
        for ((actor, new), reason) in cases.iter().zip(reasons) {
            for asker in [actor, &stranger] {
                let refusal = kit.refused(orgs.accept_link(asker, secret(&new.token))).await;
                assert_eq!(refusal, Refusal::conflict(reason));
            }
        }
        let token = secret(&cases[2].1.token);
        for forged in ["", &service::random_token(), &token.to_lowercase(), &format!("{token} ")] {
            assert_eq!(refusal(orgs.invitation(forged).await), Refusal::not_found("invitation"));
            let refusal = kit.refused(orgs.accept_link(&stranger, forged)).await;
            assert_eq!(refusal, Refusal::not_found("invitation"));
        }
    })
    .await;
}

/// A link is for its address alone, in whatever case it is written; nobody in particular is asked to sign in.
#[tokio::test]
async fn a_link_is_for_its_address() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let new = invited(&kit, &workspace, "NEW@example.com", Role::Developer).await;
        let other = person(&kit, "other@example.com").await;
        for actor in [&other, &workspace.outsider, &workspace.admin] {
            let refusal = kit.refused(orgs.accept_link(actor, secret(&new.token))).await;
            let reason = "this invitation is for another e-mail address".into();
            assert_eq!(refusal, Refusal::Forbidden { reason });
        }
        let nobody = kit.refused(orgs.accept_link(&Actor::anonymous(), secret(&new.token))).await;
        assert_eq!(nobody, Refusal::Unauthenticated);

        let actor = person(&kit, "New@Example.com").await;
        let view = orgs.accept_link(&actor, secret(&new.token)).await.unwrap();
        let now = again(&kit, &actor).await;
        assert_eq!(orgs.list(&now).await.unwrap(), [view]);
        kit.services.flags().create(&now, workspace.boolean_flag("menu")).await.unwrap();
    })
    .await;
}

/// An invitation does not outlive what its sender may: whoever is removed leaves no way back, neither does who leaves, is
/// demoted or deletes their account. What they may still invite to stays.
#[tokio::test]
async fn an_invitation_does_not_outlive_its_senders_rights() {
    each(async |kit| {
        for way in ["removed", "left", "demoted", "deleted", "demoted to admin"] {
            let workspace = kit.workspace().await;
            let (orgs, organization) = (kit.services.orgs(), workspace.organization.clone());
            let sender = if way == "demoted to admin" { &workspace.owner } else { &workspace.admin };
            let user = id(sender);
            let demote = async |role| {
                let command = ChangeRole { organization: organization.clone(), user, role };
                orgs.change_role(&Actor::system("test"), command).await
            };
            let email = |name: &str| format!("{name}@{organization}.example.com");
            let invited = async |actor: &Actor, name: &str, role| {
                orgs.invite(actor, invite(&workspace, &email(name), role)).await.unwrap().token.unwrap()
            };
            let add = AddMember {
                organization: organization.clone(),
                user: id(&workspace.outsider),
                role: Role::Owner,
            };
            orgs.add_member(&workspace.owner, add).await.unwrap();
            let role = if way == "demoted to admin" { Role::Owner } else { Role::Admin };
            let token = invited(sender, "back", role).await;
            let other = invited(&again(&kit, &workspace.outsider).await, "other", Role::Member).await;
            let kept = invited(sender, "kept", Role::Member).await;
            let newest =
                async || orgs.invitations(&Actor::system("test"), &organization).await.unwrap().len();
            assert_eq!(newest().await, 3, "{way}");
            match way {
                "removed" => {
                    let command = RemoveMember { organization: organization.clone(), user };
                    orgs.remove_member(&workspace.owner, command).await
                }
                "left" => orgs.leave(sender, &organization).await,
                "demoted" => demote(Role::Developer).await,
                "demoted to admin" => demote(Role::Admin).await,
                _ => {
                    let command = DeleteAccount { confirm: crate::email(sender) };
                    kit.services.accounts().delete(sender, command).await
                }
            }
            .unwrap();
            let back = person(&kit, &email("back")).await;
            let refusal = kit.refused(orgs.accept_link(&back, &token)).await;
            assert_eq!(refusal, Refusal::conflict("this invitation was taken back"), "{way}");
            let outcome = orgs.accept_link(&person(&kit, &email("kept")).await, &kept).await;
            assert_eq!(outcome.is_ok(), way == "demoted to admin", "{way}");
            orgs.accept_link(&person(&kit, &email("other")).await, &other).await.unwrap();
            let log = kit.log(&Actor::system("test"), &organization).await;
            let revoked = log.iter().filter(|it| it.action == "invitation.revoked").count();
            assert_eq!(revoked, if way == "demoted to admin" { 1 } else { 2 }, "{way}");
        }
    })
    .await;
}

/// Whoever became a member in the meantime accepts nothing: their role stays what it is.
#[tokio::test]
async fn a_member_accepts_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let actor = person(&kit, "new@example.com").await;
        let new = invited(&kit, &workspace, "new@example.com", Role::Admin).await;
        let add = domain::orgs::AddMember {
            organization: workspace.organization.clone(),
            user: id(&actor),
            role: Role::Member,
        };
        orgs.add_member(&workspace.owner, add).await.unwrap();
        let refusal = kit.refused(orgs.accept_link(&again(&kit, &actor).await, secret(&new.token))).await;
        assert_eq!(refusal, Refusal::conflict("this person is a member already"));
    })
    .await;
}

/// Accepting twice at once makes one member, and one of the two is told that it was accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_twice_at_once_makes_one_member() {
    each(async |kit| {
        for n in 0..3 {
            let workspace = kit.workspace().await;
            let actor = person(&kit, &format!("new{n}@example.com")).await;
            let token = invited(&kit, &workspace, &email(&actor), Role::Member).await.token.unwrap();
            let tasks = [(); 2].map(|()| {
                let (services, actor, token) = (kit.services.clone(), actor.clone(), token.clone());
                tokio::spawn(async move { services.orgs().accept_link(&actor, &token).await })
            });
            let mut accepted = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(_) => accepted += 1,
                    outcome => {
                        let expected = Refusal::conflict("this invitation was accepted already");
                        assert_eq!(refusal(outcome), expected);
                    }
                }
            }
            assert_eq!(accepted, 1);
            let members =
                kit.services.orgs().members(&workspace.owner, &workspace.organization).await.unwrap();
            assert_eq!(members.iter().filter(|member| member.person.id == id(&actor)).count(), 1);
        }
    })
    .await;
}

/// The good invitations for one's address show up by themselves once it is proven that it is one's own; not before, and
/// nobody else's.
#[tokio::test]
async fn my_invitations_take_a_proven_address() {
    each(async |kit| {
        let orgs = kit.services.orgs();
        let [a, b, c, d] =
            [kit.workspace().await, kit.workspace().await, kit.workspace().await, kit.workspace().await];
        let actor = person(&kit, "new@example.com").await;
        let late = invited(&kit, &d, "new@example.com", Role::Member).await;
        kit.clock.advance(DAY_MS);
        let open = invited(&kit, &a, "New@Example.com", Role::Developer).await;
        kit.clock.advance(1);
        let second = invited(&kit, &b, "new@example.com", Role::Member).await;
        let revoked = invited(&kit, &c, "new@example.com", Role::Member).await;
        orgs.revoke_invitation(&c.owner, revoke(&c, revoked.invitation.id)).await.unwrap();
        let others = invited(&kit, &a, "other@example.com", Role::Member).await;
        kit.clock.advance(6 * DAY_MS - 1);

        assert_eq!(orgs.my_invitations(&actor).await.unwrap(), []);
        let refusal_of = async |id| kit.refused(orgs.accept_mine(&actor, id)).await;
        assert_eq!(refusal_of(open.invitation.id).await, Refusal::not_found("invitation"));
        let user = kit.database.id(id(&actor));
        kit.database
            .execute(&format!("UPDATE user_account SET email_verified_at = 1 WHERE id = {user}"))
            .await;

        let mine = orgs.my_invitations(&actor).await.unwrap();
        let ids: Vec<_> = mine.iter().map(|invitation| invitation.id).collect();
        assert_eq!(ids, [second.invitation.id, open.invitation.id]);
        assert_eq!((&mine[1].organization, mine[1].role), (&a.organization, Role::Developer));
        for not_mine in [others.invitation.id, revoked.invitation.id, late.invitation.id] {
            assert_eq!(refusal_of(not_mine).await, Refusal::not_found("invitation"));
        }
        let view = orgs.accept_mine(&actor, open.invitation.id).await.unwrap();
        assert_eq!((view.slug, view.role), (a.organization.clone(), Role::Developer));
        let mine = orgs.my_invitations(&again(&kit, &actor).await).await.unwrap();
        assert_eq!(mine.len(), 1);
        let nobody = orgs.my_invitations(&Actor::anonymous()).await;
        assert_eq!(refusal(nobody), Refusal::Unauthenticated);
    })
    .await;
}

/// A demoted inviter's link is the organization's still, and whoever joins by it is managed like everybody.
#[tokio::test]
async fn whoever_joined_by_a_link_is_managed_like_everybody() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let actor = person(&kit, "new@example.com").await;
        let token = invited(&kit, &workspace, "new@example.com", Role::Owner).await.token.unwrap();
        orgs.accept_link(&actor, &token).await.unwrap();
        let demote = ChangeRole {
            organization: workspace.organization.clone(),
            user: id(&workspace.owner),
            role: Role::Member,
        };
        orgs.change_role(&again(&kit, &actor).await, demote).await.unwrap();
    })
    .await;
}
