//! Changing a password, and choosing one by a link.

use domain::Error as Refusal;
use domain::accounts::{ChangePassword, ResetPassword};
use service::Actor;
use testkit::{Kit, START, each};

use super::{NEW_PASSWORD, PASSWORD, password, sign_up, try_password, wrong};
use crate::{person, refusal};

const HOUR_MS: i64 = 60 * 60 * 1000;

fn change(current: Option<&str>, new: &str) -> ChangePassword {
    ChangePassword { current: current.map(password), new: password(new) }
}

async fn link(kit: &Kit, email: &str) -> String {
    kit.services.accounts().make_reset_link(&Actor::system("test"), email).await.unwrap().0
}

fn reset(token: &str, text: &str) -> ResetPassword {
    ResetPassword { token: token.into(), password: password(text) }
}

fn assert_ended(refusal: &Refusal) {
    let expected = Refusal::invalid("token", "this link is not valid, or not any more: ask for another one");
    assert_eq!(*refusal, expected);
}

/// After a change the new password signs in, and the old one does not.
#[tokio::test]
async fn a_changed_password_is_the_only_one() {
    each(async |kit| {
        let actor = sign_up(&kit, "a@example.com").await;
        let other = sign_up(&kit, "b@example.com").await;
        kit.clock.advance(1);
        kit.services.accounts().change_password(&actor, change(Some(PASSWORD), NEW_PASSWORD)).await.unwrap();
        let nobody = Actor::anonymous();
        try_password(&kit, &nobody, "a@example.com", NEW_PASSWORD).await.unwrap();
        let old = try_password(&kit, &nobody, "a@example.com", PASSWORD).await;
        assert_eq!(refusal(old), Refusal::BadCredentials);
        let others = try_password(&kit, &nobody, "b@example.com", PASSWORD).await.unwrap();
        assert_eq!(others.person(), other.person());
        let entries = "SELECT COUNT(*) FROM audit_event WHERE action = 'password.changed'";
        assert_eq!(kit.database.number(entries).await, 1);
    })
    .await;
}

/// A change takes the password so far, and a new one that is not easily guessed.
#[tokio::test]
async fn a_change_takes_the_password_so_far() {
    let cases = [
        (None, NEW_PASSWORD, "current"),
        (Some("not the password"), NEW_PASSWORD, "current"),
        (Some(PASSWORD), "zQ7~xV2#k", "new"),
        (Some(PASSWORD), "password1234", "new"),
        (Some(PASSWORD), "marguerite.thistle@example.com", "new"),
    ];
    each(async |kit| {
        let actor = sign_up(&kit, "marguerite.thistle@example.com").await;
        for (current, new, path) in cases {
            let accounts = kit.services.accounts();
            let attempt = accounts.change_password(&actor, change(current, new));
            let refusal = kit.refused(attempt).await;
            let Refusal::Invalid { details } = refusal else { panic!("{new}: {refusal:?}") };
            assert_eq!(details[0].path, path, "{new}");
        }
        let accounts = kit.services.accounts();
        let asker = Actor::anonymous();
        let nobody = accounts.change_password(&asker, change(None, NEW_PASSWORD));
        assert_eq!(kit.refused(nobody).await, Refusal::Unauthenticated);
    })
    .await;
}

/// Guessing the password so far makes wait as guessing at the door does, and both count together.
#[tokio::test]
async fn guessing_the_password_so_far_waits_too() {
    each(async |kit| {
        let actor = sign_up(&kit, "a@example.com").await;
        wrong(&kit, &Actor::anonymous(), "a@example.com").await.unwrap_err();
        let attempt = async |current| {
            let accounts = kit.services.accounts();
            let change = accounts.change_password(&actor, change(Some(current), NEW_PASSWORD));
            kit.refused(change).await
        };
        for _ in 0..4 {
            assert!(matches!(attempt("not the password").await, Refusal::Invalid { .. }));
        }
        assert_eq!(attempt(PASSWORD).await, Refusal::TooMany { retry_after: 1 });
        let door = try_password(&kit, &Actor::anonymous(), "a@example.com", PASSWORD).await;
        assert_eq!(refusal(door), Refusal::TooMany { retry_after: 1 });
    })
    .await;
}

/// Whoever has no password yet sets one while signed in.
#[tokio::test]
async fn a_first_password_needs_none_before() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        kit.services.accounts().change_password(&actor, change(None, NEW_PASSWORD)).await.unwrap();
        try_password(&kit, &Actor::anonymous(), "a@example.com", NEW_PASSWORD).await.unwrap();
        let accounts = kit.services.accounts();
        let again = accounts.change_password(&actor, change(None, PASSWORD));
        assert!(matches!(kit.refused(again).await, Refusal::Invalid { .. }));
    })
    .await;
}

/// Links are made by the operator alone: by no role of an organization, and by nobody else; and for accounts that exist.
#[tokio::test]
async fn the_operator_alone_makes_reset_links() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let workspace = kit.workspace().await;
        let member = workspace.member.person().unwrap().email.clone();
        for (_, actor) in workspace.people() {
            let refusal = kit.refused(accounts.make_reset_link(actor, &member)).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        let nobody = kit.refused(accounts.make_reset_link(&Actor::anonymous(), &member)).await;
        assert_eq!(nobody, Refusal::Unauthenticated);
        let system = Actor::system("test");
        let unknown = kit.refused(accounts.make_reset_link(&system, "unknown@example.com")).await;
        assert_eq!(unknown, Refusal::not_found("account"));

        let (token, until) =
            accounts.make_reset_link(&system, &format!(" {} ", member.to_uppercase())).await.unwrap();
        assert_eq!(until, START.plus(HOUR_MS));
        assert_eq!(kit.database.places_of(&token).await, [""; 0]);
    })
    .await;
}

/// A link gives its account the new password, once; and ends the wait that others brought on the account.
#[tokio::test]
async fn a_link_is_used_once() {
    each(async |kit| {
        let actor = sign_up(&kit, "a@example.com").await;
        sign_up(&kit, "b@example.com").await;
        let nobody = Actor::anonymous();
        for _ in 0..5 {
            wrong(&kit, &nobody, "a@example.com").await.unwrap_err();
        }
        let token = link(&kit, "a@example.com").await;
        let accounts = kit.services.accounts();
        // A password that will not do leaves the link good.
        for text in ["zQ7~xV2#k", "password1234"] {
            let refusal = kit.refused(accounts.reset_password(&nobody, reset(&token, text))).await;
            let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
            assert_eq!(details[0].path, "password");
        }
        let person = accounts.reset_password(&nobody, reset(&token, NEW_PASSWORD)).await.unwrap();
        assert_eq!(Some(&person), actor.person());
        try_password(&kit, &nobody, "a@example.com", NEW_PASSWORD).await.unwrap();
        let old = try_password(&kit, &nobody, "a@example.com", PASSWORD).await;
        assert_eq!(refusal(old), Refusal::BadCredentials);
        try_password(&kit, &nobody, "b@example.com", PASSWORD).await.unwrap();
        assert_ended(&kit.refused(accounts.reset_password(&nobody, reset(&token, PASSWORD))).await);
    })
    .await;
}

/// A link that never was, was used, is replaced by a newer one, or is an hour old: one answer for all, that does not say
/// which.
#[tokio::test]
async fn a_link_that_is_not_good_does_not_say_why() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        sign_up(&kit, "b@example.com").await;
        let nobody = Actor::anonymous();
        let accounts = kit.services.accounts();
        let refused = async |token: &str| {
            assert_ended(&kit.refused(accounts.reset_password(&nobody, reset(token, NEW_PASSWORD))).await);
        };
        let older = link(&kit, "a@example.com").await;
        let others = link(&kit, "b@example.com").await;
        let newer = link(&kit, "a@example.com").await;
        refused(&older).await;
        for forged in ["", &service::random_token(), &newer.to_lowercase(), &format!("{newer} ")] {
            refused(forged).await;
        }
        kit.clock.advance(HOUR_MS - 1);
        accounts.reset_password(&nobody, reset(&newer, NEW_PASSWORD)).await.unwrap();
        refused(&newer).await;
        kit.clock.advance(1);
        refused(&others).await;
    })
    .await;
}

/// Of two who use a link at once one comes too late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_use_a_link_one_comes_too_late() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        for _ in 0..3 {
            let token = link(&kit, "a@example.com").await;
            let both = [PASSWORD, NEW_PASSWORD].map(|text| {
                let (services, command) = (kit.services.clone(), reset(&token, text));
                tokio::spawn(
                    async move { services.accounts().reset_password(&Actor::anonymous(), command).await },
                )
            });
            let mut won = Vec::new();
            for (task, text) in both.into_iter().zip([PASSWORD, NEW_PASSWORD]) {
                match task.await.unwrap() {
                    Ok(_) => won.push(text),
                    outcome => assert_ended(&refusal(outcome)),
                }
            }
            let [text] = won[..] else { panic!("{} came in time", won.len()) };
            try_password(&kit, &Actor::anonymous(), "a@example.com", text).await.unwrap();
        }
    })
    .await;
}
