//! The rules of a flag in one environment, in the order in which they are tried.

use domain::ruleset::{Condition, Rule, Serve, Variation};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::condition::ConditionFields;
use super::draft::Draft;
use super::drag::{Drag, Handle};
use super::matches::{self, Matches};
use super::serve::{ServeFields, Track};
use super::test::empty;
use super::words;
use crate::ui::capital;
use crate::ui::icon::Icon;
use crate::ui::later::{Later, later};

#[component]
pub(super) fn Rules(
    draft: Draft,
    variations: StoredValue<Vec<Variation>>,
    lists: (String, String),
    matches: Matches,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let ids =
        Memo::new(move |_| draft.now.read().rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>());
    let drag = Drag::new();
    let add = move |_| {
        draft.edit(|edited| {
            let id = free(&draft.saved.read_untracked().rules, &edited.rules);
            let served = variations.with_value(|variations| variations.first().map(|it| it.key.clone()));
            let serve = Serve::Variation(served.unwrap_or_default());
            edited.rules.push(Rule { id, name: None, when: Condition::All { all: vec![empty()] }, serve });
        });
    };
    let lists = StoredValue::new(lists);
    view! {
        <ol class="peer grid gap-3">
            <For each=move || ids.get() key=Clone::clone let:id>
                <RuleCard id draft variations lists matches drag disabled />
            </For>
        </ol>
        <button type="button" class="button peer-[:not(:empty)]:mt-3 disabled:hidden" disabled=disabled on:click=add>
            <Icon of=icondata_lu::LuPlus />
            "Add a rule"
        </button>
        // Whoever may only look is not shown what they may not do.
        <p class="hidden text-sm text-muted [:empty+:disabled+&]:block">"None."</p>
    }
}

/// An id that no rule has: one that was removed may still be saved, and would seem to be changed.
fn free(saved: &[Rule], edited: &[Rule]) -> String {
    let is_free = |id: &String| saved.iter().chain(edited).all(|rule| rule.id != *id);
    (1_u32..).map(|number| format!("rule-{number}")).find(is_free).unwrap_or_default()
}

/// Puts a rule where another one stands.
pub(super) fn put(rules: &mut Vec<Rule>, id: &str, to: usize) {
    let Some(from) = rules.iter().position(|rule| rule.id == id) else { return };
    if to < rules.len() {
        let rule = rules.remove(from);
        rules.insert(to, rule);
    }
}

#[component]
fn RuleCard(
    id: String,
    draft: Draft,
    variations: StoredValue<Vec<Variation>>,
    lists: StoredValue<(String, String)>,
    matches: Matches,
    drag: Drag,
    disabled: Signal<bool>,
) -> impl IntoView {
    let key = StoredValue::new(id);
    let rule = Memo::new(move |_| draft.rule(&key.read_value()));
    let place =
        Memo::new(move |_| draft.now.read().rules.iter().position(|rule| rule.id == *key.read_value()));
    let count = move || draft.now.read().rules.len();
    let name = Memo::new(move |_| rule.get().and_then(|rule| rule.name).unwrap_or_default());
    let serve = Memo::new(move |_| rule.get().map_or(Serve::Variation(String::new()), |rule| rule.serve));
    let set = Callback::new(move |serve: Serve| draft.edit_rule(&key.get_value(), |rule| rule.serve = serve));
    let said = move || {
        rule.get().map(|rule| {
            format!("{}, serve {}.", capital(&words::held(&rule.when)), words::serve(&rule.serve))
        })
    };
    let matched = move || matches.read().get(&*key.read_value()).map(|count| matches::words(*count));
    let number = move || place.get().map_or(0, |place| place + 1);
    let rename = move |event| {
        let text = event_target_value(&event).trim().to_owned();
        draft.edit_rule(&key.get_value(), |rule| rule.name = Some(text).filter(|text| !text.is_empty()));
    };
    let shift = move |by: isize, event: MouseEvent| {
        let to = place.get_untracked().and_then(|place| place.checked_add_signed(by));
        if let Some(to) = to {
            draft.edit(|edited| put(&mut edited.rules, &key.get_value(), to));
        }
        // What is moved loses the focus, and may be moved on by the same key.
        let button = event.current_target().and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
        request_animation_frame(move || {
            if let Some(button) = button {
                let _ = button.focus();
            }
        });
    };
    let copy = move |_| {
        draft.edit(|edited| {
            let Some(at) = edited.rules.iter().position(|rule| rule.id == *key.read_value()) else { return };
            let Some(rule) = edited.rules.get(at).cloned() else { return };
            let name = rule.name.as_ref().map(|name| format!("{name} (copy)"));
            let id = free(&draft.saved.read_untracked().rules, &edited.rules);
            edited.rules.insert(at + 1, Rule { id, name, ..rule });
        });
    };
    let remove = move |_| draft.edit(|edited| edited.rules.retain(|rule| rule.id != *key.read_value()));
    // Rules are looked at more often than changed; one that is new has nothing to be looked at.
    let is_saved = draft.saved.read_untracked().rules.iter().any(|rule| rule.id == *key.read_value());
    let is_open = RwSignal::new(!is_saved);
    let fields = move || {
        is_open.get().then(|| {
            view! { <Later fetch=move || fields(draft, key.get_value(), lists.get_value(), serve, set, variations, disabled) /> }
        })
    };
    let weights = Memo::new(move |_| match serve.get() {
        Serve::Variation(_) => Vec::new(),
        Serve::Rollout(rollout) => rollout.weights,
    });
    let share = move || {
        let is_shared = !weights.read().is_empty() && !is_open.get();
        is_shared.then(|| view! { <Track weights /> })
    };
    let way = move || match (is_open.get(), disabled.get()) {
        (true, false) => "Done",
        (true, true) => "Less",
        (false, false) => "Edit",
        (false, true) => "Details",
    };
    let tool = "inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken disabled:cursor-default disabled:opacity-40 sm:size-7";
    let title = move || format!("Rule {}", number());
    view! {
        <li
            class=move || {
                let outline = if drag.is_over(&key.read_value()) { "outline-2 outline-accent" } else { "" };
                format!("min-w-0 rounded-lg border border-line bg-surface {outline}")
            }
            aria-label=title
            data-rule=key.get_value()
        >
            <div class="flex items-center border-b border-line px-2 py-1.5 sm:gap-1">
                <Handle draft drag rule=key number=Signal::derive(number) disabled />
                <input
                    class="h-7 min-w-0 flex-1 rounded-md bg-transparent px-1 text-sm font-medium hover:bg-sunken focus:bg-sunken"
                    aria-label=move || format!("Name of rule {}", number())
                    placeholder="Name this rule"
                    maxlength="200"
                    disabled=disabled
                    prop:value=move || name.get()
                    value=name.get_untracked()
                    on:change=rename
                />
                <button
                    type="button"
                    class=tool
                    aria-label="Try earlier"
                    title="Try earlier"
                    disabled=move || disabled.get() || place.get() == Some(0)
                    on:click=move |event| shift(-1, event)
                >
                    <Icon of=icondata_lu::LuArrowUp />
                </button>
                <button
                    type="button"
                    class=tool
                    aria-label="Try later"
                    title="Try later"
                    disabled=move || disabled.get() || place.get().map(|place| place + 1) == Some(count())
                    on:click=move |event| shift(1, event)
                >
                    <Icon of=icondata_lu::LuArrowDown />
                </button>
                <button type="button" class=tool aria-label="Duplicate" title="Duplicate" disabled=disabled on:click=copy>
                    <Icon of=icondata_lu::LuCopy />
                </button>
                <button type="button" class=tool aria-label="Remove the rule" title="Remove" disabled=disabled on:click=remove>
                    <Icon of=icondata_lu::LuTrash2 />
                </button>
            </div>
            <div class="grid min-w-0 gap-2 p-3">
                <div class="flex min-w-0 items-start gap-2">
                    <p class="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{said}</p>
                    <button
                        type="button"
                        class="scripted button h-7 px-2 text-xs"
                        aria-expanded=move || is_open.get().to_string()
                        aria-label=move || format!("{} rule {}", way(), number())
                        on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                    >
                        {way}
                    </button>
                </div>
                {share}
                {fields}
                <p class="text-xs text-muted empty:hidden">{matched}</p>
            </div>
        </li>
    }
}

// What a rule is changed by.
later! { rule_in_columns_in_targeting:
    fn fields(
        draft: Draft,
        rule: String,
        lists: (String, String),
        serve: Memo<Serve>,
        set: Callback<Serve>,
        variations: StoredValue<Vec<Variation>>,
        disabled: Signal<bool>,
    ) {
        view! {
            <div class="min-w-0 border-t border-line pt-3">
                <ConditionFields draft rule lists disabled />
            </div>
            <div class="min-w-0 border-t border-line pt-3">
                <p class="mb-1 text-xs text-muted">"Serve"</p>
                <ServeFields serve set variations label="What the rule serves" disabled />
            </div>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(ids: &[&str]) -> Vec<Rule> {
        let rule = |id: &&str| Rule {
            id: (*id).to_owned(),
            name: None,
            when: Condition::All { all: Vec::new() },
            serve: Serve::Variation("on".into()),
        };
        ids.iter().map(rule).collect()
    }

    #[test]
    fn a_rule_is_put_where_another_one_stands() {
        let order = |id: &str, to: usize| {
            let mut rules = rules(&["a", "b", "c"]);
            put(&mut rules, id, to);
            rules.into_iter().map(|rule| rule.id).collect::<String>()
        };
        assert_eq!([order("a", 1), order("a", 2), order("c", 0)], ["bac", "bca", "cab"]);
        assert_eq!([order("a", 3), order("x", 0)], ["abc", "abc"]);
    }

    #[test]
    fn a_new_rule_has_an_id_of_its_own() {
        assert_eq!(free(&[], &rules(&["rule-1", "rule-3"])), "rule-2");
        assert_eq!(free(&rules(&["rule-1"]), &[]), "rule-2", "one that is removed, but saved");
        assert_eq!(free(&[], &[]), "rule-1");
    }
}
