//! Waits for an evaluation, and is glad when it comes.

use std::rc::Rc;
use std::time::Duration;

use domain::EnvironmentKey;
use domain::orgs::ProjectRef;
use domain::usage::LastEvaluation;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::load_last;
use crate::error::UiError;
use crate::place::address;
use crate::ui::icon::Icon;
use crate::ui::leave_for_sign_in;
use crate::ui::time::{ago, exact};

/// How often it is asked.
const AGAIN: Duration = Duration::from_secs(2);

/// What is known by now.
#[derive(Clone, Copy, Debug)]
struct Wait {
    seen: RwSignal<LastEvaluation>,
    /// Whether one came since the page was opened.
    has_come: RwSignal<bool>,
}

#[component]
pub(super) fn Waiting(of: ProjectRef, environment: EnvironmentKey, before: LastEvaluation) -> impl IntoView {
    let wait = Wait { seen: RwSignal::new(before), has_come: RwSignal::new(false) };
    let asked = (of.clone(), environment.clone());
    Effect::new(move |_| listen(asked.clone(), wait));
    let (of, at) = (StoredValue::new(of), StoredValue::new(environment));
    let shown = move || {
        let LastEvaluation { now, last } = wait.seen.get();
        let flag = last.map(|(flag, time)| {
            let href =
                of.with_value(|of| at.with_value(|at| address(of, &format!("flags/{flag}"), Some(at))));
            let link =
                view! { <a class="link font-mono [overflow-wrap:anywhere]" href=href>{flag.to_string()}</a> };
            (link, view! { <time title=exact(time)>{ago(now, time)}</time> })
        });
        let place = at.with_value(ToString::to_string);
        match (flag, wait.has_come.get()) {
            (Some((flag, _)), true) => view! {
                <span class="arrived mt-0.5 text-on"><Icon of=icondata_lu::LuCircleCheck /></span>
                <p class="min-w-0">
                    <strong class="font-semibold">"It works. "</strong>
                    {flag}
                    " was evaluated in " {place} " just now."
                </p>
            }
            .into_any(),
            (Some((flag, time)), false) => view! {
                <span class="mt-0.5 text-on"><Icon of=icondata_lu::LuCheck /></span>
                <div class="min-w-0 [overflow-wrap:anywhere]">
                    <p>"Applications ask already: " {flag} " was evaluated in " {place} " " {time} "."</p>
                    <p class="mt-1 text-sm text-muted">"Waiting for the next one…"</p>
                </div>
            }
            .into_any(),
            (None, _) => view! {
                <span class="mt-0.5 text-muted"><Icon of=icondata_lu::LuRadio /></span>
                <div class="min-w-0 [overflow-wrap:anywhere]">
                    <p>"Waiting for the first evaluation in " {place} "…"</p>
                    <p class="mt-1 text-sm text-muted">
                        "This page looks every two seconds. An evaluation is written down some seconds after it was made."
                    </p>
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <div class="flex items-start gap-3 rounded-lg border border-line bg-surface p-4" role="status">{shown}</div>
    }
}

/// Asks again and again while the page is seen, until one comes.
fn listen((of, environment): (ProjectRef, EnvironmentKey), wait: Wait) {
    let is_asking = StoredValue::new(false);
    let ask = move || {
        let is_over = wait.has_come.try_get_untracked().unwrap_or(true);
        if is_over || document().hidden() || is_asking.try_get_value().unwrap_or(true) {
            return;
        }
        is_asking.set_value(true);
        let (of, environment) = (of.clone(), environment.clone());
        spawn_local(async move {
            let answer = load_last(of.organization, of.project, environment).await;
            // The page may be gone by now.
            is_asking.try_set_value(false);
            match answer {
                Ok(found) => take(wait, found),
                Err(UiError::Rejected(domain::Error::Unauthenticated)) => leave_for_sign_in(),
                // It is asked again soon.
                Err(_) => {}
            }
        });
    };
    let ask = Rc::new(ask);
    let again = Rc::clone(&ask);
    let timer = set_interval_with_handle(move || again(), AGAIN).ok();
    let listener = window_event_listener(ev::visibilitychange, move |_| ask());
    on_cleanup(move || {
        listener.remove();
        if let Some(timer) = timer {
            timer.clear();
        }
    });
}

fn take(wait: Wait, found: LastEvaluation) {
    let Some(before) = wait.seen.try_get_untracked() else { return };
    let time = |seen: &LastEvaluation| seen.last.as_ref().map(|(_, at)| *at);
    if time(&found) > time(&before) {
        wait.has_come.try_set(true);
    }
    wait.seen.try_set(found);
}
