//! Whom evaluation tells of its steps: nobody, or the one who explains.

use crate::detail::Detail;
use crate::flag::{Body, Prerequisite, Rule};
use crate::overrides::Overrides;
use crate::rollout::Rollout;
use crate::ruleset::Window;

/// A step that was taken.
pub(crate) enum Event<'r, 's, N> {
    /// Whether the time lies inside the window.
    Window(Window, bool),
    /// Whether the flag is switched on.
    Enabled(bool),
    /// What the other flag served, with its own steps, and whether that will do.
    Prerequisite(&'r Prerequisite, Option<Detail<'r>>, N, bool),
    /// The overrides were looked through.
    Overrides(&'r Overrides, &'r Body),
    /// Whether a rule holds; the segments that its flag names.
    Rule(&'r Rule, bool, &'s [usize]),
    /// A rule is out of service.
    RuleOff(&'r Rule),
    /// No rule holds.
    Fallthrough,
    /// A rollout decided by this bucket, or found no key for one.
    Rollout(&'r Rollout, &'r Body, Option<u32>),
}

/// Whoever is told.
pub(crate) trait Trace<'r>: Sized {
    /// Whoever is told of a prerequisite's steps.
    fn nested(&self) -> Self;

    /// Takes note of a step.
    fn tell(&mut self, event: Event<'r, '_, Self>);
}

/// Nobody: costs nothing.
impl Trace<'_> for () {
    #[inline]
    fn nested(&self) -> Self {}

    #[inline]
    fn tell(&mut self, _: Event<'_, '_, Self>) {}
}
