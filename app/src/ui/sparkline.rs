//! A line of bars that shows how much there was when, without axes.

use leptos::prelude::*;

const HEIGHT: f64 = 20.0;
const WIDTH: usize = 5;

/// Bars, the tallest as high as the line. Attributes, because the page's policy allows no styles.
#[component]
pub(crate) fn Sparkline(
    values: Vec<i64>,
    /// What it shows, in words.
    label: String,
) -> impl IntoView {
    let most = values.iter().copied().max().unwrap_or_default().max(1) as f64;
    let width = values.len() * WIDTH;
    let bars = values.into_iter().enumerate().map(|(place, value)| {
        // What is there can be seen.
        let height = if value > 0 { (value as f64 / most * HEIGHT).max(2.0) } else { 0.5 };
        view! {
            <rect
                x=(place * WIDTH).to_string()
                y=format!("{:.1}", HEIGHT - height)
                width="4"
                height=format!("{height:.1}")
            ></rect>
        }
    });
    view! {
        <svg class="h-5 w-[70px] fill-accent" viewBox=format!("0 0 {width} {HEIGHT}") role="img" aria-label=label>
            {bars.collect_view()}
        </svg>
    }
}
