//! A page that cannot be shown, and why.

use leptos::prelude::*;

use super::leave_for_sign_in;
use crate::error::UiError;

#[component]
pub(crate) fn Refused(error: UiError) -> impl IntoView {
    let (title, status) = match &error {
        UiError::Rejected(domain::Error::NotFound { .. }) => ("There is no such page", 404),
        UiError::Rejected(error) => ("This did not work", error.status()),
        UiError::Transport(_) => ("This did not work", 500),
    };
    if let UiError::Rejected(domain::Error::Unauthenticated) = error {
        Effect::new(|_| leave_for_sign_in());
    } else {
        #[cfg(feature = "ssr")]
        crate::server::set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
    view! {
        <main class="mx-auto max-w-md px-6 py-24 text-center">
            <h1 class="text-xl font-semibold">{title}</h1>
            <p class="mt-2 text-muted">{error.to_string()}</p>
            <a class="button mt-6" href="/" rel="external">"Go to your flags"</a>
        </main>
    }
}
