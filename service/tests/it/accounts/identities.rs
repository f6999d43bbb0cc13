//! Signing in through identity providers.

use domain::Error as Refusal;
use domain::access::Role;
use domain::accounts::{CreateToken, ResetPassword, TokenScope};
use domain::orgs::Invite;
use service::accounts::{Arrival, ProvenIdentity};
use service::{Actor, Services, Settings, SignUpPolicy};
use testkit::{Kit, each};

use super::{NEW_PASSWORD, PASSWORD, password, sign_up, try_password};

fn proven(subject: &str, email: Option<&str>) -> ProvenIdentity {
    ProvenIdentity {
        provider: "google".into(),
        issuer: "https://accounts.example".into(),
        subject: subject.into(),
        verified_email: email.map(str::to_owned),
        name: Some(format!("Person {subject}")),
    }
}

async fn arrive(services: &Services, proven: ProvenIdentity) -> service::Result<Arrival> {
    services.accounts().arrive(&Actor::anonymous(), proven, None).await
}

fn signed_in(arrival: Arrival) -> Actor {
    match arrival {
        Arrival::SignedIn(actor) => actor,
        Arrival::ProveAccount { email } => panic!("the account {email} is to be proven"),
    }
}

async fn accounts(kit: &Kit) -> i64 {
    kit.database.number("SELECT COUNT(*) FROM user_account").await
}

/// An identity makes one account, with a verified address, and leads into it from then on, whatever its address is by then.
#[tokio::test]
async fn an_identity_is_one_person() {
    each(async |kit| {
        let first = signed_in(arrive(&kit.services, proven("1", Some("Ada@Example.com"))).await.unwrap());
        let account = kit.services.accounts().account(&first).await.unwrap();
        assert_eq!((account.person.name.as_str(), account.email_verified), ("Person 1", true));
        assert!(!account.has_password);
        kit.clock.advance(1000);
        for email in [Some("ada@example.com"), Some("new@example.com"), None] {
            let again = signed_in(arrive(&kit.services, proven("1", email)).await.unwrap());
            assert_eq!(again.person(), first.person(), "{email:?}");
        }
        let identity = &kit.services.accounts().account(&first).await.unwrap().identities[0];
        assert!(identity.last_used_at > identity.created_at);
        assert_eq!(accounts(&kit).await, 1);

        // The same id at another provider is somebody else.
        let other =
            ProvenIdentity { issuer: "https://other.example".into(), ..proven("1", Some("b@example.com")) };
        let other = signed_in(arrive(&kit.services, other).await.unwrap());
        assert_ne!(other.person().unwrap().id, first.person().unwrap().id);
    })
    .await;
}

/// Without a verified address nobody new comes in.
#[tokio::test]
async fn an_address_must_be_verified() {
    each(async |kit| {
        let refusal = kit.refused(arrive(&kit.services, proven("1", None))).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
    })
    .await;
}

/// An account with a password, or with an address that nobody proved, is not opened by a provider that knows the address;
/// whoever signs in to it connects the identity, which then opens it and proves the address.
#[tokio::test]
async fn an_account_with_a_password_is_proven_first() {
    each(async |kit| {
        let owner = sign_up(&kit, "ada@example.com").await;
        let state = kit.state().await;
        let arrival = arrive(&kit.services, proven("1", Some("ADA@example.com"))).await.unwrap();
        assert!(matches!(arrival, Arrival::ProveAccount { .. }), "{arrival:?}");
        assert!(kit.state().await == state, "something changed");

        let owner_again = try_password(&kit, &Actor::anonymous(), "ada@example.com", PASSWORD).await.unwrap();
        kit.services.accounts().connect(&owner_again, proven("1", Some("ADA@example.com"))).await.unwrap();
        let arrived = signed_in(arrive(&kit.services, proven("1", None)).await.unwrap());
        assert_eq!(arrived.person(), owner.person());
        assert!(kit.services.accounts().account(&arrived).await.unwrap().email_verified);

        // It stays so where another provider knows the address: there is a password.
        let arrival = arrive(&kit.services, proven("2", Some("ada@example.com"))).await.unwrap();
        assert!(matches!(arrival, Arrival::ProveAccount { .. }), "{arrival:?}");
    })
    .await;
}

/// An account without a password that has proven its address is opened by another provider that verified the same.
#[tokio::test]
async fn a_proven_address_without_a_password_is_enough() {
    each(async |kit| {
        let first = signed_in(arrive(&kit.services, proven("1", Some("ada@example.com"))).await.unwrap());
        let second = signed_in(arrive(&kit.services, proven("2", Some("Ada@example.com"))).await.unwrap());
        assert_eq!(second.person(), first.person());
        assert_eq!(kit.services.accounts().account(&first).await.unwrap().identities.len(), 2);
    })
    .await;
}

/// An identity belongs to one account, and to connect one takes being signed in.
#[tokio::test]
async fn an_identity_belongs_to_one_account() {
    each(async |kit| {
        signed_in(arrive(&kit.services, proven("1", Some("ada@example.com"))).await.unwrap());
        let other = sign_up(&kit, "eve@example.com").await;
        let connect = async |actor: &Actor| kit.services.accounts().connect(actor, proven("1", None)).await;
        let refusal = kit.refused(connect(&other)).await;
        assert_eq!(refusal, Refusal::conflict("this identity is connected to another account"));
        assert_eq!(kit.refused(connect(&Actor::anonymous())).await, Refusal::Unauthenticated);
    })
    .await;
}

/// The last way to sign in stays; another one can go.
#[tokio::test]
async fn a_way_to_sign_in_stays() {
    each(async |kit| {
        let ada = signed_in(arrive(&kit.services, proven("1", Some("ada@example.com"))).await.unwrap());
        let disconnect = async |actor: &Actor, provider: &str| {
            kit.services.accounts().disconnect(actor, provider.into()).await
        };
        assert!(matches!(kit.refused(disconnect(&ada, "google")).await, Refusal::Conflict { .. }));
        assert_eq!(kit.refused(disconnect(&ada, "github")).await, Refusal::not_found("identity"));
        let owner = sign_up(&kit, "eve@example.com").await;
        kit.services.accounts().connect(&owner, proven("2", None)).await.unwrap();
        disconnect(&owner, "google").await.unwrap();
        assert!(kit.services.accounts().account(&owner).await.unwrap().identities.is_empty());
    })
    .await;
}

/// The policy holds for those who come through a provider; an invitation for their verified address lets them in, and its
/// link makes them a member.
#[tokio::test]
async fn the_policy_holds_for_providers() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let invited =
            kit.with_settings(Settings { sign_up: SignUpPolicy::Invited, ..Settings::default() }).await;
        let domains = SignUpPolicy::Domains(vec!["example.org".into()]);
        let domains = kit.with_settings(Settings { sign_up: domains, ..Settings::default() }).await;
        for services in [&invited, &domains] {
            let refusal = kit.refused(arrive(services, proven("1", Some("ada@example.com")))).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        signed_in(arrive(&domains, proven("2", Some("bob@Example.org"))).await.unwrap());

        let command = Invite {
            organization: workspace.organization.clone(),
            email: "ada@example.com".into(),
            role: Role::Developer,
        };
        let token = invited.orgs().invite(&workspace.admin, command).await.unwrap().token.unwrap();
        let anonymous = Actor::anonymous();
        let other = async || {
            invited.accounts().arrive(&anonymous, proven("3", Some("eve@example.com")), Some(&token)).await
        };
        let refusal = kit.refused(other()).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        let arrival =
            invited.accounts().arrive(&anonymous, proven("1", Some("Ada@example.com")), Some(&token)).await;
        let ada = signed_in(arrival.unwrap());
        let found = invited.orgs().find(&ada, workspace.organization.as_str()).await.unwrap();
        assert_eq!(found.role, Role::Developer);
    })
    .await;
}

/// Whoever gets their account back by a link gets it back whole: tokens end, and identities with other addresses.
#[tokio::test]
async fn a_reset_leaves_no_other_way_in() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let owner = sign_up(&kit, "ada@example.com").await;
        accounts.connect(&owner, proven("own", Some("Ada@example.com"))).await.unwrap();
        accounts.connect(&owner, proven("theirs", Some("eve@example.com"))).await.unwrap();
        accounts.connect(&owner, proven("hidden", None)).await.unwrap();
        let command = CreateToken { name: "t".into(), scope: TokenScope::Write, days: None };
        let token = accounts.create_token(&owner, command).await.unwrap().raw.unwrap();

        let (link, _) = accounts.make_reset_link(&Actor::system("test"), "ada@example.com").await.unwrap();
        let command = ResetPassword { token: link, password: password(NEW_PASSWORD) };
        accounts.reset_password(&Actor::anonymous(), command).await.unwrap();
        assert!(accounts.by_token(&token).await.unwrap().is_none());
        let left = accounts.account(&owner).await.unwrap().identities;
        assert_eq!(left.iter().map(|it| it.email.as_deref()).collect::<Vec<_>>(), [Some("Ada@example.com")]);
    })
    .await;
}
