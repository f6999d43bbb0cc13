//! One environment in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use bytes::Bytes;
use domain::EnvironmentId;
use domain::api_keys::KeyKind;
use engine::{Compiled, Context, Detail, FlagRef};
use tokio::sync::watch;

use super::delta::{Delta, Past};
use super::held::Documents;
use super::ruleset::{Encoding, Texts};
use super::usage::{Counters, Meter};
use super::written::Written;
use crate::Result;

/// An environment that is being served.
#[derive(Debug)]
pub struct LiveEnvironment {
    pub(super) id: EnvironmentId,
    /// Stays what it is for as long as there is the environment.
    key: Box<str>,
    snapshot: ArcSwap<Snapshot>,
    /// Counts how often those who follow the environment were woken.
    wakes: watch::Sender<u64>,
    is_gone: AtomicBool,
    /// How many follow it.
    pub(super) streams: AtomicUsize,
    /// When time changes what is answered next, in epoch milliseconds.
    next_edge: AtomicI64,
}

/// An environment's flags and segments at one revision: compiled, as they are stored, and what was before.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) compiled: Compiled,
    pub(super) documents: Documents,
    pub(super) past: Past,
}

/// An environment's flags at one revision, and their counters.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) rules: Rules,
    texts: Texts,
    /// What is kept of each flag, in the order of the flags.
    kept: Box<[Kept]>,
    browser_keys: OnceLock<Arc<[Box<str>]>>,
    meter: Arc<Meter>,
}

/// What is kept of a flag.
#[derive(Debug)]
struct Kept {
    counters: Arc<Counters>,
    written: Written,
}

/// What a flag answers.
#[derive(Debug)]
pub struct Evaluated<'s> {
    /// The key that was asked for.
    pub key: &'s str,
    /// The answer.
    pub detail: Detail<'s>,
    /// None where there is no such flag.
    written: Option<&'s Written>,
}

impl<'s> Evaluated<'s> {
    /// What the answer looks like on the way to whoever asked, as all who ask write it in the same way: written once for the
    /// revision. None where too many others are kept, or there is no such flag; then it is to be written each time.
    pub fn written(&self, write: impl Fn(&str, &Detail<'s>) -> Vec<u8>) -> Option<&'s [u8]> {
        self.written?.get(&self.detail, || write(self.key, &self.detail))
    }
}

impl LiveEnvironment {
    pub(super) fn new(id: EnvironmentId, key: &str, meter: Arc<Meter>) -> Self {
        let (rules, texts) = (Rules::default(), Texts::default());
        let (kept, browser_keys) = (Box::default(), OnceLock::new());
        let snapshot = Snapshot { rules, texts, kept, browser_keys, meter };
        Self {
            id,
            key: key.into(),
            snapshot: ArcSwap::from_pointee(snapshot),
            wakes: watch::Sender::new(0),
            is_gone: AtomicBool::new(false),
            streams: AtomicUsize::new(0),
            next_edge: AtomicI64::new(i64::MAX),
        }
    }

    /// The environment's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The current snapshot. It stays whole for as long as it is held.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// How many follow it on this node.
    pub(super) fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// Whether there is no such environment any more.
    pub(super) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    /// Takes it out of service, and tells those who follow it.
    pub(super) fn end(&self, now: i64) {
        self.is_gone.store(true, Ordering::Relaxed);
        self.replace(Rules::default(), now);
    }

    /// Tells those who follow it to look whether something is new.
    pub(super) fn wake(&self) {
        self.wakes.send_modify(|wakes| *wakes = wakes.wrapping_add(1));
    }

    /// Tells that from now on.
    pub(super) fn wakes(&self) -> watch::Receiver<u64> {
        self.wakes.subscribe()
    }

    /// Tells those who follow it where time has changed what is answered since the last look.
    pub(super) fn wake_at_edges(&self, now: i64) {
        if self.next_edge() <= now {
            self.find_next_edge(&self.snapshot.load().rules, now);
            self.wake();
        }
    }

    /// When time changes what is answered next, as far as has been looked, in epoch milliseconds.
    pub fn next_edge(&self) -> i64 {
        self.next_edge.load(Ordering::Relaxed)
    }

    /// Finds out when time changes what is answered next.
    fn find_next_edge(&self, rules: &Rules, now: i64) {
        self.next_edge.store(rules.compiled.next_change(now).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Replaces the snapshot, and tells those who follow it. Flags whose version and variations stayed the same keep their
    /// counters.
    pub(super) fn replace(&self, rules: Rules, now: i64) {
        let old = self.snapshot.load();
        let before: HashMap<_, _> = old
            .rules
            .compiled
            .flags()
            .map(FlagRef::key)
            .zip(old.kept.iter().map(|kept| &kept.counters))
            .collect();
        let kept = rules.compiled.flags().map(|flag| {
            let same = before.get(flag.key()).filter(|counters| counters.is_for(flag));
            let counters = same.map_or_else(|| old.meter.counters(flag), |counters| Arc::clone(counters));
            Kept { counters, written: Written::default() }
        });
        let kept = kept.collect();
        let (meter, texts) = (Arc::clone(&old.meter), Texts::default());
        // Before the rules: whoever has seen both looks no second time.
        self.find_next_edge(&rules, now);
        let browser_keys = OnceLock::new();
        self.snapshot.store(Arc::new(Snapshot { rules, texts, kept, browser_keys, meter }));
        self.wake();
    }
}

impl Snapshot {
    /// The flags.
    pub fn compiled(&self) -> &Compiled {
        &self.rules.compiled
    }

    /// The environment's revision.
    pub fn revision(&self) -> u64 {
        self.rules.compiled.revision()
    }

    /// What changed after a revision and up to this one; none where that is not known, or the revision is none of the past:
    /// then everything is to be told anew.
    pub fn since(&self, revision: u64) -> Option<Arc<Delta>> {
        self.rules.past.delta(revision, self.revision(), &self.rules.documents)
    }

    /// All flags and segments of the environment of this key, as one text. Takes long where nobody has asked for the
    /// encoding since the revision began.
    ///
    /// # Errors
    /// When a library fails to compress it.
    pub fn ruleset(&self, environment: &str, encoding: Encoding) -> Result<Bytes> {
        self.texts.get(encoding, environment, self.revision(), &self.rules.documents)
    }

    /// The same where somebody has asked before.
    pub fn ready_ruleset(&self, encoding: Encoding) -> Option<Bytes> {
        self.texts.ready(encoding)
    }

    /// Evaluates one flag for the holder of a key of this kind, and counts it. `now` is in epoch milliseconds.
    pub fn evaluate<'s>(
        &'s self,
        kind: KeyKind,
        key: &'s str,
        context: &Context<'_>,
        now: i64,
    ) -> Evaluated<'s> {
        self.meter.attributes.sample(kind, context, now);
        let place = self.rules.compiled.place(key);
        let flag = place.and_then(|place| self.rules.compiled.flag_at(place).zip(self.kept.get(place)));
        match flag.filter(|(flag, _)| is_visible(*flag, kind)) {
            Some((flag, kept)) => evaluate(flag, kept, context, now),
            None => {
                let detail = self.rules.compiled.not_found();
                self.meter.unknown().count(&detail);
                Evaluated { key, detail, written: None }
            }
        }
    }

    /// Evaluates all flags that the holder of a key of this kind may see, in the order of their keys, and counts them.
    pub fn evaluate_all(
        &self,
        kind: KeyKind,
        context: &Context<'_>,
        now: i64,
    ) -> impl Iterator<Item = Evaluated<'_>> {
        self.meter.attributes.sample(kind, context, now);
        let visible =
            self.rules.compiled.flags().zip(&self.kept).filter(move |(flag, _)| is_visible(*flag, kind));
        visible.map(move |(flag, kept)| evaluate(flag, kept, context, now))
    }

    /// The same without counting them, to see whether there is something to tell.
    pub fn look_at_all(
        &self,
        kind: KeyKind,
        context: &Context<'_>,
        now: i64,
    ) -> impl Iterator<Item = (&str, Detail<'_>)> {
        self.meter.attributes.sample(kind, context, now);
        let visible = self.rules.compiled.flags().filter(move |flag| is_visible(*flag, kind));
        visible.map(move |flag| (flag.key(), flag.evaluate(context, now)))
    }

    /// The keys of the flags that browser keys see, in their order: one list for all who remember it.
    pub fn browser_keys(&self) -> Arc<[Box<str>]> {
        let shown = || self.rules.compiled.flags().filter(|flag| is_visible(*flag, KeyKind::Browser));
        Arc::clone(self.browser_keys.get_or_init(|| shown().map(|flag| flag.key().into()).collect()))
    }

    /// Counts what was told of a flag.
    pub fn count(&self, key: &str, detail: &Detail<'_>) {
        let kept = self.rules.compiled.place(key).and_then(|place| self.kept.get(place));
        kept.map_or(self.meter.unknown(), |kept| &kept.counters).count(detail);
    }

    /// Whether the holder of a key of this kind may know of a flag.
    pub fn shows(&self, kind: KeyKind, key: &str) -> bool {
        self.visible(kind, key).is_some()
    }

    /// The flag with this key, if the holder of a key of this kind may see it.
    pub(super) fn visible(&self, kind: KeyKind, key: &str) -> Option<FlagRef<'_>> {
        self.rules.compiled.flag(key).filter(|flag| is_visible(*flag, kind))
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }
}

fn evaluate<'s>(flag: FlagRef<'s>, kept: &'s Kept, context: &Context<'_>, now: i64) -> Evaluated<'s> {
    let detail = flag.evaluate(context, now);
    kept.counters.count(&detail);
    Evaluated { key: flag.key(), detail, written: Some(&kept.written) }
}

/// Browser keys are public: they see the flags that are marked for browsers alone.
fn is_visible(flag: FlagRef<'_>, kind: KeyKind) -> bool {
    kind == KeyKind::Server || flag.client_side()
}
