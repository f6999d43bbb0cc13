//! The demonstration: a real flag, evaluated on the server for 48 people, at a percentage that the visitor chooses.

use leptos::prelude::*;
use serde::Serialize;

use crate::ui::time::grouped;

/// Percentages to choose without a slider.
const STEPS: [u8; 3] = [10, 25, 50];

/// What the engine answered for everybody at a percentage.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rollout {
    /// The flag's key.
    pub flag: &'static str,
    /// How many of a hundred are to be in.
    pub percent: u8,
    /// How many of the people are in.
    pub enabled: usize,
    /// In the order of their names.
    pub people: Vec<Person>,
}

/// What the engine answered for one of them.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Their id.
    pub user_id: &'static str,
    /// From 0 to 99 999.
    pub bucket: u32,
    /// Whether they are in.
    pub enabled: bool,
    /// Why.
    pub reason: &'static str,
}

impl Person {
    /// The first whole percentage at which they are in.
    fn least_percent(self) -> u32 {
        self.bucket / 1000 + 1
    }
}

#[component]
pub(super) fn Demonstration(rollout: Rollout, mistake: Option<String>) -> impl IntoView {
    let Rollout { flag, percent, enabled, people } = rollout;
    let count = people.len();
    let asked = format!("/demo/rollout?percent={percent}");
    let steps = STEPS.map(|step| {
        view! {
            <a
                class="button h-7 px-2 text-sm tabular-nums aria-[current=true]:border-accent aria-[current=true]:text-accent"
                href=format!("/?percent={step}#rollout")
                rel="nofollow"
                data-percent=step.to_string()
                aria-current=if step == percent { "true" } else { "false" }
            >
                {step} " %"
            </a>
        }
    });
    let ticks = people.iter().map(tick).collect_view();
    let cells = people.iter().map(cell).collect_view();
    let mistake = mistake.map(|text| {
        view! { <p role="alert" class="mb-4 rounded-md border border-danger px-3 py-2 text-danger">{text}</p> }
    });
    view! {
        <section
            id="rollout"
            aria-labelledby="rollout-title"
            data-flag=flag
            class="min-w-0 scroll-mt-20 rounded-lg border border-line bg-surface p-4 sm:p-6"
        >
            {mistake}
            <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                <h2 id="rollout-title" class="font-semibold">"Move it: who is in, stays in"</h2>
                <code class="font-mono text-sm text-muted">{flag}</code>
            </div>
            <ul class="mt-4 grid grid-cols-8 gap-1.5 sm:grid-cols-12">{cells}</ul>
            <p id="rollout-person" class="mt-3 flex h-10 items-center text-sm text-muted tabular-nums">
                "Point at somebody to see their bucket."
            </p>
            <form method="get" action="/#rollout">
                <div class="flex items-baseline justify-between gap-4">
                    <label for="percent" class="font-medium">
                        "Rolled out to "
                        <span id="rollout-percent" class="inline-block min-w-[5ch] tabular-nums">{percent} " %"</span>
                    </label>
                    <output for="percent" id="rollout-count" class="text-muted tabular-nums">
                        {enabled} " of " {count} " people"
                    </output>
                </div>
                // As wide as the way of the slider's thumb, so that each line stands where the thumb lets it in.
                <svg class="mx-2.5 mt-2 block h-6 w-[calc(100%-1.25rem)]" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
                    <rect id="rollout-reach" class="reach" x="0" y="0" width=(u32::from(percent) * 10).to_string() height="24"></rect>
                    {ticks}
                </svg>
                <input
                    id="percent"
                    class="range"
                    type="range"
                    name="percent"
                    min="0"
                    max="100"
                    step="1"
                    value=percent.to_string()
                    aria-describedby="rollout-about"
                    autocomplete="off"
                />
                <div class="mt-2 flex flex-wrap items-center gap-2">
                    {steps.into_iter().collect_view()} <noscript><button class="button h-7 px-2 text-sm">"Show"</button></noscript>
                    <a id="rollout-asked" class="ml-auto font-mono text-xs text-muted underline underline-offset-2" href=asked.clone() rel="nofollow">
                        "GET " {asked.clone()}
                    </a>
                </div>
            </form>
            <p id="rollout-about" class="mt-4 border-t border-line pt-4 text-sm text-muted">
                "Answered by this server's engine, with the code that answers your applications. A person's bucket is an MD5 of the flag's key and their id: nothing is stored, and every node and language finds the same."
            </p>
            <p id="rollout-failed" role="alert" class="mt-2 text-sm text-danger empty:hidden"></p>
        </section>
    }
}

/// Somebody: filled where they are in.
fn cell(person: &Person) -> impl IntoView + use<> {
    let Person { user_id, bucket, enabled, reason } = *person;
    let initials: String = user_id.chars().take(2).collect();
    let at = grouped(u64::from(bucket));
    let about = format!("bucket {at}, in from {} % on", person.least_percent());
    let title = format!("{user_id}: {about}");
    view! {
        <li
            class="person"
            title=title
            data-user=user_id
            data-bucket=bucket.to_string()
            data-reason=reason
            data-in=enabled.to_string()
        >
            <span aria-hidden="true">{initials}</span>
            <span class="sr-only">{user_id} <span data-word="">{if enabled { " is in" } else { " is out" }}</span> ": " {about}</span>
        </li>
    }
}

/// Where somebody's bucket lies.
fn tick(person: &Person) -> impl IntoView + use<> {
    view! {
        <rect
            class="tick"
            x=(person.bucket / 100).to_string()
            y="4"
            width="3"
            height="16"
            data-in=person.enabled.to_string()
        ></rect>
    }
}
