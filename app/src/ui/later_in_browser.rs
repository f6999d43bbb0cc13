//! How the browser draws what it fetches after the page, in a place of its own.

use std::cell::RefCell;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, Render, RenderHtml};
use leptos::task::spawn_local_scoped_with_cancellation;
use web_sys::HtmlDivElement;

use super::later::Fetch;
use super::taken_over::Left;
use super::waiting::Waiting;

#[derive(Clone, Copy)]
enum State {
    Fetching,
    Drawn,
    Failed,
}

/// Once for all.
pub(super) fn draw(fetch: Fetch) -> AnyView {
    let is_there = Owner::current_shared_context().is_some_and(|page| page.during_hydration());
    let state = RwSignal::new(if is_there { State::Drawn } else { State::Fetching });
    let (place, again, kept) = (NodeRef::<Div>::new(), RwSignal::new(()), StoredValue::new_local(None));
    let mut left = is_there.then(Left::another);
    Effect::new(move |_| {
        again.track();
        let Some(place) = place.get() else { return };
        let (fetching, left) = (fetch(), left.take());
        let drawing = async move {
            let fetched = fetching.await;
            state.set(if fetched.is_ok() { State::Drawn } else { State::Failed });
            if let Ok(view) = fetched {
                kept.set_value(Some(Drawn::new(place, view, is_there)));
            }
            drop(left);
        };
        // What it reads is not what it is drawn anew for.
        untrack(|| spawn_local_scoped_with_cancellation(drawing));
    });
    on_cleanup(move || {
        if let Some(drawn) = kept.try_update_value(Option::take).flatten() {
            drawn.hand_over();
        }
    });
    let told = move || match state.get() {
        State::Drawn => None,
        State::Fetching => Some(view! { <Waiting /> }.into_any()),
        State::Failed => Some(view! { <Failed again /> }.into_any()),
    };
    view! { <div class="contents" node_ref=place></div> {told} }.into_any()
}

#[component]
fn Failed(again: RwSignal<()>) -> impl IntoView {
    view! {
        <div role="alert" class="flex flex-wrap items-center gap-2 py-2 text-sm">
            <p class="text-danger">"This part of the page could not be fetched."</p>
            <button type="button" class="button h-7 px-2 text-xs" on:click=move |_| again.notify()>"Try again"</button>
        </div>
    }
}

/// What stands in a place.
struct Drawn {
    place: HtmlDivElement,
    view: AnyViewState,
}

thread_local! {
    /// What stands in places whose page is about to be drawn anew, or is left. It becomes what is drawn there next, so that
    /// nobody loses the field that they are in.
    static BEFORE: RefCell<Vec<Drawn>> = const { RefCell::new(Vec::new()) };
}

impl Drawn {
    fn new(place: HtmlDivElement, view: AnyView, is_there: bool) -> Self {
        let mut before = BEFORE.take();
        let known = before.iter().position(|drawn| drawn.place == place).map(|at| before.swap_remove(at));
        BEFORE.set(before);
        let view = match known {
            Some(Self { view: mut known, .. }) => {
                view.rebuild(&mut known);
                known
            }
            None if is_there && place.child_element_count() > 0 => {
                view.hydrate_from_position::<true>(&place, Position::FirstChild)
            }
            None => {
                place.set_text_content(None);
                let mut built = view.build();
                built.mount(&place, None);
                built
            }
        };
        Self { place, view }
    }

    fn hand_over(self) {
        // What is dropped may hand over what is in it.
        let (mut there, gone): (Vec<_>, Vec<_>) =
            BEFORE.take().into_iter().partition(|drawn| drawn.place.is_connected());
        there.push(self);
        BEFORE.set(there);
        drop(gone);
    }
}
