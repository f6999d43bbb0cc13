//! A page that cannot be shown, and why.

use leptos::prelude::*;
use leptos_meta::Title;

use super::failure::{Failure, FailureNote};
use super::leave_for_sign_in;
use crate::error::UiError;

#[component]
pub(crate) fn Refused(error: UiError) -> impl IntoView {
    view! {
        <main>
            {note(&error, false, true)}
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
) -> impl IntoView {
    note(&error, true, !aside)
}

fn note(error: &UiError, is_part: bool, is_titled: bool) -> AnyView {
    let failure = Failure::from(error);
    if let UiError::Rejected(domain::Error::Unauthenticated) = error {
        Effect::new(|_| leave_for_sign_in());
    } else {
        #[cfg(feature = "ssr")]
        crate::server::set_status(failure.status);
    }
    // The page's own is that of what is not shown.
    let title = is_titled.then(|| view! { <Title text=failure.title /> });
    view! {
        {title}
        <FailureNote failure is_part />
    }
    .into_any()
}
