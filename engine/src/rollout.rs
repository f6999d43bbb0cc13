//! Rollouts, compiled: weights as cumulative reaches, and ramps as reaches by time.

use crate::context::Path;
use crate::limits::check_path;
use crate::ruleset::{self, Algorithm, FULL_WEIGHT, Interpolation, Weight};

/// A rollout, ready to decide.
#[derive(Debug)]
pub(crate) struct Rollout {
    pub(crate) by: Option<Path>,
    pub(crate) seed: Box<str>,
    pub(crate) algorithm: Algorithm,
    /// The variations' indices, in the order in which they take their part of the buckets.
    pub(crate) variations: Box<[usize]>,
    /// How far each variation reaches: the sum of its weight and those before it.
    reaches: Box<[u32]>,
    ramp: Option<Ramp>,
}

#[derive(Debug)]
struct Ramp {
    interpolation: Interpolation,
    steps: Box<[Step]>,
}

#[derive(Debug)]
struct Step {
    at: i64,
    reaches: Box<[u32]>,
}

/// How far the variations reach at one time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reaches<'r> {
    from: &'r [u32],
    /// On a line: where it leads, and the part of it that has passed, as a fraction.
    towards: Option<(&'r [u32], i128, i128)>,
}

/// Linear ramps move on whole minutes, so that answers may be kept until the next.
const MINUTE_MS: i64 = 60_000;

impl Rollout {
    /// Compiles a rollout of the flag with this key; `find` finds a variation's index.
    ///
    /// # Errors
    /// The field and what is wrong with it.
    pub(crate) fn compile(
        rollout: &ruleset::Rollout,
        key: &str,
        find: impl Fn(&str) -> Option<usize>,
    ) -> Result<Self, String> {
        if let Some(path) = &rollout.bucket_by {
            check_path(path).map_err(|message| format!("bucket_by: {message}"))?;
        }
        let variations = rollout
            .weights
            .iter()
            .map(|Weight { variation, .. }| {
                find(variation).ok_or_else(|| format!("no variation `{variation}`"))
            })
            .collect::<Result<_, String>>()?;
        let reaches = reaches(&rollout.weights)?;
        let ramp = rollout.ramp.as_ref().map(|ramp| Ramp::compile(ramp, &rollout.weights)).transpose();
        Ok(Self {
            by: rollout.bucket_by.as_deref().map(|path| Path::new(path.into())),
            seed: rollout.seed.as_deref().unwrap_or(key).into(),
            algorithm: rollout.algorithm,
            variations,
            reaches,
            ramp: ramp.map_err(|message| format!("ramp.{message}"))?,
        })
    }

    /// How far the variations reach, where that does not depend on the time.
    pub(crate) fn fixed(&self) -> Option<&[u32]> {
        self.ramp.is_none().then_some(&self.reaches)
    }

    /// How far the variations reach at a time in epoch milliseconds.
    pub(crate) fn reaches(&self, now: i64) -> Reaches<'_> {
        let base = Reaches { from: &self.reaches, towards: None };
        let Some(ramp) = &self.ramp else { return base };
        let next = ramp.steps.partition_point(|step| step.at <= now);
        let Some(current) = next.checked_sub(1).and_then(|place| ramp.steps.get(place)) else { return base };
        let towards =
            ramp.steps.get(next).filter(|_| ramp.interpolation == Interpolation::Linear).map(|next| {
                let minute = now.saturating_sub(now.rem_euclid(MINUTE_MS));
                let passed = i128::from(minute.max(current.at)) - i128::from(current.at);
                (&*next.reaches, passed, i128::from(next.at) - i128::from(current.at))
            });
        Reaches { from: &current.reaches, towards }
    }

    /// The first time after `now` at which the reaches may be others, in epoch milliseconds.
    pub(crate) fn next_change(&self, now: i64) -> Option<i64> {
        let ramp = self.ramp.as_ref()?;
        let next = ramp.steps.partition_point(|step| step.at <= now);
        let step = ramp.steps.get(next)?.at;
        let is_on_a_line = next > 0 && ramp.interpolation == Interpolation::Linear;
        Some(match is_on_a_line {
            true => step.min(now.saturating_sub(now.rem_euclid(MINUTE_MS)).saturating_add(MINUTE_MS)),
            false => step,
        })
    }
}

impl Reaches<'_> {
    /// The reach of each variation in order; they grow up to [`FULL_WEIGHT`].
    pub(crate) fn iter(self) -> impl Iterator<Item = u32> {
        self.from.iter().enumerate().map(move |(place, from)| match self.towards {
            None => *from,
            Some((towards, passed, whole)) => {
                let towards = towards.get(place).copied().unwrap_or(*from);
                let distance = i128::from(towards) - i128::from(*from);
                let moved = (distance * passed).div_euclid(whole);
                u32::try_from(i128::from(*from) + moved).unwrap_or(*from)
            }
        })
    }
}

impl Ramp {
    fn compile(ramp: &ruleset::Ramp, weights: &[Weight]) -> Result<Self, String> {
        if ramp.steps.is_empty() {
            return Err("steps: there are none".to_owned());
        }
        let mut steps: Vec<Step> = Vec::with_capacity(ramp.steps.len());
        for (place, step) in ramp.steps.iter().enumerate() {
            let fail = |message: &str| Err(format!("steps[{place}].{message}"));
            if steps.last().is_some_and(|last| last.at >= step.at) {
                return fail("at: is not after the step before it");
            }
            let names = |weights: &[Weight]| {
                weights.iter().map(|weight| weight.variation.clone()).collect::<Vec<_>>()
            };
            if names(&step.weights) != names(weights) {
                return fail("weights: not the rollout's variations in their order");
            }
            match reaches(&step.weights) {
                Ok(reaches) => steps.push(Step { at: step.at, reaches }),
                Err(message) => return fail(&format!("weights: {message}")),
            }
        }
        Ok(Self { interpolation: ramp.interpolation, steps: steps.into() })
    }
}

fn reaches(weights: &[Weight]) -> Result<Box<[u32]>, String> {
    let mut sum = 0_u64;
    let reaches = weights.iter().map(|weight| {
        sum += u64::from(weight.weight);
        u32::try_from(sum).unwrap_or(u32::MAX)
    });
    let reaches = reaches.collect();
    match sum == u64::from(FULL_WEIGHT) {
        true => Ok(reaches),
        false => Err(format!("the weights add up to {sum}, not {FULL_WEIGHT}")),
    }
}
