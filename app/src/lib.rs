//! Togglebit's dashboard: pages, widgets, and server functions that are three lines each.
//!
//! With the feature `ssr` it renders on the server, with `hydrate` it takes over in the browser. Both must render the
//! same: no clock, no randomness, no browser in a view; those belong in effects.
#![expect(unreachable_pub, reason = "leptos' component macro makes every component `pub` inside")]

mod account;
pub mod entrance;
mod error;
mod flags;
pub mod flash;
mod form;
mod organization;
#[cfg(feature = "ssr")]
pub mod server;
mod ui;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use account::AccountPage;
use entrance::{ForgotPage, InvitationPage, ResetPage, SignInPage, SignUpPage, VerifyPage, WelcomePage};
use flags::FlagsPage;
use organization::OrganizationPage;
use ui::toast::Toaster;

/// The document around the application; rendered on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let scripts = view! {
        <AutoReload options=options.clone() />
        <HydrationScripts options=options.clone() />
    };
    document(options, scripts.into_any(), view! { <App /> }.into_any())
}

/// The document about a page that does not exist: complete without script.
#[cfg(feature = "ssr")]
pub fn missing(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    document(options, ().into_any(), view! { <NotFound /> }.into_any())
}

#[cfg(feature = "ssr")]
fn document(options: LeptosOptions, scripts: AnyView, body: AnyView) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};
    server::protect(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=server::theme().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link
                    rel="preload"
                    href="/fonts/geist-latin-wght-normal.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                {scripts}
                <HashedStylesheet id="style" options />
                <MetaTags />
            </head>
            <body>{body}</body>
        </html>
    }
}

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    ui::theme::provide();
    let toasts = ui::toast::provide();
    view! {
        <Title formatter=|title| format!("{title} · Togglebit") />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignInPage />
                <Route path=path!("/sign-up") view=SignUpPage />
                <Route path=path!("/forgot-password") view=ForgotPage />
                <Route path=path!("/reset-password") view=ResetPage />
                <Route path=path!("/verify-email") view=VerifyPage />
                // Whole in the first answer, for those without script too.
                <Route path=path!("/invitation") view=InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/welcome") view=WelcomePage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/o/:organization/settings") view=OrganizationPage ssr=SsrMode::Async />
                <Route path=path!("/o/:organization/:project/flags") view=FlagsPage ssr=SsrMode::Async />
            </Routes>
        </Router>
        <Toaster toasts />
    }
}

#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    server::set_status(404);
    view! {
        <Title text="Not found" />
        <main class="mx-auto max-w-md px-6 py-24 text-center">
            <h1 class="text-xl font-semibold">"There is no such page"</h1>
            <p class="mt-2 text-muted">"The address may be mistyped, or what was here has moved."</p>
            <a class="button mt-6" href="/" rel="external">"Go to your flags"</a>
        </main>
    }
    .into_any()
}
