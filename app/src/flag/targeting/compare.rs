//! What a flag does differently in two environments: a dialog that its address opens, and that is a part of the page
//! without script.

use domain::flags::{ComparedFlag, ComparisonStatus, Difference, FlagView};
use domain::place::{EnvironmentPlace, PlaceView};
use domain::{Change, EnvironmentKey, FlagKey};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api::compare_flag;
use super::parts::part;
use super::promote::PromoteForm;
use crate::error::UiError;
use crate::place::{address, dot};
use crate::ui::diff::Diff;
use crate::ui::icon::Icon;
use crate::ui::later::{Later, later};
use crate::ui::loaded::Loaded;
use crate::ui::menu::Menu;
use crate::ui::waiting::awaited;

/// The two environments that an address names.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    from: EnvironmentPlace,
    to: EnvironmentPlace,
    /// Whether the one is to do what the other does.
    promotes: bool,
}

/// What a query says, such as `dev..prod`.
fn pair(text: &str) -> Option<(EnvironmentKey, EnvironmentKey)> {
    let (from, to) = text.split_once("..")?;
    Some((from.parse().ok()?, to.parse().ok()?)).filter(|(from, to)| from != to)
}

fn link(page: &str, name: &str, from: &EnvironmentKey, to: &EnvironmentKey) -> String {
    format!("{page}?{name}={from}..{to}")
}

/// What an environment's column can be compared with.
#[component]
pub(super) fn CompareMenu(place: PlaceView, flag: FlagKey, from: EnvironmentKey) -> impl IntoView {
    let page = address(&place.of(), &format!("flags/{flag}"), None);
    let others: Vec<_> =
        place.environments.iter().map(|at| at.environment.key.clone()).filter(|key| *key != from).collect();
    if others.is_empty() {
        return None;
    }
    let item = "flex items-center gap-2 rounded-md px-2 py-1.5 text-sm hover:bg-sunken";
    let links = |name: &'static str, words: &'static str| {
        let link = |to: &EnvironmentKey| {
            view! {
                <li>
                    <a class=item href=link(&page, name, &from, to) data-stays="" data-noscroll="">
                        <span class="min-w-0 [overflow-wrap:anywhere]">{words} " " <span class="font-mono">{to.to_string()}</span></span>
                    </a>
                </li>
            }
        };
        others.iter().map(link).collect_view()
    };
    let (compared, promoted) = (links("compare", "Compare with"), links("promote", "Promote to"));
    let button = || view! { <Icon of=icondata_lu::LuEllipsis /> };
    Some(view! {
        <Menu
            name=format!("More about {from}")
            class="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-sunken"
            panel="right-0 top-full mt-1 w-56"
            button
        >
            <ul>{compared}</ul>
            <ul class="mt-1 border-t border-line pt-1">{promoted}</ul>
        </Menu>
    })
}

/// The comparison that the address asks for; nothing where it asks for none.
#[component]
pub(in crate::flag) fn Comparing(place: PlaceView, flag: FlagView) -> impl IntoView {
    let (query, of, key) = (use_query_map(), place.of(), flag.key.clone());
    let page = address(&of, &format!("flags/{key}"), None);
    let asked = {
        let place = place.clone();
        Memo::new(move |_| {
            let query = query.read();
            let named = |name: &str| query.get_str(name).and_then(pair);
            let (pair, promotes) =
                named("promote").map(|pair| (pair, true)).or(named("compare").map(|pair| (pair, false)))?;
            let from = place.environment(Some(&pair.0))?.clone();
            let to = place.environment(Some(&pair.1))?.clone();
            Some(Asked { from, to, promotes })
        })
    };
    // Blocking: without script the page has to wait for it.
    let compared = Loaded::blocking(
        move || asked.get(),
        move |asked| {
            let (of, key) = (of.clone(), key.clone());
            async move {
                let Some(Asked { from, to, .. }) = asked else { return Ok(None) };
                let (from, to) = (from.environment.key, to.environment.key);
                compare_flag(of.organization, of.project, key, from, to).await.map(Some)
            }
        },
    );
    let place = StoredValue::new(place);
    let shown = move || {
        let page = page.clone();
        Suspend::new(async move {
            let compared = compared.await;
            // The page may be gone by now.
            let (asked, place) = (asked.try_get_untracked().flatten()?, place.try_get_value()?);
            let body = match compared {
                Ok(None) => return None,
                Ok(Some(compared)) => {
                    let (asked, page) = (asked.clone(), page.clone());
                    let fetch = move || beside(place.clone(), asked.clone(), compared.clone(), page.clone());
                    view! { <Later fetch /> }.into_any()
                }
                Err(error) => view! { <Unknown error /> }.into_any(),
            };
            Some(view! { <Frame asked page>{body}</Frame> })
        })
    };
    view! { <Transition>{awaited(shown)}</Transition> }.into_any()
}

#[component]
fn Unknown(error: UiError) -> impl IntoView {
    view! { <p role="alert" class="mt-3 text-danger">{error.to_string()}</p> }
}

/// The window. It is open from the start; with script it comes to stand above the page.
#[component]
fn Frame(asked: Asked, page: String, children: Children) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        let _ = dialog.remove_attribute("open");
        let _ = dialog.show_modal();
    });
    let (navigate, left) = (use_navigate(), page.clone());
    // Whatever closes it: the link, or Escape.
    let closed = move |_| {
        navigate(&left, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    };
    let named = |at: &EnvironmentPlace| {
        let class = format!("mr-1.5 ml-0.5 inline-block size-2.5 rounded-full {}", dot(at.environment.color));
        let lock = at.environment.protected.then(|| {
            view! { <span class="ml-1 inline-block align-[-0.125em] text-muted" title="protected"><Icon of=icondata_lu::LuLock /></span> }
        });
        view! { <span class=class aria-hidden="true"></span>{at.environment.key.to_string()}{lock} }
    };
    let (before, between) = if asked.promotes { ("Promote ", " to ") } else { ("", " compared with ") };
    view! {
        <dialog
            node_ref=dialog
            open=true
            aria-labelledby="compare-title"
            class="m-auto w-[min(40rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-5 text-left text-ink shadow-lg backdrop:bg-black/50 [&:not(:modal)]:static [&:not(:modal)]:mt-4 [&:not(:modal)]:shadow-none"
            on:close=closed
        >
            <div class="flex items-start justify-between gap-4">
                // It begins here: not at what closes it.
                <h2 id="compare-title" tabindex="-1" autofocus=true class="text-lg font-semibold outline-none [overflow-wrap:anywhere]">
                    {before} {named(&asked.from)} {between} {named(&asked.to)}
                </h2>
                <a
                    class="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken"
                    href=page
                    aria-label="Close"
                    data-stays="" data-noscroll=""
                >
                    <Icon of=icondata_lu::LuX />
                </a>
            </div>
            {children()}
        </dialog>
    }
}

later! { comparison_in_targeting:
    fn beside(place: PlaceView, asked: Asked, compared: ComparedFlag, page: String) {
        view! { <Beside place asked compared page /> }.into_any()
    }
}

#[component]
fn Beside(place: PlaceView, asked: Asked, compared: ComparedFlag, page: String) -> impl IntoView {
    let (from, to) = (asked.from.environment.key.clone(), asked.to.environment.key.clone());
    let words = match compared.status {
        ComparisonStatus::Unreadable => Some("What is stored of one of the two cannot be read."),
        ComparisonStatus::Same => Some("It does the same in both."),
        ComparisonStatus::Differs => None,
    };
    if let Some(words) = words {
        return view! { <p class="mt-3 text-sm text-muted">{words}</p> }.into_any();
    }
    let (switch, targeting): (Vec<_>, Vec<_>) =
        compared.differences.iter().cloned().partition(|difference| difference.path == "enabled");
    let switched = switch.iter().any(|difference| difference.from == Some(true.into()));
    let switch = (!switch.is_empty()).then(|| {
        let (on, off) = if switched { (&from, &to) } else { (&to, &from) };
        view! { <p class="mt-3 text-sm">{format!("It is on in {on}, and off in {off}.")}</p> }
    });
    let change = |Difference { path, from, to }: Difference| Change { path, old: to, new: from };
    let has_targeting = !targeting.is_empty();
    let changes = targeting.into_iter().map(change).collect::<Vec<_>>();
    let below = match asked.promotes {
        true => view! { <PromoteForm place asked=(asked.from, asked.to) compared has_targeting page /> }
            .into_any(),
        false => {
            let (promote, turn) = (link(&page, "promote", &from, &to), link(&page, "compare", &to, &from));
            view! {
                <div class="mt-4 flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
                    <a class="link text-sm" href=turn data-stays="" data-noscroll="">"The other way round"</a>
                    <a class="button button-primary" href=promote data-stays="" data-noscroll="">
                        {format!("Promote {from} to {to}…")}
                    </a>
                </div>
            }
            .into_any()
        }
    };
    view! {
        {switch}
        <p class="mt-3 mb-2 text-sm text-muted">
            {format!("What would change in {to}, if it did what {from} does:")}
        </p>
        <div class="max-h-[45dvh] overflow-y-auto" tabindex="0" role="group" aria-label="Differences">
            <Diff changes empty="Nothing but whether it is on." words=part />
        </div>
        {below}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_two_environments() {
        let named = |text: &str| pair(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(named("dev..prod").as_deref(), Some("dev prod"));
        for nothing in ["", "dev", "dev..", "dev..dev", "..prod", "dev...prod", "dev..Prod!"] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }
}
