//! The contexts that were evaluated last, in this browser alone.

use domain::orgs::ProjectRef;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::address::Asked;
use super::context;
use super::page::Shared;

/// How many are kept.
const MOST: usize = 10;

/// The contexts, the last one first.
pub(super) type Recent = RwSignal<Vec<Map<String, Value>>>;

/// Reads them, in the browser.
pub(super) fn load(of: ProjectRef) -> Recent {
    let recent = Recent::default();
    Effect::new(move |_| {
        let kept = kept(&of);
        if !kept.is_empty() {
            recent.set(kept);
        }
    });
    recent
}

/// What is kept of a project. In the browser only.
pub(crate) fn kept(of: &ProjectRef) -> Vec<Map<String, Value>> {
    let text = storage().and_then(|storage| storage.get_item(&name(of)).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Contexts of one project are none of another's.
fn name(of: &ProjectRef) -> String {
    format!("togglebit-playground-{}-{}", of.organization, of.project)
}

/// Keeps the context of an evaluation that was answered. Shows nothing.
#[component]
pub(super) fn Remember(of: ProjectRef, asked: Asked, recent: Recent) -> impl IntoView {
    Effect::new(move |_| {
        let context = match asked.is_json {
            true => context::of_json(&asked.json),
            false => context::of_rows(&asked.user, &asked.rows),
        };
        let Some(context) = context.ok().filter(|context| !context.is_empty()) else { return };
        // What another page kept meanwhile is kept.
        let others = kept(&of).into_iter().filter(|other| *other != context);
        let all: Vec<_> = std::iter::once(context.clone()).chain(others).take(MOST).collect();
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&all)) {
            let _ = storage.set_item(&name(&of), &text);
        }
        recent.set(all);
    });
}

/// Offers them.
#[component]
pub(super) fn RecentList(of: ProjectRef, shared: Shared) -> impl IntoView {
    let Shared { asked, recent, .. } = shared;
    let of = StoredValue::new(of);
    let forget = move |_| {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&of.with_value(name));
        }
        recent.set(Vec::new());
    };
    let link = move |context: Map<String, Value>| {
        let summary = context::summary(&context);
        let href = move || {
            let asked = asked.get();
            let (user, rows) = context::rows_of(&context);
            match asked.is_json {
                true => {
                    Asked { json: context::pretty(&context), user: String::new(), rows: Vec::new(), ..asked }
                }
                false => Asked { json: String::new(), user, rows, ..asked },
            }
            .answer()
        };
        view! {
            <li>
                <a
                    class="block truncate rounded-md px-2 py-1 font-mono text-sm text-muted hover:bg-sunken hover:text-ink"
                    href=href
                    title=summary.clone()
                >
                    {summary.clone()}
                </a>
            </li>
        }
    };
    view! {
        <section class="mt-6" aria-labelledby="recent" hidden=move || recent.read().is_empty()>
            <div class="flex items-center justify-between gap-2">
                <h2 id="recent" class="text-sm font-medium">"Recent"</h2>
                <button type="button" class="cursor-pointer text-xs text-muted hover:underline" on:click=forget>"Forget"</button>
            </div>
            <ul class="mt-1">{move || recent.get().into_iter().map(link).collect_view()}</ul>
            <p class="mt-1 px-2 text-xs text-muted">"Kept in this browser alone."</p>
        </section>
    }
}
