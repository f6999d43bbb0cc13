//! People and their sessions.

use std::collections::HashMap;

use domain::accounts::CreateUser;
use domain::{Error as Refusal, UserId};
use serde_json::json;
use service::Actor;
use testkit::{Kit, START, each};
use time::{Duration, OffsetDateTime};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

fn start() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(START.0 / 1000).unwrap()
}

/// A session that lasts for a minute.
fn minute() -> Record {
    let data = HashMap::from([("user".to_owned(), json!("somebody")), ("n".to_owned(), json!([1, null]))]);
    Record { id: Id::default(), data, expiry_date: start() + Duration::minutes(1) }
}

async fn sessions(kit: &Kit) -> i64 {
    kit.database.number("SELECT COUNT(*) FROM session").await
}

/// A session comes back as it was created and as it was saved last, and not after it was deleted.
#[tokio::test]
async fn a_session_is_created_loaded_saved_and_deleted() {
    each(async |kit| {
        let store = kit.services.accounts().sessions();
        let mut record = minute();
        store.create(&mut record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), Some(record.clone()));
        assert_eq!(store.load(&Id::default()).await.unwrap(), None);

        record.data.insert("user".to_owned(), json!("somebody else"));
        record.expiry_date += Duration::minutes(1);
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), Some(record.clone()));
        assert_eq!(sessions(&kit).await, 1);

        store.delete(&record.id).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        // Deleting what is gone is no failure.
        store.delete(&record.id).await.unwrap();
        assert_eq!(sessions(&kit).await, 0);
    })
    .await;
}

/// A session ends by the application's clock, to the millisecond, and is swept out then.
#[tokio::test]
async fn a_session_ends_by_the_clock() {
    each(async |kit| {
        let store = kit.services.accounts().sessions();
        let (mut short, mut long) = (minute(), minute());
        long.expiry_date += Duration::hours(1);
        store.create(&mut short).await.unwrap();
        store.create(&mut long).await.unwrap();

        kit.clock.advance(59_999);
        assert!(store.load(&short.id).await.unwrap().is_some());
        assert_eq!(store.delete_expired().await.unwrap(), 0);
        kit.clock.advance(1);
        assert_eq!(store.load(&short.id).await.unwrap(), None);
        assert_eq!(store.delete_expired().await.unwrap(), 1);
        assert!(store.load(&long.id).await.unwrap().is_some());
        assert_eq!(sessions(&kit).await, 1);
    })
    .await;
}

/// A session that was ended stays ended: a request that was under way brings it back no more.
#[tokio::test]
async fn an_ended_session_stays_ended() {
    each(async |kit| {
        let store = kit.services.accounts().sessions();
        let mut record = minute();
        store.create(&mut record).await.unwrap();
        store.delete(&record.id).await.unwrap();
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        assert_eq!(sessions(&kit).await, 0);
    })
    .await;
}

/// A new session whose id is taken gets another one, and the one that is there stays what it was.
#[tokio::test]
async fn a_taken_id_is_not_taken_over() {
    each(async |kit| {
        let store = kit.services.accounts().sessions();
        let mut first = minute();
        store.create(&mut first).await.unwrap();
        let mut second = Record { data: HashMap::new(), ..first.clone() };
        store.create(&mut second).await.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(store.load(&first.id).await.unwrap(), Some(first.clone()));
        assert_eq!(store.load(&second.id).await.unwrap(), Some(second));
        assert_eq!(sessions(&kit).await, 2);
    })
    .await;
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
