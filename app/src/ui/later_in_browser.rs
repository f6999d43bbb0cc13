//! How the browser draws what it fetches after the page, in a place of its own.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, Render, RenderHtml};
use leptos::task::spawn_local_scoped_with_cancellation;
use send_wrapper::SendWrapper;
use web_sys::HtmlDivElement;

use super::later::{Fetch, LATE};
use super::later_slot::Slot;
use super::typed::{Typed, typed};
use super::waiting::Waiting;

#[derive(Clone, Copy)]
enum State {
    Fetching,
    Drawn,
    Failed,
}

/// Once for all types.
pub(super) fn draw(fetch: Fetch, quiet: bool) -> AnyView {
    let is_there = Owner::current_shared_context().is_some_and(|page| page.during_hydration());
    let state = RwSignal::new(if is_there { State::Drawn } else { State::Fetching });
    let (place, again) = (NodeRef::<Div>::new(), RwSignal::new(()));
    let slot = SendWrapper::new(Rc::new(RefCell::new(None)));
    let drawn = slot.clone();
    Effect::new(move |_| {
        again.track();
        let Some(place) = place.get() else { return };
        // What the server has drawn for what the page was before is nothing of what it is now.
        if !is_there && drawn.borrow().is_none() {
            place.set_text_content(None);
            let _ = place.remove_attribute(LATE);
        }
        let (fetching, drawn) = (fetch(), drawn.clone());
        let drawing = async move {
            match fetching.await {
                Ok(view) => {
                    let before = drawn.borrow_mut().take();
                    let now = stand(&place, view, before);
                    drawn.replace(Some(now));
                    state.set(State::Drawn);
                }
                Err(_) => state.set(State::Failed),
            }
        };
        // What it reads is not what it is drawn anew for.
        untrack(|| spawn_local_scoped_with_cancellation(drawing));
    });
    let told = move || match state.get() {
        State::Fetching if !quiet => Some(view! { <Waiting /> }.into_any()),
        State::Failed => Some(view! { <Failed again /> }.into_any()),
        State::Fetching | State::Drawn => None,
    };
    view! { <div class="contents" node_ref=place></div> {told} {Slot(slot)} }.into_any()
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

/// Draws in a place: what stood there before becomes it, so that nobody loses the field that they are in; what the server
/// has drawn is taken over, with what somebody has typed into it meanwhile.
fn stand(place: &HtmlDivElement, view: AnyView, before: Option<AnyViewState>) -> AnyViewState {
    if let Some(mut before) = before {
        view.rebuild(&mut before);
        return before;
    }
    if place.has_attribute(LATE) {
        let typed = typed(place);
        let taken_over = view.hydrate_from_position::<true>(place, Position::FirstChild);
        typed.into_iter().for_each(Typed::type_again);
        let _ = place.remove_attribute(LATE);
        return taken_over;
    }
    let mut built = view.build();
    built.mount(place, None);
    built
}
