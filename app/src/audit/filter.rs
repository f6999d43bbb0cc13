//! What is looked for in the log.

use domain::audit::AuditTable;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::verdict::ASK;
use super::words::KINDS;
use crate::error::UiError;
use crate::ui::capital;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::search::{Fields, SearchForm};
use crate::ui::waiting::awaited;

/// What can be looked for of what happened: the beginnings of names, and those that are asked for most.
const ACTIONS: [(&str, &str); 16] = [
    ("", "Any action"),
    ("flag.", "All about flags"),
    ("flag.enabled", "Switched on"),
    ("flag.killed", "Switched off"),
    ("flag.configured", "Targeting changed"),
    ("flag.rolled_back", "Rolled back"),
    ("flag.created", "Flag created"),
    ("flag.archived", "Flag archived"),
    ("flag.deleted", "Flag deleted"),
    ("segment.", "All about segments"),
    ("environment.", "All about environments"),
    ("api_key.", "All about API keys"),
    ("member.", "All about members"),
    ("invitation.", "All about invitations"),
    ("project.", "All about projects"),
    ("denied", "Refused attempts"),
];

/// Two beside each other on a phone.
const CONTROL: &str =
    "h-8 min-w-0 rounded-md border border-line bg-surface px-2 max-sm:grow max-sm:basis-[45%] sm:max-w-36";

#[component]
pub(super) fn Filter(place: PlaceView, table: Loaded<Result<AuditTable, UiError>>) -> impl IntoView {
    let fields = Fields::new();
    let value = move |name: &'static str| fields.value(name);
    let send = move |_| fields.send();
    let everywhere = move || value("scope") == "organization";
    let select = move |name: &'static str, label: &'static str, choices: Vec<(String, String)>| {
        let known: Vec<_> = choices.iter().map(|(choice, _)| choice.clone()).collect();
        // What the address says is among the choices, so that the form does not forget it.
        let other = move || {
            let now = Some(value(name)).filter(|now| !now.is_empty() && !known.contains(now))?;
            let shown = now.clone();
            Some(view! { <option value=now selected=true>{shown}</option> })
        };
        let options = choices.into_iter().map(|(choice, shown)| {
            let is_chosen = choice.clone();
            view! { <option value=choice selected=move || value(name) == is_chosen>{shown}</option> }
        });
        view! {
            <select name=name aria-label=label class=CONTROL on:change=send>
                {options.collect_view()}
                {other}
            </select>
        }
    };
    let actors = move || {
        Suspend::new(async move {
            let people = table.await.map(|table| table.people).unwrap_or_default();
            let mut choices = owned(&[("", "Anyone")]);
            choices.extend(people.into_iter().map(|person| (person.id.to_string(), person.name)));
            choices.extend(owned(&[("system", "Togglebit itself"), ("anonymous", "Not signed in")]));
            select("actor", "Who", choices)
        })
    };
    let mut kinds = owned(&[("", "Any kind")]);
    kinds.extend(KINDS.iter().map(|(kind, name)| ((*kind).to_owned(), format!("{}s", capital(name)))));
    let environments = move || {
        (!everywhere()).then(|| {
            let mut choices = owned(&[("", "Any environment")]);
            let keys = place.environments.iter().map(|place| place.environment.key.to_string());
            choices.extend(keys.map(|key| (key.clone(), key)));
            select("environment", "Environment", choices)
        })
    };
    let day = move |name: &'static str, label: &'static str| {
        view! {
            <label class="flex min-w-0 items-center gap-1.5 text-sm text-muted max-sm:grow">
                {label}
                <input
                    type="date"
                    name=name
                    class="h-8 min-w-0 rounded-md border border-line bg-surface px-2 text-ink max-sm:grow"
                    prop:value=move || value(name)
                    value=value(name)
                    on:change=send
                />
            </label>
        }
    };
    view! {
        <SearchForm fields label="Audit log" about="Key, name, comment or person">
            <input type="hidden" name="scope" value=move || value("scope") />
            <Transition>{awaited(actors)}</Transition>
            {select("action", "Action", owned(&ACTIONS))}
            {select("kind", "What it happened to", kinds)}
            {environments}
            // Both ends stay on one line.
            <span class="flex min-w-0 items-center gap-1.5 max-sm:basis-full">{day("from", "From")} {day("to", "to")}</span>
            <Only fields />
        </SearchForm>
    }
    .into_any()
}

/// The one thing that is looked at, where links led to its entries; and the way to those of others.
#[component]
fn Only(fields: Fields) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let all = move || {
        let fields = [("key", None), ("cursor", None), (ASK, None)];
        changed(&location.pathname.read(), &query.read(), &fields)
    };
    move || {
        let key = Some(fields.value("key")).filter(|key| !key.is_empty())?;
        Some(view! {
            <input type="hidden" name="key" value=key.clone() />
            <a class="button max-w-full min-w-0 font-normal" href=all title="Show what happened to others, too">
                <span class="text-muted">"Only"</span>
                <span class="min-w-0 truncate font-mono text-sm">{key}</span>
                <Icon of=icondata_lu::LuX />
                <span class="sr-only">"Show what happened to others, too"</span>
            </a>
        })
    }
}

fn owned(choices: &[(&str, &str)]) -> Vec<(String, String)> {
    choices.iter().map(|(choice, shown)| ((*choice).to_owned(), (*shown).to_owned())).collect()
}
