//! Code to be copied, in one language or in several.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::copy::Copy;
use super::query::changed;

/// A piece of code, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) title: &'static str,
    pub(crate) text: String,
}

/// What is shown of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// Its name in addresses.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) samples: Vec<Sample>,
    /// What to know about it.
    pub(crate) note: Option<String>,
}

/// Code in several languages, one of which is seen: the one that the address names. Radio buttons choose it, so that it works
/// without script. A page has one such block.
#[component]
pub(crate) fn CodeBlock(languages: Vec<Language>) -> impl IntoView {
    let (query, location, navigate) = (use_query_map(), use_location(), use_navigate());
    let chosen = query.read_untracked().get_str("lang").unwrap_or_default().to_owned();
    let choose = Callback::new(move |language: &'static str| {
        let fields = [("lang", Some(language))];
        let to = changed(&location.pathname.read_untracked(), &query.read_untracked(), &fields);
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let is_known = languages.iter().any(|language| language.id == chosen);
    let tabs = languages.into_iter().enumerate().map(|(place, language)| {
        let Language { id, name: shown, samples, note } = language;
        let is_chosen = if is_known { id == chosen } else { place == 0 };
        let input = format!("language-{id}");
        let samples = samples.into_iter().map(|sample| {
            let title = format!("{shown}: {}", sample.title);
            view! { <Code title=sample.title label=title text=sample.text /> }
        });
        view! {
            <input
                id=input.clone()
                class="sr-only"
                type="radio"
                name="language"
                value=id
                checked=is_chosen
                on:change=move |_| choose.run(id)
            />
            <label
                for=input.clone()
                class="-mb-px inline-flex h-9 cursor-pointer items-center border-b-2 border-transparent px-3 text-sm text-muted hover:text-ink max-sm:mb-1 max-sm:h-8 max-sm:rounded-md max-sm:border-b-0 max-sm:px-2"
            >
                {shown}
            </label>
            <div class="panel space-y-3 border-t border-line pt-4">
                {samples.collect_view()}
                {note.map(|note| view! { <p class="text-sm text-muted [overflow-wrap:anywhere]">{note}</p> })}
            </div>
        }
    });
    view! {
        <fieldset class="min-w-0">
            <legend class="sr-only">"Language"</legend>
            <div class="tabs relative">{tabs.collect_view()}</div>
        </fieldset>
    }
}

/// One piece of code. What is too long scrolls inside.
#[component]
pub(crate) fn Code(
    #[prop(into)] title: String,
    /// What it is called for those who do not see where it stands.
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
) -> impl IntoView {
    view! {
        <div class="overflow-hidden rounded-lg border border-line bg-sunken">
            <div class="flex items-center justify-between gap-2 border-b border-line py-1 pr-1 pl-3">
                <span class="min-w-0 truncate text-xs text-muted">{title}</span>
                <Copy text=Signal::stored(text.clone()) what="the code" />
            </div>
            <pre class="overflow-x-auto p-3 font-mono text-sm" tabindex="0" role="group" aria-label=label>
                <code>{text.clone()}</code>
            </pre>
        </div>
    }
}
