//! Personal tokens.

use domain::Millis;
use domain::accounts::{TokenScope, TokenView};
use leptos::prelude::*;

use crate::flash::{Flash, Message};
use crate::ui::field::{Choice, Field};
use crate::ui::frame::{Once, Section};
use crate::ui::time::{ago, exact, until};

const TOKENS: &str = "/account/tokens";

#[component]
pub(super) fn Tokens(tokens: Vec<TokenView>, now: Millis, flash: Flash) -> impl IntoView {
    let own = flash.of(TOKENS);
    let secret = own.secret.clone().map(|secret| view! { <Once label="Your new token" secret /> });
    let rows = tokens.into_iter().map(|token| row(token, now)).collect_view();
    view! {
        <Section id="tokens" title="Tokens" about="For scripts, in your name: with your rights at most, and never on your account itself.">
            <ul class="-mt-2 mb-6 divide-y divide-line empty:hidden">{rows}</ul>
            {secret}
            <form method="post" action=TOKENS class="grid max-w-md gap-4">
                <Field flash=own.clone() name="name" label="Name of a new token" autocomplete="off" />
                <div class="grid gap-4 sm:grid-cols-2">
                    <Choice id="token-scope" name="scope" label="Access">
                        <option value="read">"Read only"</option>
                        <option value="write">"Read and write"</option>
                    </Choice>
                    <Choice id="token-days" name="days" label="Expires">
                        <option value="30">"In 30 days"</option>
                        <option value="90">"In 90 days"</option>
                        <option value="365">"In a year"</option>
                        <option value="">"Never"</option>
                    </Choice>
                </div>
                <button class="button justify-self-start">"Create token"</button>
            </form>
            <Message flash=flash.clone() form=TOKENS fields=&["name"] />
        </Section>
    }
    .into_any()
}

fn row(token: TokenView, now: Millis) -> AnyView {
    let TokenView { id, name, scope, prefix, expires_at, last_used_at, .. } = token;
    let ends = match expires_at {
        None => view! { "never expires" }.into_any(),
        Some(at) if at <= now => view! { <time title=exact(at)>"has expired"</time> }.into_any(),
        Some(at) => view! { "expires " <time title=exact(at)>{until(now, at)}</time> }.into_any(),
    };
    let used = match last_used_at {
        None => view! { "never used" }.into_any(),
        Some(at) => view! { "last used " <time title=exact(at)>{ago(now, at)}</time> }.into_any(),
    };
    let may = match scope {
        TokenScope::Read => "read only",
        TokenScope::Write => "read and write",
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-2">
            <span class="min-w-0 [overflow-wrap:anywhere]">
                {name.clone()} " " <code class="font-mono text-sm text-muted">{prefix} "…"</code>
                <span class="block text-sm text-muted">{may} " · " {ends} " · " {used}</span>
            </span>
            <form method="post" action="/account/tokens/revoke">
                <button class="button" name="token" value=id.to_string()>
                    "Revoke"<span class="sr-only">" " {name}</span>
                </button>
            </form>
        </li>
    }
    .into_any()
}
