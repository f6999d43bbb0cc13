//! When answers change by time alone: at the ends of windows and along ramps.

use crate::compiled::Compiled;
use crate::flag::{Body, Serve};
use crate::rollout::Rollout;
use crate::ruleset::Window;

impl Compiled {
    /// The first time after `now` at which some answer may change although no document does; none where time changes
    /// nothing any more. Both are in epoch milliseconds. What was answered at `now` holds until then.
    pub fn next_change(&self, now: i64) -> Option<i64> {
        let bodies = self.flags.entries().iter().filter_map(|linked| linked.flag.body.as_ref().ok());
        bodies.flat_map(|body| body.edges(now)).min()
    }
}

impl Body {
    /// For each part that depends on the time the next at which it changes.
    fn edges(&self, now: i64) -> impl Iterator<Item = i64> {
        let window = self.window.into_iter().flat_map(move |window| window.edges(now));
        let serves = self.rules.iter().map(|rule| &rule.serve).chain([&self.fallthrough]);
        let rollouts = serves.filter_map(|serve| match serve {
            Serve::Fixed(_) => None,
            Serve::Rollout(rollout) => Some(rollout),
        });
        window.chain(rollouts.filter_map(move |rollout| Rollout::next_change(rollout, now)))
    }
}

impl Window {
    fn edges(self, now: i64) -> impl Iterator<Item = i64> {
        [self.from, self.until].into_iter().flatten().filter(move |at| now < *at)
    }
}
