use leptos::prelude::*;

use super::{Providers, entrance, query};
use crate::flash::{Message, flash};
use crate::ui::field::Field;
use crate::ui::frame::Narrow;

const FORM: &str = "/sign-in";

#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let entrance = entrance();
    let flash = flash();
    let next = query("next");
    let local = entrance.local_accounts.then(|| {
        let sign_up = entrance.sign_up.then(|| {
            view! {
                <p class="mt-4 text-sm text-muted">
                    "New here? " <a class="link" href="/sign-up" rel="external">"Create an account"</a>
                </p>
            }
        });
        let lost = match entrance.letters {
            true => view! { <a class="link" href="/forgot-password" rel="external">"Lost your password?"</a> }.into_any(),
            false => view! { "Lost your password? Ask whoever runs your Togglebit for a reset link." }.into_any(),
        };
        view! {
            <form method="post" action=FORM class="mt-6 grid gap-4">
                <input type="hidden" name="next" value=next />
                <Field flash=flash.clone() name="email" label="E-mail" kind="email" autocomplete="username" />
                <Field flash=flash.clone() name="password" label="Password" kind="password" autocomplete="current-password" />
                <button class="button button-primary h-10 justify-center">"Sign in"</button>
            </form>
            {sign_up}
            <p class="mt-2 text-sm text-muted">{lost}</p>
        }
    });
    view! {
        <Narrow title="Sign in">
            <Message flash=flash.clone() form=FORM fields=&["email", "password"] />
            {entrance.demo.then(demo_people)}
            <Providers providers=entrance.providers.clone() invitation="" />
            {local}
        </Narrow>
    }
    .into_any()
}

fn demo_people() -> impl IntoView {
    view! {
        <div class="mt-2 border-b border-line pb-6">
            <p class="text-muted">
                "This instance runs the demo: flags to try things on, and people who may do more or less."
            </p>
            <form method="post" action="/sign-in/demo" class="mt-4 grid gap-2">
                <button class="button h-10 justify-center" name="role" value="developer">
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
        </div>
    }
}
