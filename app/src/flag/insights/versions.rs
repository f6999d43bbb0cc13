//! Which versions applications have: those that lag behind show that somebody answers from an old copy.

use domain::usage::EvaluatedIn;
use domain::{EnvironmentKey, Millis};
use leptos::prelude::*;

use crate::ui::time::{ago, exact};

#[component]
pub(super) fn Versions(
    evaluated: EvaluatedIn,
    /// The version that is there now.
    version: Option<i64>,
    environment: EnvironmentKey,
    now: Millis,
) -> impl IntoView {
    let versions = evaluated.versions;
    if versions.is_empty() {
        return ().into_any();
    }
    let rows = versions.into_iter().map(|it| {
        let name = it.version.map_or_else(|| "not known".to_owned(), |version| version.to_string());
        let is_current = it.version.is_some() && it.version == version;
        let badge = is_current.then(|| view! { <span class="badge ml-2 border-on text-on">"now"</span> });
        let at = it.last_evaluated_at;
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="px-3 py-2 text-left font-normal">
                    <span class="font-mono text-sm tabular-nums">{name}</span>
                    {badge}
                </th>
                <td class="px-3 py-2 text-right text-sm whitespace-nowrap"><time title=exact(at)>{ago(now, at)}</time></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let about = match version {
        Some(version) => format!("In {environment}, where version {version} is there now. The last 20."),
        None => format!("In {environment}. The last 20."),
    };
    view! {
        <section class="min-w-0">
            <h2 class="font-medium">"Versions"</h2>
            <p class="mt-0.5 text-sm text-muted [overflow-wrap:anywhere]">{about}</p>
            <div class="mt-2 rounded-lg border border-line bg-surface">
                <table class="w-full">
                    <thead class="text-xs text-muted">
                        <tr>
                            <th scope="col" class="px-3 py-2 text-left font-medium">"Version"</th>
                            <th scope="col" class="px-3 py-2 text-right font-medium">"Last evaluated"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
