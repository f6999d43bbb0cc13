//! What goes by letters: choosing another password, and proving an address.

use std::time::Duration;

use domain::Error as Refusal;
use domain::access::Role;
use domain::accounts::{ChangePassword, RequestReset, ResetPassword, SignUp, VerifyEmail};
use domain::orgs::Invite;
use mail::{Outbox, SendError, Sent};
use service::{Actor, Services, Settings};
use testkit::{Kit, each};

use super::{NEW_PASSWORD, PASSWORD, password, sign_up, try_password};
use crate::{again, at_address, email, person, refusal};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// The next letter to somebody. Some are sent in the background.
async fn letter(outbox: &Outbox, to: &str) -> Sent {
    let arrives = async {
        loop {
            match outbox.newest(to) {
                Some(sent) => return sent,
                None => tokio::task::yield_now().await,
            }
        }
    };
    let sent = tokio::time::timeout(Duration::from_secs(30), arrives).await.expect("a letter");
    outbox.take();
    sent
}

/// The token of a letter's link, which leads to a page of the instance.
fn token(sent: &Sent, page: &str) -> String {
    let start = format!("http://127.0.0.1:3000/{page}?token=");
    sent.link.strip_prefix(&start).unwrap_or_else(|| panic!("{}", sent.link)).to_owned()
}

async fn ask(services: &Services, asker: &Actor, email: &str) -> service::Result<()> {
    services.accounts().request_reset(asker, RequestReset { email: email.to_owned() }).await
}

async fn reset(services: &Services, token: &str) -> service::Result<domain::accounts::Person> {
    let command = ResetPassword { token: token.to_owned(), password: password(NEW_PASSWORD) };
    services.accounts().reset_password(&Actor::anonymous(), command).await
}

async fn verify(services: &Services, actor: &Actor, token: &str) -> service::Result<()> {
    services.accounts().verify_email(actor, VerifyEmail { token: token.to_owned() }).await
}

async fn is_verified(services: &Services, actor: &Actor) -> bool {
    services.accounts().account(actor).await.unwrap().email_verified
}

fn ended() -> Refusal {
    Refusal::invalid("token", "this link is not valid, or not any more: ask for another one")
}

/// A letter to an account's address leads to another password, once, and proves the address. Other such letters end with it.
#[tokio::test]
async fn a_password_is_chosen_by_a_letter() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let actor = sign_up(&kit, "a@example.com").await;
        ask(&services, &Actor::anonymous(), " A@Example.com ").await.unwrap();
        let first = token(&letter(&outbox, "a@example.com").await, "reset-password");
        ask(&services, &Actor::anonymous(), "a@example.com").await.unwrap();
        let second = token(&letter(&outbox, "a@example.com").await, "reset-password");
        assert!(!is_verified(&services, &actor).await);
        for trace in [&first, &second] {
            assert_eq!(kit.database.places_of(trace).await, [""; 0]);
        }

        kit.clock.advance(HOUR_MS - 1);
        reset(&services, &first).await.unwrap();
        try_password(&kit, &Actor::anonymous(), "a@example.com", NEW_PASSWORD).await.unwrap();
        assert!(is_verified(&services, &actor).await);
        for spent in [&first, &second] {
            assert_eq!(kit.refused(reset(&services, spent)).await, ended());
        }
    })
    .await;
}

/// A letter is good for an hour, for its own purpose, and a link that was not mailed proves no address.
#[tokio::test]
async fn a_letter_is_good_for_what_it_says() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let actor = sign_up(&kit, "a@example.com").await;
        ask(&services, &Actor::anonymous(), "a@example.com").await.unwrap();
        let mailed = token(&letter(&outbox, "a@example.com").await, "reset-password");
        assert_eq!(kit.refused(verify(&services, &actor, &mailed)).await, ended());
        services.accounts().request_verification(&actor).await.unwrap();
        let verification = token(&letter(&outbox, "a@example.com").await, "verify-email");
        assert_eq!(kit.refused(reset(&services, &verification)).await, ended());
        kit.clock.advance(HOUR_MS);
        assert_eq!(kit.refused(reset(&services, &mailed)).await, ended());

        let (made, _) =
            services.accounts().make_reset_link(&Actor::system("test"), "a@example.com").await.unwrap();
        reset(&services, &made).await.unwrap();
        assert!(!is_verified(&services, &actor).await);
        verify(&services, &actor, &verification).await.unwrap();
        assert!(is_verified(&services, &actor).await);
    })
    .await;
}

/// Whoever asks for a letter does not learn whether there is an account; nothing is written but the count.
#[tokio::test]
async fn asking_for_a_letter_tells_nothing() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        sign_up(&kit, "known@example.com").await;
        let entries = kit.audit_entries().await;
        for unknown in ["unknown@example.com", "nonsense", ""] {
            ask(&services, &Actor::anonymous(), unknown).await.unwrap();
        }
        ask(&services, &Actor::anonymous(), "known@example.com").await.unwrap();
        letter(&outbox, "known@example.com").await;
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM account_link").await, 1);
        assert_eq!(kit.audit_entries().await, entries + 1);
        assert!(outbox.sent().is_empty());
    })
    .await;
}

/// Whoever is signed in and asks for somebody else's letter does not learn from their own log whether there is an account, and
/// its owner does not learn where they asked from.
#[tokio::test]
async fn asking_for_anothers_letter_is_in_nobodys_export() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let victim = sign_up(&kit, "victim@example.com").await;
        let asker = at_address(person(&kit, "asker@example.com").await, "192.0.2.1");
        ask(&services, &asker, "victim@example.com").await.unwrap();
        letter(&outbox, "victim@example.com").await;
        for exported in [&victim, &asker] {
            let export = services.accounts().export(exported).await.unwrap();
            let text = serde_json::to_string(&export.activity).unwrap();
            assert!(!text.contains("mailed") && !text.contains("192.0.2.1"), "{text}");
        }
        let actor = "SELECT COUNT(*) FROM audit_event WHERE action = 'password.reset_link_mailed' AND actor_kind = 'anonymous'";
        assert_eq!(kit.database.number(actor).await, 1);
    })
    .await;
}

/// Whoever changes their password ends the links to choose another one: somebody else may have read the letters.
#[tokio::test]
async fn another_password_ends_links() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let actor = sign_up(&kit, "a@example.com").await;
        ask(&services, &Actor::anonymous(), "a@example.com").await.unwrap();
        let link = token(&letter(&outbox, "a@example.com").await, "reset-password");
        let change = ChangePassword { current: Some(password(PASSWORD)), new: password(NEW_PASSWORD) };
        services.accounts().change_password(&actor, change).await.unwrap();
        assert_eq!(kit.refused(reset(&services, &link)).await, ended());
    })
    .await;
}

/// Invitations, however many, do not keep anybody from a letter to choose another password.
#[tokio::test]
async fn kinds_of_letters_are_counted_apart() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let workspace = kit.workspace().await;
        sign_up(&kit, "a@example.com").await;
        let mut mailed = Vec::new();
        for _ in 0..6 {
            let organization = workspace.organization.clone();
            let command = Invite { organization, email: "a@example.com".into(), role: Role::Member };
            mailed.push(services.orgs().invite(&workspace.owner, command).await.unwrap().mailed);
        }
        assert_eq!(mailed, [true, true, true, true, false, false].map(Some));
        // Without a new letter the last one stays good.
        let last = token(&outbox.newest("a@example.com").unwrap(), "invitation");
        assert!(services.orgs().invitation(&last).await.is_ok());
        outbox.take();
        ask(&services, &Actor::anonymous(), "a@example.com").await.unwrap();
        letter(&outbox, "a@example.com").await;
    })
    .await;
}

/// Nobody's letter box is filled: after four letters each next one waits, whether there is an account or not, and so does
/// whoever asks for many.
#[tokio::test]
async fn letters_are_limited() {
    each(async |kit| {
        let (services, _outbox) = kit.with_letters(Settings::default()).await;
        let asker = at_address(Actor::anonymous(), "192.0.2.1");
        for seconds in [0, 0, 0, 0, 1, 2, 4] {
            if seconds > 0 {
                let refused = kit.refused(ask(&services, &asker, "a@example.com")).await;
                assert_eq!(refused, Refusal::TooMany { retry_after: seconds });
                kit.clock.advance(i64::from(seconds) * 1000);
            }
            ask(&services, &asker, "a@example.com").await.unwrap();
        }
        for n in 0..40 {
            ask(&services, &asker, &format!("{n}@example.com")).await.unwrap();
        }
        let sent = async |asker: &Actor| ask(&services, asker, "another@example.com").await;
        assert!(matches!(kit.refused(sent(&asker)).await, Refusal::TooMany { .. }));
        sent(&at_address(Actor::anonymous(), "192.0.2.2")).await.unwrap();
    })
    .await;
}

/// Without letters, and without local accounts, there are no such links.
#[tokio::test]
async fn an_instance_without_letters_says_so() {
    each(async |kit| {
        let actor = sign_up(&kit, "a@example.com").await;
        let reason = "this instance sends no e-mail: ask whoever runs it".to_owned();
        let refused = kit.refused(ask(&kit.services, &Actor::anonymous(), "a@example.com")).await;
        assert_eq!(refused, Refusal::Forbidden { reason: reason.clone() });
        let refused = kit.refused(kit.services.accounts().request_verification(&actor)).await;
        assert_eq!(refused, Refusal::Forbidden { reason });

        let settings = Settings { local_accounts: false, ..Settings::default() };
        let (services, outbox) = kit.with_letters(settings).await;
        let refused = kit.refused(ask(&services, &Actor::anonymous(), "a@example.com")).await;
        assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused:?}");
        assert!(outbox.sent().is_empty());
    })
    .await;
}

/// Whoever signs up gets a letter, and proves their address by it: being signed in, within a day, and once. Then invitations
/// show up by themselves.
#[tokio::test]
async fn an_address_is_proven_by_a_letter() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let workspace = kit.workspace().await;
        let invite = Invite {
            organization: workspace.organization.clone(),
            email: "new@example.com".into(),
            role: Role::Member,
        };
        kit.services.orgs().invite(&workspace.owner, invite).await.unwrap();
        let accounts = services.accounts();
        let command = SignUp {
            email: "New@example.com".into(),
            name: "New".into(),
            password: password(PASSWORD),
            invitation: None,
        };
        let newcomer = accounts.sign_up(&Actor::anonymous(), command).await.unwrap();
        let actor = accounts.actor(newcomer.id).await.unwrap();
        let token = token(&letter(&outbox, "New@example.com").await, "verify-email");

        assert!(services.orgs().my_invitations(&actor).await.unwrap().is_empty());
        let stranger = person(&kit, "stranger@example.com").await;
        assert_eq!(kit.refused(verify(&services, &stranger, &token)).await, ended());
        let nobody = kit.refused(verify(&services, &Actor::anonymous(), &token)).await;
        assert_eq!(nobody, Refusal::Unauthenticated);
        kit.clock.advance(24 * HOUR_MS - 1);
        verify(&services, &actor, &token).await.unwrap();
        assert!(is_verified(&services, &actor).await);
        assert_eq!(services.orgs().my_invitations(&actor).await.unwrap().len(), 1);

        assert_eq!(kit.refused(verify(&services, &actor, &token)).await, ended());
        let again = kit.refused(accounts.request_verification(&actor)).await;
        assert_eq!(again, Refusal::conflict("your address is proven already"));
    })
    .await;
}

/// A letter that cannot be sent is an error that says so where somebody waits for it, and none where nobody does.
#[tokio::test]
async fn a_letter_that_cannot_be_sent_is_no_secret() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        outbox.fail(SendError::NoAddress);
        let actor = sign_up(&kit, "a@example.com").await;
        let refused = refusal(services.accounts().request_verification(&actor).await);
        assert_eq!(refused, Refusal::Unavailable { reason: "the e-mail could not be sent".into() });
        ask(&services, &Actor::anonymous(), "a@example.com").await.unwrap();
        outbox.fail(None);
        services.accounts().request_verification(&actor).await.unwrap();
        letter(&outbox, "a@example.com").await;
    })
    .await;
}

/// An invitation's letter has a link of its own. It proves the address of whoever accepts by it; the one to copy does not.
#[tokio::test]
async fn an_invitations_letter_proves_the_address() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let workspace = kit.workspace().await;
        let invite = async |to: &str| {
            let organization = workspace.organization.clone();
            let command = Invite { organization, email: to.to_owned(), role: Role::Member };
            services.orgs().invite(&workspace.owner, command).await.unwrap()
        };
        for by_letter in [true, false] {
            let to = format!("{by_letter}@example.com");
            let replaced = invite(&to).await;
            let replaced_letter = token(&letter(&outbox, &to).await, "invitation");
            let new = invite(&to).await;
            assert_eq!(new.mailed, Some(true));
            let sent = letter(&outbox, &to).await;
            let mailed = token(&sent, "invitation");
            assert_ne!(mailed, new.token.clone().unwrap());
            assert!(!format!("{}{}", sent.text, sent.html).contains(new.token.as_ref().unwrap()));
            assert_eq!(kit.database.places_of(&mailed).await, [""; 0]);

            let command = SignUp {
                email: to.clone(),
                name: "New".into(),
                password: password(PASSWORD),
                invitation: Some(if by_letter { mailed.clone() } else { new.token.clone().unwrap() }),
            };
            let newcomer = services.accounts().sign_up(&Actor::anonymous(), command).await.unwrap();
            let actor = services.accounts().actor(newcomer.id).await.unwrap();
            assert_eq!(services.orgs().list(&actor).await.unwrap().len(), 1);
            assert_eq!(is_verified(&services, &actor).await, by_letter);
            if !by_letter {
                let verification = token(&letter(&outbox, &to).await, "verify-email");
                verify(&services, &actor, &verification).await.unwrap();
            }
            for gone in [replaced.token.unwrap(), replaced_letter] {
                let refused = kit.refused(services.orgs().accept_link(&actor, &gone)).await;
                assert_eq!(refused, Refusal::not_found("invitation"));
            }
            for used in [new.token.unwrap(), mailed] {
                let refused = kit.refused(services.orgs().accept_link(&actor, &used)).await;
                assert!(matches!(refused, Refusal::Conflict { .. }), "{refused:?}");
            }
        }
        assert!(outbox.sent().is_empty(), "whoever has proven an address gets no letter about it");
    })
    .await;
}

/// Somebody who is there already proves their address by an invitation's letter, too; and where the letter cannot be sent the
/// link to copy is good all the same.
#[tokio::test]
async fn an_invitation_stands_without_its_letter() {
    each(async |kit| {
        let (services, outbox) = kit.with_letters(Settings::default()).await;
        let workspace = kit.workspace().await;
        let actor = sign_up(&kit, "a@example.com").await;
        let invite = async || {
            let organization = workspace.organization.clone();
            let command = Invite { organization, email: email(&actor), role: Role::Member };
            services.orgs().invite(&workspace.owner, command).await.unwrap()
        };
        outbox.fail(SendError::NoAddress);
        let new = invite().await;
        assert_eq!(new.mailed, Some(false));
        services.orgs().accept_link(&actor, new.token.as_ref().unwrap()).await.unwrap();
        assert!(!is_verified(&services, &actor).await);

        services.orgs().leave(&again(&kit, &actor).await, &workspace.organization).await.unwrap();
        outbox.fail(None);
        invite().await;
        let mailed = token(&letter(&outbox, "a@example.com").await, "invitation");
        services.orgs().accept_link(&again(&kit, &actor).await, &mailed).await.unwrap();
        assert!(is_verified(&services, &actor).await);
    })
    .await;
}

/// What a kit without letters makes has no letter.
#[tokio::test]
async fn without_letters_nothing_is_mailed() {
    each(async |kit: Kit| {
        let workspace = kit.workspace().await;
        let organization = workspace.organization.clone();
        let command = Invite { organization, email: "a@example.com".into(), role: Role::Member };
        assert_eq!(kit.services.orgs().invite(&workspace.owner, command).await.unwrap().mailed, None);
    })
    .await;
}
