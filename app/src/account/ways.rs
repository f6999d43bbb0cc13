//! How one signs in: by a password, and through providers.

use domain::Millis;
use domain::accounts::{AccountView, IdentityView};
use leptos::prelude::*;

use crate::flash::{Flash, Message};
use crate::ui::field::Field;
use crate::ui::frame::Section;
use crate::ui::icon::Icon;
use crate::ui::time::{ago, exact};

const PASSWORD: &str = "/account/password";
const PROVIDERS: &str = "/account";

#[component]
pub(super) fn Password(account: AccountView, flash: Flash) -> impl IntoView {
    let own = flash.of(PASSWORD);
    let current = account.has_password.then(|| {
        view! {
            <Field flash=own.clone() name="current" label="Current password" kind="password" autocomplete="current-password" />
        }
    });
    let label = if account.has_password { "Change password" } else { "Set password" };
    view! {
        <Section id="password" title="Password" about="Changing it ends all other sessions.">
            <form method="post" action=PASSWORD class="grid max-w-md gap-4">
                // So that password managers know whose it is.
                <input class="hidden" type="text" name="username" autocomplete="username" value=account.person.email.clone() readonly />
                {current}
                <Field
                    flash=own.clone()
                    name="new"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 10 characters."
                />
                <button class="button justify-self-start">{label}</button>
            </form>
            <Message flash=flash.clone() form=PASSWORD fields=&["current", "new"] />
        </Section>
    }
}

#[component]
pub(super) fn Identities(
    account: AccountView,
    /// Name in addresses, and name for people.
    providers: Vec<(String, String)>,
    now: Millis,
    flash: Flash,
) -> impl IntoView {
    let is_connected = |id: &str| account.identities.iter().any(|identity| identity.provider == id);
    let connect: Vec<_> = providers.iter().filter(|(id, _)| !is_connected(id)).cloned().collect();
    let name_of =
        |id: &str| providers.iter().find(|(known, _)| known == id).map_or(id, |(_, label)| label).to_owned();
    let row = |identity: &IdentityView| {
        let name = name_of(&identity.provider);
        view! {
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                <span class="flex min-w-0 items-center gap-2.5">
                    <Icon of=icondata_lu::LuLink />
                    <span class="min-w-0 [overflow-wrap:anywhere]">
                        {name.clone()}
                        <span class="block text-sm text-muted">
                            {identity.email.clone()} " · last used "
                            <time title=exact(identity.last_used_at)>{ago(now, identity.last_used_at)}</time>
                        </span>
                    </span>
                </span>
                <form method="post" action="/account/disconnect">
                    <button class="button" name="provider" value=identity.provider.clone()>
                        "Disconnect"<span class="sr-only">" " {name}</span>
                    </button>
                </form>
            </li>
        }
    };
    let rows = account.identities.iter().map(row).collect_view();
    let is_shown = !account.identities.is_empty() || !providers.is_empty();
    let buttons = connect.into_iter().map(|(id, label)| {
        view! {
            <form method="post" action=format!("/auth/{id}")>
                <button class="button" name="connect" value="true">"Connect " {label}</button>
            </form>
        }
    });
    let buttons = buttons.collect_view();
    is_shown.then(|| {
        view! {
            <Section id="providers" title="Providers" about="Where you can sign in from.">
                <ul class="-mt-2 divide-y divide-line empty:hidden">{rows}</ul>
                <div class="mt-3 flex flex-wrap gap-2 empty:hidden">{buttons}</div>
                <Message flash form=PROVIDERS fields=&[] />
            </Section>
        }
    })
}
