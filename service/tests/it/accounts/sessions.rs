//! Sessions: whose they are, and when they end.

use std::collections::HashMap;

use domain::Error as Refusal;
use domain::accounts::{ChangePassword, DeleteAccount, ResetPassword};
use serde_json::json;
use service::Actor;
use service::accounts::{SESSION_IDLE_MS, SESSION_LASTS_MS};
use testkit::{Kit, START, each};
use time::Duration;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use super::{NEW_PASSWORD, PASSWORD, begin, password, sign_up, start};
use crate::{again, at_address, email, person, refusal};

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
        let accounts = kit.services.accounts();
        let store = accounts.sessions();
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
        let accounts = kit.services.accounts();
        let store = accounts.sessions();
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
        let accounts = kit.services.accounts();
        let store = accounts.sessions();
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
        let accounts = kit.services.accounts();
        let store = accounts.sessions();
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

async fn by_session(kit: &Kit, session: &Id) -> Option<Actor> {
    kit.services.accounts().by_session(session).await.unwrap()
}

/// A session is whose sign-in began it, and what lies in the database lets nobody use it.
#[tokio::test]
async fn a_session_is_whose_sign_in_began_it() {
    each(async |kit| {
        let actor = at_address(person(&kit, "a@example.com").await, "192.0.2.1");
        let nobodys = minute();
        assert!(by_session(&kit, &nobodys.id).await.is_none());
        let mut nobodys_saved = minute();
        kit.services.accounts().sessions().create(&mut nobodys_saved).await.unwrap();
        assert!(by_session(&kit, &nobodys_saved.id).await.is_none());

        let (session, _) = begin(&kit, &actor).await;
        assert_eq!(by_session(&kit, &session).await.unwrap().person(), actor.person());
        let bytes: String = session.0.to_be_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        for written in [session.to_string(), session.0.to_string(), bytes] {
            assert_eq!(kit.database.places_of(&written).await, [""; 0], "{written}");
        }
        let entries = "SELECT COUNT(*) FROM audit_event WHERE action = 'user.signed_in'";
        assert_eq!(kit.database.number(entries).await, 1);
        assert_eq!(kit.database.places_of("192.0.2.1").await, ["audit_person.address", "sign_in.address"]);
    })
    .await;
}

/// A session ends when nobody used it for 14 days, and 30 days after the sign-in, to the millisecond.
#[tokio::test]
async fn a_session_ends_when_idle_and_after_thirty_days() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let (idle, _) = begin(&kit, &actor).await;
        let (used, _) = begin(&kit, &actor).await;
        kit.clock.advance(SESSION_IDLE_MS - 1);
        assert!(by_session(&kit, &used).await.is_some());
        assert_eq!(kit.services.accounts().sign_ins(&actor).await.unwrap().len(), 2);
        kit.clock.advance(1);
        assert!(by_session(&kit, &idle).await.is_none());
        assert!(by_session(&kit, &used).await.is_some());
        assert_eq!(kit.services.accounts().sign_ins(&actor).await.unwrap().len(), 1);

        kit.clock.advance(SESSION_LASTS_MS - SESSION_IDLE_MS - SESSION_IDLE_MS);
        assert!(by_session(&kit, &used).await.is_some());
        kit.clock.advance(SESSION_IDLE_MS - 1);
        assert!(by_session(&kit, &used).await.is_some());
        kit.clock.advance(1);
        assert!(by_session(&kit, &used).await.is_none());
        assert_eq!(kit.services.accounts().sign_ins(&actor).await.unwrap(), []);
    })
    .await;
}

/// The list of one's sessions, the newest first, says what each was used with, and which one asks.
#[tokio::test]
async fn sessions_are_listed_with_their_devices() {
    each(async |kit| {
        let actor = at_address(person(&kit, "a@example.com").await, "192.0.2.1");
        let (_, first) = begin(&kit, &actor).await;
        kit.clock.advance(1000);
        let (second, second_id) = begin(&kit, &again(&kit, &actor).await).await;
        begin(&kit, &person(&kit, "b@example.com").await).await;

        let asks = by_session(&kit, &second).await.unwrap();
        let sessions = kit.services.accounts().sign_ins(&asks).await.unwrap();
        let rows: Vec<_> = sessions
            .iter()
            .map(|it| (it.id, it.device.as_str(), it.address.as_deref(), it.signed_in_at.0, it.is_current))
            .collect();
        let expected = [
            (second_id, "Unknown", None, START.0 + 1000, true),
            (first, "Firefox on Linux", Some("192.0.2.1"), START.0, false),
        ];
        assert_eq!(rows, expected);
        let nobody = kit.services.accounts().sign_ins(&Actor::anonymous()).await;
        assert_eq!(refusal(nobody), Refusal::Unauthenticated);
    })
    .await;
}

/// The last use is known to within five minutes: more would be a write for each request.
#[tokio::test]
async fn the_last_use_is_written_every_five_minutes() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let (session, _) = begin(&kit, &actor).await;
        let five = 5 * 60_000;
        for (step, expected) in [(five - 1, 0), (1, five), (five - 1, five), (1, 2 * five)] {
            kit.clock.advance(step);
            by_session(&kit, &session).await.unwrap();
            let last = kit.services.accounts().sign_ins(&actor).await.unwrap()[0].last_used_at;
            assert_eq!(last, START.plus(expected));
        }
    })
    .await;
}

/// People end their own sessions, one or all others, at once; of someone else's they learn nothing.
#[tokio::test]
async fn people_end_their_own_sessions() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let other = person(&kit, "b@example.com").await;
        let mut sessions = Vec::new();
        for _ in 0..3 {
            sessions.push(begin(&kit, &actor).await);
        }
        let (others, others_id) = begin(&kit, &other).await;
        let accounts = kit.services.accounts();
        for (actor, expected) in
            [(&actor, Refusal::not_found("session")), (&Actor::anonymous(), Refusal::Unauthenticated)]
        {
            assert_eq!(kit.refused(accounts.end_session(actor, others_id)).await, expected);
        }
        assert_eq!(
            kit.refused(accounts.end_other_sessions(&Actor::anonymous())).await,
            Refusal::Unauthenticated
        );

        accounts.end_session(&actor, sessions[0].1).await.unwrap();
        assert!(by_session(&kit, &sessions[0].0).await.is_none());
        let again = kit.refused(accounts.end_session(&actor, sessions[0].1)).await;
        assert_eq!(again, Refusal::not_found("session"));

        let asks = by_session(&kit, &sessions[1].0).await.unwrap();
        accounts.end_other_sessions(&asks).await.unwrap();
        assert!(by_session(&kit, &sessions[1].0).await.is_some());
        assert!(by_session(&kit, &sessions[2].0).await.is_none());
        assert!(by_session(&kit, &others).await.is_some());
        let ended = "SELECT COUNT(*) FROM audit_event WHERE action = 'session.ended'";
        assert_eq!(kit.database.number(ended).await, 2);
    })
    .await;
}

/// Another password ends all other sessions; one that was chosen by a link ends all of them.
#[tokio::test]
async fn another_password_ends_sessions() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = sign_up(&kit, "a@example.com").await;
        let (current, _) = begin(&kit, &actor).await;
        let (other, _) = begin(&kit, &actor).await;
        let (strangers, _) = begin(&kit, &person(&kit, "b@example.com").await).await;
        let asks = by_session(&kit, &current).await.unwrap();
        let change = ChangePassword { current: Some(password(PASSWORD)), new: password(NEW_PASSWORD) };
        accounts.change_password(&asks, change).await.unwrap();
        assert!(by_session(&kit, &current).await.is_some());
        assert!(by_session(&kit, &other).await.is_none());

        let (token, _) = accounts.make_reset_link(&Actor::system("test"), &email(&actor)).await.unwrap();
        let reset = ResetPassword { token, password: password(PASSWORD) };
        accounts.reset_password(&Actor::anonymous(), reset).await.unwrap();
        assert!(by_session(&kit, &current).await.is_none());
        assert!(by_session(&kit, &strangers).await.is_some());
    })
    .await;
}

/// With an account its sessions are gone, those too that a request is about to use.
#[tokio::test]
async fn a_deleted_accounts_session_is_nobodys() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let (session, _) = begin(&kit, &actor).await;
        let (strangers, _) = begin(&kit, &person(&kit, "b@example.com").await).await;
        let delete = DeleteAccount { confirm: email(&actor) };
        kit.services.accounts().delete(&actor, delete).await.unwrap();
        assert!(by_session(&kit, &session).await.is_none());
        assert!(by_session(&kit, &strangers).await.is_some());
    })
    .await;
}

/// What is over is swept out, and what is good stays.
#[tokio::test]
async fn what_is_over_is_swept_out() {
    each(async |kit| {
        let accounts = kit.services.accounts();
        let actor = sign_up(&kit, "a@example.com").await;
        begin(&kit, &actor).await;
        let mut record = minute();
        accounts.sessions().create(&mut record).await.unwrap();
        accounts.make_reset_link(&Actor::system("test"), "a@example.com").await.unwrap();
        super::wrong(&kit, &Actor::anonymous(), "a@example.com").await.unwrap_err();
        let rows = async || {
            let mut rows = Vec::new();
            for table in ["session", "sign_in", "account_link", "sign_in_attempt"] {
                rows.push(kit.database.number(&format!("SELECT COUNT(*) FROM {table}")).await);
            }
            rows
        };
        accounts.tidy().await.unwrap();
        assert_eq!(rows().await, [2, 1, 1, 1]);
        kit.clock.advance(60 * 60 * 1000);
        accounts.tidy().await.unwrap();
        assert_eq!(rows().await, [1, 1, 0, 1]);
        kit.clock.advance(23 * 60 * 60 * 1000 + 1);
        accounts.tidy().await.unwrap();
        assert_eq!(rows().await, [1, 1, 0, 0]);
        kit.clock.advance(SESSION_IDLE_MS - 24 * 60 * 60 * 1000);
        accounts.tidy().await.unwrap();
        assert_eq!(rows().await, [1, 0, 0, 0]);
    })
    .await;
}
