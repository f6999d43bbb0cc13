//! Togglebit's dashboard: pages, widgets, and server functions that are three lines each.
//!
//! With the feature `ssr` it renders on the server, with `hydrate` it takes over in the browser. Both must render the
//! same: no clock, no randomness, no browser in a view; those belong in effects.
#![expect(unreachable_pub, reason = "leptos' component macro makes every component `pub` inside")]

mod account;
mod api_keys;
mod audit;
pub mod entrance;
mod environments;
mod error;
mod flag;
mod flags;
pub mod flash;
mod form;
#[cfg(feature = "ssr")]
pub mod landing;
mod organization;
mod place;
mod playground;
mod quickstart;
#[cfg(feature = "ssr")]
pub mod server;
mod ui;
mod usage;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use account::AccountPage;
use api_keys::{ApiKeyPage, ApiKeysPage, NewApiKeyPage};
use audit::AuditPage;
use entrance::{ForgotPage, InvitationPage, ResetPage, SignInPage, SignUpPage, VerifyPage, WelcomePage};
use environments::{EnvironmentPage, EnvironmentsPage};
use flag::FlagPage;
use flags::{FlagsPage, NewFlagPage};
use organization::OrganizationPage;
use place::PlaceFrame;
use playground::PlaygroundPage;
use quickstart::QuickstartPage;
use ui::failure::{Failure, FailureNote};
use ui::logo::Logo;
use ui::toast::Toaster;
use usage::UsagePage;

/// The document around the application; rendered on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let scripts = view! {
        <AutoReload options=options.clone() />
        <HydrationScripts options=options.clone() />
        <script src="/live.js" defer></script>
    };
    document(options, scripts.into_any(), view! { <App /> }.into_any())
}

/// The document about a page that does not exist: complete without script.
#[cfg(feature = "ssr")]
pub fn missing(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    document(options, ().into_any(), view! { <NotFound /> }.into_any())
}

/// The document about a request that came to nothing before a page was reached: complete without script.
#[cfg(feature = "ssr")]
pub fn failed(
    options: LeptosOptions,
    error: &domain::Error,
    // The request's, for errors without an id of their own.
    id: Option<String>,
    // Whether looking at the address again repeats the request.
    is_looked_at: bool,
) -> impl IntoView + use<> {
    provide_meta_context();
    let failure = Failure::from(error).or_id(id);
    let failure = if is_looked_at { failure } else { failure.once() };
    document(options, ().into_any(), view! { <Failed failure /> }.into_any())
}

#[cfg(feature = "ssr")]
fn document(options: LeptosOptions, scripts: AnyView, body: AnyView) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};
    server::protect(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=server::theme().attribute() data-sidebar=server::sidebar()>
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
    ui::live::provide();
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
                <ParentRoute path=path!("/o/:organization/:project") view=PlaceFrame ssr=SsrMode::Async>
                    <Route path=path!("flags") view=FlagsPage />
                    <Route path=path!("flags/new") view=NewFlagPage />
                    <Route path=path!("flags/:key") view=FlagPage />
                    <Route path=path!("environments") view=EnvironmentsPage />
                    <Route path=path!("environments/:key") view=EnvironmentPage />
                    <Route path=path!("keys") view=ApiKeysPage />
                    <Route path=path!("keys/new") view=NewApiKeyPage />
                    <Route path=path!("keys/:id") view=ApiKeyPage />
                    <Route path=path!("usage") view=UsagePage />
                    <Route path=path!("audit") view=AuditPage />
                    <Route path=path!("playground") view=PlaygroundPage />
                    <Route path=path!("quickstart") view=QuickstartPage />
                </ParentRoute>
            </Routes>
        </Router>
        <Toaster toasts />
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let failure = Failure::missing();
    #[cfg(feature = "ssr")]
    server::set_status(failure.status);
    view! { <Failed failure /> }.into_any()
}

/// A failure in the place of everything.
#[component]
fn Failed(failure: Failure) -> impl IntoView {
    view! {
        <Title text=failure.title />
        <header class="px-6 py-4">
            <Logo />
        </header>
        <main>
            <FailureNote failure />
        </main>
    }
}
