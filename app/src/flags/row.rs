//! One flag: what it is, what it serves, and its switch.

use domain::environments::EnvironmentView;
use domain::flags::{FlagView, Refusals, Served};
use domain::orgs::ProjectRef;
use domain::ruleset::{FULL_WEIGHT, ValueType};
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
use crate::ui::guarded::Off;
use crate::ui::sparkline::Sparkline;
use crate::ui::time::{ago, exact, grouped};

/// How many tags a row shows before the others are only counted, and how many where it is wide.
const TAGS: usize = 2;
const WIDE: usize = 3;

/// A line of what a flag is. Badges are no higher than their letters, so that two lines fit into 44 px.
const LINE: &str = "flex flex-wrap items-center gap-x-2 gap-y-0.5 [&_.badge]:h-4";

/// What all rows share.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) project: ProjectRef,
    pub(super) environment: EnvironmentKey,
    /// The project's other environments.
    pub(super) others: Vec<EnvironmentView>,
    pub(super) refusals: Refusals,
    /// Why an archived flag may not be restored; none where it may.
    pub(super) restore: Option<String>,
    /// Whether anything can be done to several flags at once.
    pub(super) may_choose: bool,
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
    let is_archived = flag.archived_at.is_some();
    let serves = move || match now.read().environments.get(&at).and_then(|here| here.served.clone()) {
        _ if is_archived => {
            view! { <span class="text-sm text-muted">"Archived: not served"</span> }.into_any()
        }
        Some(served) => {
            let track = track(state.enabled, value_type, &served);
            let words = move || words::serves(state.enabled.get(), value_type, &served);
            view! {
                <span class="block text-sm leading-[18px]">{words}</span>
                {track}
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
    // An archived flag is served nowhere, whatever it is set to.
    let others = if is_archived { Vec::new() } else { around.others.clone() };
    let elsewhere = move || elsewhere(&now.read(), &others);
    let shown_at = around.now;
    let at = around.environment.clone();
    let last = Memo::new(move |_| now.read().environments.get(&at).and_then(|here| here.last_evaluated_at));
    let evaluated = evaluated(&flag.key, last, &around);
    let control = match is_archived {
        true => restore(&flag.key, &around),
        false => view! {
            <Toggle place=switched state refusals=around.refusals is_protected=around.is_protected asked=around.asked serves=serves_on is_broken />
        }
        .into_any(),
    };
    let choose = around.may_choose.then(|| {
        view! {
            <td class="row-span-2 self-start py-1 md:w-11 md:pr-1 md:pl-2">
                <label class="flex size-8 cursor-pointer items-center justify-center">
                    <input
                        type="checkbox"
                        class="chosen box"
                        name="keys[]"
                        form=FORM
                        value=flag.key.to_string()
                        aria-label=format!("Choose {}", flag.key)
                    />
                </label>
            </td>
        }
    });
    // The first cell has the row's margin.
    let margin = if around.may_choose { "" } else { "md:pl-4" };
    view! {
        <tr
            data-flag=flag.key.to_string()
            class="grid grid-cols-[auto_1fr_auto] items-center gap-x-2 border-t border-line px-2 py-1 first:border-t-0 hover:bg-sunken/50 has-[.chosen:checked]:bg-accent/8 md:table-row md:h-11 md:px-0 md:[&>*]:border-t md:[&>*]:border-line"
        >
            {choose}
            <th scope="row" class=format!("col-start-2 row-start-1 min-w-0 py-1 pr-2 text-left font-normal md:pr-4 {margin}")>
                {move || name(&now.read(), href.clone(), shown_at)}
            </th>
            <td class="col-start-2 row-start-2 py-1 md:pr-6">
                // As wide as its words: what is left of the row is the name's.
                <div class="flex min-w-0 items-center gap-3 md:block md:w-max md:max-w-56">{serves}</div>
            </td>
            <td class="hidden py-1 pr-6 lg:table-cell">{evaluated}</td>
            <td class="hidden py-1 pr-4 lg:table-cell">{elsewhere}</td>
            <td class="col-start-3 row-start-1 py-1 pr-2 text-right md:pr-4">
                {control}
            </td>
        </tr>
    }
    .into_any()
}

/// The way to restoring an archived flag, in the place of its switch; where one may not, the reason.
fn restore(key: &FlagKey, around: &Around) -> AnyView {
    let settings = address(&around.project, &format!("flags/{key}/settings"), Some(&around.environment));
    let key = key.to_string();
    let name = move || view! { "Restore…" <span class="sr-only">" " {key}</span> };
    match around.restore.clone() {
        None => view! { <a class="relative button h-7" href=format!("{settings}#archive")>{name()}</a> }
            .into_any(),
        Some(reason) => view! { <Off reason class="h-7">{name()}</Off> }.into_any(),
    }
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
    let (tags, all) = (!flag.tags.is_empty()).then(|| tags(flag)).unzip();
    view! {
        <span class=LINE>
            <a class="min-w-0 leading-[18px] font-medium [overflow-wrap:anywhere] hover:underline" href=href>{flag.name.clone()}</a>
            <span class="text-xs text-muted">{words::kind(flag.kind, flag.value_type)}</span>
            <MarkBadge mark />
        </span>
        <span class=LINE>
            <span class="font-mono text-xs leading-4 text-muted [overflow-wrap:anywhere]">{flag.key.to_string()}</span>
            {tags}
        </span>
        {all}
    }
    .into_any()
}

/// The first tags, with a button for the others; and the list that it opens.
fn tags(flag: &FlagView) -> (AnyView, AnyView) {
    let badge = |(place, tag): (usize, &String)| {
        let class = if place < TAGS { "badge" } else { "badge max-xl:hidden" };
        view! { <li class=class><span class="truncate">{tag.clone()}</span></li> }
    };
    let all = flag
        .tags
        .iter()
        .map(|tag| view! { <li class="badge"><span class="truncate">{tag.clone()}</span></li> });
    let all = all.collect_view();
    let first = flag.tags.iter().enumerate().take(WIDE).map(badge).collect_view();
    let (others, if_wide) = (flag.tags.len().saturating_sub(TAGS), flag.tags.len().saturating_sub(WIDE));
    let (id, opened) = (format!("tags-{}", flag.key), format!("tags-{}", flag.key));
    let class = match (others, if_wide) {
        (0, _) => "hidden",
        (_, 0) => "xl:hidden",
        _ => "",
    };
    let shown = view! {
        <ul class="flex min-w-0 flex-wrap gap-1" aria-label="Tags">{first}</ul>
        <button
            type="button"
            class=format!("badge relative cursor-pointer after:absolute after:-inset-x-1 after:-inset-y-1.5 hover:bg-sunken {class}")
            popovertarget=opened
        >
            <span class="xl:hidden">"+" {others}</span>
            <span class="max-xl:hidden">"+" {if_wide}</span>
            <span class="sr-only">" more tags"</span>
        </button>
    };
    // Below its button where the browser can do that, else in the middle of the window.
    let list = view! {
        <div
            id=id
            popover="auto"
            class="m-auto max-w-72 rounded-lg border border-line bg-surface p-3 text-ink shadow-lg [position-area:bottom_span-right] [position-try-fallbacks:flip-block]"
        >
            <ul class="flex flex-wrap gap-1" aria-label="All tags">{all}</ul>
        </div>
    };
    (shown.into_any(), list.into_any())
}

/// When it was asked for last, and how often lately.
fn evaluated(key: &FlagKey, last: Memo<Option<Millis>>, around: &Around) -> impl IntoView + use<> {
    let (key, recent, now) = (key.clone(), around.recent, around.now);
    let line = move || {
        let days = recent.read().get(&key).cloned()?;
        let sum = days.iter().copied().fold(0_i64, i64::saturating_add);
        let evaluations = if sum == 1 { "evaluation" } else { "evaluations" };
        let label = format!("{} {evaluations} in {} days", grouped(sum.unsigned_abs()), days.len());
        Some(view! { <span class="hidden xl:block"><Sparkline values=days label /></span> })
    };
    let words = move || match last.get() {
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

/// How much of everyone is served. Nothing where that is not one share: where rules decide first, and where it is split
/// between several values. The width is an attribute, because the page's policy allows no styles.
fn track(enabled: RwSignal<bool>, value_type: ValueType, served: &Served) -> Option<AnyView> {
    let is_one_share = served.variation.is_some() || value_type == ValueType::Boolean;
    let share = Some(served.share).filter(|_| served.rules == 0 && is_one_share)?;
    let percent = f64::from(share) * 100.0 / f64::from(FULL_WEIGHT);
    let color = if share < FULL_WEIGHT { "fill-rollout" } else { "fill-on" };
    let width = move || if enabled.get() { percent.to_string() } else { "0".to_owned() };
    let track = view! {
        <svg class="block h-1 w-20 shrink-0 rounded-full md:mt-1 md:w-32" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-line" width="100" height="4"></rect>
            <rect class=color width=width height="4"></rect>
        </svg>
    };
    Some(track.into_any())
}
