//! What contexts' attributes are called, for whoever writes rules: names, never values, of some of the contexts.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Millis;
use domain::api_keys::KeyKind;
use engine::Context;

use super::lock;

/// One in so many contexts is looked at, besides the first one after each flush.
const ONE_IN: u32 = 64;

/// How deep is looked into objects, and at how many attributes of one context.
const DEPTH: usize = 3;
const OF_ONE: usize = 100;

/// The longest name in bytes.
const LENGTH: usize = 100;

/// How many names an environment has that a server has sent.
const TRUSTED: usize = 1000;

/// How many it has besides that only browsers have sent, which anybody can be.
const UNTRUSTED: usize = 200;

/// The names of one environment's attributes.
#[derive(Debug)]
pub(in super::super) struct Attributes {
    /// Whether the next context is looked at in any case: what is asked for seldom would else be known late.
    is_due: AtomicBool,
    names: Mutex<Names>,
}

/// Names, each with whether a server has sent it.
pub(super) type Seen = BTreeMap<Box<str>, bool>;

#[derive(Debug, Default)]
struct Names {
    /// The day on which they were seen.
    day: Millis,
    seen: HashMap<Box<str>, bool>,
    /// How many of them only browsers have sent, and how many servers have.
    counts: [usize; 2],
    unwritten: Seen,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { is_due: AtomicBool::new(true), names: Mutex::default() }
    }
}

impl Attributes {
    /// Looks at a context now and then. It never waits: a context that cannot be looked at right now is left out.
    #[inline]
    pub(in super::super) fn sample(&self, kind: KeyKind, context: &Context<'_>, now: i64) {
        let is_due = self.is_due.load(Ordering::Relaxed) && self.is_due.swap(false, Ordering::Relaxed);
        if is_due || chance() {
            self.look(kind, context, now);
        }
    }

    #[cold]
    fn look(&self, kind: KeyKind, context: &Context<'_>, now: i64) {
        let Ok(mut names) = self.names.try_lock() else { return };
        names.begin(Millis(now).day());
        let mut left = OF_ONE;
        context.each_path(DEPTH, |name| {
            names.see(name, kind == KeyKind::Server);
            left -= 1;
            left > 0
        });
    }

    /// Remembers names that were reported.
    pub(super) fn see<'n>(&self, kind: KeyKind, reported: impl Iterator<Item = &'n str>, now: Millis) {
        let mut names = lock(&self.names);
        names.begin(now.day());
        reported.for_each(|name| names.see(name, kind == KeyKind::Server));
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.names).unwritten.is_empty()
    }

    /// Takes the names that are to be written down, and looks at the next context.
    pub(super) fn take(&self) -> Seen {
        self.is_due.store(true, Ordering::Relaxed);
        std::mem::take(&mut lock(&self.names).unwritten)
    }

    /// Gives back what was taken.
    pub(super) fn put_back(&self, taken: Seen) {
        let mut names = lock(&self.names);
        for (name, trusted) in taken {
            *names.unwritten.entry(name).or_default() |= trusted;
        }
    }
}

impl Names {
    /// On another day all names are written down anew.
    fn begin(&mut self, day: Millis) {
        if self.day != day {
            self.day = day;
            self.seen.clear();
            self.counts = [0; 2];
        }
    }

    fn see(&mut self, name: &str, trusted: bool) {
        let known = self.seen.get(name).copied();
        if known == Some(true) || known == Some(trusted) || !is_name(name) {
            return;
        }
        let most = if trusted { TRUSTED } else { UNTRUSTED };
        let count = &mut self.counts[usize::from(trusted)];
        // What waits longer than a day because it cannot be written has its bounds, too.
        if *count >= most || self.unwritten.len() >= TRUSTED + UNTRUSTED {
            return;
        }
        *count += 1;
        if known.is_some() {
            self.counts[0] -= 1;
        }
        self.seen.insert(name.into(), trusted);
        *self.unwritten.entry(name.into()).or_default() |= trusted;
    }
}

/// Whether it is what programs call something, as far as that can be told: an object whose names are ids, addresses or
/// sentences has values in the place of names, which are nobody's business here.
fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        let begins = part.chars().next().is_some_and(|first| first.is_alphabetic() || "_$".contains(first));
        begins && part.chars().all(|letter| letter.is_alphanumeric() || "_-$:/".contains(letter))
    };
    text.len() <= LENGTH && text.split('.').all(is_part)
}

/// True one time in [`ONE_IN`], by chance: counting would look at the contexts of one environment again and again where
/// they come by turns. Marsaglia, Xorshift RNGs (2003).
fn chance() -> bool {
    thread_local! {
        static STATE: Cell<u32> = Cell::new(rand::random::<u32>() | 1);
    }
    STATE.with(|state| {
        let mut number = state.get();
        number ^= number << 13;
        number ^= number >> 17;
        number ^= number << 5;
        state.set(number);
        number.is_multiple_of(ONE_IN)
    })
}

/// A name that is stored: whether a server has sent it, and on which day it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) trusted: bool,
    pub(super) seen_on: Millis,
}

/// What becomes of the names that are stored.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// The names to write, with what is known of them.
    pub(super) write: BTreeMap<Box<str>, Stored>,
    /// The names to forget.
    pub(super) forget: Vec<Box<str>>,
}

/// Adds names that were seen on a day to those that are stored. Where there is no room for all, those are forgotten that
/// were not seen for the longest time; for names that are new, none of that day are. What browsers send never takes the
/// place of what servers do.
pub(super) fn settle(stored: &BTreeMap<Box<str>, Stored>, seen: &Seen, day: Millis) -> Settled {
    let mut all = stored.clone();
    for (name, trusted) in seen {
        let known = all.entry(name.clone()).or_insert(Stored { trusted: *trusted, seen_on: day });
        *known = Stored { trusted: known.trusted || *trusted, seen_on: known.seen_on.max(day) };
    }
    let mut forget = Vec::new();
    for (trusted, most) in [(false, UNTRUSTED), (true, TRUSTED)] {
        let of_kind = all.iter().filter(|(_, it)| it.trusted == trusted);
        let mut of_kind: Vec<_> =
            of_kind.map(|(name, it)| (it.seen_on, stored.contains_key(name), name)).collect();
        of_kind.sort();
        let excess = of_kind.len().saturating_sub(most);
        forget.extend(of_kind.into_iter().take(excess).map(|(.., name)| name.clone()));
    }
    for name in &forget {
        all.remove(name);
    }
    forget.retain(|name| stored.contains_key(name));
    all.retain(|name, it| stored.get(name) != Some(it));
    Settled { write: all, forget }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn names(of: &str, numbers: std::ops::Range<usize>) -> impl Iterator<Item = Box<str>> {
        numbers.map(move |number| format!("{of}{number:04}").into())
    }

    fn stored(names: impl Iterator<Item = Box<str>>, trusted: bool, day: i64) -> BTreeMap<Box<str>, Stored> {
        names.map(|name| (name, Stored { trusted, seen_on: Millis(day * DAY) })).collect()
    }

    #[test]
    fn names_are_written_once_a_day() {
        let seen: Seen = [("plan".into(), true)].into();
        let today = Stored { trusted: true, seen_on: Millis(DAY) };
        for (before, written) in [
            (None, Some(today)),
            (Some(Stored { seen_on: Millis(0), ..today }), Some(today)),
            (Some(Stored { trusted: false, ..today }), Some(today)),
            (Some(today), None),
            // Another node was ahead.
            (Some(Stored { seen_on: Millis(2 * DAY), ..today }), None),
        ] {
            let before = before.map(|it| ("plan".into(), it)).into_iter().collect();
            let settled = settle(&before, &seen, Millis(DAY));
            assert_eq!(settled.write.get("plan").copied(), written, "{before:?}");
            assert!(settled.forget.is_empty());
        }
        // What a server sent once stays trusted when a browser sends it.
        let before = [("plan".into(), Stored { seen_on: Millis(0), ..today })].into();
        let settled = settle(&before, &[("plan".into(), false)].into(), Millis(DAY));
        assert_eq!(settled.write["plan"], today);
    }

    #[test]
    fn the_oldest_make_room_and_todays_do_not() {
        let mut before = stored(names("old", 0..10), true, 1);
        before.extend(stored(names("today", 0..TRUSTED - 10), true, 5));
        let seen: Seen = names("new", 0..15).map(|name| (name, true)).collect();
        let settled = settle(&before, &seen, Millis(5 * DAY));
        assert_eq!(settled.forget, names("old", 0..10).collect::<Vec<_>>());
        assert_eq!(settled.write.into_keys().collect::<Vec<_>>(), names("new", 5..15).collect::<Vec<_>>());
    }

    #[test]
    fn browsers_take_no_room_from_servers() {
        let before = stored(names("server", 0..TRUSTED), true, 1);
        let seen: Seen = names("browser", 0..UNTRUSTED + 50).map(|name| (name, false)).collect();
        let settled = settle(&before, &seen, Millis(5 * DAY));
        assert_eq!((settled.write.len(), settled.forget.len()), (UNTRUSTED, 0));
    }

    #[test]
    fn what_is_kept_in_memory_has_bounds() {
        let mut kept = Names::default();
        kept.begin(Millis(0));
        names("browser", 0..5000).for_each(|name| kept.see(&name, false));
        assert_eq!(kept.unwritten.len(), UNTRUSTED);
        // Servers have their own room, and what a browser said first becomes theirs.
        names("browser", 0..50).for_each(|name| kept.see(&name, true));
        names("server", 0..5000).for_each(|name| kept.see(&name, true));
        assert_eq!(kept.seen.len(), TRUSTED + UNTRUSTED - 50);
        assert_eq!(kept.counts, [UNTRUSTED - 50, TRUSTED]);
        kept.unwritten.clear();
        kept.see("server0001", true);
        kept.see("browser0001", false);
        assert!(kept.unwritten.is_empty());
        kept.begin(Millis(DAY));
        kept.see("server0001", true);
        assert_eq!(kept.unwritten.len(), 1);
    }

    #[test]
    fn what_looks_like_a_value_is_no_name() {
        for name in
            ["plan", "org.size", "userId", "x-plan", "_id", "$set", "größe", "a.b.c", "ns:attr", "a/b"]
        {
            assert!(is_name(name), "{name}");
        }
        let long = "x".repeat(LENGTH + 1);
        for value in
            ["", ".", "a.", "ada@example.com", "0199fb2e-7c41", "two words", "a\0", "42", "carts.17", &long]
        {
            assert!(!is_name(value), "{value:?}");
        }
    }

    #[test]
    fn chance_is_what_it_says() {
        let hits = (0..64_000).filter(|_| chance()).count();
        assert!((500..1500).contains(&hits), "{hits}");
    }
}
