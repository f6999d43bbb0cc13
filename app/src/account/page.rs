//! The page, with a part for each matter.

use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{Account, load_account};
use super::privacy::Privacy;
use super::profile::{Address, Profile};
use super::sessions::Sessions;
use super::tokens::Tokens;
use super::ways::{Identities, Password};
use crate::flash::{Flash, Message, flash};
use crate::ui::avatar::Avatar;
use crate::ui::frame::{Back, Bar, Contents};
use crate::ui::live::Live;
use crate::ui::loaded::Loaded;
use crate::ui::refused::Refused;
use crate::ui::time::date;
use crate::ui::waiting::awaited;

/// What a letter's link leads to, which ends here.
const VERIFIED: &str = "/verify-email";

#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let account = Loaded::blocking(|| (), |()| load_account());
    let flash = flash();
    view! {
        <Title text="Account" />
        <Suspense>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match account.await {
                        Ok(account) => view! { <Whole account flash /> }.into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Whole(account: Account, flash: Flash) -> impl IntoView {
    let Account { now, account, sessions, tokens, providers, letters } = account;
    let person = account.person.clone();
    let has_providers = !account.identities.is_empty() || !providers.is_empty();
    let mut parts = vec![("profile", "Profile"), ("password", "Password")];
    parts.extend(has_providers.then_some(("providers", "Providers")));
    parts.extend([("sessions", "Sessions"), ("tokens", "Tokens"), ("data", "Your data")]);
    view! {
        <Live />
        <Bar name=person.name.clone() />
        <main class="page">
            <Back href="/".to_owned() name="Flags" rel="external" />
            <div class="mt-2 flex items-center gap-3">
                <Avatar name=person.name is_you=true />
                <h1 class="text-xl font-semibold tracking-tight">"Account"</h1>
            </div>
            <p class="mt-1 mb-3 text-muted [overflow-wrap:anywhere]">
                {person.email} {if account.email_verified { ", verified" } else { ", not verified" }} ", since "
                {date(account.created_at)}
            </p>
            <Message flash=flash.clone() form=VERIFIED fields=&[] />
            <div class="mb-6">
                <Contents label="On this page" parts />
            </div>
            <Profile account=account.clone() flash=flash.clone() />
            <Address account=account.clone() letters flash=flash.clone() />
            <Password account=account.clone() flash=flash.clone() />
            <Identities account providers now flash=flash.clone() />
            <Sessions sessions now flash=flash.clone() />
            <Tokens tokens now flash=flash.clone() />
            <Privacy flash />
        </main>
    }
    .into_any()
}
