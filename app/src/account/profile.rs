//! Who one is: the name, and the address with how it is proven.

use domain::accounts::AccountView;
use leptos::prelude::*;

use crate::flash::{Flash, Message};
use crate::ui::field::Field;
use crate::ui::frame::Section;

const NAME: &str = "/account/name";
const ADDRESS: &str = "/account/verification";

#[component]
pub(super) fn Profile(account: AccountView, flash: Flash) -> impl IntoView {
    view! {
        <Section id="profile" title="Profile" about="What others in your organizations see of you.">
            <form method="post" action=NAME class="grid max-w-md gap-4">
                <Field flash=flash.of(NAME) name="name" label="Name" autocomplete="name" value=account.person.name.clone() />
                <button class="button justify-self-start">"Save name"</button>
            </form>
            <Message flash=flash.clone() form=NAME fields=&["name"] />
        </Section>
    }
}

/// The address, and how it is proven. Nothing where it is, or cannot be.
#[component]
pub(super) fn Address(account: AccountView, letters: bool, flash: Flash) -> impl IntoView {
    let text =
        "Until you have proven that your address is yours, invitations to it do not show up by themselves.";
    let is_needed = letters && !account.email_verified;
    is_needed.then(move || {
        view! {
            <Section title="Address" about=text>
                <form method="post" action=ADDRESS>
                    <button class="button max-w-full">
                        <span class="min-w-0 truncate">"Send an e-mail to " {account.person.email.clone()}</span>
                    </button>
                </form>
                <Message flash=flash.clone() form=ADDRESS fields=&[] />
            </Section>
        }
    })
}
