//! Evaluation: a pure function of ruleset, context and time.

use crate::bucket;
use crate::compile::{Body, Compiled, CompiledFlag, CompiledServe};
use crate::context::{Context, Value};
use crate::detail::Detail;
use crate::reason::Reason;
use crate::ruleset::{Kind, Window};

impl Compiled {
    /// Evaluates one flag. Never fails: where there is nothing to serve, the reason says why and the value is none.
    ///
    /// `now` is in epoch milliseconds.
    pub fn evaluate(&self, key: &str, context: &Context<'_>, now: i64) -> Detail<'_> {
        match self.flag(key) {
            Some(flag) => flag.evaluate(self.revision, context, now),
            None => self.not_found(),
        }
    }

    /// The answer about a flag that does not exist, or that the asker may not know of.
    pub fn not_found(&self) -> Detail<'_> {
        Detail::nothing(Reason::FlagNotFound, self.revision)
    }
}

impl CompiledFlag {
    /// Evaluates the flag in an environment of this revision. `now` is in epoch milliseconds.
    pub fn evaluate(&self, revision: u64, context: &Context<'_>, now: i64) -> Detail<'_> {
        match &self.body {
            Ok(body) => body.evaluate(context, now).detail(body, revision),
            Err(reason) => Detail::nothing(*reason, revision),
        }
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

impl Body {
    fn evaluate(&self, context: &Context<'_>, now: i64) -> Outcome<'_> {
        if !self.window.is_none_or(|window| window.contains(now)) {
            return Outcome::fixed(self.off, Reason::FlagExpired);
        }
        if !self.enabled {
            return Outcome::fixed(self.off, Reason::FlagDisabled);
        }
        if let Some(variation) = self.overrides.find(context) {
            return Outcome::fixed(variation, Reason::OverrideMatch);
        }
        if let Some(rule) = self.rules.iter().find(|rule| rule.when.holds(context)) {
            let outcome =
                self.serve(&rule.serve, context, Reason::SegmentMatch, Reason::SegmentAndPercentage);
            return Outcome { rule: Some(&rule.id), ..outcome };
        }
        let fixed = match self.kind {
            Kind::Boolean => Reason::Boolean,
            Kind::Segment | Kind::Combined => Reason::SegmentNoMatch,
            Kind::Percentage | Kind::Advanced => Reason::Fallthrough,
        };
        self.serve(&self.fallthrough, context, fixed, Reason::PercentageRollout)
    }

    fn serve(
        &self,
        serve: &CompiledServe,
        context: &Context<'_>,
        fixed: Reason,
        rollout: Reason,
    ) -> Outcome<'_> {
        let (by, seed, algorithm, weights) = match serve {
            CompiledServe::Fixed(variation) => return Outcome::fixed(*variation, fixed),
            CompiledServe::Rollout { by, seed, algorithm, weights } => (by, seed, *algorithm, weights),
        };
        let attribute = match by {
            None => context.user().map(Value::borrowed),
            Some(path) => context.get(path),
        };
        let Some(identity) = attribute.as_ref().and_then(Value::identity) else {
            return Outcome::fixed(self.off, Reason::MissingBucketKey);
        };
        let bucket = bucket::bucket(algorithm, seed, &identity);
        let picked = bucket::pick(weights.iter().map(|(_, weight)| *weight), bucket);
        let served =
            picked.and_then(|place| weights.get(place)).map_or(self.off, |(variation, _)| *variation);
        Outcome { bucket: Some(bucket), ..Outcome::fixed(served, rollout) }
    }
}

impl Window {
    fn contains(self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
