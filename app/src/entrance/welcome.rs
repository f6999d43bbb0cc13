use domain::orgs::PendingInvitation;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{Welcome, load_welcome};
use crate::flash::{Flash, Message, flash};
use crate::ui::field::Field;
use crate::ui::frame::Bar;
use crate::ui::live::Live;
use crate::ui::loaded::Loaded;
use crate::ui::panel::Panel;
use crate::ui::refused::Refused;
use crate::ui::waiting::awaited;

const FORM: &str = "/organizations";

/// For those who belong to no organization yet, or want another one.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let welcome = Loaded::blocking(|| (), |()| load_welcome());
    let flash = flash();
    view! {
        <Suspense>
            {awaited(move || {
                let flash = flash.clone();
                Suspend::new(async move {
                    match welcome.await {
                        Ok(welcome) => page(welcome, flash).into_any(),
                        Err(error) => view! { <Refused error /> }.into_any(),
                    }
                })
            })}
        </Suspense>
    }
    .into_any()
}

fn page(welcome: Welcome, flash: Flash) -> impl IntoView {
    let Welcome { person, invitations, belongs } = welcome;
    let (title, heading) = match belongs {
        true => ("New organization", "New organization".to_owned()),
        false => ("Welcome", format!("Welcome, {}", person.name)),
    };
    // What the page is called already need not be said again.
    let create = (!belongs || !invitations.is_empty()).then(|| {
        view! { <h2 class="mt-8 text-lg font-semibold">"Create an organization"</h2> }
    });
    let back = belongs.then(|| {
        view! { <p class="mt-4 text-sm"><a class="link" href="/" rel="external">"Back to your flags"</a></p> }
    });
    let waiting = (!invitations.is_empty()).then(|| {
        view! {
            <div class="mt-8">
                <Panel title="You are expected">
                    <ul class="-my-3 divide-y divide-line">{invitations.into_iter().map(expected).collect_view()}</ul>
                </Panel>
            </div>
        }
    });
    view! {
        <Title text=title />
        <Live />
        <Bar name=person.name />
        <main class="mx-auto max-w-md px-6 py-12">
            <h1 class="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{heading}</h1>
            {waiting}
            {create}
            <p class="mt-1 text-muted">"It holds your flags, and the people who manage them with you."</p>
            <Message flash=flash.clone() form=FORM fields=&["name", "slug"] />
            <form method="post" action=FORM class="mt-4 grid gap-4">
                <Field flash=flash.clone() name="name" label="Name" />
                <Field
                    flash=flash.clone()
                    name="slug"
                    label="Slug"
                    required=false
                    hint="Its name in addresses: lower-case letters, digits and hyphens. Made from the name unless you choose one."
                />
                <button class="button button-primary h-10 justify-center">"Create organization"</button>
            </form>
            {back}
        </main>
    }
}

fn expected(invitation: PendingInvitation) -> impl IntoView {
    view! {
        <li class="flex flex-wrap items-center justify-between gap-2 py-3">
            <span class="min-w-0 [overflow-wrap:anywhere]">
                <strong>{invitation.organization_name}</strong> " as " {invitation.role.as_str()}
            </span>
            <form method="post" action="/invitations/accept">
                <input type="hidden" name="invitation" value=invitation.id.to_string() />
                <button class="button">"Accept"</button>
            </form>
        </li>
    }
}
