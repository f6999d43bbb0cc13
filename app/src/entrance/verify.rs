use leptos::prelude::*;
use leptos_router::location::Url;

use super::{entrance, query};
use crate::flash::{Message, flash};
use crate::ui::frame::Narrow;

const FORM: &str = "/verify-email";

/// Where the link of a letter leads by which somebody proves their address. Looking at it spends nothing: programs that look
/// into letters do.
#[component]
pub(crate) fn VerifyPage() -> impl IntoView {
    let flash = flash();
    let here = format!("{FORM}?token={}", query("token"));
    let sign_in = format!("/sign-in?next={}", Url::escape(&here));
    let step = match entrance().signed_in {
        Some(email) => view! {
            <p class="mt-4 text-muted">
                "You are signed in as " <strong class="text-ink [overflow-wrap:anywhere]">{email}</strong> "."
            </p>
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="token" value=query("token") />
                <button class="button button-primary h-10 justify-center">"Confirm this address"</button>
            </form>
        }
        .into_any(),
        None => view! {
            <p class="mt-4 text-muted">"Sign in to the account that this address belongs to, and confirm it there."</p>
            <a class="button button-primary mt-6 h-10 justify-center" href=sign_in rel="external">"Sign in to confirm"</a>
        }
        .into_any(),
    };
    view! {
        <Narrow title="Confirm your address">
            <Message flash=flash.clone() form=FORM fields=&[] />
            {step}
        </Narrow>
    }
    .into_any()
}
