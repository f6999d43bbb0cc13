//! What is kept of oneself, and its end.

use leptos::prelude::*;

use crate::flash::{Flash, Message};
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::icon::Icon;

const DELETE: &str = "/account/delete";

#[component]
pub(super) fn Privacy(flash: Flash) -> impl IntoView {
    view! {
        <Section
            id="data"
            title="Your data"
            about="Your actions stay in the audit logs of your organizations, without your name and address."
        >
            <a class="button" href="/api/v1/me/export" rel="external" download="togglebit-account.json">
                <Icon of=icondata_lu::LuDownload />
                "Export as JSON"
            </a>
            <form method="post" action=DELETE class="mt-6 grid max-w-md gap-4">
                <Field
                    flash=flash.of(DELETE)
                    name="confirm"
                    label="Your e-mail address, to delete your account"
                    kind="email"
                    autocomplete="off"
                />
                <button class="button button-danger justify-self-start">"Delete account"</button>
            </form>
            <Message flash=flash.clone() form=DELETE fields=&["confirm"] />
        </Section>
    }
    .into_any()
}
