//! What others have evaluated themselves, as they report it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use domain::api_keys::KeyKind;
use domain::usage::{Report, Reported as Entry};
use domain::{Error, Millis, Result};
use engine::Reason;

use super::super::snapshot::{LiveEnvironment, Snapshot};
use super::lock;

/// How many sums an environment holds at most until they are written down.
const MOST_SUMS: usize = 10_000;

/// How many reports are remembered, to know them when they are sent again.
const REMEMBERED: usize = 10_000;

/// What was reported of one environment and is not written down.
#[derive(Debug, Default)]
pub(super) struct Reported {
    taken: Sums,
    /// Those of servers and those of browsers: these, which anybody can send, make nobody forget those.
    recent: [Recent; 2],
}

/// Reported evaluations.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) counts: BTreeMap<Counted, u64>,
    /// When flags were evaluated last, by version.
    pub(super) uses: BTreeMap<(Box<str>, i64), Millis>,
}

/// What is counted: as in a row of `usage_hour`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counted {
    pub(super) hour: Millis,
    pub(super) flag: Box<str>,
    pub(super) variation: Box<str>,
    pub(super) reason: &'static str,
}

/// The newest reports by their ids, the oldest first.
#[derive(Debug, Default)]
struct Recent {
    ids: HashSet<Arc<str>>,
    order: VecDeque<Arc<str>>,
}

impl LiveEnvironment {
    /// Counts what the holder of a key of this kind has evaluated. A report that was counted already is not counted again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where there is more to write down than can be held.
    pub fn report(&self, kind: KeyKind, report: &Report, now: Millis) -> Result<()> {
        let snapshot = self.snapshot();
        let meter = snapshot.meter();
        let at = report.at(now);
        let mut reported = lock(&meter.reported);
        let recent = &reported.recent[usize::from(kind == KeyKind::Server)];
        if report.id.as_ref().is_some_and(|id| recent.ids.contains(id.as_str())) {
            return Ok(());
        }
        if reported.taken.counts.len() + report.evaluations.len() > MOST_SUMS {
            let reason = "usage cannot be written down right now: report it again later".to_owned();
            return Err(Error::Unavailable { reason });
        }
        report.evaluations.iter().for_each(|entry| reported.taken.add(&snapshot, kind, entry, at));
        if let Some(id) = &report.id {
            reported.recent[usize::from(kind == KeyKind::Server)].remember(id);
        }
        drop(reported);
        meter.attributes.see(kind, report.attributes.iter().map(String::as_str), now);
        Ok(())
    }
}

impl Sums {
    /// Whatever somebody makes up, there are no more sums than flags, variations and reasons make.
    fn add(&mut self, snapshot: &Snapshot, kind: KeyKind, entry: &Entry, at: Millis) {
        let Entry { flag: key, variation, reason, version, count } = entry;
        let flag = snapshot.visible(kind, key);
        let (key, variation, reason) = match flag {
            Some(flag) => {
                let known = variation.as_ref().and_then(|it| flag.variations().find(|known| known == it));
                (flag.key(), known.unwrap_or_default(), reason.as_deref().and_then(known_reason))
            }
            None => ("", "", Some(Reason::FlagNotFound)),
        };
        let reason = reason.map_or("", Reason::as_str);
        let place = Counted { hour: at.hour(), flag: key.into(), variation: variation.into(), reason };
        let sum = self.counts.entry(place).or_default();
        *sum = sum.saturating_add(*count);
        if let Some(flag) = flag {
            let present = flag.configured_version().unwrap_or_default();
            let is_known = |version: &i64| u64::try_from(*version).is_ok_and(|version| version <= present);
            let version = version.filter(is_known).unwrap_or_default();
            self.see(flag.key().into(), version, at);
        }
    }

    fn see(&mut self, flag: Box<str>, version: i64, at: Millis) {
        let last = self.uses.entry((flag, version)).or_insert(at);
        *last = at.max(*last);
    }
}

/// The reason with this name.
fn known_reason(name: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.as_str() == name)
}

impl Recent {
    fn remember(&mut self, id: &str) {
        let id: Arc<str> = id.into();
        self.ids.insert(Arc::clone(&id));
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}

impl Reported {
    pub(super) fn is_empty(&self) -> bool {
        self.taken.counts.is_empty()
    }

    pub(super) fn take(&mut self) -> Sums {
        std::mem::take(&mut self.taken)
    }

    /// Gives back what was taken.
    pub(super) fn put_back(&mut self, sums: Sums) {
        for (place, count) in sums.counts {
            let sum = self.taken.counts.entry(place).or_default();
            *sum = sum.saturating_add(count);
        }
        for ((flag, version), at) in sums.uses {
            self.taken.see(flag, version, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_reports_are_remembered() {
        let mut recent = Recent::default();
        (0..REMEMBERED + 10).for_each(|number| recent.remember(&number.to_string()));
        assert_eq!((recent.ids.len(), recent.order.len()), (REMEMBERED, REMEMBERED));
        assert!(!recent.ids.contains("9") && recent.ids.contains("10"));
    }
}
