//! Signing in with a password, and how often one may try.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use domain::Error as Refusal;
use domain::accounts::{ResetPassword, SignIn};
use serde_json::Value;
use service::Actor;
use testkit::{Kit, START, each};
use tower_sessions::session::Id;

use super::{NEW_PASSWORD, PASSWORD, password, sign_up, try_password, wrong};
use crate::{at_address, person, refusal};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Tries a wrong password and asserts that it was looked at.
async fn assert_wrong(kit: &Kit, asker: &Actor, email: &str) {
    assert_eq!(refusal(wrong(kit, asker, email).await), Refusal::BadCredentials, "{email}");
}

/// Tries the right password and asserts that it is not looked at for so many seconds.
async fn assert_waits(kit: &Kit, asker: &Actor, email: &str, retry_after: u32) {
    let outcome = kit.refused(try_password(kit, asker, email, PASSWORD)).await;
    assert_eq!(outcome, Refusal::TooMany { retry_after }, "{email}");
}

/// What the last failure left behind: the entry, what lies beside it, and the counts; without what differs each time.
async fn left_behind(kit: &Kit) -> Vec<Value> {
    let last = "(SELECT MAX(seq) FROM audit_event WHERE action = 'user.sign_in_failed')";
    let mut rows = kit.database.rows(&format!("SELECT * FROM audit_event WHERE seq = {last}")).await;
    rows.extend(kit.database.rows(&format!("SELECT * FROM audit_person WHERE seq = {last}")).await);
    rows.extend(kit.database.rows("SELECT failures, last_at, blocked_until FROM sign_in_attempt").await);
    for row in &mut rows {
        let row = row.as_object_mut().unwrap();
        for column in ["seq", "hash", "previous_hash", "salt"] {
            row.remove(column);
        }
        if let Some(commitment) = row.remove("person_commitment") {
            row.insert("length".into(), commitment.as_str().unwrap().len().into());
        }
    }
    rows
}

/// A wrong password, an account without a password and an address without an account are answered alike and recorded
/// alike; the entry of the chain does not say which address it was.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_alike() {
    each(async |kit| {
        sign_up(&kit, "known@example.com").await;
        person(&kit, "bare@example.com").await;
        let asker = at_address(Actor::anonymous(), "192.0.2.1");
        let mut seen = Vec::new();
        for email in ["known@example.com", "bare@example.com", "unknown@example.com", "nonsense"] {
            kit.database.execute("DELETE FROM sign_in_attempt").await;
            let entries = kit.audit_entries().await;
            assert_eq!(kit.refused(wrong(&kit, &asker, email)).await, Refusal::BadCredentials);
            assert_eq!(kit.audit_entries().await, entries + 1);
            let mut rows = left_behind(&kit).await;
            let typed = rows[1].as_object_mut().unwrap().remove("email");
            assert_eq!(typed, Some(email.into()));
            seen.push(rows);
        }
        assert_eq!(seen[0].len(), 4, "an entry, what is beside it, and two counts: {:?}", seen[0]);
        assert_eq!(seen[0][1]["address"], "192.0.2.1");
        for other in &seen[1..] {
            assert_eq!(other, &seen[0]);
        }
    })
    .await;
}

/// A password that cannot be one is refused with the name of the field, before anything is counted.
#[tokio::test]
async fn what_cannot_be_a_password_is_not_counted() {
    let cases = [
        ("a@example.com".to_owned(), "x".repeat(1025), "password"),
        ("a".repeat(255), PASSWORD.to_owned(), "email"),
        ("a\0@example.com".to_owned(), PASSWORD.to_owned(), "email"),
    ];
    each(async |kit| {
        for (email, text, path) in &cases {
            let refusal = kit.refused(try_password(&kit, &Actor::anonymous(), email, text)).await;
            let Refusal::Invalid { details } = refusal else { panic!("{refusal:?}") };
            assert_eq!(details[0].path, *path);
        }
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM sign_in_attempt").await, 0);
    })
    .await;
}

/// After five failures on an account each next try waits twice as long, up to a minute, and the right password too. An
/// address without an account is treated alike. Tries in between neither count nor are recorded.
#[tokio::test]
async fn an_account_makes_whoever_guesses_wait() {
    each(async |kit| {
        sign_up(&kit, "known@example.com").await;
        let nobody = Actor::anonymous();
        for email in ["known@example.com", "unknown@example.com"] {
            for _ in 0..5 {
                assert_wrong(&kit, &nobody, email).await;
            }
            for seconds in [1_u32, 2, 4, 8, 16, 32, 60, 60] {
                let entries = kit.audit_entries().await;
                assert_waits(&kit, &nobody, email, seconds).await;
                kit.clock.advance(i64::from(seconds) * 1000 - 1);
                assert_waits(&kit, &nobody, &email.to_uppercase(), 1).await;
                assert_eq!(kit.audit_entries().await, entries);
                kit.clock.advance(1);
                assert_wrong(&kit, &nobody, email).await;
            }
        }
        // Others do not wait.
        sign_up(&kit, "other@example.com").await;
        try_password(&kit, &nobody, "other@example.com", PASSWORD).await.unwrap();
    })
    .await;
}

/// Whoever signs in begins anew: their failures until then count no more.
#[tokio::test]
async fn signing_in_clears_the_count_of_an_account() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        let nobody = Actor::anonymous();
        for _ in 0..2 {
            for _ in 0..4 {
                assert_wrong(&kit, &nobody, "a@example.com").await;
            }
            try_password(&kit, &nobody, "A@example.com", PASSWORD).await.unwrap();
        }
        for _ in 0..5 {
            assert_wrong(&kit, &nobody, "a@example.com").await;
        }
        assert_waits(&kit, &nobody, "a@example.com", 1).await;
        // After the wait, too.
        kit.clock.advance(1000);
        try_password(&kit, &nobody, "a@example.com", PASSWORD).await.unwrap();
        assert_wrong(&kit, &nobody, "a@example.com").await;
        assert_wrong(&kit, &nobody, "a@example.com").await;
    })
    .await;
}

/// An address may try twenty times, on however many accounts; then it waits, twice as long each time, up to a quarter of
/// an hour. Other addresses do not, and whoever comes from nowhere in particular does not.
#[tokio::test]
async fn an_address_that_guesses_waits() {
    each(async |kit| {
        sign_up(&kit, "known@example.com").await;
        let guesser = at_address(Actor::anonymous(), "192.0.2.1");
        let mut accounts = (0..).map(|n| format!("{n}@example.com"));
        for _ in 0..20 {
            assert_wrong(&kit, &guesser, &accounts.next().unwrap()).await;
        }
        // One attempt is forgotten each quarter of an hour: so 512 comes twice.
        for seconds in [1_u32, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 900, 900] {
            assert_waits(&kit, &guesser, &accounts.next().unwrap(), seconds).await;
            kit.clock.advance(i64::from(seconds) * 1000 - 1);
            assert_waits(&kit, &guesser, &accounts.next().unwrap(), 1).await;
            kit.clock.advance(1);
            assert_wrong(&kit, &guesser, &accounts.next().unwrap()).await;
        }
        assert_waits(&kit, &guesser, "known@example.com", 900).await;
        for asker in [at_address(Actor::anonymous(), "192.0.2.2"), Actor::anonymous()] {
            try_password(&kit, &asker, "known@example.com", PASSWORD).await.unwrap();
        }
    })
    .await;
}

/// Addresses that one subscriber has count as one: the first 64 bits of IPv6, and IPv4 however it is written.
#[tokio::test]
async fn the_addresses_of_a_subscriber_are_one() {
    each(async |kit| {
        sign_up(&kit, "known@example.com").await;
        let mut accounts = (0..).map(|n| format!("{n}@example.com"));
        let from = |address: &str| at_address(Actor::anonymous(), address);
        for n in 0..20 {
            let asker = from(&format!("2001:db8:0:1:{n:x}::1"));
            assert_wrong(&kit, &asker, &accounts.next().unwrap()).await;
            let asker = from(if n % 2 == 0 { "192.0.2.1" } else { "::ffff:192.0.2.1" });
            assert_wrong(&kit, &asker, &accounts.next().unwrap()).await;
        }
        for address in
            ["2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:DB8::1:0:0:0:5", "192.0.2.1", "::ffff:c000:201"]
        {
            assert_waits(&kit, &from(address), &accounts.next().unwrap(), 1).await;
        }
        for address in ["2001:db8:0:2::1", "2001:db8:1:1::1", "192.0.2.2", "::ffff:192.0.2.3"] {
            try_password(&kit, &from(address), "known@example.com", PASSWORD).await.unwrap();
        }
    })
    .await;
}

/// An attempt is forgotten after a quarter of an hour, each one after the other, to the millisecond.
#[tokio::test]
async fn attempts_are_forgotten_one_by_one() {
    each(async |kit| {
        let nobody = Actor::anonymous();
        for _ in 0..7 {
            let _ = wrong(&kit, &nobody, "a@example.com").await;
            kit.clock.advance(4_000);
        }
        let failures = async || kit.database.number("SELECT MAX(failures) FROM sign_in_attempt").await;
        assert_eq!(failures().await, 7);
        kit.clock.advance(15 * 60_000 - 28_000 - 1);
        assert_wrong(&kit, &nobody, "a@example.com").await;
        assert_eq!(failures().await, 8);
        assert_waits(&kit, &nobody, "a@example.com", 8).await;
        kit.clock.advance(2 * 15 * 60_000);
        assert_wrong(&kit, &nobody, "a@example.com").await;
        assert_eq!(failures().await, 7, "two are forgotten, and one is counted");
        kit.clock.advance(DAY_MS);
        for _ in 0..5 {
            assert_wrong(&kit, &nobody, "a@example.com").await;
        }
        assert_waits(&kit, &nobody, "a@example.com", 1).await;
    })
    .await;
}

/// Many people may share an address: whoever signs in makes nobody wait, however many mistyped before.
#[tokio::test]
async fn signing_in_makes_nobody_wait_at_the_same_address() {
    each(async |kit| {
        for name in ["a", "b"] {
            sign_up(&kit, &format!("{name}@example.com")).await;
        }
        let office = at_address(Actor::anonymous(), "192.0.2.1");
        for n in 0..20 {
            assert_wrong(&kit, &office, &format!("{n}@example.com")).await;
        }
        kit.clock.advance(1_000);
        for name in ["a", "b", "a"] {
            try_password(&kit, &office, &format!("{name}@example.com"), PASSWORD).await.unwrap();
        }
        assert_wrong(&kit, &office, "c@example.com").await;
        assert_waits(&kit, &office, "a@example.com", 2).await;
    })
    .await;
}

/// A password that was changed between its proof and the session opens none.
#[tokio::test]
async fn a_password_that_was_changed_opens_no_session() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        let accounts = kit.services.accounts();
        let proven = try_password(&kit, &Actor::anonymous(), "a@example.com", PASSWORD).await.unwrap();
        let (token, _) = accounts.make_reset_link(&Actor::system("test"), "a@example.com").await.unwrap();
        let reset = ResetPassword { token, password: password(PASSWORD) };
        accounts.reset_password(&Actor::anonymous(), reset).await.unwrap();
        let begun = kit.refused(accounts.begin_session(&proven, &Id::default(), None)).await;
        assert_eq!(begun, Refusal::BadCredentials);
        let proven = try_password(&kit, &Actor::anonymous(), "a@example.com", PASSWORD).await.unwrap();
        accounts.begin_session(&proven, &Id::default(), None).await.unwrap();
    })
    .await;
}

/// Guesses at the same time count as well: of twelve at once five are looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_once_count() {
    each(async |kit| {
        sign_up(&kit, "known@example.com").await;
        for email in ["known@example.com", "unknown@example.com"] {
            let guesses = [(); 12].map(|()| {
                let services = kit.services.clone();
                tokio::spawn(async move {
                    let command = SignIn { email: email.into(), password: password("not the password") };
                    services.accounts().check_password(&Actor::anonymous(), command).await
                })
            });
            let mut looked_at = 0;
            for guess in guesses {
                match refusal(guess.await.unwrap()) {
                    Refusal::BadCredentials => looked_at += 1,
                    other => assert_eq!(other, Refusal::TooMany { retry_after: 1 }),
                }
            }
            assert_eq!(looked_at, 5, "{email}");
        }
    })
    .await;
}

/// A hash that was made with other parameters is made anew at the next sign-in, and not by a wrong password.
#[tokio::test]
async fn an_outdated_hash_is_renewed() {
    each(async |kit| {
        sign_up(&kit, "a@example.com").await;
        let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
        let old = weaker.hash_password_with_salt(NEW_PASSWORD.as_bytes(), &[7; 16]).unwrap().to_string();
        kit.database.execute(&format!("UPDATE password SET hash = '{old}'")).await;
        let stored = async || {
            let rows = kit.database.rows("SELECT hash, changed_at FROM password").await;
            (rows[0]["hash"].as_str().unwrap().to_owned(), rows[0]["changed_at"].as_i64().unwrap())
        };
        let nobody = Actor::anonymous();
        assert_wrong(&kit, &nobody, "a@example.com").await;
        assert_eq!(stored().await, (old.clone(), START.0));
        kit.clock.advance(1);
        try_password(&kit, &nobody, "a@example.com", NEW_PASSWORD).await.unwrap();
        let (renewed, _) = stored().await;
        assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
        // It is the same password's, and stays as it is from then on.
        try_password(&kit, &nobody, "a@example.com", NEW_PASSWORD).await.unwrap();
        assert_eq!(stored().await.0, renewed);
        assert_wrong(&kit, &nobody, "a@example.com").await;
    })
    .await;
}
