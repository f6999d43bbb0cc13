//! A rollout: the weights as a track, and where on it somebody fell.

use domain::ruleset::{Algorithm, FULL_WEIGHT};
use leptos::prelude::*;

use super::answer::Rollout;
use super::words;
use crate::flags::percent;
use crate::ui::time::grouped;

/// The classes of the parts: of the track, and of its legend. A word goes with each.
const COLORS: [(&str, &str); 7] = [
    ("fill-accent", "bg-accent"),
    ("fill-sky", "bg-sky"),
    ("fill-teal", "bg-teal"),
    ("fill-amber", "bg-amber"),
    ("fill-violet", "bg-violet"),
    ("fill-rose", "bg-rose"),
    ("fill-slate", "bg-slate"),
];

#[component]
pub(super) fn RolloutView(rollout: Rollout) -> impl IntoView {
    let Rollout { bucket_by, value, seed, algorithm, bucket, reaches } = rollout;
    let Some(bucket) = bucket else {
        let by = bucket_by.as_deref().unwrap_or("user id");
        let text = format!("The context has no {by} to split by, so the off variation is served.");
        return view! { <p class="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{text}</p> }.into_any();
    };
    let at = place(algorithm, bucket);
    let parts = parts(reaches);
    let colors = COLORS.iter().cycle();
    let track = parts.iter().zip(colors.clone()).map(|((_, from, to), (fill, _))| {
        view! { <rect class=*fill x=from.to_string() y="6" width=(to - from).to_string() height="12"></rect> }
    });
    let legend = parts.iter().zip(colors).map(|((variation, from, to), (_, background))| {
        let here =
            (*from <= at && at < *to).then(|| view! { <span class="badge text-ink">"falls here"</span> });
        view! {
            <li class="flex min-w-0 flex-wrap items-center gap-x-2 text-sm">
                <span class=format!("size-2.5 shrink-0 rounded-sm {background}") aria-hidden="true"></span>
                <span class="min-w-0 font-mono [overflow-wrap:anywhere]">{variation.clone()}</span>
                <span class="text-muted tabular-nums">{percent(to - from)} " %"</span>
                {here}
            </li>
        }
    });
    let (track, legend) = (track.collect_view(), legend.collect_view());
    let hashed = format!(
        "{} {} falls into bucket {} of {}",
        bucket_by.as_deref().unwrap_or("User id"),
        words::quoted(value.as_ref()),
        grouped(u64::from(bucket)),
        grouped(u64::from(buckets(algorithm)))
    );
    let label = format!("{hashed}, at {} % of the track", percent(at));
    view! {
        <p class="mt-1 text-sm text-muted [overflow-wrap:anywhere]">
            {hashed} {name(algorithm)} ", by the seed " <code class="font-mono">{seed}</code> "."
        </p>
        <svg
            class="mt-2 h-6 w-full overflow-hidden rounded"
            viewBox=format!("0 0 {FULL_WEIGHT} 24")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <rect class="fill-sunken" x="0" y="6" width=FULL_WEIGHT.to_string() height="12"></rect>
            {track}
            <rect class="fill-surface" x=at.saturating_sub(600).to_string() y="0" width="1800" height="24"></rect>
            <rect class="fill-ink" x=at.to_string() y="0" width="600" height="24"></rect>
        </svg>
        <ul class="mt-2 flex flex-wrap gap-x-5 gap-y-1">{legend}</ul>
    }
    .into_any()
}

/// The parts of the track that are not empty: a variation, and from where to where.
fn parts(reaches: Vec<(String, u32)>) -> Vec<(String, u32, u32)> {
    let mut from = 0;
    let parts = reaches.into_iter().filter_map(|(variation, reach)| {
        let begin = from;
        from = reach.max(begin);
        (reach > begin).then_some((variation, begin, reach))
    });
    parts.collect()
}

/// Where a bucket lies on the track: algorithms of other systems have numbers of their own.
fn place(algorithm: Algorithm, bucket: u32) -> u32 {
    let scaled = match algorithm {
        Algorithm::Unleash => bucket.saturating_sub(1).saturating_mul(1000),
        Algorithm::UnleashVariant => bucket.saturating_sub(1).saturating_mul(100),
        Algorithm::GrowthbookV1 => bucket.saturating_mul(100),
        Algorithm::GrowthbookV2 => bucket.saturating_mul(10),
        Algorithm::Flagsmith | Algorithm::FlagsmithSplit => bucket.saturating_mul(10),
        _ => bucket,
    };
    scaled.min(FULL_WEIGHT - 1)
}

/// How many buckets an algorithm has.
fn buckets(algorithm: Algorithm) -> u32 {
    match algorithm {
        Algorithm::Unleash => 100,
        Algorithm::UnleashVariant | Algorithm::GrowthbookV1 => 1000,
        Algorithm::GrowthbookV2 => 10_000,
        Algorithm::Flagsmith | Algorithm::FlagsmithSplit => 9999,
        _ => FULL_WEIGHT,
    }
}

/// Whose hash it is, where it is another system's.
fn name(algorithm: Algorithm) -> Option<String> {
    let is_own = algorithm == Algorithm::Togglebit;
    let name = serde_json::to_value(algorithm).ok()?.as_str()?.to_owned();
    (!is_own).then(|| format!(", as {name} counts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_has_the_parts_that_are_not_empty() {
        let reaches =
            [("on", 25_000), ("never", 25_000), ("off", 100_000)].map(|(name, to)| (name.to_owned(), to));
        let parts = parts(reaches.to_vec());
        assert_eq!(parts, [("on".to_owned(), 0, 25_000), ("off".to_owned(), 25_000, 100_000)]);
    }

    #[test]
    fn buckets_of_every_algorithm_lie_on_the_track() {
        for (algorithm, bucket, at) in [
            (Algorithm::Togglebit, 42_137, 42_137),
            (Algorithm::Unleash, 100, 99_000),
            (Algorithm::UnleashVariant, 1, 0),
            (Algorithm::GrowthbookV1, 999, 99_900),
            (Algorithm::GrowthbookV2, 9999, 99_990),
            (Algorithm::Flagsmith, 9998, 99_980),
            (Algorithm::Launchdarkly, 100_000, 99_999),
        ] {
            assert_eq!(place(algorithm, bucket), at, "{algorithm:?}");
        }
    }
}
