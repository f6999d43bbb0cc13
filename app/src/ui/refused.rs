//! A page that cannot be shown, and why.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::failure::{FailedPart, Failure, FailureNote, WayOn};
use super::leave_for_sign_in;
use crate::error::UiError;

#[component]
pub(crate) fn Refused(error: UiError) -> impl IntoView {
    view! {
        <main>
            {note(&error, false, true, None)}
        </main>
    }
}

/// The same on a page that has other parts.
#[component]
pub(crate) fn Problem(
    error: UiError,
    /// Whether the page has its say without it, and so keeps its title.
    #[prop(optional)]
    aside: bool,
    /// Where one goes on, if not to the same page without what its address asks for.
    #[prop(optional)]
    way_on: Option<WayOn>,
) -> impl IntoView {
    note(&error, true, !aside, way_on)
}

fn note(error: &UiError, is_part: bool, is_titled: bool, way_on: Option<WayOn>) -> AnyView {
    let failure = Failure::from(error);
    if let UiError::Rejected(domain::Error::Unauthenticated) = error {
        Effect::new(|_| leave_for_sign_in());
    } else {
        #[cfg(feature = "ssr")]
        crate::server::set_status(failure.status);
    }
    // The page's own is that of what is not shown.
    let title = is_titled.then(|| view! { <Title text=failure.title /> });
    let location = use_location();
    let path = location.pathname.get_untracked();
    if !is_part {
        let way_on = failure.way_on(&path);
        return view! { {title} <FailureNote failure way_on /> }.into_any();
    }
    let is_asked = is_titled && !location.search.read_untracked().is_empty();
    let failure = match failure.status {
        400 if is_asked => failure.remedy("It stands in the address of this page."),
        _ => failure,
    };
    let is_of_address = is_asked && matches!(failure.status, 400 | 404);
    let way_on = way_on.or_else(|| is_of_address.then_some((path, "Reset the view")));
    view! {
        {title}
        <div class="my-4 max-w-2xl">
            <FailedPart failure way_on />
        </div>
    }
    .into_any()
}
