//! Figures of several rounds.

use std::fmt;
use std::time::Duration;

/// A median with the least and the greatest value.
pub(crate) struct Spread {
    sorted: Vec<f64>,
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        Self { sorted: sorted(values) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [least, middle, greatest] = [0.0, 0.5, 1.0].map(|quantile| at(&self.sorted, quantile));
        write!(f, "{middle:.2} ({least:.2}–{greatest:.2})")
    }
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    at(&sorted(values), 0.5)
}

/// A duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The median, the 99th percentile and the greatest of durations, in milliseconds.
pub(crate) fn p50_p99_max(durations: impl Iterator<Item = Duration>) -> [f64; 3] {
    let sorted = sorted(durations.map(ms));
    [0.5, 0.99, 1.0].map(|quantile| at(&sorted, quantile))
}

/// The least, the median and the 99th percentile of durations, in milliseconds.
pub(crate) fn min_p50_p99(durations: impl Iterator<Item = Duration>) -> [f64; 3] {
    let sorted = sorted(durations.map(ms));
    [0.0, 0.5, 0.99].map(|quantile| at(&sorted, quantile))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The value below which the share `quantile` lies, by the nearest rank.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
fn at(sorted: &[f64], quantile: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let place = (last as f64 * quantile).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
