use leptos::prelude::*;

use super::entrance;
use crate::flash::{Message, flash};
use crate::ui::field::Field;
use crate::ui::frame::Narrow;

const FORM: &str = "/forgot-password";

/// Where somebody who lost their password asks for a letter with a link to choose another one.
#[component]
pub(crate) fn ForgotPage() -> impl IntoView {
    let flash = flash();
    let form = match entrance().letters {
        true => view! {
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <Field
                    flash=flash.clone()
                    name="email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    hint="You get an e-mail with a link to choose another password."
                />
                <button class="button button-primary h-10 justify-center">"Send a link"</button>
            </form>
        }
        .into_any(),
        false => view! {
            <p class="mt-4 text-muted">"This server does not send e-mail. Ask whoever runs your Togglebit for a reset link."</p>
        }
        .into_any(),
    };
    view! {
        <Narrow title="Lost your password?">
            <Message flash=flash.clone() form=FORM fields=&["email"] />
            {form}
            <p class="mt-4 text-sm text-muted"><a class="link" href="/sign-in" rel="external">"Back to signing in"</a></p>
        </Narrow>
    }
    .into_any()
}
