//! What is around pages: the bar at the top, the narrow column of forms, sections of a long page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::copy::Copy;
use super::icon::Icon;
use super::logo::Logo;
use super::theme::ThemeButton;

/// The bar at the top of pages for those who are signed in.
#[component]
pub(crate) fn Bar(
    /// Who is signed in.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <header class="border-b border-line bg-surface">
            <div class="mx-auto flex max-w-[1248px] items-center gap-4 px-4 py-3 sm:px-6">
                <Logo />
                <nav aria-label="Account" class="flex min-w-0 grow items-center justify-end gap-3 sm:gap-4">
                    <a class="min-w-0 truncate hover:underline" href="/account" title=name.clone()>{name.clone()}</a>
                    <ThemeButton />
                    <form method="post" action="/sign-out">
                        <button class="button">"Sign out"</button>
                    </form>
                </nav>
            </div>
        </header>
    }
}

/// A page with one thing to do.
#[component]
pub(crate) fn Narrow(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <main class="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-6 py-16">
            <div><Logo /></div>
            <h1 class="mt-8 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
            {children()}
        </main>
    }
}

/// The way back to what a page is one of.
#[component]
pub(crate) fn Back(
    href: String,
    name: &'static str,
    /// Whether it leads to another frame, and so is loaded anew.
    #[prop(optional)]
    rel: Option<&'static str>,
) -> impl IntoView {
    view! {
        <a class="inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink hover:underline" href=href rel=rel>
            <Icon of=icondata_lu::LuArrowLeft />
            {name}
        </a>
    }
    .into_any()
}

/// A part of a long page.
#[component]
pub(crate) fn Section(
    title: &'static str,
    #[prop(optional)] about: Option<&'static str>,
    /// What links lead to it by.
    #[prop(optional)]
    id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <section id=id class="scroll-mt-14 grid gap-x-8 gap-y-4 border-t border-line py-8 md:grid-cols-[16rem_minmax(0,1fr)]">
            <div>
                <h2 class="text-lg font-semibold">{title}</h2>
                {about.map(|about| view! { <p class="mt-1 text-sm text-muted">{about}</p> })}
            </div>
            <div class="min-w-0">{children()}</div>
        </section>
    }
}

/// Links to the parts of a long page.
#[component]
pub(crate) fn Contents(
    label: &'static str,
    /// Each part's id and name.
    parts: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let link = |(id, name): (&'static str, &'static str)| {
        view! {
            <li>
                <a class="inline-flex h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink" href=format!("#{id}")>
                    {name}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=label>
            <ul class="-mx-2.5 flex flex-wrap gap-x-1">{parts.into_iter().map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// Something that is shown once: to be copied now.
#[component]
pub(crate) fn Once(label: &'static str, secret: String) -> impl IntoView {
    view! {
        <div class="mb-4 rounded-md border border-on px-3 py-2">
            <label class="block text-sm font-medium" for="shown-once">{label}</label>
            <div class="mt-1 flex items-center gap-2">
                <input id="shown-once" class="input min-w-0 font-mono text-sm" readonly value=secret.clone() />
                <Copy text=secret.clone() what=label />
            </div>
            <p class="mt-1 text-sm text-muted">"Copy it now: it is not shown again."</p>
        </div>
    }
}
