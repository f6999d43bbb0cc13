//! The ways in: signing in and up, choosing a new password, accepting an invitation, making the first organization.

mod api;
mod forgot;
mod invitation;
mod reset;
mod sign_in;
mod sign_up;
mod verify;
mod welcome;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub(crate) use forgot::ForgotPage;
pub(crate) use invitation::InvitationPage;
pub(crate) use reset::ResetPage;
pub(crate) use sign_in::SignInPage;
pub(crate) use sign_up::SignUpPage;
pub(crate) use verify::VerifyPage;
pub(crate) use welcome::WelcomePage;

/// The ways in that the instance has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Whether the demo's people can be signed in as.
    pub demo: bool,
    /// Whether there are accounts with passwords.
    pub local_accounts: bool,
    /// Whether anybody may sign up without an invitation.
    pub sign_up: bool,
    /// Whether letters are sent.
    pub letters: bool,
    /// The providers to sign in through: name in addresses, and name for people.
    pub providers: Vec<(String, String)>,
    /// The address of whoever is signed in already.
    pub signed_in: Option<String>,
}

/// The ways in. Known on a page that was loaded whole: links between these pages are external for that.
pub(crate) fn entrance() -> Entrance {
    #[cfg(feature = "ssr")]
    let on_server = crate::server::entrance;
    #[cfg(not(feature = "ssr"))]
    let on_server = Entrance::default;
    SharedValue::new(on_server).into_inner()
}

/// A button for each provider.
#[component]
fn Providers(providers: Vec<(String, String)>, #[prop(into)] invitation: String) -> impl IntoView {
    let button = |(id, label): (String, String)| {
        let invitation = (!invitation.is_empty())
            .then(|| view! { <input type="hidden" name="invitation" value=invitation.clone() /> });
        view! {
            <form method="post" action=format!("/auth/{id}")>
                {invitation} <button class="button h-10 w-full justify-center">"Continue with " {label}</button>
            </form>
        }
    };
    let buttons = providers.into_iter().map(button).collect_view();
    view! { <div class="mt-6 grid gap-2 empty:hidden">{buttons}</div> }
}

/// What the address says under a name.
fn query(name: &'static str) -> String {
    leptos_router::hooks::use_query_map().read_untracked().get(name).unwrap_or_default()
}
