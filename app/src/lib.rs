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
mod parts;
mod place;
mod playground;
mod project;
mod quickstart;
mod segments;
#[cfg(feature = "ssr")]
pub mod server;
mod templates;
mod told;
mod ui;
mod usage;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

pub use flags::filled;
use place::PlaceFrame;
pub use ui::failure::ANOTHER_SITE;
use ui::failure::{Failure, FailureNote};
use ui::logo::Logo;
use ui::toast::Toaster;

/// The document around the application; rendered on the server only. The browser's program is below the folder `program`.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions, program: String) -> impl IntoView {
    let scripts = view! {
        <AutoReload options=options.clone() />
        <HydrationScripts options=options.clone() root=program />
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
        <Title formatter=|title| ui::title(format!("{title} · Togglebit")) />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view={Lazy::<parts::SignIn>::new()} />
                <Route path=path!("/sign-up") view={Lazy::<parts::SignUp>::new()} />
                <Route path=path!("/forgot-password") view={Lazy::<parts::Forgot>::new()} />
                <Route path=path!("/reset-password") view={Lazy::<parts::Reset>::new()} />
                <Route path=path!("/verify-email") view={Lazy::<parts::Verify>::new()} />
                // Whole in the first answer, for those without script too.
                <Route path=path!("/invitation") view={Lazy::<parts::Invitation>::new()} ssr=SsrMode::Async />
                <Route path=path!("/welcome") view={Lazy::<parts::Welcome>::new()} ssr=SsrMode::Async />
                <Route path=path!("/account") view={Lazy::<parts::Account>::new()} ssr=SsrMode::Async />
                <Route path=path!("/o/:organization/settings") view={Lazy::<parts::Organization>::new()} ssr=SsrMode::Async />
                <ParentRoute path=path!("/o/:organization/:project") view=PlaceFrame ssr=SsrMode::Async>
                    <Route path=path!("flags") view={Lazy::<parts::Flags>::new()} />
                    <Route path=path!("flags/new") view={Lazy::<parts::NewFlag>::new()} />
                    <Route path=path!("flags/:key") view={Lazy::<parts::Flag>::new()} />
                    <Route path=path!("flags/:key/insights") view={Lazy::<parts::FlagInsights>::new()} />
                    <Route path=path!("flags/:key/code") view={Lazy::<parts::FlagCode>::new()} />
                    <Route path=path!("flags/:key/history") view={Lazy::<parts::FlagHistory>::new()} />
                    <Route path=path!("flags/:key/settings") view={Lazy::<parts::FlagSettings>::new()} />
                    <Route path=path!("segments") view={Lazy::<parts::Segments>::new()} />
                    <Route path=path!("segments/new") view={Lazy::<parts::NewSegment>::new()} />
                    <Route path=path!("segments/:key") view={Lazy::<parts::Segment>::new()} />
                    <Route path=path!("environments") view={Lazy::<parts::Environments>::new()} />
                    <Route path=path!("environments/:key") view={Lazy::<parts::Environment>::new()} />
                    <Route path=path!("keys") view={Lazy::<parts::ApiKeys>::new()} />
                    <Route path=path!("keys/new") view={Lazy::<parts::NewApiKey>::new()} />
                    <Route path=path!("keys/:id") view={Lazy::<parts::ApiKey>::new()} />
                    <Route path=path!("templates") view={Lazy::<parts::Templates>::new()} />
                    <Route path=path!("members") view={Lazy::<parts::Members>::new()} />
                    <Route path=path!("settings") view={Lazy::<parts::Settings>::new()} />
                    <Route path=path!("usage") view={Lazy::<parts::Usage>::new()} />
                    <Route path=path!("audit") view={Lazy::<parts::Audit>::new()} />
                    <Route path=path!("playground") view={Lazy::<parts::Playground>::new()} />
                    <Route path=path!("quickstart") view={Lazy::<parts::Quickstart>::new()} />
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
