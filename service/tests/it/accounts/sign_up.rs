//! Signing up: who gets in, and with what password.

use domain::Error as Refusal;
use domain::access::Role;
use domain::accounts::{ChangePassword, SignUp};
use domain::orgs::{Invite, RevokeInvitation};
use service::{Actor, Settings, SignUpPolicy};
use testkit::{Kit, Workspace, each};

use super::{NEW_PASSWORD, PASSWORD, password, sign_up, sign_up_as, try_password};
use crate::{id, refusal};

/// Whoever signs up can sign in with what they chose, and with nothing else.
#[tokio::test]
async fn whoever_signs_up_can_sign_in() {
    each(async |kit| {
        let command = SignUp { name: " Some Body ".into(), ..sign_up_as(" Some.Body@example.com ") };
        let person = kit.services.accounts().sign_up(&Actor::anonymous(), command).await.unwrap();
        assert_eq!((person.email.as_str(), person.name.as_str()), ("Some.Body@example.com", "Some Body"));
        let nobody = Actor::anonymous();
        for email in ["Some.Body@example.com", " some.body@EXAMPLE.com "] {
            let actor = try_password(&kit, &nobody, email, PASSWORD).await.unwrap();
            assert_eq!(actor.person(), Some(&person));
            let shouted = try_password(&kit, &nobody, email, &PASSWORD.to_uppercase()).await;
            assert_eq!(refusal(shouted), Refusal::BadCredentials);
        }
        assert_eq!(kit.database.places_of(PASSWORD).await, [""; 0]);
        let hash = kit.database.rows("SELECT hash FROM password").await[0]["hash"].to_string();
        assert!(hash.starts_with("\"$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    })
    .await;
}

/// An address has one account, in whatever case it is written, and whoever made it; also when two sign up at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_signs_up_once() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        crate::person(&kit, "b@example.com").await;
        for email in ["a@example.com", "A@Example.com", "B@EXAMPLE.COM"] {
            let accounts = kit.services.accounts();
            let asker = Actor::anonymous();
            let again = accounts.sign_up(&asker, sign_up_as(email));
            assert_eq!(kit.refused(again).await, Refusal::conflict("this e-mail address has an account"));
        }
        let twice = ["c@example.com", "C@example.com"].map(|email| {
            let services = kit.services.clone();
            tokio::spawn(
                async move { services.accounts().sign_up(&Actor::anonymous(), sign_up_as(email)).await },
            )
        });
        let mut made = 0;
        for task in twice {
            match task.await.unwrap() {
                Ok(_) => made += 1,
                outcome => {
                    assert_eq!(refusal(outcome), Refusal::conflict("this e-mail address has an account"));
                }
            }
        }
        assert_eq!(made, 1);
    })
    .await;
}

/// What is against the rules is refused with the name of the field, and makes no account.
#[tokio::test]
async fn a_sign_up_against_the_rules_names_its_field() {
    let long = "violet tugboat harvest".repeat(60);
    let cases = [
        ("nobody", "Name", PASSWORD, "email"),
        ("@example.com", "Name", PASSWORD, "email"),
        ("a b@example.com", "Name", PASSWORD, "email"),
        ("a@example.com,b@example.com", "Name", PASSWORD, "email"),
        ("a\0@example.com", "Name", PASSWORD, "email"),
        (&format!("{}@example.com", "a".repeat(65)), "Name", PASSWORD, "email"),
        ("a@example.com", " ", PASSWORD, "name"),
        ("a@example.com", &"n".repeat(101), PASSWORD, "name"),
        // Short, however strange; counted in characters and not in bytes.
        ("a@example.com", "Name", "zQ7~xV2#k", "password"),
        ("a@example.com", "Name", "äöüßéñçøå", "password"),
        ("a@example.com", "Name", &long, "password"),
        // Guessed at once.
        ("a@example.com", "Name", "password1234", "password"),
        ("a@example.com", "Name", "1234567890", "password"),
        ("a@example.com", "Name", "qwertyuiop", "password"),
        ("a@example.com", "Name", "aaaaaaaaaaaaaaa", "password"),
        ("a@example.com", "Name", "togglebit1", "password"),
        // Made of what everybody knows of the person.
        ("marguerite.thistle@example.com", "Name", "marguerite.thistle@example.com", "password"),
        ("a@example.com", "Xylophilus Brontewicz", "Xylophilus Brontewicz", "password"),
    ];
    each(async |kit| {
        for (email, name, text, path) in cases {
            let command =
                SignUp { email: email.into(), name: name.into(), password: password(text), invitation: None };
            let refusal = kit.refused(kit.services.accounts().sign_up(&Actor::anonymous(), command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{email:?} {text:?}: {refusal:?}") };
            assert!(details.iter().all(|detail| detail.path == path), "{email:?} {text:?}: {details:?}");
            assert!(details.iter().all(|detail| !detail.message.contains(text)), "{details:?}");
        }
    })
    .await;
}

/// Where the operator switched them off, nothing is done with passwords: not by invitation either.
#[tokio::test]
async fn accounts_with_passwords_can_be_off() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let actor = sign_up(&kit, "a@example.com").await;
        let token = invite(&kit, &workspace, "b@example.com", Role::Member).await;
        let off = kit.with_settings(Settings { local_accounts: false, ..Settings::default() }).await;
        let accounts = off.accounts();
        let nobody = Actor::anonymous();
        let invited = SignUp { invitation: Some(token), ..sign_up_as("b@example.com") };
        let sign_in =
            domain::accounts::SignIn { email: "a@example.com".into(), password: password(PASSWORD) };
        let change = ChangePassword { current: Some(password(PASSWORD)), new: password(NEW_PASSWORD) };
        for refusal in [
            kit.refused(accounts.sign_up(&nobody, sign_up_as("c@example.com"))).await,
            kit.refused(accounts.sign_up(&nobody, invited)).await,
            kit.refused(accounts.check_password(&nobody, sign_in)).await,
            kit.refused(accounts.change_password(&actor, change)).await,
        ] {
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        try_password(&kit, &nobody, "a@example.com", PASSWORD).await.unwrap();
    })
    .await;
}

/// The operator decides who signs up without an invitation.
#[tokio::test]
async fn the_policy_decides_who_signs_up() {
    let domains = || SignUpPolicy::Domains(vec!["acme.example".into(), "Acme.TEST".into()]);
    let cases = [
        (SignUpPolicy::Open, "a@anywhere.example", true),
        (SignUpPolicy::Invited, "a@acme.example", false),
        (domains(), "a@acme.example", true),
        (domains(), "b@ACME.Example", true),
        (domains(), "c@acme.test", true),
        (domains(), "a@notacme.example", false),
        (domains(), "a@sub.acme.example", false),
        (domains(), "acme.example@evil.example", false),
        (SignUpPolicy::Domains(Vec::new()), "a@acme.example", false),
    ];
    each(async |kit| {
        for (policy, email, admitted) in cases.clone() {
            let services = kit
                .with_settings(Settings {
                    sign_up: policy.clone(),
                    local_accounts: true,
                    ..Settings::default()
                })
                .await;
            let accounts = services.accounts();
            let asker = Actor::anonymous();
            let sign_up = accounts.sign_up(&asker, sign_up_as(email));
            if admitted {
                assert_eq!(sign_up.await.unwrap().email, email, "{policy:?}");
            } else {
                let refusal = kit.refused(sign_up).await;
                assert!(matches!(refusal, Refusal::Forbidden { .. }), "{policy:?} {email}: {refusal:?}");
            }
        }
    })
    .await;
}

async fn invite(kit: &Kit, workspace: &Workspace, email: &str, role: Role) -> String {
    let command = Invite { organization: workspace.organization.clone(), email: email.into(), role };
    kit.services.orgs().invite(&workspace.owner, command).await.unwrap().token.unwrap()
}

/// An invitation lets its address in whatever the policy is, and makes the person a member with its role.
#[tokio::test]
async fn an_invitation_lets_its_address_in() {
    each(async |kit| {
        for (n, sign_up) in
            [SignUpPolicy::Open, SignUpPolicy::Invited, SignUpPolicy::Domains(vec!["acme.test".into()])]
                .into_iter()
                .enumerate()
        {
            let workspace = kit.workspace().await;
            let address = format!("new{n}@example.com");
            let token = invite(&kit, &workspace, &address, Role::Developer).await;
            let services =
                kit.with_settings(Settings { sign_up, local_accounts: true, ..Settings::default() }).await;
            let command = |email: &str| SignUp { invitation: Some(token.clone()), ..sign_up_as(email) };
            let nobody = Actor::anonymous();
            let other = kit.refused(services.accounts().sign_up(&nobody, command("other@example.com"))).await;
            let expected = "this invitation is for another e-mail address";
            assert_eq!(other, Refusal::Forbidden { reason: expected.into() });

            let upper = address.to_uppercase();
            let person = services.accounts().sign_up(&nobody, command(&upper)).await.unwrap();
            let actor = services.accounts().actor(person.id).await.unwrap();
            let organizations = services.orgs().list(&actor).await.unwrap();
            let found: Vec<_> = organizations.iter().map(|it| (it.slug.clone(), it.role)).collect();
            assert_eq!(found, [(workspace.organization.clone(), Role::Developer)]);
            let members = services.orgs().members(&workspace.member, &workspace.organization).await.unwrap();
            assert!(members.iter().any(|member| member.person.id == id(&actor)));

            let again = kit.refused(services.accounts().sign_up(&nobody, command(&upper))).await;
            assert_eq!(again, Refusal::conflict("this invitation was accepted already"));
        }
    })
    .await;
}

/// An invitation that is not good makes no account, though anybody may sign up without one.
#[tokio::test]
async fn an_invitation_that_is_not_good_makes_no_account() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let organization = workspace.organization.clone();
        let revoked =
            Invite { organization: organization.clone(), email: "r@example.com".into(), role: Role::Member };
        let revoked = kit.services.orgs().invite(&workspace.owner, revoked).await.unwrap();
        let command = RevokeInvitation { organization, invitation: revoked.invitation.id };
        kit.services.orgs().revoke_invitation(&workspace.owner, command).await.unwrap();
        let expired = invite(&kit, &workspace, "e@example.com", Role::Member).await;
        kit.clock.advance(7 * 24 * 60 * 60 * 1000);
        let cases = [
            ("r@example.com", revoked.token.unwrap(), Refusal::conflict("this invitation was taken back")),
            ("e@example.com", expired, Refusal::conflict("this invitation has expired: ask for another one")),
            ("f@example.com", service::random_token(), Refusal::not_found("invitation")),
            ("f@example.com", String::new(), Refusal::not_found("invitation")),
        ];
        for (email, token, expected) in cases {
            let command = SignUp { invitation: Some(token), ..sign_up_as(email) };
            let refusal = kit.refused(kit.services.accounts().sign_up(&Actor::anonymous(), command)).await;
            assert_eq!(refusal, expected, "{email}");
        }
    })
    .await;
}
