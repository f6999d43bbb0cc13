//! Every row answers what the flag that it represents has to answer, and for the reason that it should.

use md5::{Digest, Md5};
use peers::{all, eppo, flagsmith, growthbook, launchdarkly, rows, rows::Strings, togglebit, unleash};

type Answer = Box<dyn Fn(&str, &str, &Strings) -> bool>;

/// Whether a user is in.
type Decision = Box<dyn Fn(&str) -> bool>;

/// Every vendor: its answer to a row for a user with attributes.
fn peers() -> [(&'static str, Answer); 6] {
    let (a, b, c) = (launchdarkly::prepare(), unleash::prepare(), growthbook::prepare());
    let (d, e, f) = (flagsmith::prepare(), eppo::prepare(), togglebit::prepare());
    [
        ("Togglebit", Box::new(move |row, user, strings| f.answer(row, user, strings))),
        ("LaunchDarkly", Box::new(move |row, user, strings| a.answer(row, user, strings))),
        ("Unleash", Box::new(move |row, user, strings| b.answer(row, user, strings))),
        ("GrowthBook", Box::new(move |row, user, strings| c.answer(row, user, strings))),
        ("Flagsmith", Box::new(move |row, user, strings| d.answer(row, user, strings))),
        ("Eppo", Box::new(move |row, user, strings| e.answer(row, user, strings))),
    ]
}

/// The rows that a vendor has.
fn rows_of(vendor: &str) -> &'static [&'static str] {
    if vendor == "Eppo" { &rows::ALL[..6] } else { &rows::ALL }
}

/// The context's attributes with one of them changed.
fn with(name: &str, value: &'static str) -> Strings {
    rows::STRINGS.map(|(other, old)| (other, if other == name { value } else { old }))
}

fn md5_start(text: &str) -> u32 {
    let digest = Md5::digest(text);
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[test]
fn rows_answer_as_expected() {
    for ((vendor, flags, extras), (name, answer)) in all().iter().zip(peers()) {
        assert_eq!(*vendor, name);
        let names: Vec<_> = flags.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, rows_of(vendor), "{vendor}");
        for (name, evaluate) in flags {
            let expected = *name != rows::PERCENTAGE || answer(name, rows::USER, &rows::STRINGS);
            assert_eq!(evaluate(), expected, "{vendor}: {name}");
        }
        for (name, evaluate) in extras.iter().filter(|(name, _)| !name.starts_with(rows::PERCENTAGE)) {
            assert!(evaluate(), "{vendor}: {name}");
        }
    }
}

/// A condition that no longer holds turns exactly the rows off that have it.
#[test]
fn other_contexts_are_told_apart() {
    let cases: [(&str, Strings, &[&str]); 9] = [
        ("somebody", rows::STRINGS, &[rows::ID_LIST]),
        ("user-10000", rows::STRINGS, &[rows::ID_LIST]),
        (rows::USER, with("plan", "basic"), &[rows::ONE_RULE, rows::TEN_RULES]),
        (rows::USER, with("country", "AT"), &[rows::TEN_RULES]),
        (rows::USER, with("appVersion", "2.10.0"), &[]),
        (rows::USER, with("appVersion", "2.3.0"), &[]),
        (rows::USER, with("appVersion", "2.2.10"), &[rows::SEMVER_REGEX]),
        (rows::USER, with("email", "Jane@example.com"), &[rows::SEMVER_REGEX]),
        (rows::USER, with("email", "jane@example.com.org"), &[rows::SEMVER_REGEX, rows::PREREQUISITE]),
    ];
    for (vendor, answer) in peers() {
        for (user, strings, off) in cases {
            for row in rows_of(vendor).iter().filter(|row| **row != rows::PERCENTAGE) {
                let expected = !off.contains(row);
                assert_eq!(answer(row, user, &strings), expected, "{vendor}: {row} {user} {strings:?}");
            }
        }
    }
}

/// The rollouts that are compared decide the same for everybody: a quarter of two thousand users.
#[test]
fn rollouts_are_the_same() {
    let [(_, ours), (_, launchdarkly), (_, unleash), (_, growthbook), (_, flagsmith), (_, eppo)] = peers();
    let percentage = |answer: Answer| move |user: &str| answer(rows::PERCENTAGE, user, &rows::STRINGS);
    let growthbook_2 = growthbook::prepare();
    let pairs: [(&str, Decision); 6] = [
        ("launchdarkly", Box::new(percentage(launchdarkly))),
        ("unleash", Box::new(percentage(unleash))),
        ("growthbook_v1", Box::new(percentage(growthbook))),
        (
            "growthbook_v2",
            Box::new(move |user| growthbook_2.answer(rows::PERCENTAGE_2, user, &rows::STRINGS)),
        ),
        ("flagsmith_split", Box::new(percentage(flagsmith))),
        // Its seed is its key.
        ("togglebit", Box::new(|user| md5_start(&format!("percentage:{user}")) % 100 < 25)),
    ];
    let users: Vec<_> = rows::ids().into_iter().step_by(5).collect();
    for (algorithm, answer) in pairs {
        let mut on = 0;
        for user in &users {
            let ours = ours(algorithm, user, &rows::STRINGS);
            assert_eq!(ours, answer(user), "{algorithm}: {user}");
            on += usize::from(ours);
        }
        assert!((400..600).contains(&on), "{algorithm}: {on} of 2000");
    }
    // Nothing of ours hashes as Eppo does; this is what it hashes.
    for user in &users {
        let expected = md5_start(&format!("{}-{user}", rows::SALT)) % 10_000 < 2500;
        assert_eq!(eppo(rows::PERCENTAGE, user, &rows::STRINGS), expected, "Eppo: {user}");
    }
}
