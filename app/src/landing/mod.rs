//! The page for those who are not signed in: complete HTML from the server, and a small script of its own. Nothing of it
//! is in the browser's part of the dashboard.

mod code;
mod comparison;
mod footer;
mod hero;
mod hosting;
mod navigation;
mod rollout;
mod steps;

use leptos::prelude::*;
use leptos_meta::{Meta, Title, provide_meta_context};

pub use rollout::{Person, Rollout};

use code::Code;
use comparison::Comparison;
use footer::Footer;
use hero::Hero;
use hosting::Hosting;
use navigation::Navigation;
use steps::Steps;

const TITLE: &str = "Togglebit: feature flags that you run yourself";
const DESCRIPTION: &str = "Self-hosted feature flags: one program that answers from memory, speaks OpenFeature, and rolls out to \
                           the same people on every node. MIT-licensed, on SQLite or PostgreSQL.";

/// What the page shows of this instance.
#[derive(Clone, Debug)]
pub struct Landing {
    /// What the demonstration shows before its slider is moved.
    pub rollout: Rollout,
    /// What is wrong with the percentage that the address asks for.
    pub mistake: Option<String>,
    /// Whether the demo's people can be signed in as.
    pub demo: bool,
    /// Where applications reach this instance.
    pub url: String,
}

/// The document.
pub fn landing(options: LeptosOptions, landing: Landing) -> impl IntoView {
    provide_meta_context();
    let script = view! { <script src="/landing.js" defer></script> };
    crate::document(options, script.into_any(), view! { <Page landing /> }.into_any())
}

#[component]
fn Page(landing: Landing) -> impl IntoView {
    let Landing { rollout, mistake, demo, url } = landing;
    view! {
        <Title text=TITLE />
        <Meta name="description" content=DESCRIPTION />
        <Meta property="og:title" content=TITLE />
        <Meta property="og:description" content=DESCRIPTION />
        <Meta property="og:type" content="website" />
        <Meta property="og:site_name" content="Togglebit" />
        <a class="skip button" href="#content">"Skip to the page"</a>
        <Navigation />
        <main id="content">
            <Hero rollout mistake demo />
            <Steps />
            <Code url />
            <Comparison />
            <Hosting />
        </main>
        <Footer />
    }
}

/// A part of the page, with its place in the navigation.
#[component]
fn Part(
    id: &'static str,
    title: &'static str,
    #[prop(optional)] about: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <section id=id aria-labelledby=format!("{id}-title") class="scroll-mt-16 border-t border-line">
            <div class="mx-auto max-w-[1200px] px-4 py-16 sm:px-6 sm:py-24">
                <h2
                    id=format!("{id}-title")
                    class="max-w-2xl text-[clamp(1.75rem,3.5vw,2.25rem)] leading-[1.1] font-semibold tracking-[-0.025em] text-balance"
                >
                    {title}
                </h2>
                {about.map(|about| view! { <p class="mt-3 max-w-2xl text-lg text-muted">{about}</p> })}
                <div class="mt-10">{children()}</div>
            </div>
        </section>
    }
}
