//! The list, in the project's order.

use domain::access::Action;
use domain::place::{EnvironmentPlace, PlaceView};
use leptos::prelude::*;
use leptos_meta::Title;

use super::new::New;
use super::{CREATE, DELETE, MOVE};
use crate::flash::{Flash, Message, flash};
use crate::place::{address, dot, known};
use crate::ui::guarded::{Off, Reason};
use crate::ui::icon::Icon;
use crate::ui::refused::Refused;
use crate::ui::time::grouped;
use crate::ui::waiting::awaited;

#[component]
pub(crate) fn EnvironmentsPage() -> impl IntoView {
    let (known, flash) = (known(), flash());
    view! {
        <Title text="Environments" />
        <Transition>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match known.await {
                        Ok(place) => view! { <List place flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn List(place: PlaceView, flash: Flash) -> impl IntoView {
    let create = place.refusal(Action::ManageEnvironments);
    // Another order is a change of all of them.
    let order = place.refusal_everywhere(Action::ManageEnvironments);
    // Whoever may not create one is told that once.
    let note = order.clone().filter(|_| create.is_none());
    // What went wrong is said beside the form, which is below.
    let made =
        flash.notice.is_some().then(|| view! { <Message flash=flash.clone() form=CREATE fields=&[] /> });
    let last = place.environments.len().saturating_sub(1);
    let rows = place.environments.iter().enumerate().map(|(index, at)| {
        let ends = (index == 0, index == last);
        view! { <Row place=&place at=at.clone() ends order=order.clone() /> }
    });
    let rows = rows.collect_view();
    let button = new_button(create.clone());
    view! {
        <main class="page">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">"Environments"</h1>
                {button}
            </div>
            <p class="mt-1 mb-4 max-w-2xl text-muted">
                "Every flag is in each of them, and does there what it is told to. Lists show them in this order."
            </p>
            <Reason refusal=note />
            {made}
            <Message flash=flash.clone() form=MOVE fields=&[] />
            <Message flash=flash.clone() form=DELETE fields=&["confirm"] />
            <table class="mt-4 mb-8 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0">
                <thead class="hidden text-left text-xs text-muted md:table-header-group">
                    <tr>
                        <th scope="col" class="w-20 py-2 pl-4 font-medium">"Order"</th>
                        <th scope="col" class="py-2 font-medium">"Environment"</th>
                        <th scope="col" class="py-2 font-medium">"Protection"</th>
                        <th scope="col" class="py-2 font-medium">"Revision"</th>
                        <th scope="col" class="py-2 pr-4 font-medium">"In it"</th>
                    </tr>
                </thead>
                <tbody class="block md:table-row-group">{rows}</tbody>
            </table>
            <New place=place.clone() flash=flash.clone() refusal=create />
        </main>
    }
}

/// The way to the form; where one lacks the right, the reason.
fn new_button(refusal: Option<String>) -> AnyView {
    match refusal {
        None => view! {
            <a class="button" href="#new">
                <Icon of=icondata_lu::LuPlus />
                "New environment"
            </a>
        }
        .into_any(),
        Some(reason) => {
            view! { <Off reason><Icon of=icondata_lu::LuPlus />"New environment"</Off> }.into_any()
        }
    }
}

#[component]
fn Row<'p>(
    place: &'p PlaceView,
    at: EnvironmentPlace,
    /// Whether it is the first and the last one.
    ends: (bool, bool),
    /// Why the order stays as it is.
    order: Option<String>,
) -> impl IntoView {
    let (of, environment) = (place.of(), at.environment);
    let key = environment.key.to_string();
    let one = address(&of, &format!("environments/{key}"), None);
    let flags = address(&of, "flags", Some(&environment.key));
    let keys = address(&of, "keys", Some(&environment.key));
    let order = {
        let (action, key) = (format!("{one}/move"), key.clone());
        let button = move |to: &'static str, icon, is_end: bool| {
            view! {
                <button
                    class="inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink disabled:cursor-not-allowed disabled:opacity-40"
                    name="to"
                    value=to
                    aria-label=format!("Move {key} {to}")
                    title=order.clone()
                    disabled=is_end || order.is_some()
                >
                    <Icon of=icon />
                </button>
            }
        };
        view! {
            <form method="post" action=action class="flex">
                {button("up", icondata_lu::LuArrowUp, ends.0)} {button("down", icondata_lu::LuArrowDown, ends.1)}
            </form>
        }
    };
    let protection = match environment.protected {
        true => view! {
            <span class="flex items-center gap-1.5"><Icon of=icondata_lu::LuLock />"Protected"</span>
        }
        .into_any(),
        false => view! { <span class="text-muted">"Open to developers"</span> }.into_any(),
    };
    view! {
        <tr
            data-environment=key.clone()
            class="grid grid-cols-[1fr_auto] items-center gap-x-3 border-t border-line px-4 py-2 first:border-t-0 hover:bg-sunken/50 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line"
        >
            <td class="col-start-2 row-start-1 md:py-2 md:pl-3">{order}</td>
            <th scope="row" class="col-start-1 row-start-1 min-w-0 text-left font-normal md:py-2 md:pr-4">
                <span class="flex min-w-0 items-center gap-2.5">
                    <span class=format!("size-2.5 shrink-0 rounded-full {}", dot(environment.color)) title=environment.color.as_str() aria-hidden="true"></span>
                    <span class="min-w-0">
                        <a class="font-medium [overflow-wrap:anywhere] hover:underline" href=one>{environment.name}</a>
                        <span class="block font-mono text-xs text-muted [overflow-wrap:anywhere]">{key.clone()}</span>
                    </span>
                </span>
            </th>
            <td class="col-start-1 pl-5 text-sm md:py-2 md:pr-4 md:pl-0">{protection}</td>
            <td class="col-start-1 pl-5 text-sm md:py-2 md:pr-4 md:pl-0">
                <span class="text-muted md:hidden">"Revision "</span>
                <span class="font-mono tabular-nums">{grouped(environment.revision.unsigned_abs())}</span>
            </td>
            <td class="col-start-1 pl-5 text-sm md:py-2 md:pr-4 md:pl-0">
                <span class="flex flex-wrap gap-3">
                    <a class="link" href=flags>"Flags"<span class="sr-only">" of " {key.clone()}</span></a>
                    <a class="link" href=keys>"API keys"<span class="sr-only">" of " {key.clone()}</span></a>
                </span>
            </td>
        </tr>
    }
}
