//! What the segment contained before, who changed it, and the way back.

use domain::access::Action;
use domain::history::{Author, VersionRow};
use domain::place::{EnvironmentPlace, PlaceView};
use domain::{Millis, SegmentKey};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::api::{Versions, load_versions};
use crate::place::address;
use crate::ui::diff::Diff;
use crate::ui::failure::{FailedPart, Failure};
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::time::{ago, exact, grouped};
use crate::ui::waiting::{Waiting, awaited};
use crate::ui::why;

/// What the rows share.
#[derive(Clone)]
struct Around {
    /// What the addresses of the segment's forms begin with.
    base: String,
    environment: String,
    is_protected: bool,
    refusal: Option<String>,
    /// The version that is there now.
    version: RwSignal<i64>,
    now: Millis,
}

#[component]
pub(super) fn History(
    place: PlaceView,
    at: EnvironmentPlace,
    key: SegmentKey,
    base: String,
    version: RwSignal<i64>,
    /// Counts what was saved.
    done: RwSignal<u32>,
) -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.read().get_str("cursor").map(str::to_owned));
    let (of, environment) = (place.of(), at.environment.clone());
    let asked = environment.key.clone();
    // Keys need no escaping in an address.
    let log = format!("{}?kind=segment&key={key}", address(&of, "audit", None));
    let versions = Loaded::new(
        move || (cursor.get(), done.get()),
        move |(cursor, _)| {
            load_versions(of.organization.clone(), of.project.clone(), key.clone(), asked.clone(), cursor)
        },
    );
    let around = Around {
        base,
        environment: environment.key.to_string(),
        is_protected: environment.protected,
        refusal: place.refusal_in(&at, Action::ConfigureSegment),
        version,
        now: Millis(0),
    };
    view! {
        <section id="history" aria-labelledby="history-title" class="min-w-0 scroll-mt-16 rounded-xl border border-line bg-surface">
            <div class="flex flex-wrap items-baseline justify-between gap-2 border-b border-line px-4 py-3">
                <h2 id="history-title" class="min-w-0 font-semibold [overflow-wrap:anywhere]">
                    "History in " <span class="font-mono">{environment.key.to_string()}</span>
                </h2>
                <a class="link text-sm" href=log>"In the audit log"</a>
            </div>
            <Transition fallback=Waiting>
                {awaited(move || {
                    let around = around.clone();
                    Suspend::new(async move {
                        match versions.await {
                            Ok(versions) => view! { <List versions around /> }.into_any(),
                            Err(error) => view! { <div class="p-4"><FailedPart failure=Failure::from(&error) /></div> }.into_any(),
                        }
                    })
                })}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn List(versions: Versions, around: Around) -> impl IntoView {
    let Versions { now, page } = versions;
    let around = Around { now, ..around };
    let (shown, total) = (page.versions.len() as u64, page.total);
    let rows = page.versions.into_iter().map(|row| version(row, &around)).collect_view();
    let (query, location) = (use_query_map(), use_location());
    let to = move |cursor: Option<String>| {
        move || {
            format!(
                "{}#history",
                changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref())])
            )
        }
    };
    let is_first = move || query.read().get_str("cursor").is_none();
    let newest =
        move || (!is_first()).then(|| view! { <a class="button" data-stays="" href=to(None)>"Newest"</a> });
    let older =
        page.next.map(|next| view! { <a class="button" data-stays="" href=to(Some(next))>"Older"</a> });
    view! {
        <ol class="divide-y divide-line">{rows}</ol>
        <div class="flex flex-wrap items-center justify-between gap-2 border-t border-line px-4 py-2 text-sm text-muted">
            <p>{grouped(shown)} " of " {grouped(total)} {if total == 1 { " version" } else { " versions" }}</p>
            <nav aria-label="Versions" class="flex gap-2">{newest} {older}</nav>
        </div>
    }
    .into_any()
}

fn version(row: VersionRow, around: &Around) -> impl IntoView + use<> {
    let VersionRow { version, revision, at, author, action, comment, changes, more_changes } = row;
    let current = around.version;
    let mark = move || {
        (version == Some(current.get())).then(|| view! { <span class="badge border-on text-on">"now"</span> })
    };
    let name = version.map_or_else(|| "gone".to_owned(), |version| format!("v{version}"));
    let comment = comment.map(|comment| {
        view! { <span class="mt-0.5 block text-sm text-muted [overflow-wrap:anywhere]">"“" {comment} "”"</span> }
    });
    let empty = match version {
        Some(_) => "There is nothing before it to compare it with.",
        None => "It was taken out of the environment.",
    };
    let more = (more_changes > 0)
        .then(|| view! { <p class="mt-1 text-xs text-muted">{grouped(more_changes)} " more places"</p> });
    let (time, exact) = (ago(around.now, at), exact(at));
    let back = version.map(|version| view! { <Back version around=around.clone() /> });
    view! {
        <li data-version=version.map(|version| version.to_string())>
            <details class="group/version">
                <summary class="grid cursor-pointer list-none grid-cols-[3rem_1fr_auto] items-start gap-x-2 px-4 py-2.5 hover:bg-sunken/50 [&::-webkit-details-marker]:hidden">
                    <span class="font-mono text-sm tabular-nums">{name}</span>
                    <span class="min-w-0">
                        <span class="flex min-w-0 flex-wrap items-center gap-x-1.5">
                            <span class="font-medium [overflow-wrap:anywhere]">{who(&author)}</span>
                            " "
                            <span>{did(&action)}</span>
                            " "
                            {mark}
                        </span>
                        {comment}
                    </span>
                    <span class="flex items-center gap-2 text-xs whitespace-nowrap text-muted">
                        <time title=exact>{time}</time>
                        <span class="transition-transform duration-150 group-open/version:rotate-90">
                            <Icon of=icondata_lu::LuChevronRight />
                        </span>
                    </span>
                </summary>
                <div class="border-t border-line bg-sunken/40 px-4 py-3">
                    <p class="mb-2 text-xs text-muted">"What it changed, at revision " <span class="font-mono">{grouped(revision.unsigned_abs())}</span></p>
                    <Diff changes empty />
                    {more}
                    {back}
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// The way back to a version: a plain form.
#[component]
fn Back(version: i64, around: Around) -> impl IntoView {
    let Around { base, environment, is_protected, refusal, version: current, .. } = around;
    let is_refused = refusal.is_some();
    let label = format!("Why go back to version {version}?");
    view! {
        <form
            method="post"
            action=format!("{base}/roll-back")
            class="mt-3 flex flex-wrap items-center gap-2"
            hidden=move || current.get() == version
        >
            <input type="hidden" name="environment" value=environment />
            <input type="hidden" name="to" value=version.to_string() />
            <input type="hidden" name="version" value=move || current.get().to_string() />
            <input
                class="input h-8 min-w-0 flex-1 basis-40"
                name="comment"
                aria-label=label
                placeholder=why::label(is_protected)
                maxlength="2000"
                autocomplete="off"
                required=is_protected
                disabled=is_refused
            />
            <button class="button" disabled=is_refused title=refusal>
                <Icon of=icondata_lu::LuUndo2 />
                {format!("Roll back to version {version}")}
            </button>
        </form>
    }
}

fn who(author: &Author) -> String {
    match (author.kind.as_str(), &author.name) {
        ("user", Some(name)) => name.clone(),
        ("user", None) => "Somebody who is gone".to_owned(),
        _ => "Togglebit".to_owned(),
    }
}

/// What they did, as the audit log calls it.
fn did(action: &str) -> String {
    match action {
        "segment.created" => "created it".to_owned(),
        "segment.configured" => "changed who is inside".to_owned(),
        "segment.rolled_back" => "rolled it back".to_owned(),
        "segment.deleted" => "deleted it".to_owned(),
        "project.imported" => "imported it".to_owned(),
        "environment.created" => "created the environment".to_owned(),
        other => other.replace(['.', '_'], " "),
    }
}
