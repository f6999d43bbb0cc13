//! One version: who made it, when and why, and behind that what it changed.

use domain::Millis;
use domain::history::VersionRow;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::words::{did, who};
use crate::flag::targeting::part;
use crate::ui::diff::Diff;
use crate::ui::icon::Icon;
use crate::ui::query::changed;
use crate::ui::time::{ago, exact, grouped};

#[component]
pub(super) fn Row(
    /// The playground at the version's revision; none where it is not served then.
    evaluate: Option<String>,
    version: VersionRow,
    /// Whether it is what the flag does now.
    is_now: bool,
    /// When it was asked for.
    now: Millis,
) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let VersionRow { version, revision, at, author, action, comment, changes, more_changes } = version;
    let name = match version {
        Some(number) => format!("Version {number}"),
        None => "Taken out".to_owned(),
    };
    let badge = is_now.then(|| view! { <span class="badge border-on text-on">"now"</span> });
    let comment = comment.map(|comment| {
        view! { <span class="mt-0.5 block text-sm text-muted [overflow-wrap:anywhere]">"“" {comment} "”"</span> }
    });
    let empty = match version {
        None => "The environment does not serve it from here on.",
        Some(_) if action == "flag.created" || action == "flag.copied" => "With this it began.",
        Some(_) => {
            "Nothing to compare: it says the same as the one before, or there is none that can be read."
        }
    };
    let more = (more_changes > 0).then(|| {
        view! { <p class="mt-2 text-sm text-muted">{format!("And {} more changes.", grouped(more_changes))}</p> }
    });
    let actions = version.map(|number| {
        let href = move || {
            let number = number.to_string();
            let fields = [("version", Some(number.as_str())), ("against", None)];
            format!("{}#review", changed(&location.pathname.read(), &query.read(), &fields))
        };
        let text = if is_now { "What it serves" } else { "What it served, and the way back" };
        view! {
            <a class="link" href=href>
                {text}
                <span class="sr-only">{format!(" in version {number}")}</span>
            </a>
        }
    });
    let evaluate = evaluate.map(|href| {
        view! {
            <a class="link" href=href>
                "Try it in the playground"
                <span class="sr-only">{format!(" at revision {revision}")}</span>
            </a>
        }
    });
    let of_this = version.map(|number| number.to_string());
    let is_open = Memo::new(move |_| {
        of_this.as_deref().is_some_and(|number| query.read().get_str("version") == Some(number))
    });
    view! {
        <li
            class="border-t border-line first:border-t-0"
            class=("bg-sunken", move || is_open.get())
            aria-current=move || is_open.get().then_some("true")
        >
            <details class="group/version">
                <summary class="grid cursor-pointer list-none grid-cols-[1fr_auto] items-start gap-x-3 px-3 py-2.5 hover:bg-sunken/50 sm:px-4 [&::-webkit-details-marker]:hidden">
                    <span class="min-w-0">
                        <span class="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
                            <span class="font-medium tabular-nums">{name}</span>
                            {badge}
                            <span class="min-w-0 max-sm:basis-full [overflow-wrap:anywhere]">{who(&author)} " " {did(&action)}</span>
                        </span>
                        {comment}
                    </span>
                    <span class="flex h-5 items-center gap-2 text-xs whitespace-nowrap text-muted">
                        <time title=exact(at)>{ago(now, at)}</time>
                        <span class="transition-transform duration-150 group-open/version:rotate-90">
                            <Icon of=icondata_lu::LuChevronRight />
                        </span>
                    </span>
                </summary>
                <div class="border-t border-line bg-sunken/40 px-3 py-3 sm:px-4">
                    <Diff changes empty words=part />
                    {more}
                    <p class="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
                        {actions}
                        {evaluate}
                        <span class="text-muted">"Revision " <span class="font-mono text-xs">{revision}</span></span>
                        <span class="text-muted">{exact(at)}</span>
                    </p>
                </div>
            </details>
        </li>
    }
    .into_any()
}
