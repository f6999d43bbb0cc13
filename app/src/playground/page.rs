//! The page.

use domain::FieldError;
use domain::place::PlaceView;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::address::{Asked, Question};
use super::answer::Answer;
use super::api::{Choices, evaluate, load_choices};
use super::explanation::ExplanationView;
use super::form::{ContextForm, refusal_of};
use super::recent::{self, Recent, RecentList, Remember};
use super::table::{KeyFilter, Table};
use crate::error::UiError;
use crate::place::{Environments, Placed};
use crate::ui::loaded::Loaded;
use crate::ui::refused::{Problem, Refused};
use crate::ui::time::exact;
use crate::ui::waiting::{Waiting, awaited};

#[component]
pub(crate) fn PlaygroundPage() -> impl IntoView {
    view! { <Placed title="Playground" page=|place| view! { <Playground place /> }.into_any() /> }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub(super) asked: Memo<Asked>,
    /// What is wrong with the fields.
    pub(super) faults: Memo<Vec<FieldError>>,
    /// Counts how often the same was asked again.
    pub(super) again: RwSignal<u32>,
    pub(super) choices: Loaded<Result<Choices, UiError>>,
    /// None where the question is none.
    pub(super) answer: Loaded<Result<Option<Answer>, UiError>>,
    pub(super) recent: Recent,
}

#[component]
fn Playground(place: PlaceView) -> impl IntoView {
    let search = use_location().search;
    let asked = Memo::new(move |_| Asked::read(&search.read()));
    let question = Memo::new(move |_| asked.read().question());
    let faults = Memo::new(move |_| question.get().err().unwrap_or_default());
    let of = place.of();
    let place = StoredValue::new(place);
    let environment = Memo::new(move |_| {
        let named = asked.read().environment();
        place.with_value(|place| {
            let found = place.environment(named.ok()?.as_ref());
            found.map(|found| found.environment.key.clone())
        })
    });
    let again = RwSignal::new(0_u32);
    let (evaluated, chosen) = (of.clone(), of.clone());
    // Blocking: without script the page is whole, too.
    let answer = Loaded::blocking(
        move || (environment.get(), question.get(), again.get()),
        move |(environment, question, _)| {
            let of = evaluated.clone();
            async move {
                let (Some(environment), Ok(question)) = (environment, question) else { return Ok(None) };
                let Question { flag, context, moment, part } = question;
                evaluate(of.organization, of.project, environment, flag, context, moment, part)
                    .await
                    .map(Some)
            }
        },
    );
    let choices = Loaded::blocking(
        move || environment.get(),
        move |environment| {
            let of = chosen.clone();
            async move {
                let Some(environment) = environment else { return Ok(Choices::default()) };
                load_choices(of.organization, of.project, environment).await
            }
        },
    );
    let recent = recent::load(of.clone());
    let shared = Shared { asked, faults, again, choices, answer, recent };
    let is_known = Memo::new(move |_| environment.read().is_some());
    let environments =
        move || environment.get().map(|current| view! { <Environments place=place.get_value() current /> });
    let whole = move || {
        view! {
            <main class="page">
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <h1 class="text-xl font-semibold tracking-tight">"Playground"</h1>
                    {environments}
                </div>
                <p class="mt-2 text-muted max-sm:mt-3">"What would somebody be served, and why? It changes and counts nothing."</p>
                <div class="mt-5 grid gap-8 lg:grid-cols-[18rem_minmax(0,1fr)] xl:grid-cols-[22rem_minmax(0,1fr)]">
                    <div class="min-w-0">
                        <ContextForm shared />
                        <RecentList of=of.clone() shared />
                    </div>
                    // Beside the form it is there already, so that the page is shown from its top.
                    <section id="answer" class="group/answer @container min-w-0 lg:scroll-mt-[100vh]" aria-label="Answer">
                        <AnswerView place=place.get_value() shared />
                    </section>
                </div>
            </main>
        }
    };
    move || match is_known.get() {
        true => whole().into_any(),
        false => {
            let error = UiError::Rejected(domain::Error::not_found("environment"));
            view! { <Refused error /> }.into_any()
        }
    }
}

/// What came of the question.
#[component]
fn AnswerView(place: PlaceView, shared: Shared) -> impl IntoView {
    let Shared { asked, answer, recent, .. } = shared;
    let of = place.of();
    let place = StoredValue::new(place);
    let found = move |answer: Answer| {
        let asked = asked.get_untracked();
        let (of, place) = (of.clone(), place.get_value());
        let one = (!asked.flag.is_empty()).then(|| answer.flags.first().cloned()).flatten();
        let shown = match one {
            Some(explanation) => {
                view! { <ExplanationView place explanation asked=asked.clone() /> }.into_any()
            }
            None => view! { <Table place answer asked=asked.clone() /> }.into_any(),
        };
        view! {
            <Remember of asked recent />
            {shown}
        }
    };
    let shown = move || {
        let found = found.clone();
        Suspend::new(async move {
            match answer.await {
                Ok(Some(answer)) => found(answer).into_any(),
                Ok(None) => view! { <Unasked /> }.into_any(),
                Err(error) => {
                    // It is said beside its field.
                    let is_said = ["flag", "revision", "context", "at"]
                        .iter()
                        .any(|field| refusal_of(&error, field, asked.read_untracked().is_past()).is_some());
                    match is_said {
                        true => nothing_evaluated(),
                        false => view! { <Problem error /> }.into_any(),
                    }
                }
            }
        })
    };
    let when = move || {
        Suspend::new(async move {
            let answer = answer.await.ok().flatten()?;
            Some(view! { <When answer asked=asked.get_untracked() /> })
        })
    };
    let is_of_all = Memo::new(move |_| asked.read().flag.is_empty());
    view! {
        <div class="flex flex-wrap items-center justify-between gap-x-4">
            {move || is_of_all.get().then(|| view! { <KeyFilter asked /> })}
            <Transition>{awaited(when)}</Transition>
        </div>
        <Transition fallback=Waiting>{awaited(shown)}</Transition>
    }
}

/// Which flags were evaluated, and for which time.
#[component]
fn When(answer: Answer, asked: Asked) -> impl IntoView {
    let Answer { environment, revision, now, .. } = answer;
    let is_past = asked.is_past();
    let mark = is_past.then(|| view! { <span class="badge">"another time"</span> });
    let present = is_past.then(|| {
        let to = Asked { at: String::new(), revision: String::new(), ..asked.clone() };
        view! { <a class="link" href=to.answer()>"Back to now"</a> }
    });
    view! {
        <p class="mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted">
            {mark}
            <span>
                {environment.to_string()} " at revision " <span class="font-mono tabular-nums">{revision}</span>
                ", evaluated for " <time class="tabular-nums">{exact(now)}</time>
            </span>
            {present}
        </p>
    }
}

/// What stands here while the fields have faults.
#[component]
fn Unasked() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::set_status(400);
    nothing_evaluated()
}

fn nothing_evaluated() -> AnyView {
    view! { <Nothing title="Nothing was evaluated" text="Mend what is marked in the form.".to_owned() /> }
        .into_any()
}

#[component]
pub(super) fn Nothing(
    title: &'static str,
    text: String,
    /// What can be done about it.
    #[prop(optional_no_strip)]
    action: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="rounded-lg border border-line bg-surface px-6 py-16 text-center">
            <p class="font-medium">{title}</p>
            <p class="mt-1 text-muted [overflow-wrap:anywhere]">{text}</p>
            {action}
        </div>
    }
    .into_any()
}
