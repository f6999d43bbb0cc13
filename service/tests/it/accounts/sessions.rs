//! Sessions: whose they are, and when they end.

use std::collections::HashMap;

use domain::access::Role;
use domain::accounts::{ChangePassword, CreateToken, DeleteAccount, ResetPassword, TokenScope};
use domain::orgs::Invite;
use domain::{Error as Refusal, SignInId};
use serde_json::json;
use service::Actor;
use service::accounts::{SESSION_IDLE_MS, SESSION_LASTS_MS, Sessions};
use testkit::{Kit, START, TestRedis, each};
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

/// Runs a test on each place where sessions are kept.
async fn each_store(test: impl AsyncFn(&Kit, Sessions)) {
    each(async |kit| {
        test(&kit, kit.services.accounts().sessions()).await;
        if let Some(redis) = TestRedis::start() {
            let services = kit.with_redis(&redis.url()).await;
            test(&kit, services.accounts().sessions()).await;
            assert_eq!(sessions(&kit).await, 0, "Redis has them, and the database none");
        }
    })
    .await;
}

/// A session comes back as it was created and as it was saved last, and not after it was deleted.
#[tokio::test]
async fn a_session_is_created_loaded_saved_and_deleted() {
    each_store(async |_, store| {
        let mut record = minute();
        store.create(&mut record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), Some(record.clone()));
        assert_eq!(store.load(&Id::default()).await.unwrap(), None);

        record.data.insert("user".to_owned(), json!("somebody else"));
        record.expiry_date += Duration::minutes(1);
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), Some(record.clone()));

        store.delete(&record.id).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        // Deleting what is gone is no failure.
        store.delete(&record.id).await.unwrap();
    })
    .await;
}

/// A session ends by the application's clock, to the millisecond.
#[tokio::test]
async fn a_session_ends_by_the_clock() {
    each_store(async |kit, store| {
        let start = kit.services.now();
        let (mut short, mut long) = (minute(), minute());
        short.expiry_date += Duration::milliseconds(start.0 - START.0);
        long.expiry_date = short.expiry_date + Duration::hours(1);
        store.create(&mut short).await.unwrap();
        store.create(&mut long).await.unwrap();

        kit.clock.advance(59_999);
        assert!(store.load(&short.id).await.unwrap().is_some());
        kit.clock.advance(1);
        assert_eq!(store.load(&short.id).await.unwrap(), None);
        assert!(store.load(&long.id).await.unwrap().is_some());
        store.delete(&short.id).await.unwrap();
        store.delete(&long.id).await.unwrap();
    })
    .await;
}

/// A session that was ended stays ended: a request that was under way brings it back no more.
#[tokio::test]
async fn an_ended_session_stays_ended() {
    each_store(async |_, store| {
        let mut record = minute();
        store.create(&mut record).await.unwrap();
        store.delete(&record.id).await.unwrap();
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
    })
    .await;
}

/// A new session whose id is taken gets another one, and the one that is there stays what it was.
#[tokio::test]
async fn a_taken_id_is_not_taken_over() {
    each_store(async |_, store| {
        let mut first = minute();
        store.create(&mut first).await.unwrap();
        let mut second = Record { data: HashMap::new(), ..first.clone() };
        store.create(&mut second).await.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(store.load(&first.id).await.unwrap(), Some(first.clone()));
        assert_eq!(store.load(&second.id).await.unwrap(), Some(second.clone()));
        store.delete(&first.id).await.unwrap();
        store.delete(&second.id).await.unwrap();
    })
    .await;
}

/// What lies in Redis lets nobody use a session, and is gone by itself; with Redis down whoever signed in stays signed in,
/// and what was ended stays ended.
#[tokio::test]
async fn redis_may_be_read_and_may_go() {
    each(async |kit| {
        let Some(mut redis) = TestRedis::start() else { return };
        let services = kit.with_redis(&redis.url()).await;
        let accounts = services.accounts();
        let actor = person(&kit, "a@example.com").await;
        let mut records = [minute(), minute()];
        let mut ids = Vec::new();
        for record in &mut records {
            accounts.sessions().create(record).await.unwrap();
            ids.push(accounts.begin_session(&actor, &record.id, None).await.unwrap());
        }
        let keys = redis.ask(&["KEYS", "*"]);
        assert_eq!(keys.lines().count(), 2);
        for record in &records {
            assert!(!keys.contains(&record.id.to_string()), "{keys}");
        }
        let left: i64 = redis.ask(&["PTTL", keys.lines().next().unwrap()]).trim().parse().unwrap();
        assert!((1..=60_000).contains(&left), "{left}");

        redis.stop();
        assert!(accounts.sessions().load(&records[0].id).await.is_err());
        let asks = accounts.by_session(&records[0].id).await.unwrap().unwrap();
        accounts.end_session(&asks, ids[1]).await.unwrap();
        redis.start_again();
        assert!(accounts.by_session(&records[0].id).await.unwrap().is_some());
        assert!(accounts.by_session(&records[1].id).await.unwrap().is_none());
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

/// A request that came in before its session or its token ended does nothing after it: neither to the account nor in an
/// organization.
#[tokio::test]
async fn what_an_ended_session_asked_for_is_not_done() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let accounts = kit.services.accounts();
        let command = || CreateToken { name: "script".into(), scope: TokenScope::Write, days: None };
        let (session, _) = begin(&kit, &workspace.admin).await;
        let by_session = by_session(&kit, &session).await.unwrap();
        let made = accounts.create_token(&by_session, command()).await.unwrap();
        let by_token = accounts.by_token(made.raw.as_ref().unwrap()).await.unwrap().unwrap();
        accounts.end_session(&workspace.admin, by_session_id(&kit, &by_session).await).await.unwrap();
        accounts.revoke_token(&workspace.admin, made.token.id).await.unwrap();

        let invite = Invite {
            organization: workspace.organization.clone(),
            email: "back@example.com".into(),
            role: Role::Admin,
        };
        let refused = kit.refused(accounts.create_token(&by_session, command())).await;
        assert_eq!(refused, Refusal::Unauthenticated);
        for gone in [&by_session, &by_token] {
            let refused = kit.refused(kit.services.orgs().invite(gone, invite.clone())).await;
            assert_eq!(refused, Refusal::Unauthenticated);
        }
    })
    .await;
}

/// The session that asks.
async fn by_session_id(kit: &Kit, actor: &Actor) -> SignInId {
    let sessions = kit.services.accounts().sign_ins(actor).await.unwrap();
    sessions.iter().find(|session| session.is_current).unwrap().id
}

/// A page that lies open looks at its session, which is no use of it.
#[tokio::test]
async fn looking_at_a_session_does_not_use_it() {
    each(async |kit| {
        let actor = person(&kit, "a@example.com").await;
        let (session, _) = begin(&kit, &actor).await;
        let accounts = kit.services.accounts();
        kit.clock.advance(SESSION_IDLE_MS - 1);
        assert!(accounts.look_at_session(&session).await.unwrap().is_some());
        kit.clock.advance(1);
        assert!(accounts.look_at_session(&session).await.unwrap().is_none());
        assert!(by_session(&kit, &session).await.is_none());
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

/// Members see when the others were last there, as long as a session of theirs is open; nobody else does.
#[tokio::test]
async fn members_are_seen_by_their_open_sessions() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let orgs = kit.services.orgs();
        let seen = async || orgs.last_seen(&workspace.member, &workspace.organization).await.unwrap();
        assert!(seen().await.is_empty());
        begin(&kit, &workspace.owner).await;
        begin(&kit, &workspace.outsider).await;
        kit.clock.advance(60_000);
        begin(&kit, &workspace.owner).await;
        let owner = workspace.owner.person().unwrap().id;
        assert_eq!(seen().await.into_iter().collect::<Vec<_>>(), [(owner, kit.services.now())]);
        kit.clock.advance(SESSION_LASTS_MS);
        assert!(seen().await.is_empty());
        let refused = kit.refused(orgs.last_seen(&workspace.outsider, &workspace.organization)).await;
        assert_eq!(refused, Refusal::not_found("organization"));
    })
    .await;
}
