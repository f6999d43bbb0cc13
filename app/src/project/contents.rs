//! What is in the project, in numbers.

use domain::place::PlaceView;
use domain::projects::ProjectContents;
use leptos::prelude::*;

use crate::place::address;
use crate::ui::frame::Section;
use crate::ui::time::{ago, exact, grouped};

#[component]
pub(super) fn InIt(place: PlaceView, contents: ProjectContents) -> impl IntoView {
    let ProjectContents { now, flags, archived, segments, templates, keys, last_used_at, .. } = contents;
    let of = place.of();
    let environments = u64::try_from(place.environments.len()).unwrap_or(u64::MAX);
    let archived = (archived > 0).then(|| format!("and {} archived", grouped(archived)));
    let used = match last_used_at {
        _ if keys == 0 => ().into_any(),
        None => view! { "never used" }.into_any(),
        Some(at) => view! { "last used " <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
    };
    let row = |name: &'static str, path: Option<&'static str>, count: u64, note: AnyView| {
        let name = match path {
            Some(path) => view! { <a class="link" href=address(&of, path, None)>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! {
            <div class="flex flex-wrap items-baseline gap-x-3 py-1.5">
                <dt class="w-28 shrink-0 text-muted">{name}</dt>
                <dd class="flex flex-wrap items-baseline gap-x-2">
                    <span class="font-mono tabular-nums">{grouped(count)}</span>
                    <span class="text-sm text-muted">{note}</span>
                </dd>
            </div>
        }
    };
    let rows = [
        row("Flags", Some("flags"), flags, archived.into_any()),
        row("Segments", Some("segments"), segments, ().into_any()),
        row("Templates", Some("templates"), templates, ().into_any()),
        row("Environments", Some("environments"), environments, ().into_any()),
        row("API keys", Some("keys"), keys, used),
    ];
    view! {
        <Section id="contents" title="What is in it">
            <dl class="-mt-1.5 divide-y divide-line">{rows.collect_view()}</dl>
        </Section>
    }
    .into_any()
}
