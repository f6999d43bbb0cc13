//! What Togglebit is, beside a flag that can be moved.

use leptos::prelude::*;

use super::rollout::{Demonstration, Rollout};

/// What holds, in a few words each. `README.md` has the same at length.
const FACTS: [(&str, &str); 4] = [
    ("Answers from memory", "A request for a flag runs no SQL, and is answered while the database is down."),
    ("One program", "On SQLite it needs nothing else. PostgreSQL and Redis join by a URL when you grow."),
    (
        "OpenFeature, no SDK of ours",
        "OFREP 0.3.0: the providers you may have already, for servers and pages.",
    ),
    (
        "Everything is kept",
        "Each change is a version, a revision you can return to, and a link in a hash chain.",
    ),
];

#[component]
pub(super) fn Hero(rollout: Rollout, mistake: Option<String>, demo: bool) -> impl IntoView {
    let facts = FACTS.map(|(name, text)| {
        view! {
            <div class="bg-page py-5 sm:px-6 sm:max-lg:odd:pl-0 lg:first:pl-0">
                <dt class="font-semibold">{name}</dt>
                <dd class="mt-1 text-muted">{text}</dd>
            </div>
        }
    });
    let hint = if demo {
        "This instance runs the demo: you can sign in without an account."
    } else {
        "Open source under the MIT licence. Your flags and your users' attributes stay with you."
    };
    view! {
        <div class="mx-auto max-w-[1200px] px-4 sm:px-6">
            <div class="grid items-center gap-12 py-12 sm:py-20 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:gap-16">
                <div>
                    <h1 class="text-[clamp(2.5rem,6vw,4rem)] leading-[1.02] font-semibold tracking-[-0.04em] text-balance">
                        "Ship it dark. Turn it on for a few. Then for all."
                    </h1>
                    <p class="mt-6 max-w-xl text-lg text-muted">
                        "Togglebit is a self-hosted feature-flag platform: one program that answers which value a flag has for a user, and a dashboard to switch flags in."
                    </p>
                    <div class="mt-8 flex flex-wrap gap-3">
                        <a class="button button-primary h-11 px-5 text-lg" href="/sign-in">"Sign in"</a>
                        <a class="button h-11 px-5 text-lg" href="#self-hosting">"Quickstart"</a>
                    </div>
                    <p class="mt-4 max-w-xl text-sm text-muted">{hint}</p>
                </div>
                <Demonstration rollout mistake />
            </div>
            <dl class="grid gap-px bg-line pt-px sm:grid-cols-2 lg:grid-cols-4">{facts.into_iter().collect_view()}</dl>
        </div>
    }
}
