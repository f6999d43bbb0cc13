//! The numbers that come first.

use domain::usage::{EvaluatedIn, UsageRange, UsageSeries};
use domain::{EnvironmentKey, Millis};
use leptos::prelude::*;

use crate::ui::time::{ago, exact, grouped};
use crate::usage::figures;
use crate::usage::points::positive;
use crate::usage::shares::percent;

#[component]
pub(super) fn Figures(
    chart: UsageSeries,
    evaluated: EvaluatedIn,
    environment: EnvironmentKey,
    range: UsageRange,
    now: Millis,
) -> impl IntoView {
    let sum = positive(chart.count);
    let most = chart.series.first().map(|series| {
        let name = series.name.clone().unwrap_or_else(|| "nothing".to_owned());
        (name, percent(positive(series.count), sum))
    });
    let (most, share) = most.unwrap_or_else(|| ("–".to_owned(), "nothing was served".to_owned()));
    let (last, at) = match evaluated.last_evaluated_at {
        Some(at) => (ago(now, at), exact(at)),
        None => ("never".to_owned(), "as far as is known".to_owned()),
    };
    figures([
        ("Evaluations", grouped(sum), format!("{environment}, {}", words(range))),
        ("Served most", most, share),
        ("Last evaluated", last, at),
    ])
}

const fn words(range: UsageRange) -> &'static str {
    match range {
        UsageRange::Day => "last 24 hours",
        UsageRange::Week => "last 7 days",
        UsageRange::Month => "last 30 days",
        UsageRange::Quarter | UsageRange::Year => "last 90 days",
    }
}
