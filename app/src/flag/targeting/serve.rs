//! What is served: one variation, or a share of each.

use domain::ruleset::{Algorithm, FULL_WEIGHT, Rollout, Serve, Variation, Weight};
use leptos::prelude::*;

use super::options::options;
use super::words::{self, weight};
use crate::flags::words::percent;

/// The choice for shares in the list of variations. No variation has this key: keys begin with a letter or a digit.
const SHARES: &str = "%";

/// The fields. They read what is served now, and say what it becomes.
#[component]
pub(super) fn ServeFields(
    #[prop(into)] serve: Signal<Serve>,
    set: Callback<Serve>,
    variations: StoredValue<Vec<Variation>>,
    /// What it is that is served, for those who cannot see where the fields stand.
    #[prop(into)]
    label: String,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| match &*serve.read() {
        Serve::Variation(key) => key.clone(),
        Serve::Rollout(_) => SHARES.to_owned(),
    });
    let choose = move |event| {
        let key = event_target_value(&event);
        if key != SHARES {
            return set.run(Serve::Variation(key));
        }
        if let Serve::Variation(before) = serve.get_untracked() {
            set.run(Serve::Rollout(shares(&variations.read_value(), &before)));
        }
    };
    let is_shared = Memo::new(move |_| *chosen.read() == SHARES);
    view! {
        <div class="grid min-w-0 gap-2">
            <select
                class="h-9 w-full min-w-0 rounded-md border border-edge bg-surface px-2"
                aria-label=label
                disabled=disabled
                prop:value=move || chosen.get()
                on:change=choose
            >
                {options(variations, chosen)}
                <option value=SHARES selected=move || is_shared.get()>"A share of each"</option>
            </select>
            {move || is_shared.get().then(|| view! { <Shares serve set variations disabled /> })}
        </div>
    }
}

/// Half for what was served before, half for the last of the others.
fn shares(variations: &[Variation], before: &str) -> Rollout {
    let half = FULL_WEIGHT / 2;
    let other = variations
        .iter()
        .rev()
        .find(|variation| variation.key != before)
        .map(|variation| variation.key.clone());
    let weight = |variation: &Variation| {
        let is_served = variation.key == before || Some(&variation.key) == other.as_ref();
        Weight { variation: variation.key.clone(), weight: if is_served { half } else { 0 } }
    };
    let weights = variations.iter().map(weight).collect();
    Rollout { bucket_by: None, seed: None, algorithm: Algorithm::default(), weights, ramp: None }
}

#[component]
fn Shares(
    serve: Signal<Serve>,
    set: Callback<Serve>,
    variations: StoredValue<Vec<Variation>>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let weights = Memo::new(move |_| match &*serve.read() {
        Serve::Rollout(rollout) => rollout.weights.clone(),
        Serve::Variation(_) => Vec::new(),
    });
    // A variation that a rollout does not name has no share, and may get one.
    let keys = Memo::new(move |_| {
        let mut keys: Vec<_> = weights.read().iter().map(|weight| weight.variation.clone()).collect();
        let known = variations.read_value();
        let others = known
            .iter()
            .map(|variation| &variation.key)
            .filter(|key| !keys.contains(key))
            .cloned()
            .collect::<Vec<_>>();
        keys.extend(others);
        keys
    });
    let change = move |key: &str, share: u32| {
        let Serve::Rollout(mut rollout) = serve.get_untracked() else { return };
        put(&mut rollout.weights, key, share, &keys.read_untracked());
        set.run(Serve::Rollout(rollout));
    };
    let change = Callback::new(move |(key, share): (String, u32)| change(&key, share));
    let sum = move || weights.read().iter().map(|weight| weight.weight).fold(0, u32::saturating_add);
    let wrong = move || {
        (sum() != FULL_WEIGHT).then(|| {
            let text = format!("The shares add up to {} %, not to 100 %.", percent(sum()));
            view! { <p role="alert" class="text-sm text-danger">{text}</p> }
        })
    };
    let details = move || match serve.get() {
        Serve::Rollout(rollout) => words::serve(&Serve::Rollout(Rollout { weights: Vec::new(), ..rollout })),
        Serve::Variation(_) => String::new(),
    };
    view! {
        <div class="grid gap-2">
            <Track weights />
            <For
                each=move || keys.get().into_iter().enumerate()
                key=Clone::clone
                children=move |(place, key)| view! { <Share key fill=fill(place) weights change disabled /> }
            />
            {wrong}
            <Bucketing serve set disabled />
            <p class="text-xs text-muted empty:hidden">{move || details().trim_start_matches([' ', ',']).to_owned()}</p>
        </div>
    }
}

/// Gives one variation a share. Of two, the other one gets the rest.
fn put(weights: &mut Vec<Weight>, key: &str, share: u32, keys: &[String]) {
    for key in keys {
        if !weights.iter().any(|weight| weight.variation == *key) {
            weights.push(Weight { variation: key.clone(), weight: 0 });
        }
    }
    let is_pair = weights.len() == 2;
    for weight in weights {
        if weight.variation == key {
            weight.weight = share;
        } else if is_pair {
            weight.weight = FULL_WEIGHT - share;
        }
    }
}

#[component]
fn Share(
    key: String,
    fill: &'static str,
    weights: Memo<Vec<Weight>>,
    change: Callback<(String, u32)>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let of = key.clone();
    let share = Memo::new(move |_| {
        weights.read().iter().find(|weight| weight.variation == of).map_or(0, |weight| weight.weight)
    });
    let (slid, typed) = (key.clone(), key.clone());
    let slide = move |event| {
        if let Some(share) = weight(&event_target_value(&event)) {
            change.run((slid.clone(), share));
        }
    };
    let is_wrong = RwSignal::new(false);
    let type_in = move |event| {
        let share = weight(&event_target_value(&event));
        is_wrong.set(share.is_none());
        if let Some(share) = share {
            change.run((typed.clone(), share));
        }
    };
    let label = format!("Share of {key}, in percent");
    view! {
        <div class="grid grid-cols-[minmax(3rem,auto)_1fr_5rem_auto] items-center gap-2">
            <span class="flex min-w-0 items-center gap-1.5 font-mono text-xs">
                <svg class="size-2 shrink-0" viewBox="0 0 8 8" aria-hidden="true"><circle class=fill cx="4" cy="4" r="4"></circle></svg>
                <span class="min-w-0 truncate">{key}</span>
            </span>
            <input
                type="range"
                class="min-w-0 accent-accent"
                min="0"
                max="100"
                step="1"
                aria-label=label.clone()
                disabled=disabled
                prop:value=move || percent(share.get())
                value=percent(share.get_untracked())
                on:input=slide
            />
            <input
                class="input h-8 px-2 text-right font-mono text-sm tabular-nums"
                inputmode="decimal"
                aria-label=label
                aria-invalid=move || is_wrong.get().then_some("true")
                disabled=disabled
                prop:value=move || percent(share.get())
                value=percent(share.get_untracked())
                on:change=type_in
            />
            <span class="text-sm text-muted">"%"</span>
        </div>
    }
}

/// The colour of the part that is this one of all.
fn fill(place: usize) -> &'static str {
    const FILLS: [&str; 6] = ["fill-accent", "fill-edge", "fill-teal", "fill-amber", "fill-rose", "fill-sky"];
    FILLS.get(place % FILLS.len()).copied().unwrap_or_default()
}

/// The shares as a line, in the order in which they take their part of the users.
#[component]
pub(super) fn Track(#[prop(into)] weights: Signal<Vec<Weight>>) -> impl IntoView {
    let parts = move || {
        let mut from = 0_u32;
        let parts = weights.get().into_iter().enumerate().map(|(place, weight)| {
            let start = from;
            from = from.saturating_add(weight.weight);
            view! { <rect class=fill(place) x=start.to_string() width=weight.weight.to_string() height="8000"></rect> }
        });
        parts.collect_view()
    };
    view! {
        <svg class="block h-2 w-full rounded-full" viewBox=format!("0 0 {FULL_WEIGHT} 8000") preserveAspectRatio="none" aria-hidden="true">
            <rect class="fill-line" width=FULL_WEIGHT.to_string() height="8000"></rect>
            {parts}
        </svg>
    }
}

/// What decides who is who.
#[component]
fn Bucketing(serve: Signal<Serve>, set: Callback<Serve>, disabled: Signal<bool>) -> impl IntoView {
    let read = move |of: fn(&Rollout) -> Option<String>| match &*serve.read() {
        Serve::Rollout(rollout) => of(rollout).unwrap_or_default(),
        Serve::Variation(_) => String::new(),
    };
    let write = move |text: String, into: fn(&mut Rollout, Option<String>)| {
        let Serve::Rollout(mut rollout) = serve.get_untracked() else { return };
        into(&mut rollout, Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
        set.run(Serve::Rollout(rollout));
    };
    let by = Memo::new(move |_| read(|rollout| rollout.bucket_by.clone()));
    let seed = Memo::new(move |_| read(|rollout| rollout.seed.clone()));
    let field = "input mt-1 h-8 font-mono text-sm";
    view! {
        <details class="text-sm">
            <summary class="cursor-pointer text-muted">"How users are split"</summary>
            <div class="mt-2 grid gap-2">
                <label>
                    "By attribute"
                    <input
                        class=field
                        placeholder="userId"
                        disabled=disabled
                        prop:value=move || by.get()
                        on:change=move |event| write(event_target_value(&event), |rollout, text| rollout.bucket_by = text)
                    />
                </label>
                <label>
                    "Seed"
                    <input
                        class=field
                        placeholder="the flag's key"
                        disabled=disabled
                        prop:value=move || seed.get()
                        on:change=move |event| write(event_target_value(&event), |rollout, text| rollout.seed = text)
                    />
                </label>
                <p class="text-xs text-muted">
                    "Everybody keeps their place for as long as both stay the same. Flags with the same seed begin with the same people."
                </p>
            </div>
        </details>
    }
}
