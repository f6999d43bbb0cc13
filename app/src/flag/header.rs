//! What the flag is, what can be done with it, and where it was killed.

use domain::flags::{FlagSummary, FlagView};
use domain::place::PlaceView;
use leptos::prelude::*;

use super::framed::said;
use super::kill::KillSwitch;
use super::killed::Killed;
use super::tabs::Tab;
use super::{ARCHIVE, COPY, ENABLE, KILL};
use crate::flags::marks::{Mark, MarkBadge};
use crate::flags::words::kind;
use crate::flash::Message;
use crate::place::address;
use crate::ui::copy::Copy;
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;
use crate::ui::time::{ago, date, exact};

#[component]
pub(super) fn Header(place: PlaceView, summary: Signal<FlagSummary>) -> impl IntoView {
    let FlagSummary { now, flag, .. } = summary.get_untracked();
    let mark = Mark::of(&flag, now);
    let tags = flag.tags.iter().map(|tag| {
        view! { <li class="badge"><span class="truncate">{tag.clone()}</span></li> }
    });
    let tags: Vec<_> = tags.collect();
    let tags = (!tags.is_empty())
        .then(|| view! { <ul class="flex min-w-0 flex-wrap gap-1" aria-label="Tags">{tags}</ul> });
    let owner = match &flag.owner {
        Some(owner) => format!("Owned by {}", owner.name),
        None => "Owned by nobody".to_owned(),
    };
    let expiry = flag.expires_at.map(|at| view! { <span title=exact(at)>"To be gone by " {date(at)}</span> });
    let archived = flag.archived_at.map(|at| {
        let restore = address(&place.of(), &Tab::Settings.path(&flag.key), None);
        view! {
            <p class="mt-4 rounded-md border border-line bg-sunken px-3 py-2 text-sm">
                "Archived "
                <time title=exact(at)>{ago(now, at)}</time>
                ": no environment serves it, and applications get their defaults. "
                <a class="link" href=format!("{restore}#archive")>"Restore or delete it"</a>
            </p>
        }
    });
    let description = (!flag.description.is_empty()).then(|| {
        view! { <p class="mt-2 max-w-3xl text-muted [overflow-wrap:anywhere]">{flag.description.clone()}</p> }
    });
    let key = flag.key.to_string();
    // What went wrong with others stands beside their forms.
    let flash = said();
    let told = [KILL, ENABLE, COPY, ARCHIVE].map(|form| {
        let is_here = matches!(form, KILL | ENABLE) || flash.error.is_none();
        is_here.then(|| view! { <Message flash=flash.clone() form fields=&[] /> })
    });
    view! {
        <div class="flex min-w-0 flex-wrap items-start justify-between gap-x-4 gap-y-4 sm:flex-nowrap">
            <div class="min-w-0 max-sm:w-full">
                <div class="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
                    <h1 class="min-w-0 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{flag.name.clone()}</h1>
                    <span class="badge">{kind(flag.kind, flag.value_type)}</span>
                    <MarkBadge mark />
                </div>
                <div class="mt-1 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted">
                    <span class="flex min-w-0 items-center gap-1">
                        <code class="min-w-0 font-mono [overflow-wrap:anywhere]">{key.clone()}</code>
                        <Copy text=key what="the key" small=true />
                    </span>
                    {tags}
                    <span>{owner}</span>
                    {expiry}
                </div>
                {description}
            </div>
            <div class="flex shrink-0 items-center gap-2 max-sm:w-full max-sm:flex-row-reverse max-sm:[&>.button]:flex-1 max-sm:[&>.button]:justify-center">
                <More place=place.clone() flag=flag.clone() />
                <KillSwitch place=place.clone() summary=summary.get_untracked() />
            </div>
        </div>
        {archived}
        {told}
        <Killed place summary />
    }
}

/// What is done seldom: on the settings' tab, which asks first.
#[component]
fn More(place: PlaceView, flag: FlagView) -> impl IntoView {
    const ITEM: &str = "flex h-8 items-center gap-2 rounded-md px-2 whitespace-nowrap hover:bg-sunken";
    let of = place.of();
    let settings = address(&of, &Tab::Settings.path(&flag.key), None);
    let audit = format!("{}?kind=flag&key={}", address(&of, "audit", None), flag.key);
    let archive = if flag.archived_at.is_some() { "Restore…" } else { "Archive…" };
    let at = |anchor: &str| format!("{settings}#{anchor}");
    let (copy, archived, deleted) = (at("copy"), at("archive"), at("delete"));
    let template = format!("{}?from={}#new", address(&of, "templates", None), flag.key);
    view! {
        <Menu
            name="More about this flag"
            class="button w-8 justify-center px-0"
            panel="top-full right-0 mt-1 min-w-48"
            button=|| view! { <Icon of=icondata_lu::LuEllipsis /> }
        >
            <a class=ITEM href=copy><Icon of=icondata_lu::LuCopyPlus />"Duplicate flag…"</a>
            <a class=ITEM href=template><Icon of=icondata_lu::LuLayoutTemplate />"Save as template…"</a>
            <a class=ITEM href=audit><Icon of=icondata_lu::LuScrollText />"In the audit log"</a>
            <a class=ITEM href=archived><Icon of=icondata_lu::LuArchive />{archive}</a>
            <a class=ITEM href=deleted><Icon of=icondata_lu::LuTrash2 />"Delete…"</a>
        </Menu>
    }
}
