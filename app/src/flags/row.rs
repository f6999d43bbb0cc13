//! One flag: what it is, what it serves, and its switch.

use domain::environments::EnvironmentView;
use domain::flags::{FlagView, Refusals};
use domain::orgs::ProjectRef;
use domain::ruleset::FULL_WEIGHT;
use domain::{EnvironmentKey, FlagKey, Millis};
use leptos::prelude::*;

use super::bulk::FORM;
use super::marks::{Mark, MarkBadge};
use super::recent::Recent;
use super::switching::{Place, State};
use super::toggle::Toggle;
use super::why::Question;
use super::words;
use crate::place::{address, dot};
use crate::ui::sparkline::Sparkline;
use crate::ui::time::{ago, exact, grouped};

/// How many tags a row shows before the others are only counted.
const TAGS: usize = 4;

/// What all rows share.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) project: ProjectRef,
    pub(super) environment: EnvironmentKey,
    /// The project's other environments.
    pub(super) others: Vec<EnvironmentView>,
    pub(super) refusals: Refusals,
    /// Whether whoever switches a flag on has to say why.
    pub(super) is_protected: bool,
    /// The flag that somebody is asked about.
    pub(super) asked: RwSignal<Option<Question>>,
    /// Counts how often the rows were asked for again.
    pub(super) again: RwSignal<u32>,
    /// The flags of all rows, as they are now.
    pub(super) rows: RwSignal<Vec<FlagView>>,
    pub(super) recent: Recent,
    /// When the rows were asked for.
    pub(super) now: Millis,
}

#[component]
pub(super) fn Row(flag: FlagView, around: Around) -> impl IntoView {
    // A flag that was created between two reads has nothing to say of the environment yet.
    let Some(here) = flag.environments.get(&around.environment).cloned() else { return ().into_any() };
    let state = State::new(here.enabled, here.version);
    let now = latest(flag.clone(), &around, state);
    let (at, value_type) = (around.environment.clone(), flag.value_type);
    let serves = move || match now.read().environments.get(&at).and_then(|here| here.served.clone()) {
        Some(served) => {
            let (share, rules) = (served.share, served.rules);
            let words = move || words::serves(state.enabled.get(), value_type, &served);
            view! {
                <span class="text-sm">{words}</span>
                <Track enabled=state.enabled share rules />
            }
            .into_any()
        }
        None => {
            view! { <span class="text-sm text-danger">"Its configuration cannot be read"</span> }.into_any()
        }
    };
    let is_broken = here.served.is_none();
    let at = around.environment.clone();
    let serves_on = Signal::derive(move || {
        let now = now.read();
        let served = now.environments.get(&at).and_then(|here| here.served.as_ref());
        served.map(|served| words::serves(true, value_type, served)).unwrap_or_default()
    });
    let switched = Place {
        project: around.project.clone(),
        environment: around.environment.clone(),
        key: flag.key.clone(),
    };
    let href = address(&around.project, &format!("flags/{}", flag.key), Some(&around.environment));
    let others = around.others.clone();
    let elsewhere = move || elsewhere(&now.read(), &others);
    let shown_at = around.now;
    let evaluated = evaluated(&flag.key, here.last_evaluated_at, &around);
    view! {
        <tr
            data-flag=flag.key.to_string()
            class="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 border-t border-line px-4 py-1 first:border-t-0 hover:bg-sunken/50 md:table-row md:px-0 md:[&>*]:border-t md:[&>*]:border-line md:first:[&>*]:border-t-0"
        >
            <td class="row-span-2 self-start py-2.5 md:w-11 md:pr-3 md:pl-4">
                <input
                    type="checkbox"
                    class="chosen size-4 accent-accent"
                    name="keys[]"
                    form=FORM
                    value=flag.key.to_string()
                    aria-label=format!("Choose {}", flag.key)
                />
            </td>
            <th scope="row" class="min-w-0 py-2 pr-4 text-left font-normal">
                {move || name(&now.read(), href.clone(), shown_at)}
            </th>
            <td class="col-start-2 row-start-2 py-1 md:py-2 md:pr-4">{serves}</td>
            <td class="hidden py-2 pr-4 lg:table-cell">{evaluated}</td>
            <td class="hidden py-2 pr-4 lg:table-cell">{elsewhere}</td>
            <td class="col-start-3 row-start-1 py-2 text-right md:pr-4">
                <Toggle place=switched state refusals=around.refusals is_protected=around.is_protected asked=around.asked serves=serves_on is_broken />
            </td>
        </tr>
    }
    .into_any()
}

/// The flag of a row as it is now. Its switch follows, unless it is on its way to another state.
fn latest(first: FlagView, around: &Around, state: State) -> Memo<FlagView> {
    let (rows, environment) = (around.rows, around.environment.clone());
    let now = Memo::new(move |_| {
        let rows = rows.read();
        rows.iter().find(|flag| flag.key == first.key).unwrap_or(&first).clone()
    });
    Effect::new(move |_| {
        let here = now.read().environments.get(&environment).map(|here| (here.enabled, here.version));
        let is_newer = |(_, version): &(bool, i64)| *version > state.version.get_untracked();
        if let Some((enabled, version)) = here.filter(is_newer).filter(|_| !state.pending.get()) {
            state.enabled.set(enabled);
            state.version.set(version);
        }
    });
    now
}

/// What it is called, and what it is.
fn name(flag: &FlagView, href: String, now: Millis) -> AnyView {
    let mark = Mark::of(flag, now);
    let tags = flag.tags.iter().take(TAGS).map(|tag| {
        view! { <li class="badge"><span class="truncate">{tag.clone()}</span></li> }
    });
    let others = flag.tags.get(TAGS..).filter(|others| !others.is_empty()).map(|others| {
        view! {
            <li class="badge" title=others.join(", ")>
                "+" {others.len()}
                <span class="sr-only">" more tags"</span>
            </li>
        }
    });
    view! {
        <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
            <a class="min-w-0 font-medium [overflow-wrap:anywhere] hover:underline" href=href>{flag.name.clone()}</a>
            <span class="badge">{words::kind(flag.kind, flag.value_type)}</span>
            <MarkBadge mark />
        </span>
        <span class="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1">
            <span class="font-mono text-xs text-muted [overflow-wrap:anywhere]">{flag.key.to_string()}</span>
            <ul class="flex min-w-0 flex-wrap gap-1">{tags.collect_view()} {others}</ul>
        </span>
    }
    .into_any()
}

/// When it was asked for last, and how often lately.
fn evaluated(key: &FlagKey, last: Option<Millis>, around: &Around) -> impl IntoView + use<> {
    let (key, recent, now) = (key.clone(), around.recent, around.now);
    let line = move || {
        let days = recent.read().get(&key).cloned()?;
        let sum = days.iter().copied().fold(0_i64, i64::saturating_add);
        let label = format!("{} evaluations in {} days", grouped(sum.unsigned_abs()), days.len());
        Some(view! { <Sparkline values=days label /> })
    };
    let words = match last {
        None => view! { <span class="text-xs text-muted">"never"</span> }.into_any(),
        Some(at) => {
            view! { <time class="text-xs text-muted" title=exact(at)>{ago(now, at)}</time> }.into_any()
        }
    };
    view! { <span class="flex items-center gap-2 whitespace-nowrap">{line} {words}</span> }
}

/// Whether it is on in the other environments: full where it is, hollow where it is not.
fn elsewhere(flag: &FlagView, others: &[EnvironmentView]) -> impl IntoView + use<> {
    let shown = others.iter().filter_map(|environment| {
        let is_on = flag.environments.get(&environment.key)?.enabled;
        let words = format!("{} in {}", if is_on { "on" } else { "off" }, environment.key);
        let fill = if is_on { dot(environment.color) } else { "border border-edge" };
        Some(view! {
            <li title=words.clone()>
                <span class=format!("block size-2.5 rounded-full {fill}") aria-hidden="true"></span>
                <span class="sr-only">{words.clone()}</span>
            </li>
        })
    });
    view! { <ul class="flex flex-wrap gap-1.5">{shown.collect_view()}</ul> }
}

/// How much of everyone the fallthrough reaches. The width is an attribute, because the page's policy allows no styles.
#[component]
fn Track(enabled: RwSignal<bool>, share: u32, rules: u32) -> impl IntoView {
    let percent = f64::from(share) * 100.0 / f64::from(FULL_WEIGHT);
    let color = if share < FULL_WEIGHT || rules > 0 { "fill-rollout" } else { "fill-on" };
    let width = move || if enabled.get() { percent.to_string() } else { "0".to_owned() };
    view! {
        <svg class="mt-1 block h-1 w-32 rounded-full" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-line" width="100" height="4"></rect>
            <rect class=color width=width height="4"></rect>
        </svg>
    }
}
