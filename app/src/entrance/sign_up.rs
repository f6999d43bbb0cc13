use leptos::prelude::*;

use super::{Providers, entrance, query};
use crate::flash::{Message, flash};
use crate::ui::field::Field;
use crate::ui::frame::Narrow;

const FORM: &str = "/sign-up";

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let entrance = entrance();
    let flash = flash();
    let (invitation, email) = (query("invitation"), query("email"));
    let may = entrance.local_accounts && (entrance.sign_up || !invitation.is_empty());
    let form = if may {
        view! {
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="invitation" value=invitation.clone() />
                <Field flash=flash.clone() name="name" label="Name" autocomplete="name" hint="What others see." />
                <Field flash=flash.clone() name="email" label="E-mail" kind="email" autocomplete="username" value=email />
                <Field
                    flash=flash.clone()
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 10 characters. A few words that nobody would expect together are best."
                />
                <button class="button button-primary h-10 justify-center">"Create account"</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="mt-4 text-muted">"Signing up here takes an invitation. Ask whoever uses Togglebit with you."</p> }
            .into_any()
    };
    view! {
        <Narrow title="Create an account">
            <Message flash=flash.clone() form=FORM fields=&["name", "email", "password"] />
            <Providers providers=entrance.providers.clone() invitation />
            {form}
            <p class="mt-4 text-sm text-muted">
                "Already have an account? " <a class="link" href="/sign-in" rel="external">"Sign in"</a>
            </p>
        </Narrow>
    }
    .into_any()
}
