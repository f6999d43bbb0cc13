use leptos::prelude::*;

use super::query;
use crate::flash::{Message, flash};
use crate::ui::field::Field;
use crate::ui::frame::Narrow;

const FORM: &str = "/reset-password";

/// Where a link leads by which somebody chooses a new password. Looking at it spends nothing.
#[component]
pub(crate) fn ResetPage() -> impl IntoView {
    let flash = flash();
    view! {
        <Narrow title="Choose a new password">
            <Message flash=flash.clone() form=FORM fields=&["password"] />
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="token" value=query("token") />
                <Field
                    flash=flash.clone()
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 10 characters. All your sessions end."
                />
                <button class="button button-primary h-10 justify-center">"Change password"</button>
            </form>
            <p class="mt-4 text-sm"><a class="link" href="/sign-in" rel="external">"Back to signing in"</a></p>
        </Narrow>
    }
    .into_any()
}
