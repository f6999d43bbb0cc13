use domain::accounts::{AccountView, SessionView, TokenView};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{Account, load_account};
use crate::flash::{Flash, Message, flash};
use crate::ui::field::{Choice, Field};
use crate::ui::frame::{Bar, Once, Section};
use crate::ui::live::Live;
use crate::ui::refused::Refused;
use crate::ui::time::{date, exact};

const PROVIDERS: &str = "/account";
const VERIFIED: &str = "/verify-email";
const ADDRESS: &str = "/account/verification";
const NAME: &str = "/account/name";
const PASSWORD: &str = "/account/password";
const TOKENS: &str = "/account/tokens";
const SESSIONS: &str = "/account/sessions";
const DELETE: &str = "/account/delete";

#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let account = Resource::new_blocking(|| (), |()| load_account());
    let flash = flash();
    view! {
        <Title text="Account" />
        <Suspense>
            {move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match account.await {
                        Ok(account) => page(account, flash).into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn page(account: Account, flash: Flash) -> impl IntoView {
    let Account { account, sessions, tokens, providers, letters } = account;
    let person = account.person.clone();
    view! {
        <Live />
        <Bar name=person.name />
        <main class="mx-auto max-w-[1000px] px-4 py-8 sm:px-6">
            <h1 class="text-xl font-semibold tracking-tight">"Account"</h1>
            <p class="mt-1 mb-6 text-muted [overflow-wrap:anywhere]">
                {person.email} {if account.email_verified { ", verified" } else { ", not verified" }} ", since "
                {date(account.created_at)}
            </p>
            <Message flash=flash.clone() form=VERIFIED fields=&[] />
            {profile(account.clone(), flash.clone())} {address(account.clone(), letters, flash.clone())} {password(account.clone(), flash.clone())} {identities(account, providers, flash.clone())}
            {sessions_of(sessions, flash.clone())}
            {tokens_of(tokens, flash.clone())} {privacy(flash)}
        </main>
    }
}

fn profile(account: AccountView, flash: Flash) -> impl IntoView {
    view! {
        <Section title="Profile">
            <form method="post" action=NAME class="grid max-w-sm gap-4">
                <Field flash=of(&flash, NAME) name="name" label="Name" autocomplete="name" value=account.person.name.clone() />
                <button class="button justify-self-start">"Save name"</button>
            </form>
            <Message flash=flash.clone() form=NAME fields=&["name"] />
        </Section>
    }
}

/// The address, and how it is proven. Nothing where it is, or cannot be.
fn address(account: AccountView, letters: bool, flash: Flash) -> impl IntoView {
    let text =
        "Until you have proven that your address is yours, invitations to it do not show up by themselves.";
    let is_needed = letters && !account.email_verified;
    let message = view! { <Message flash=flash form=ADDRESS fields=&[] /> };
    is_needed.then(move || {
        view! {
            <Section title="Address" about=text>
                <form method="post" action=ADDRESS>
                    <button class="button">"Send a letter to " {account.person.email}</button>
                </form>
                {message}
            </Section>
        }
    })
}

fn password(account: AccountView, flash: Flash) -> impl IntoView {
    let own = of(&flash, PASSWORD);
    let current = account.has_password.then(|| {
        view! {
            <Field flash=own.clone() name="current" label="Current password" kind="password" autocomplete="current-password" />
        }
    });
    let label = if account.has_password { "Change password" } else { "Set password" };
    view! {
        <Section title="Password" about="Changing it ends all other sessions.">
            <form method="post" action=PASSWORD class="grid max-w-sm gap-4">
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

fn identities(account: AccountView, providers: Vec<(String, String)>, flash: Flash) -> impl IntoView {
    let is_connected = |id: &str| account.identities.iter().any(|identity| identity.provider == id);
    let connect: Vec<_> = providers.iter().filter(|(id, _)| !is_connected(id)).cloned().collect();
    let name_of =
        |id: &str| providers.iter().find(|(known, _)| known == id).map_or(id, |(_, label)| label).to_owned();
    let row = |identity: &domain::accounts::IdentityView| {
        view! {
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                <span class="min-w-0 [overflow-wrap:anywhere]">
                    {name_of(&identity.provider)}
                    <span class="block text-sm text-muted">
                        {identity.email.clone()} " · last used " {exact(identity.last_used_at)}
                    </span>
                </span>
                <form method="post" action="/account/disconnect">
                    <button class="button" name="provider" value=identity.provider.clone()>
                        "Disconnect"<span class="sr-only">" " {name_of(&identity.provider)}</span>
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
            <Section title="Providers" about="Where you can sign in from.">
                <ul class="divide-y divide-line">{rows}</ul>
                <div class="mt-3 flex flex-wrap gap-2">{buttons}</div>
                <Message flash form=PROVIDERS fields=&[] />
            </Section>
        }
    })
}

fn sessions_of(sessions: Vec<SessionView>, flash: Flash) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.is_current).count();
    let row = |session: SessionView| {
        let end = if session.is_current {
            view! { <span class="text-sm text-muted">"This one"</span> }.into_any()
        } else {
            view! {
                <form method="post" action="/account/sessions/end">
                    <button class="button" name="session" value=session.id.to_string()>
                        "End"<span class="sr-only">" the session of " {session.device.clone()}</span>
                    </button>
                </form>
            }
            .into_any()
        };
        view! {
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                <span class="min-w-0 [overflow-wrap:anywhere]">
                    {session.device.clone()}
                    <span class="block text-sm text-muted">
                        {session.address} " · signed in " {exact(session.signed_in_at)} " · last used " {exact(session.last_used_at)}
                    </span>
                </span>
                {end}
            </li>
        }
    };
    let all = (others > 0).then(|| {
        view! {
            <form method="post" action="/account/sessions/end-others" class="mt-3">
                <button class="button">"End all others"</button>
            </form>
        }
    });
    view! {
        <Section title="Sessions" about="Where you are signed in.">
            <ul class="divide-y divide-line">{sessions.into_iter().map(row).collect_view()}</ul>
            {all} <Message flash=flash.clone() form=SESSIONS fields=&[] />
        </Section>
    }
}

fn tokens_of(tokens: Vec<TokenView>, flash: Flash) -> impl IntoView {
    let own = of(&flash, TOKENS);
    let row = |token: TokenView| {
        let ends =
            token.expires_at.map_or_else(|| "never ends".to_owned(), |at| format!("ends {}", date(at)));
        let used = token
            .last_used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("last used {}", exact(at)));
        view! {
            <li class="flex flex-wrap items-center justify-between gap-2 py-2">
                <span class="min-w-0 [overflow-wrap:anywhere]">
                    {token.name.clone()} " " <code class="font-mono text-sm text-muted">{token.prefix} "…"</code>
                    <span class="block text-sm text-muted">{token.scope.as_str()} " · " {ends} " · " {used}</span>
                </span>
                <form method="post" action="/account/tokens/revoke">
                    <button class="button" name="token" value=token.id.to_string()>
                        "Revoke"<span class="sr-only">" " {token.name}</span>
                    </button>
                </form>
            </li>
        }
    };
    let secret = own.secret.clone().map(|secret| view! { <Once label="Your new token" secret /> });
    view! {
        <Section title="Tokens" about="For scripts, in your name: with your rights at most, and never on your account itself.">
            <ul class="mb-4 divide-y divide-line empty:hidden">{tokens.into_iter().map(row).collect_view()}</ul>
            {secret}
            <form method="post" action=TOKENS class="grid max-w-sm gap-4">
                <Field flash=own.clone() name="name" label="Name of a new token" />
                <div class="flex flex-wrap gap-4">
                    <Choice id="token-scope" name="scope" label="May">
                        <option value="read">"read"</option>
                        <option value="write">"read and write"</option>
                    </Choice>
                    <Choice id="token-days" name="days" label="Ends after">
                        <option value="30">"30 days"</option>
                        <option value="90">"90 days"</option>
                        <option value="365">"a year"</option>
                        <option value="">"never"</option>
                    </Choice>
                </div>
                <button class="button justify-self-start">"Create token"</button>
            </form>
            <Message flash=flash.clone() form=TOKENS fields=&["name"] />
        </Section>
    }
}

fn privacy(flash: Flash) -> impl IntoView {
    view! {
        <Section
            title="Your data"
            about="What you did stays in the logs of your organizations, without what says who you were."
        >
            <a class="button" href="/api/v1/me/export" rel="external" download="togglebit-account.json">"Export as JSON"</a>
            <form method="post" action=DELETE class="mt-6 grid max-w-sm gap-4">
                <Field
                    flash=of(&flash, DELETE)
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
}

/// What was said of one of the page's forms; of the others nothing.
fn of(flash: &Flash, form: &'static str) -> Flash {
    match flash.form == form {
        true => flash.clone(),
        false => Flash { form: form.to_owned(), ..Flash::default() },
    }
}
