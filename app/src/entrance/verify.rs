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
    view! {
        <Narrow title="Confirm your address">
            <Message flash=flash.clone() form=FORM fields=&[] />
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="token" value=query("token") />
                <button class="button button-primary h-10 justify-center">"This address is mine"</button>
            </form>
            <p class="mt-4 text-sm text-muted">"You must be signed in to the account that it belongs to."</p>
        </Narrow>
    }
    .into_any()
}
