//! A key in the list.

use domain::Millis;
use domain::api_keys::ApiKeyView;
use domain::environments::EnvironmentView;
use domain::place::PlaceView;
use leptos::prelude::*;

use super::words;
use crate::place::{address, dot};
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};

/// On a phone the cells stand below each other, with their names before them.
#[component]
pub(super) fn Row<'p>(key: ApiKeyView, place: &'p PlaceView, now: Millis) -> impl IntoView {
    let href = address(&place.of(), &format!("keys/{}", key.id), None);
    let environment = place.environment(Some(&key.environment)).map(|at| at.environment.clone());
    let (networks, all) = (words::networks(&key), words::all_networks(&key));
    let rate = words::rate(&key).map(|rate| format!(" · {rate}"));
    let used = used(&key, now);
    let state = view! { <StateBadge key=key.clone() now /> };
    let by = key.creator.clone().map(|creator| {
        view! { <span class="block text-xs [overflow-wrap:anywhere]">"by " {creator.name}</span> }
    });
    view! {
        <tr
            data-key=key.prefix.clone()
            class="block border-t border-line px-4 py-3 first:border-t-0 hover:bg-sunken/50 md:table-row md:px-0 md:py-0 md:[&>*]:border-t md:[&>*]:border-line"
        >
            <th scope="row" class="block min-w-0 text-left font-normal md:table-cell md:py-2 md:pr-4 md:pl-4">
                <a class="font-medium [overflow-wrap:anywhere] hover:underline" href=href>{key.name.clone()}</a>
                <span class="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1">
                    <code class="font-mono text-xs text-muted [overflow-wrap:anywhere]">{key.prefix.clone()} "…"</code>
                    <KindBadge key=key.clone() />
                </span>
            </th>
            <td class="mt-2 inline-block pr-4 align-middle md:table-cell md:py-2">
                {match environment {
                    Some(environment) => view! { <EnvironmentName environment /> }.into_any(),
                    // One that was made between two reads.
                    None => key.environment.to_string().into_any(),
                }}
            </td>
            <td class="mt-2 inline-block pr-4 align-middle md:table-cell md:py-2">{state}</td>
            <td class="hidden py-2 pr-4 text-sm lg:table-cell">
                <span title=all>{networks}</span> {rate}
            </td>
            <td class="block pt-1 text-sm text-muted md:table-cell md:py-2 md:pr-4">
                <span class="md:hidden">"Last used: "</span>
                {used}
            </td>
            <td class="hidden py-2 pr-4 text-sm text-muted lg:table-cell">
                <time title=exact(key.created_at)>{ago(now, key.created_at)}</time>
                {by}
            </td>
        </tr>
    }
}

/// When a key was used last.
fn used(key: &ApiKeyView, now: Millis) -> AnyView {
    match key.last_used_at {
        None => "Never".into_any(),
        Some(at) => view! { <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
    }
}

/// Who holds a key.
#[component]
pub(crate) fn KindBadge(key: ApiKeyView) -> impl IntoView {
    view! {
        <span class="badge" title=words::sees(key.kind)>
            <Icon of=words::kind_icon(key.kind) />
            {words::kind(key.kind)}
        </span>
    }
}

/// Whether a key works, and until when.
#[component]
pub(super) fn StateBadge(key: ApiKeyView, now: Millis) -> impl IntoView {
    let state = words::state(key.status);
    let end = words::end(&key, now).map(|(words, is_soon)| {
        let class = if is_soon { "font-medium text-ink" } else { "text-muted" };
        let warning = is_soon.then(|| {
            view! { <span class="text-rollout"><Icon of=icondata_lu::LuTriangleAlert /></span> }
        });
        view! {
            <span class=format!("flex items-center gap-1 text-xs {class}") title=key.expires_at.map(exact)>
                {warning} {words}
            </span>
        }
    });
    let replaced = (key.replaced_by.is_some() && key.revoked_at.is_none())
        .then(|| view! { <span class="block text-xs text-muted">"rotated"</span> });
    view! {
        <span class=format!("flex items-center gap-1 text-sm font-medium {}", state.class)>
            <Icon of=state.icon />
            {state.name}
        </span>
        {replaced} {end}
    }
}

/// An environment by its colour and its key.
#[component]
pub(super) fn EnvironmentName(environment: EnvironmentView) -> impl IntoView {
    let lock = environment.protected.then(|| {
        view! { <Icon of=icondata_lu::LuLock /><span class="sr-only">"protected"</span> }
    });
    view! {
        <span class="inline-flex max-w-full items-center gap-2" title=environment.name.clone()>
            <span class=format!("size-2 shrink-0 rounded-full {}", dot(environment.color)) aria-hidden="true"></span>
            <span class="min-w-0 [overflow-wrap:anywhere]">{environment.key.to_string()}</span>
            {lock}
        </span>
    }
}
