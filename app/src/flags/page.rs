//! The page.

use domain::flags::FlagsPage as Page;
use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, OrgSlug, ProjectKey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::api::{SwitchFlag, load_flags};
use super::header::{EnvironmentNav, Header};
use super::row::{Around, Row};
use super::why::Why;
use crate::error::UiError;
use crate::ui::refused::Refused;

/// What the address says.
fn address() -> impl Fn() -> Result<(OrgSlug, ProjectKey, Option<EnvironmentKey>), UiError> + Copy {
    let (params, query) = (use_params_map(), use_query_map());
    move || {
        let (params, query) = (params.read(), query.read());
        let organization = params.get_str("organization").and_then(|slug| slug.parse().ok());
        let project = params.get_str("project").and_then(|key| key.parse().ok());
        let missing = || UiError::Rejected(domain::Error::not_found("project"));
        let environment = match query.get_str("env") {
            None => None,
            Some(key) => match key.parse() {
                Ok(key) => Some(key),
                Err(_) => return Err(UiError::Rejected(domain::Error::not_found("environment"))),
            },
        };
        Ok((organization.ok_or_else(missing)?, project.ok_or_else(missing)?, environment))
    }
}

#[component]
pub(crate) fn FlagsPage() -> impl IntoView {
    let address = address();
    // Blocking: the answer waits for it, so that it has the right status.
    let page = Resource::new_blocking(address, |address| async move {
        let (organization, project, environment) = address?;
        load_flags(organization, project, environment).await
    });
    view! {
        <Title text="Flags" />
        <Transition fallback=|| view! { <p class="p-6 text-muted">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Loaded page /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Loaded(page: Page) -> impl IntoView {
    let Page { organization, project, environments, environment, refusals, flags, .. } = page.clone();
    let around = Around {
        project: ProjectRef { organization: organization.slug, project: project.key },
        environment: environment.key.clone(),
        refusals: refusals.clone(),
        is_protected: environment.protected,
        asked: RwSignal::new(None),
    };
    let why = (environment.protected && refusals.enable.is_none())
        .then(|| view! { <Why environment=environment.clone() asked=around.asked /> });
    let count = flags.len();
    let note = refusals.enable.map(|reason| view! { <p class="mt-3 text-sm text-muted">{reason}</p> });
    // A row belongs to its environment: the next one's rows are new ones, with signals of their own.
    let rows: Vec<_> = flags.into_iter().map(|row| (around.environment.clone(), row)).collect();
    view! {
        <Header page />
        <main class="mx-auto max-w-[1200px] px-4 py-6 sm:px-6">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h1 class="text-xl font-semibold tracking-tight">
                    "Flags" <span class="ml-2 text-base font-normal text-muted tabular-nums" aria-hidden="true">{count}</span>
                </h1>
                <EnvironmentNav environments current=environment />
            </div>
            {note} {refused()}
            <table class="mt-4 block w-full rounded-lg border border-line bg-surface md:table md:border-separate md:border-spacing-0">
                <thead class="hidden text-left text-xs text-muted md:table-header-group">
                    <tr>
                        <th scope="col" class="py-2 pl-4 font-medium">"Flag"</th>
                        <th scope="col" class="hidden py-2 font-medium lg:table-cell">"Tags"</th>
                        <th scope="col" class="py-2 font-medium">"Serves"</th>
                        <th scope="col" class="py-2 font-medium">"Version"</th>
                        <th scope="col" class="py-2 pr-4 text-right font-medium">"On"</th>
                    </tr>
                </thead>
                <tbody class="block md:table-row-group">
                    <For each=move || rows.clone() key=|(environment, row)| (environment.clone(), row.key.clone()) let((_, row))>
                        <Row row around=around.clone() />
                    </For>
                </tbody>
            </table>
            {why}
        </main>
    }
}

/// Why a form that was sent without script was refused: it comes back with its error in the address, where a new action
/// finds it.
fn refused() -> Option<impl IntoView> {
    let error = ServerAction::<SwitchFlag>::new().value().get_untracked()?.err()?;
    Some(view! {
        <p role="alert" class="mt-4 rounded-lg border border-danger px-4 py-3 text-danger">{error.to_string()}</p>
    })
}
