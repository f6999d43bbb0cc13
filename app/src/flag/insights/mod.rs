//! How often a flag is evaluated, what it serves, and why.

mod api;
mod everywhere;
mod figures;
mod nothing;
mod versions;

use domain::EnvironmentKey;
use domain::flags::FlagSummary;
use domain::place::PlaceView;
use domain::usage::{FlagInsights, UsageRange};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use api::load_insights;
use everywhere::Everywhere;
use figures::Figures;
use nothing::Nothing;
use versions::Versions;

use super::framed::Framed;
use super::tabs::Tab;
use crate::error::UiError;
use crate::place::{Environments, address};
use crate::playground::address_of;
use crate::ui::chart::Chart;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Problem;
use crate::ui::waiting::{Waiting, awaited};
use crate::usage::Ranges;
use crate::usage::points::{self, positive};
use crate::usage::shares::Reasons;

/// How far back is looked: hours, which flags are counted in, are kept for 90 days.
const RANGES: [UsageRange; 4] = [UsageRange::Day, UsageRange::Week, UsageRange::Month, UsageRange::Quarter];

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    environment: EnvironmentKey,
    range: UsageRange,
}

impl Asked {
    fn read(query: &ParamsMap, place: &PlaceView) -> Result<Self, UiError> {
        let text = |name| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let range = match text("range") {
            None => UsageRange::default(),
            Some(name) => {
                UsageRange::from_name(name).filter(|range| RANGES.contains(range)).ok_or_else(|| {
                    let text = format!("`{name}` is no range: choose 24 hours, or 7, 30 or 90 days");
                    UiError::Rejected(domain::Error::invalid("", text))
                })?
            }
        };
        Ok(Self { environment: super::environment(query, place)?, range })
    }
}

#[component]
pub(crate) fn FlagInsightsPage() -> impl IntoView {
    view! { <Framed tab=Tab::Insights page=|place, summary| view! { <Insights place summary /> }.into_any() /> }
}

#[component]
fn Insights(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    let query = use_query_map();
    let (of, key) = (place.of(), summary.flag.key.clone());
    let (place, summary) = (StoredValue::new(place), StoredValue::new(summary));
    let asked = Memo::new(move |_| place.with_value(|place| Asked::read(&query.read(), place)));
    // Blocking: the answer waits for it, so that it has the right status.
    let insights = Loaded::blocking(
        move || asked.get(),
        move |asked| {
            let (of, key) = (of.clone(), key.clone());
            async move {
                let Asked { environment, range } = asked?;
                let found =
                    load_insights(of.organization, of.project, key, environment.clone(), range).await?;
                Ok::<_, UiError>((Asked { environment, range }, found))
            }
        },
    );
    view! {
        <div class="max-w-[1200px]">
        <Transition fallback=Waiting>
            {awaited(move || Suspend::new(async move {
                match insights.await {
                    Ok((asked, insights)) => {
                        let (place, summary) = (place.get_value(), summary.get_value());
                        view! { <Loaded place summary asked insights /> }.into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            }))}
        </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Loaded(place: PlaceView, summary: FlagSummary, asked: Asked, insights: FlagInsights) -> impl IntoView {
    let Asked { environment, range } = asked;
    let FlagInsights { now, chart, reasons, environments } = insights;
    let key = summary.flag.key.clone();
    let sum = positive(chart.count);
    let evaluated = environments.iter().find(|it| it.environment == environment);
    let evaluated = evaluated.map(|it| it.evaluated.clone()).unwrap_or_default();
    let version = summary.flag.environments.get(&environment).map(|here| here.version);
    let usage = {
        let base = address(&place.of(), "usage", None);
        format!("{base}?flag={key}&environment={environment}&range={}", range.as_str())
    };
    let playground = address_of(&place.of(), &environment, &key, None);
    let figures = {
        let (chart, evaluated) = (chart.clone(), evaluated.clone());
        view! { <Figures chart evaluated environment=environment.clone() range now /> }
    };
    let drawn = match sum {
        0 => {
            let of = place.of();
            let elsewhere = environments.iter().any(|it| it.count > 0);
            let is_archived = summary.flag.archived_at.is_some();
            view! { <Nothing of key=key.clone() environment=environment.clone() last=evaluated.last_evaluated_at now elsewhere is_archived /> }
                .into_any()
        }
        _ => {
            let (points, series) = points::of_series(&chart, &place);
            let unit = if range == UsageRange::Day { "hour" } else { "day" };
            let title = format!("Evaluations by {unit} and variation");
            view! { <Chart title points series /> }.into_any()
        }
    };
    let reasons = (sum > 0).then(|| view! { <Reasons reasons sum /> });
    let current = environment.clone();
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3">
            <Environments place=place.clone() current />
            <Ranges current=Signal::stored(Some(range.as_str().to_owned())) ranges=&RANGES />
        </div>
        {figures}
        <div class="mt-4 rounded-lg border border-line bg-surface p-4">{drawn}</div>
        <div class="mt-8 grid gap-8 lg:grid-cols-2">
            {reasons}
            <Everywhere place=place.clone() key environments now />
            <Versions evaluated version environment now />
        </div>
        <p class="mt-8 text-sm text-muted">
            "What is evaluated is counted within seconds. What SDKs evaluate themselves is counted once they report it. "
            <a class="link" href=usage>"See it among the project's usage"</a>
            ", or "
            <a class="link" href=playground>"ask the playground why somebody is served what they are"</a>
            "."
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_not_kept_of_flags() {
        assert!(!RANGES.contains(&UsageRange::Year));
        assert!(RANGES.contains(&UsageRange::default()));
    }
}
