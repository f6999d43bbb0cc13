//! The page.

use domain::flags::FlagSummary;
use domain::history::VersionsPage;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::address::Asked;
use super::review::Review;
use super::row::Row;
use crate::flag::api::{load_review, load_versions};
use crate::flag::framed::{Framed, said};
use crate::flag::tabs::Tab;
use crate::flag::{ROLL_BACK, environment};
use crate::flash::Message;
use crate::place::{Environments, address};
use crate::playground::address_of;
use crate::ui::loaded::Loaded;
use crate::ui::query::changed;
use crate::ui::refused::Problem;
use crate::ui::time::grouped;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn FlagHistoryPage() -> impl IntoView {
    view! { <Framed tab=Tab::History page=|place, summary| view! { <History place summary /> }.into_any() /> }
}

#[component]
fn History(place: PlaceView, summary: FlagSummary) -> impl IntoView {
    let query = use_query_map();
    let (of, key) = (place.of(), summary.flag.key.clone());
    let audit = format!("{}?kind=flag&key={key}", address(&of, "audit", None));
    let named = place.clone();
    let asked = Memo::new(move |_| Asked::read(&query.read(), &named));
    let (listed, listed_key) = (of.clone(), key.clone());
    // Blocking: the answer waits for them, so that it has the right status.
    let versions = Loaded::blocking(
        move || asked.get().map(|asked| (asked.environment, asked.cursor)),
        move |part| {
            let (of, key) = (listed.clone(), listed_key.clone());
            async move {
                let (environment, cursor) = part?;
                load_versions(of.organization, of.project, key, environment, cursor).await
            }
        },
    );
    let review = Loaded::blocking(
        move || asked.get().ok().map(|asked| (asked.environment, asked.version, asked.against)),
        move |part| {
            let (of, key) = (of.clone(), key.clone());
            async move {
                let (environment, Some(version), against) = part? else { return None };
                Some(load_review(of.organization, of.project, key, environment, version, against).await)
            }
        },
    );
    let (place, summary) = (StoredValue::new(place), StoredValue::new(summary));
    let environments = move || {
        let current = asked.get().ok()?.environment;
        Some(view! { <Environments place=place.get_value() current /> })
    };
    view! {
        <div class="max-w-[1200px]">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h2 class="text-lg font-semibold">"Versions"</h2>
                {environments}
            </div>
            <p class="mt-1 text-sm text-muted">
                "Everything that changed what the flag does in this environment. Its name, tags and owner are "
                <a class="link" href=audit>"in the audit log"</a>
                "."
            </p>
            <Message flash=said() form=ROLL_BACK fields=&[] />
            <Transition>
                {awaited(move || Suspend::new(async move {
                    let asked = asked.get_untracked().ok()?;
                    Some(match review.await? {
                        Ok(review) => {
                            view! { <Review place=place.get_value() summary=summary.get_value() asked review /> }.into_any()
                        }
                        Err(error) => {
                            let path = use_location().pathname.get_untracked();
                            let fields = [("version", None), ("against", None)];
                            let all = changed(&path, &query.read_untracked(), &fields);
                            view! { <Problem error way_on=(all, "See all versions") /> }.into_any()
                        }
                    })
                }))}
            </Transition>
            <Transition fallback=Waiting>
                {awaited(move || Suspend::new(async move {
                    match versions.await {
                        Ok(versions) => {
                            view! { <List place=place.get_value() summary=summary.get_value() versions /> }.into_any()
                        },
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                }))}
            </Transition>
        </div>
    }
}

#[component]
fn List(place: PlaceView, summary: FlagSummary, versions: VersionsPage) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let environment = query.with_untracked(|query| environment(query, &place)).ok();
    let VersionsPage { versions, next, total } = versions;
    let shown = versions.len();
    let of = place.of();
    // The newest one, unless older ones are listed.
    let is_newest = query.with_untracked(|query| query.get_str("cursor").is_none());
    let is_served = summary.flag.archived_at.is_none();
    let rows = versions.into_iter().enumerate().map(|(place, version)| {
        let is_now = is_newest && is_served && place == 0;
        // What is there now is tried among what the other flags do now.
        let revision = Some(version.revision).filter(|_| !is_now);
        let evaluate = environment.as_ref().filter(|_| version.version.is_some());
        let evaluate = evaluate.map(|at| address_of(&of, at, &summary.flag.key, revision));
        view! { <Row version evaluate is_now now=summary.now /> }
    });
    let rows = rows.collect_view();
    let at = move |cursor: Option<String>| {
        move || changed(&location.pathname.read(), &query.read(), &[("cursor", cursor.as_deref())])
    };
    let newest = (!is_newest).then(|| view! { <a class="button" href=at(None)>"Newest"</a> });
    let older = next.map(|cursor| view! { <a class="button" href=at(Some(cursor))>"Older"</a> });
    view! {
        <ol aria-label="Versions" class="mt-4 rounded-lg border border-line bg-surface">{rows}</ol>
        <div class="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
            <p>{grouped(shown as u64)} " of " {grouped(total)} {if total == 1 { " version" } else { " versions" }}</p>
            <nav aria-label="Pages" class="flex gap-2">{newest} {older}</nav>
        </div>
    }
}
