//! What evaluations are made of: the busiest flags, and the reasons.

use domain::orgs::ProjectRef;
use domain::usage::UsageShare;
use domain::{EnvironmentKey, FlagKey};
use leptos::prelude::*;

use super::points::positive;
use crate::place::address;
use crate::ui::time::grouped;

/// The flags that were evaluated most often.
#[component]
pub(super) fn Flags(
    of: ProjectRef,
    environment: Option<EnvironmentKey>,
    flags: Vec<UsageShare>,
    /// How many more there are.
    more: u64,
    /// How many evaluations there were in all.
    sum: u64,
) -> impl IntoView {
    let rows = flags.into_iter().map(|flag| {
        let UsageShare { name, count } = flag;
        let key = name.and_then(|name| name.parse::<FlagKey>().ok());
        let shown = match key {
            None => view! { <span class="text-muted">"Keys that are no flag"</span> }.into_any(),
            Some(key) => {
                let href = address(&of, &format!("flags/{key}"), environment.as_ref());
                view! { <a class="font-mono text-sm [overflow-wrap:anywhere] hover:underline" href=href>{key.to_string()}</a> }
                    .into_any()
            }
        };
        row(shown, positive(count), sum)
    });
    let rows = rows.collect_view();
    let more = (more > 0).then(|| {
        view! { <p class="mt-2 text-sm text-muted">{format!("And {} more.", grouped(more))}</p> }
    });
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"Busiest flags"</h2>
            {table("Flag", rows)}
            {more}
        </section>
    }
    .into_any()
}

/// Why variations were served.
#[component]
pub(crate) fn Reasons(reasons: Vec<UsageShare>, sum: u64) -> impl IntoView {
    let rows = reasons.into_iter().map(|share| {
        let said = reason(share.name.as_deref());
        let name =
            share.name.map(|name| view! { <span class="ml-2 font-mono text-xs text-muted [overflow-wrap:anywhere]">{name}</span> });
        row(view! { <span>{said}</span>{name} }.into_any(), positive(share.count), sum)
    });
    let rows = rows.collect_view();
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"Reasons"</h2>
            {table("Why it was served", rows)}
        </section>
    }
    .into_any()
}

fn table(what: &'static str, rows: impl IntoView + 'static) -> impl IntoView {
    view! {
        <div class="mt-2 rounded-lg border border-line bg-surface">
            <table class="w-full">
                <thead class="text-xs text-muted">
                    <tr>
                        <th scope="col" class="px-3 py-2 text-left font-medium">{what}</th>
                        <th scope="col" class="hidden w-32 py-2 text-left font-medium sm:table-cell lg:hidden xl:table-cell">"Share"</th>
                        <th scope="col" class="px-3 py-2 text-right font-medium">"Evaluations"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(what: AnyView, count: u64, sum: u64) -> impl IntoView {
    view! {
        <tr class="border-t border-line">
            <th scope="row" class="px-3 py-2 text-left font-normal">{what}</th>
            <td class="hidden py-2 sm:table-cell lg:hidden xl:table-cell">
                <span class="flex items-center gap-2">
                    <Share count sum />
                    <span class="font-mono text-xs text-muted tabular-nums">{percent(count, sum)}</span>
                </span>
            </td>
            <td class="px-3 py-2 text-right font-mono text-sm whitespace-nowrap tabular-nums">{grouped(count)}</td>
        </tr>
    }
}

/// A part of something. The width is an attribute, because the page's policy allows no styles.
#[component]
pub(crate) fn Share(count: u64, sum: u64) -> impl IntoView {
    let width = count as f64 * 100.0 / sum.max(1) as f64;
    view! {
        <svg class="h-1.5 w-16 shrink-0 rounded-full" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-line" width="100" height="6"></rect>
            <rect class="fill-accent" width=format!("{:.1}", width.min(100.0)) height="6"></rect>
        </svg>
    }
}

/// A share in words; what is there is more than nothing.
pub(crate) fn percent(count: u64, sum: u64) -> String {
    let percent = count as f64 * 100.0 / sum.max(1) as f64;
    match percent {
        _ if count == 0 => "0 %".to_owned(),
        small if small < 0.1 => "< 0.1 %".to_owned(),
        small if small < 10.0 => format!("{small:.1} %"),
        large => format!("{large:.0} %"),
    }
}

/// A reason in words.
pub(super) fn reason(name: Option<&str>) -> String {
    let said = match name {
        Some("flag_not_found") => "There is no such flag",
        Some("flag_disabled") => "Switched off",
        Some("flag_expired") => "Outside of its time window",
        Some("prerequisite_failed") => "A prerequisite was not met",
        Some("override_match") => "An override",
        Some("segment_match") => "A rule matched",
        Some("segment_no_match") => "No rule matched",
        Some("percentage_rollout") => "A rollout to everyone",
        Some("segment_and_percentage") => "A rule's rollout",
        Some("boolean") => "The same for everyone",
        Some("fallthrough") => "The default variation",
        Some("missing_bucket_key") => "The attribute to bucket by was missing",
        Some("unknown_type") => "Written by a later version",
        Some("malformed_flag") => "Its configuration cannot be read",
        Some(other) => return other.replace('_', " "),
        None => "No reason was reported",
    };
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_said_in_few_digits() {
        for (count, sum, text) in
            [(0, 0, "0 %"), (1, 100_000, "< 0.1 %"), (1, 30, "3.3 %"), (1, 3, "33 %"), (3, 3, "100 %")]
        {
            assert_eq!(percent(count, sum), text);
        }
    }
}
