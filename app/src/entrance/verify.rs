use leptos::prelude::*;

use super::query;
use crate::flash::{Message, flash};
use crate::ui::frame::Narrow;

const FORM: &str = "/verify-email";

/// Where the link of a letter leads by which somebody proves their address. Looking at it spends nothing: programs that look
/// into letters do.
#[component]
pub(crate) fn VerifyPage() -> impl IntoView {
    let flash = flash();
    let here = format!("{FORM}?token={}", query("token"));
    let sign_in = format!("/sign-in?next={}", leptos_router::location::Url::escape(&here));
    view! {
        <Narrow title="Confirm your address">
            <Message flash=flash.clone() form=FORM fields=&[] />
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="token" value=query("token") />
                <button class="button button-primary h-10 justify-center">"This address is mine"</button>
            </form>
            <p class="mt-4 text-sm text-muted">
                "You must be signed in to the account that it belongs to. "
                <a class="link" href=sign_in rel="external">"Sign in"</a>
            </p>
        </Narrow>
    }
    .into_any()
}
