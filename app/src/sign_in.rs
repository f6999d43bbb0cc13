//! Signing in. Until there are accounts, only as one of the demo's people, and only where the demo is on.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::logo::Logo;

#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    let on_server = crate::server::demo_on;
    #[cfg(not(feature = "ssr"))]
    let on_server = || false;
    let demo = SharedValue::new(on_server).into_inner();
    view! {
        <Title text="Sign in" />
        <main class="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-6 py-16">
            <Logo />
            <h1 class="mt-8 text-2xl font-semibold tracking-tight">"Sign in"</h1>
            {if demo { demo_people().into_any() } else { no_accounts().into_any() }}
        </main>
    }
    .into_any()
}

fn demo_people() -> impl IntoView {
    view! {
        <p class="mt-2 text-muted">
            "This instance runs the demo: flags to try things on, and people who may do more or less."
        </p>
        <form method="post" action="/sign-in/demo" class="mt-6 grid gap-2">
            <button class="button button-primary h-10 justify-center" name="role" value="developer">
                "Continue as demo developer"
            </button>
            <button class="button h-10 justify-center" name="role" value="member">
                "Continue as demo member"
            </button>
            <button class="button h-10 justify-center" name="role" value="owner">
                "Continue as demo owner"
            </button>
        </form>
        <p class="mt-4 text-sm text-muted">
            "A developer switches flags, but may only switch off in production. A member looks on. An owner may do everything."
        </p>
    }
}

fn no_accounts() -> impl IntoView {
    view! {
        <p class="mt-2 text-muted">
            "Nobody can sign in here yet: this instance has no accounts. Start it with "
            <code class="font-mono text-sm">"TOGGLEBIT_DEMO=true"</code> " to look around."
        </p>
    }
}
