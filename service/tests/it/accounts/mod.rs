//! People, and how they prove who they are.

mod identities;
mod letters;
mod passwords;
mod privacy;
mod sessions;
mod sign_in;
mod sign_up;
mod tokens;

use domain::accounts::{CreateUser, Password, SignIn, SignUp};
use domain::{Error as Refusal, SignInId, UserId};
use service::Actor;
use testkit::{Kit, START, each};
use time::{Duration, OffsetDateTime};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::again;

const PASSWORD: &str = "violet tugboat harvest nine";
const NEW_PASSWORD: &str = "eleven crooked lanterns hum";

fn password(text: &str) -> Password {
    Password(text.into())
}

fn start() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(START.0 / 1000).unwrap()
}

fn sign_up_as(email: &str) -> SignUp {
    SignUp { email: email.into(), name: "Somebody".into(), password: password(PASSWORD), invitation: None }
}

/// Makes an account with [`PASSWORD`].
async fn sign_up(kit: &Kit, email: &str) -> Actor {
    let person = kit.services.accounts().sign_up(&Actor::anonymous(), sign_up_as(email)).await.unwrap();
    kit.services.accounts().actor(person.id).await.unwrap()
}

/// Tries a password.
async fn try_password(kit: &Kit, asker: &Actor, email: &str, text: &str) -> service::Result<Actor> {
    let command = SignIn { email: email.into(), password: password(text) };
    kit.services.accounts().check_password(asker, command).await
}

/// Tries a password that nobody has.
async fn wrong(kit: &Kit, asker: &Actor, email: &str) -> service::Result<Actor> {
    try_password(kit, asker, email, "not the password").await
}

/// Saves a session that lasts for a year, and makes it that of somebody.
async fn begin(kit: &Kit, actor: &Actor) -> (Id, SignInId) {
    let mut record =
        Record { id: Id::default(), data: Default::default(), expiry_date: start() + Duration::days(365) };
    kit.services.accounts().sessions().create(&mut record).await.unwrap();
    let id = kit.services.accounts().begin_session(actor, &record.id, None).await.unwrap();
    (record.id, id)
}

/// An address has one account, however it is written.
#[tokio::test]
async fn an_address_has_one_account() {
    each(async |kit| {
        let system = Actor::system("test");
        let command = |email: &str| CreateUser { email: email.into(), name: "Somebody".into() };
        let person = kit.services.accounts().create(&system, command("Some.Body@example.com")).await.unwrap();
        assert_eq!(person.email, "Some.Body@example.com");
        let again = async { kit.services.accounts().create(&system, command("some.body@EXAMPLE.com")).await };
        assert_eq!(kit.refused(again).await, Refusal::conflict("this e-mail address has an account"));
        let found = kit.services.accounts().find("SOME.BODY@example.com").await.unwrap();
        assert_eq!(found, Some(person));
        assert_eq!(kit.services.accounts().find("nobody@example.com").await.unwrap(), None);
    })
    .await;
}

/// An account against the rules is refused with the field that is.
#[tokio::test]
async fn an_account_against_the_rules_names_its_field() {
    let cases = [
        ("nobody", "Name", "email"),
        ("a@", "Name", "email"),
        ("a\0@example.com", "Name", "email"),
        (&format!("{}@example.com", "a".repeat(250)), "Name", "email"),
        ("a@example.com", "", "name"),
        ("a@example.com", "a\0b", "name"),
        ("a@example.com", &"a".repeat(101), "name"),
    ];
    each(async |kit| {
        for (email, name, path) in cases {
            let command = CreateUser { email: email.into(), name: name.into() };
            let refusal = kit.refused(kit.services.accounts().create(&Actor::system("test"), command)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{email:?} {name:?}: {refusal:?}") };
            assert!(details.iter().all(|detail| detail.path == path), "{email:?} {name:?}: {details:?}");
        }
    })
    .await;
}

/// An account that is gone signs nobody in.
#[tokio::test]
async fn a_gone_account_signs_nobody_in() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let gone = UserId(workspace.developer.person().unwrap().id.0);
        let user = kit.database.id(gone);
        kit.database.execute(&format!("DELETE FROM user_account WHERE id = {user}")).await;
        let actor = kit.services.accounts().actor(gone).await;
        assert!(matches!(actor, Err(service::Error::Refused(Refusal::Unauthenticated))), "{actor:?}");
    })
    .await;
}

/// People change the name that others see, and nobody changes another's.
#[tokio::test]
async fn people_change_their_name() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = sign_up(&kit, "a@example.com").await;
        let other = sign_up(&kit, "b@example.com").await;
        let command = |name: &str| domain::accounts::ChangeName { name: name.into() };
        accounts.rename(&actor, command("New")).await.unwrap();
        let view = accounts.account(&again(&kit, &actor).await).await.unwrap();
        assert_eq!((view.person.name.as_str(), view.has_password, view.email_verified), ("New", true, false));
        assert_eq!(accounts.account(&other).await.unwrap().person.name, "Somebody");
        for name in ["", &"n".repeat(101), "a\0b"] {
            let refusal = kit.refused(accounts.rename(&actor, command(name))).await;
            let Refusal::Invalid { details } = refusal else { panic!("{name:?}: {refusal:?}") };
            assert_eq!(details[0].path, "name");
        }
        let refusal = kit.refused(accounts.rename(&Actor::anonymous(), command("New"))).await;
        assert_eq!(refusal, Refusal::Unauthenticated);
    })
    .await;
}
