//! Evaluation: a pure function of ruleset, context and time.

use crate::bucket;
use crate::compiled::{Compiled, FlagRef, Scope};
use crate::context::Context;
use crate::detail::Detail;
use crate::flag::{Body, Prerequisite, Serve};
use crate::reason::Reason;
use crate::rollout::Rollout;
use crate::ruleset::{Kind, Window};
use crate::trace::{Event, Trace};
use crate::value::Value;

impl Compiled {
    /// Evaluates one flag. Never fails: where there is nothing to serve, the reason says why and the value is none.
    ///
    /// `now` is in epoch milliseconds.
    pub fn evaluate(&self, key: &str, context: &Context<'_>, now: i64) -> Detail<'_> {
        match self.flag(key) {
            Some(flag) => flag.evaluate(context, now),
            None => self.not_found(),
        }
    }

    /// The answer about a flag that does not exist, or that the asker may not know of.
    pub fn not_found(&self) -> Detail<'_> {
        Detail::nothing(Reason::FlagNotFound, self.revision)
    }
}

impl<'r> FlagRef<'r> {
    /// Evaluates the flag. `now` is in epoch milliseconds.
    pub fn evaluate(self, context: &Context<'_>, now: i64) -> Detail<'r> {
        self.trace(&Scope { compiled: self.compiled, context, now }, &mut ())
    }

    /// Evaluates the flag and tells of every step. What is decided does not depend on who is told.
    pub(crate) fn trace<T: Trace<'r>>(self, scope: &Scope<'r, '_>, trace: &mut T) -> Detail<'r> {
        let revision = self.compiled.revision;
        match &self.linked.flag.body {
            Ok(_) if self.linked.is_malformed => Detail::nothing(Reason::MalformedFlag, revision),
            Ok(body) => self.decide(body, scope, trace).detail(body, revision),
            Err(reason) => Detail::nothing(*reason, revision),
        }
    }

    #[inline]
    fn decide<T: Trace<'r>>(self, body: &'r Body, scope: &Scope<'r, '_>, trace: &mut T) -> Outcome<'r> {
        if let Some(window) = body.window {
            let is_inside = window.contains(scope.now);
            trace.tell(Event::Window(window, is_inside));
            if !is_inside {
                return Outcome::fixed(body.off, Reason::FlagExpired);
            }
        }
        trace.tell(Event::Enabled(body.enabled));
        if !body.enabled {
            return Outcome::fixed(body.off, Reason::FlagDisabled);
        }
        for (asked, place) in body.prerequisites.iter().zip(&self.linked.prerequisites) {
            if !self.meets(asked, *place, scope, trace) {
                return Outcome::fixed(body.off, Reason::PrerequisiteFailed);
            }
        }
        let overridden = body.overrides.find(scope.context);
        trace.tell(Event::Overrides(&body.overrides, body));
        if let Some(variation) = overridden {
            return Outcome::fixed(variation, Reason::OverrideMatch);
        }
        for (place, rule) in body.rules.iter().enumerate() {
            if self.linked.off.get(place).copied().unwrap_or(false) {
                trace.tell(Event::RuleOff(rule));
                continue;
            }
            let held = rule.when.holds(scope, &self.linked.segments);
            trace.tell(Event::Rule(rule, held, &self.linked.segments));
            if held {
                let reasons = (Reason::SegmentMatch, Reason::SegmentAndPercentage);
                return Outcome { rule: Some(&rule.id), ..serve(body, &rule.serve, scope, reasons, trace) };
            }
        }
        let fixed = match body.kind {
            Kind::Boolean => Reason::Boolean,
            Kind::Segment | Kind::Combined => Reason::SegmentNoMatch,
            Kind::Percentage | Kind::Advanced => Reason::Fallthrough,
        };
        trace.tell(Event::Fallthrough);
        serve(body, &body.fallthrough, scope, (fixed, Reason::PercentageRollout), trace)
    }

    /// Whether another flag serves one of the variations that are asked for.
    fn meets<T: Trace<'r>>(
        self,
        asked: &'r Prerequisite,
        place: Option<usize>,
        scope: &Scope<'r, '_>,
        trace: &mut T,
    ) -> bool {
        let other = place.and_then(|place| self.compiled.flags.at(place));
        let mut nested = trace.nested();
        let served = other.map(|linked| Self { linked, ..self }.trace(scope, &mut nested));
        let held = served
            .and_then(|detail| detail.variation)
            .is_some_and(|variation| asked.variations.iter().any(|wanted| **wanted == *variation));
        trace.tell(Event::Prerequisite(asked, served, nested, held));
        held
    }
}

#[inline]
fn serve<'r, T: Trace<'r>>(
    body: &'r Body,
    serve: &'r Serve,
    scope: &Scope<'r, '_>,
    (fixed, by_bucket): (Reason, Reason),
    trace: &mut T,
) -> Outcome<'r> {
    let rollout = match serve {
        Serve::Fixed(variation) => return Outcome::fixed(*variation, fixed),
        Serve::Rollout(rollout) => rollout,
    };
    let outcome = match rollout.choose(scope) {
        Some((bucket, variation)) => {
            Outcome { bucket: Some(bucket), ..Outcome::fixed(variation.unwrap_or(body.off), by_bucket) }
        }
        None => Outcome::fixed(body.off, Reason::MissingBucketKey),
    };
    trace.tell(Event::Rollout(rollout, body, outcome.bucket));
    outcome
}

impl Rollout {
    /// The bucket, and the index of the variation whose part of the buckets holds it. None without a bucket key.
    fn choose(&self, scope: &Scope<'_, '_>) -> Option<(u32, Option<usize>)> {
        let choose = |name: &str| match self.fixed() {
            Some(reaches) => bucket::choose(self.algorithm, &self.seed, name, reaches.iter().copied()),
            None => bucket::choose(self.algorithm, &self.seed, name, self.reaches(scope.now).iter()),
        };
        let by = |value: &Value<'_>| value.with_identity(choose);
        let choice = scope.context.with_by(self.by.as_ref(), by).flatten()?;
        Some((choice.bucket, choice.place.and_then(|place| self.variations.get(place)).copied()))
    }
}

/// What evaluation decides; the rest of a [`Detail`] follows from it.
struct Outcome<'r> {
    served: usize,
    reason: Reason,
    rule: Option<&'r str>,
    bucket: Option<u32>,
}

impl<'r> Outcome<'r> {
    fn fixed(served: usize, reason: Reason) -> Self {
        Self { served, reason, rule: None, bucket: None }
    }

    #[inline]
    fn detail(self, body: &'r Body, revision: u64) -> Detail<'r> {
        let variation = body.variations.get(self.served);
        Detail {
            value: variation.map(|variation| &*variation.value),
            variation: variation.map(|variation| &*variation.key),
            variation_index: variation.map(|_| self.served),
            reason: self.reason,
            rule: self.rule,
            bucket: self.bucket,
            version: Some(body.version),
            revision,
            enabled: self.served != body.off,
        }
    }
}

impl Detail<'_> {
    pub(crate) fn nothing(reason: Reason, revision: u64) -> Self {
        Self {
            value: None,
            variation: None,
            variation_index: None,
            reason,
            rule: None,
            bucket: None,
            version: None,
            revision,
            enabled: false,
        }
    }
}

impl Window {
    fn contains(self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
