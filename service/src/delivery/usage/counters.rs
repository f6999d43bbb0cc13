//! Counting evaluations: one addition each, to a number that no other thread adds to.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::available_parallelism;

use engine::{Detail, FlagRef, Reason};

/// The most shards that counters have, whatever the machine has of processors.
const MOST_SHARDS: usize = 16;

/// One flag's counters at one version, by variation and reason.
///
/// Each of them is there as often as there are processors, and a thread adds to its own: two that evaluate one flag would
/// otherwise take turns with the memory that it is counted in. A shard is made when a thread first needs it.
#[derive(Debug)]
pub(in super::super) struct Counters {
    /// Empty for flags that are not there.
    pub(super) flag: Box<str>,
    /// The version in the environment; 0 for a flag that cannot be read.
    pub(super) version: i64,
    /// The variations' keys, and last the empty one, for evaluations that served nothing.
    variations: Box<[Box<str>]>,
    /// As many as a power of two.
    shards: Box<[OnceLock<Box<[Row]>>]>,
}

/// One variation's counters by reason, in memory that nothing else lies in.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Row([AtomicU64; Reason::ALL.len()]);

/// How many evaluations served a variation for a reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    variation: usize,
    pub(super) reason: Reason,
    pub(super) count: u64,
}

impl Counters {
    pub(super) fn new(flag: FlagRef<'_>) -> Self {
        Self::of(flag.key(), version(flag), flag.variations())
    }

    /// Those of flags that are not there.
    pub(super) fn unknown() -> Self {
        Self::of("", 0, std::iter::empty())
    }

    fn of<'v>(flag: &str, version: i64, variations: impl Iterator<Item = &'v str>) -> Self {
        let variations = variations.chain([""]).map(Into::into).collect();
        let shards = (0..shards()).map(|_| OnceLock::new()).collect();
        Self { flag: flag.into(), version, variations, shards }
    }

    /// Whether these count a flag at its version, with exactly its variations.
    pub(in super::super) fn is_for(&self, flag: FlagRef<'_>) -> bool {
        self.version == version(flag)
            && self.variations.iter().map(AsRef::as_ref).eq(flag.variations().chain([""]))
    }

    #[inline]
    pub(in super::super) fn count(&self, detail: &Detail<'_>) {
        let variation = detail.variation_index.unwrap_or(usize::MAX);
        self.add(SHARD.with(|shard| *shard), variation, detail.reason, 1);
    }

    #[inline]
    fn add(&self, shard: usize, variation: usize, reason: Reason, count: u64) {
        let Some(shard) = self.shards.get(shard & (self.shards.len() - 1)) else { return };
        let rows = shard.get_or_init(|| self.variations.iter().map(|_| Row::default()).collect());
        let row = rows.get(variation.min(rows.len() - 1));
        if let Some(counter) = row.and_then(|Row(reasons)| reasons.get(reason as usize)) {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let rows = self.shards.iter().filter_map(OnceLock::get).flatten();
        rows.flat_map(|Row(reasons)| reasons).all(|counter| counter.load(Ordering::Relaxed) == 0)
    }

    /// Takes what was counted.
    pub(super) fn take(&self) -> Vec<Count> {
        let mut taken = Vec::new();
        for variation in 0..self.variations.len() {
            for reason in Reason::ALL {
                let shards = self.shards.iter().filter_map(|shard| shard.get()?.get(variation));
                let counters = shards.filter_map(|Row(reasons)| reasons.get(reason as usize));
                let count = counters.map(take).sum();
                if count > 0 {
                    taken.push(Count { variation, reason, count });
                }
            }
        }
        taken
    }

    /// Gives back what was taken.
    pub(super) fn put_back(&self, counts: &[Count]) {
        for Count { variation, reason, count } in counts {
            self.add(0, *variation, *reason, *count);
        }
    }

    /// The key of the variation that was counted; empty where nothing was served.
    pub(super) fn variation(&self, of: &Count) -> &str {
        self.variations.get(of.variation).map_or("", AsRef::as_ref)
    }
}

/// The number, which is 0 afterwards. Where it is 0, as most are, its memory is left alone.
fn take(counter: &AtomicU64) -> u64 {
    match counter.load(Ordering::Relaxed) {
        0 => 0,
        _ => counter.swap(0, Ordering::Relaxed),
    }
}

fn version(flag: FlagRef<'_>) -> i64 {
    flag.configured_version().and_then(|version| i64::try_from(version).ok()).unwrap_or_default()
}

fn shards() -> usize {
    static SHARDS: OnceLock<usize> = OnceLock::new();
    *SHARDS.get_or_init(|| {
        let processors = available_parallelism().map_or(1, usize::from);
        processors.next_power_of_two().min(MOST_SHARDS)
    })
}

thread_local! {
    /// The shard that this thread adds to, before it is known how many there are.
    static SHARD: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}
