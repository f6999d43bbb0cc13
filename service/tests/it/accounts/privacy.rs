//! What is kept of a person: shown to them, and gone with them.

use domain::Error as Refusal;
use domain::access::Role;
use domain::accounts::{CreateToken, DeleteAccount, ResetPassword, SignUp, TokenScope};
use domain::orgs::{ChangeRole, CreateOrganization, Invite, RevokeInvitation};
use service::audit::Verdict;
use service::{Actor, Origin};
use testkit::{Kit, Workspace, each};
use tower_sessions::SessionStore;

use super::{NEW_PASSWORD, PASSWORD, begin, password, sign_up_as, try_password, wrong};
use crate::{again, id, refusal};

const EMAIL: &str = "Marguerite.Thistle@example.com";
const ADDRESS: &str = "198.51.100.77";
const AGENT: &str = "Thistlewaite/7.3 (Linux)";

/// Somebody who asks from where the person of these tests does.
fn there(actor: Actor) -> Actor {
    actor.from(std::sync::Arc::new(Origin {
        address: Some(ADDRESS.into()),
        user_agent: Some(AGENT.into()),
        request_id: "request-thistle".into(),
    }))
}

/// A person who did everything that leaves something behind: was invited, signed up, failed to sign in, forgot the
/// password, belongs to two organizations and has left a third, where they made a flag and were refused.
struct Traces {
    actor: Actor,
    left: Workspace,
    joined: Workspace,
}

async fn invite(kit: &Kit, workspace: &Workspace) -> domain::orgs::NewInvitation {
    let command =
        Invite { organization: workspace.organization.clone(), email: EMAIL.into(), role: Role::Developer };
    kit.services.orgs().invite(&workspace.admin, command).await.unwrap()
}

async fn traces(kit: &Kit) -> Traces {
    let (accounts, orgs) = (kit.services.accounts(), kit.services.orgs());
    let [left, joined, other] = [kit.workspace().await, kit.workspace().await, kit.workspace().await];
    let invitation = invite(kit, &joined).await.token.unwrap();
    let command = SignUp { invitation: Some(invitation), ..sign_up_as(EMAIL) };
    let person = accounts.sign_up(&there(Actor::anonymous()), command).await.unwrap();
    let actor = async || there(accounts.actor(person.id).await.unwrap());
    let token = invite(kit, &left).await.token.unwrap();
    orgs.accept_link(&actor().await, &token).await.unwrap();
    // One that is open still, one that was renewed, and one that was taken back.
    invite(kit, &other).await;
    let renewed = invite(kit, &other).await.invitation.id;
    let revoke = RevokeInvitation { organization: other.organization.clone(), invitation: renewed };
    orgs.revoke_invitation(&other.admin, revoke).await.unwrap();
    invite(kit, &other).await;

    wrong(kit, &there(Actor::anonymous()), &EMAIL.to_uppercase()).await.unwrap_err();
    try_password(kit, &there(Actor::anonymous()), EMAIL, PASSWORD).await.unwrap();
    let (link, _) = accounts.make_reset_link(&Actor::system("test"), EMAIL).await.unwrap();
    let reset = ResetPassword { token: link, password: password(NEW_PASSWORD) };
    accounts.reset_password(&there(Actor::anonymous()), reset).await.unwrap();
    accounts.make_reset_link(&Actor::system("test"), EMAIL).await.unwrap();
    begin(kit, &actor().await).await;
    let command = CreateToken { name: "Script".into(), scope: TokenScope::Write, days: None };
    accounts.create_token(&actor().await, command).await.unwrap();

    kit.services.flags().create(&actor().await, left.boolean_flag("theirs")).await.unwrap();
    let environment = "dev".parse().unwrap();
    let protect = domain::environments::ProtectEnvironment {
        project: left.project.clone(),
        environment,
        protected: true,
    };
    let denied = kit.services.environments().protect(&actor().await, protect).await;
    assert!(matches!(refusal(denied), Refusal::Forbidden { .. }));
    orgs.leave(&actor().await, &left.organization).await.unwrap();
    kit.clock.advance(1);
    let own = CreateOrganization { slug: "thistles".parse().unwrap(), name: "Own".into(), owner: person.id };
    orgs.create(&actor().await, own).await.unwrap();
    Traces { actor: actor().await, left, joined }
}

/// Every chain there is, the instance's too, is whole.
async fn assert_whole(kit: &Kit) {
    for row in kit.database.rows("SELECT slug FROM organization").await {
        let slug = row["slug"].as_str().unwrap().parse().unwrap();
        let verdict = kit.services.audit().verify(&Actor::system("test"), &slug).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole(n) if n > 0), "{slug}: {verdict:?}");
    }
}

/// Whoever is the last owner of an organization is told which, and nothing of them is deleted.
#[tokio::test]
async fn a_last_owner_stays() {
    each(async |kit| {
        let Traces { actor, joined, .. } = traces(&kit).await;
        let accounts = kit.services.accounts();
        let command = || DeleteAccount { confirm: EMAIL.into() };
        let refusal = kit.refused(accounts.delete(&actor, command())).await;
        let Refusal::Conflict { message, .. } = &refusal else { panic!("{refusal:?}") };
        assert!(message.contains("thistles") && !message.contains(joined.organization.as_str()), "{message}");
        assert!(kit.database.places_of(ADDRESS).await.len() > 1);

        // With a second owner it goes.
        let user = id(&joined.owner);
        let add =
            domain::orgs::AddMember { organization: "thistles".parse().unwrap(), user, role: Role::Owner };
        kit.services.orgs().add_member(&actor, add).await.unwrap();
        accounts.delete(&again(&kit, &actor).await, command()).await.unwrap();
        let heir = again(&kit, &joined.owner).await;
        let members = kit.services.orgs().members(&heir, &"thistles".parse().unwrap()).await.unwrap();
        assert_eq!(members.len(), 1);
        assert_whole(&kit).await;
    })
    .await;
}

/// Deleting an account takes the typed address, and the person themselves.
#[tokio::test]
async fn deleting_an_account_takes_its_address() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = super::sign_up(&kit, "a@example.com").await;
        super::sign_up(&kit, "b@example.com").await;
        for confirm in ["", "b@example.com", "delete"] {
            let command = DeleteAccount { confirm: confirm.into() };
            let refusal = kit.refused(accounts.delete(&actor, command)).await;
            assert_eq!(refusal, Refusal::invalid("confirm", "type your e-mail address"), "{confirm}");
        }
        let command = DeleteAccount { confirm: " A@example.com ".into() };
        let nobody = kit.refused(accounts.delete(&Actor::anonymous(), command.clone())).await;
        assert_eq!(nobody, Refusal::Unauthenticated);
        accounts.delete(&actor, command).await.unwrap();
        assert!(accounts.find("a@example.com").await.unwrap().is_none());
        assert!(accounts.find("b@example.com").await.unwrap().is_some());
        super::sign_up(&kit, "a@example.com").await;
    })
    .await;
}

/// With an account everything goes that says who it was, wherever it lies; what they did stays, and every chain is whole.
#[tokio::test]
async fn nothing_stays_of_a_deleted_person() {
    each(async |kit| {
        let Traces { actor, left, joined } = traces(&kit).await;
        let delete = domain::orgs::DeleteOrganization {
            organization: "thistles".parse().unwrap(),
            confirm: "thistles".into(),
        };
        kit.services.orgs().delete(&actor, delete).await.unwrap();
        // It was everywhere.
        let before = kit.database.places_of(EMAIL).await;
        for place in
            ["user_account.email", "invitation.email", "audit_person.email", "audit_event.new_document"]
        {
            assert!(before.contains(&place.to_owned()), "{place}: {before:?}");
        }
        let (entries, others) = (kit.audit_entries().await, kit.database.number(OTHERS).await);

        kit.services.accounts().delete(&actor, DeleteAccount { confirm: EMAIL.into() }).await.unwrap();
        // The slug of the organization that they deleted was no secret.
        let slug: &[&str] = &["audit_event.resource_key"];
        for (trace, expected) in
            [(EMAIL, &[][..]), ("marguerite", &[]), (ADDRESS, &[]), ("Thistlewaite", &[]), ("thistle", slug)]
        {
            assert_eq!(kit.database.places_of(trace).await, expected, "{trace}");
        }
        // The account's end, and the membership's in the log of its organization.
        assert_eq!(kit.audit_entries().await, entries + 2);
        let log = kit.log(&joined.owner, &joined.organization).await;
        assert_eq!(log.last().unwrap().action, "member.left");
        assert_eq!(kit.database.number(OTHERS).await, others, "what is kept of others");
        assert_whole(&kit).await;
        for workspace in [&left, &joined] {
            let members =
                kit.services.orgs().members(&workspace.owner, &workspace.organization).await.unwrap();
            assert_eq!(members.len(), 4);
        }
        // What they made works on, and without an owner.
        let table = crate::table(&kit, &left.owner, &left.project, None).await.unwrap();
        assert_eq!((table.list.total, table.list.flags[0].owner.as_ref()), (1, None));

        // The chain of the instance holds the person's id alone, as entries do of whoever looked after a flag.
        let last = kit.database.rows("SELECT * FROM audit_event WHERE action = 'user.deleted'").await;
        assert_eq!(last[0]["resource_key"], id(&actor).to_string());
        let hex = id(&actor).to_string();
        let places = kit.database.places_of(&hex).await;
        let places: Vec<_> = places.iter().map(|place| place.trim_start_matches("audit_event.")).collect();
        assert_eq!(places, ["actor", "new_document", "resource_id", "resource_key"]);
    })
    .await;
}

/// Neither do the invitations that end with an account write down whose it was.
#[tokio::test]
async fn an_end_writes_nothing_down_again() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let admin = crate::at_address(workspace.admin.clone(), ADDRESS);
        let invite = domain::orgs::Invite {
            organization: workspace.organization.clone(),
            email: "new@example.com".into(),
            role: Role::Member,
        };
        kit.services.orgs().invite(&admin, invite).await.unwrap();
        let own = crate::email(&admin);
        kit.services.accounts().delete(&admin, DeleteAccount { confirm: own.clone() }).await.unwrap();
        for trace in [own.as_str(), ADDRESS] {
            assert_eq!(kit.database.places_of(trace).await, [""; 0], "{trace}");
        }
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let ends: Vec<_> = log.iter().rev().take(2).map(|it| it.action.as_str()).collect();
        assert_eq!(ends, ["member.left", "invitation.revoked"]);
        assert_whole(&kit).await;
    })
    .await;
}

/// Who failed to sign in from where is kept for 90 days, and the chain is whole without it.
#[tokio::test]
async fn old_failures_are_erased() {
    const DAYS_MS: i64 = 24 * 60 * 60 * 1000;
    each(async |kit| {
        let accounts = kit.services.accounts();
        let asker = crate::at_address(Actor::anonymous(), ADDRESS);
        super::wrong(&kit, &asker, EMAIL).await.unwrap_err();
        let beside = ["audit_person.email", "audit_person.address"];
        kit.clock.advance(90 * DAYS_MS - 1);
        accounts.tidy().await.unwrap();
        assert_eq!(kit.database.places_of(EMAIL).await, beside[..1]);
        super::wrong(&kit, &asker, "newer@example.com").await.unwrap_err();
        kit.clock.advance(1);
        accounts.tidy().await.unwrap();
        assert_eq!(kit.database.places_of(EMAIL).await, [""; 0]);
        assert_eq!(kit.database.places_of("newer@example.com").await, beside[..1]);
        assert_eq!(kit.database.places_of(ADDRESS).await, beside[1..]);
        assert_whole(&kit).await;
    })
    .await;
}

/// How much is kept beside the logs of the other people of these tests.
const OTHERS: &str = "SELECT COUNT(*) FROM audit_person WHERE email IS NOT NULL
    AND LOWER(email) <> 'marguerite.thistle@example.com'";

/// An account that was deleted is nobody: for its sessions, its tokens and whatever request of it is under way.
#[tokio::test]
async fn a_deleted_account_does_nothing_more() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let workspace = kit.workspace().await;
        let workspace = &workspace;
        let actor = &workspace.developer;
        let command = || CreateToken { name: "Script".into(), scope: TokenScope::Write, days: None };
        let raw = accounts.create_token(actor, command()).await.unwrap().raw.unwrap();
        let (session, _) = begin(&kit, actor).await;
        let confirm = || DeleteAccount { confirm: crate::email(actor) };
        accounts.delete(actor, confirm()).await.unwrap();

        assert!(accounts.by_token(&raw).await.unwrap().is_none());
        assert!(accounts.by_session(&session).await.unwrap().is_none());
        assert_eq!(refusal(accounts.actor(id(actor)).await), Refusal::Unauthenticated);
        let flag = kit.refused(kit.services.flags().create(actor, workspace.boolean_flag("newer"))).await;
        assert_eq!(flag, Refusal::not_found("organization"));
        let own = CreateOrganization { slug: "own".parse().unwrap(), name: "Own".into(), owner: id(actor) };
        let name = domain::accounts::ChangeName { name: "New".into() };
        for refusal in [
            kit.refused(accounts.create_token(actor, command())).await,
            kit.refused(accounts.rename(actor, name)).await,
            kit.refused(accounts.delete(actor, confirm())).await,
            kit.refused(accounts.end_other_sessions(actor)).await,
        ] {
            assert_eq!(refusal, Refusal::Unauthenticated);
        }
        let organization = kit.refused(kit.services.orgs().create(actor, own)).await;
        assert_eq!(organization, Refusal::not_found("person"));
        // A session that was saved while the account was there.
        let mut record = tower_sessions::session::Record {
            id: Default::default(),
            data: Default::default(),
            expiry_date: super::start() + time::Duration::days(1),
        };
        accounts.sessions().create(&mut record).await.unwrap();
        let begun = kit.refused(accounts.begin_session(actor, &record.id, None)).await;
        assert_eq!(begun, Refusal::Unauthenticated);
    })
    .await;
}

/// The export holds what is stored about whoever asks: account, organizations, sessions, tokens and activity; no secret,
/// and nothing of others.
#[tokio::test]
async fn an_export_holds_everything_but_secrets() {
    each(async |kit| {
        let Traces { actor, left, joined } = traces(&kit).await;
        let accounts = kit.services.accounts();
        kit.clock.advance(1);
        let command = CreateToken { name: "Second".into(), scope: TokenScope::Read, days: None };
        let raw = accounts.create_token(&actor, command).await.unwrap().raw.unwrap();
        let export = accounts.export(&actor).await.unwrap();
        assert_eq!(export.account.person.email, EMAIL);
        let roles: Vec<_> = export.organizations.iter().map(|it| (it.slug.as_str(), it.role)).collect();
        assert_eq!(roles, [(joined.organization.as_str(), Role::Developer), ("thistles", Role::Owner)]);
        assert_eq!(export.sessions.len(), 1);
        assert_eq!(export.sessions[0].address.as_deref(), Some(ADDRESS));
        let names: Vec<_> = export.tokens.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Second", "Script"]);
        let left = crate::org_id(&kit, &left).await;
        for (action, organization) in [
            ("user.signed_up", None),
            ("password.reset", None),
            ("user.signed_in", None),
            ("token.created", None),
            ("flag.created", Some(left)),
            ("denied", Some(left)),
            ("member.left", Some(left)),
        ] {
            let found = export.activity.iter().find(|it| it.action == action);
            let found = found.unwrap_or_else(|| panic!("{action} is missing"));
            assert_eq!(
                (found.organization, found.address.as_deref()),
                (organization, Some(ADDRESS)),
                "{action}"
            );
            assert_eq!(found.user_agent.as_deref(), Some(AGENT), "{action}");
        }

        let text = serde_json::to_string(&export).unwrap();
        let mut secrets = vec![raw[10..].to_owned(), "$argon2".to_owned()];
        for (table, column) in [
            ("password", "hash"),
            ("personal_token", "hash"),
            ("session", "id"),
            ("account_link", "hash"),
            ("audit_person", "salt"),
        ] {
            let rows = kit.database.rows(&format!("SELECT {column} FROM {table}")).await;
            assert!(!rows.is_empty(), "{table}");
            secrets.extend(rows.iter().map(|row| row[column].as_str().unwrap().to_owned()));
        }
        for secret in secrets {
            assert!(!text.contains(&secret), "{secret}");
        }
        for other in [&joined.owner, &joined.admin] {
            assert!(!text.contains(&crate::email(other)));
            let others = serde_json::to_string(&accounts.export(other).await.unwrap()).unwrap();
            assert!(!others.contains(ADDRESS) && !others.to_lowercase().contains("thistle@"), "{others}");
        }
        assert_eq!(refusal(accounts.export(&Actor::anonymous()).await), Refusal::Unauthenticated);
    })
    .await;
}

/// An admin's role change of a person who is about to go does not bring them back.
#[tokio::test]
async fn a_deleted_member_is_no_member() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let developer = &workspace.developer;
        let command = DeleteAccount { confirm: crate::email(developer) };
        kit.services.accounts().delete(developer, command).await.unwrap();
        let change = ChangeRole {
            organization: workspace.organization.clone(),
            user: id(developer),
            role: Role::Admin,
        };
        let refusal = kit.refused(kit.services.orgs().change_role(&workspace.owner, change)).await;
        assert_eq!(refusal, Refusal::not_found("member"));
    })
    .await;
}
