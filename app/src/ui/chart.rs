//! Stacked bars over time, drawn as SVG, with the same figures as a table.

mod scale;
mod table;

use domain::environments::Color;
use leptos::prelude::*;

use super::time::grouped;
use scale::{Scale, compact};
use table::Table;

/// How high the drawing is, in its own units.
const HEIGHT: f64 = 100.0;

/// How wide a point is in them, of which its bar takes the most.
const WIDTH: usize = 10;

/// How many labels there are below at most.
const LABELS: usize = 6;

/// The colours of series that have none of their own, the first for the highest.
pub(crate) const COLORS: [&str; 8] = [
    "fill-accent",
    "fill-teal",
    "fill-amber",
    "fill-rose",
    "fill-sky",
    "fill-violet",
    "fill-on",
    "fill-danger",
];

/// The colour of what is none of the series.
pub(crate) const REST: &str = "fill-slate/50";

/// The class of an environment's colour, written out so that the stylesheet has it.
pub(crate) const fn environment_color(color: Color) -> &'static str {
    match color {
        Color::Sky => "fill-sky",
        Color::Teal => "fill-teal",
        Color::Amber => "fill-amber",
        Color::Rose => "fill-rose",
        Color::Violet => "fill-violet",
        Color::Slate => "fill-slate",
    }
}

/// A point of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChartPoint {
    /// What stands below it, where there is room.
    pub(crate) short: String,
    /// What it is called elsewhere.
    pub(crate) full: String,
}

/// A layer of the bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChartSeries {
    pub(crate) name: String,
    /// The class of its colour.
    pub(crate) color: &'static str,
    /// One for each point.
    pub(crate) values: Vec<u64>,
}

impl ChartSeries {
    fn sum(&self) -> u64 {
        self.values.iter().fold(0, |sum, value| sum.saturating_add(*value))
    }

    fn at(&self, place: usize) -> u64 {
        self.values.get(place).copied().unwrap_or_default()
    }
}

/// Bars of layers, the first one at the bottom. Positions are attributes, because the page's policy allows no styles; words
/// are outside of the drawing, because it is stretched.
#[component]
pub(crate) fn Chart(title: String, points: Vec<ChartPoint>, series: Vec<ChartSeries>) -> impl IntoView {
    let totals: Vec<u64> = (0..points.len())
        .map(|place| series.iter().fold(0, |sum: u64, series| sum.saturating_add(series.at(place))))
        .collect();
    let scale = Scale::of(totals.iter().copied().max().unwrap_or_default());
    let label = summary(&title, &points, &totals);
    let width = points.len() * WIDTH;
    let lines = scale.ticks().map(|tick| {
        let y = format!("{:.2}", HEIGHT - scale.height(tick, HEIGHT));
        view! {
            <line class="stroke-line" x1="0" x2=width.to_string() y1=y.clone() y2=y vector-effect="non-scaling-stroke"></line>
        }
    });
    let bars = (0..points.len()).map(|place| bar(place, &series, scale));
    // What the pointer is over says what it is. It lies above the bars, which may be too low to be hit.
    let told = points.iter().zip(&totals).enumerate().map(|(place, (point, total))| {
        let layers = series.iter().filter(|series| series.at(place) > 0);
        let layers = layers.map(|series| format!("\n{}: {}", series.name, grouped(series.at(place))));
        let text = format!("{}: {}{}", point.full, grouped(*total), layers.collect::<String>());
        view! {
            <rect
                class="fill-transparent hover:fill-ink/5"
                x=(place * WIDTH).to_string()
                width=WIDTH.to_string()
                height=HEIGHT.to_string()
            >
                <title>{text}</title>
            </rect>
        }
    });
    let ticks = scale.ticks().map(|tick| {
        view! {
            <span class="h-0 leading-none">
                <span class="block -translate-y-1/2">{compact(tick)}</span>
            </span>
        }
    });
    let every = points.len().div_ceil(LABELS).max(1);
    let below = points.iter().enumerate().map(|(place, point)| {
        let text = (place % every == 0).then(|| point.short.clone());
        view! { <span class="min-w-0 grow basis-0 whitespace-nowrap">{text}</span> }
    });
    let legend = series.iter().map(|series| {
        view! {
            <li class="flex min-w-0 items-center gap-1.5">
                <svg class="size-2.5 shrink-0" viewBox="0 0 10 10" aria-hidden="true">
                    <rect class=series.color width="10" height="10" rx="2"></rect>
                </svg>
                <span class="min-w-0 [overflow-wrap:anywhere]">{series.name.clone()}</span>
                <span class="font-mono text-xs text-muted tabular-nums">{grouped(series.sum())}</span>
            </li>
        }
    });
    view! {
        <figure class="min-w-0">
            <figcaption class="font-medium">{title.clone()}</figcaption>
            <ul class="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">{legend.collect_view()}</ul>
            <div class="mt-4 grid grid-cols-[auto_1fr] gap-x-2 overflow-hidden pt-2 text-xs text-muted">
                <div class="flex h-48 flex-col-reverse justify-between text-right font-mono tabular-nums sm:h-56" aria-hidden="true">
                    {ticks.collect_view()}
                </div>
                <svg
                    class="h-48 w-full min-w-0 overflow-visible sm:h-56"
                    viewBox=format!("0 0 {width} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=label
                >
                    {lines.collect_view()}
                    {bars.collect_view()}
                    {told.collect_view()}
                </svg>
                <div class="col-start-2 mt-1.5 flex" aria-hidden="true">{below.collect_view()}</div>
            </div>
            <Table title points series=series.clone() totals />
        </figure>
    }
    .into_any()
}

/// The layers of one point.
fn bar(place: usize, series: &[ChartSeries], scale: Scale) -> impl IntoView + use<> {
    let mut below = 0_u64;
    let mut layers = Vec::new();
    for layer in series.iter().filter(|layer| layer.at(place) > 0) {
        let height = scale.height(layer.at(place), HEIGHT);
        below = below.saturating_add(layer.at(place));
        let y = HEIGHT - scale.height(below, HEIGHT);
        layers.push(view! {
            <rect
                class=layer.color
                x=(place * WIDTH + 1).to_string()
                y=format!("{y:.2}")
                width=(WIDTH - 2).to_string()
                height=format!("{height:.2}")
            ></rect>
        });
    }
    layers
}

/// What the drawing shows, in a sentence.
fn summary(title: &str, points: &[ChartPoint], totals: &[u64]) -> String {
    let sum = totals.iter().fold(0, |sum: u64, total| sum.saturating_add(*total));
    let most = points.iter().zip(totals).max_by_key(|(_, total)| **total);
    match most.filter(|(_, total)| **total > 0) {
        Some((point, total)) => {
            format!("{title}: {} in all, the most at {} with {}.", grouped(sum), point.full, grouped(*total))
        }
        None => format!("{title}: none."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_said_in_a_sentence() {
        let point = |name: &str| ChartPoint { short: name.to_owned(), full: name.to_owned() };
        let points = [point("Monday"), point("Tuesday")];
        assert_eq!(summary("Calls", &points, &[3, 5]), "Calls: 8 in all, the most at Tuesday with 5.");
        assert_eq!(summary("Calls", &points, &[0, 0]), "Calls: none.");
    }
}
