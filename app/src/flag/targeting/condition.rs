//! The condition of a rule: tests in groups of which all or any must hold.
//!
//! Each part is found by its path from the root, so that what somebody types changes the draft and nothing that they see
//! is drawn anew; only where parts come or go is the tree.

use domain::ruleset::{Condition, Test};
use leptos::prelude::*;

use super::condition_parts::{Path, Shape, find, find_mut, parts_of, push, remove};
use super::draft::Draft;
use super::test::{TestFields, empty};
use crate::ui::icon::Icon;

/// A condition, and the way to another one.
#[derive(Clone)]
struct Tree {
    when: Signal<Option<Condition>>,
    set: Callback<Condition>,
    lists: (String, String),
    disabled: Signal<bool>,
}

impl Tree {
    fn change(&self, change: impl FnOnce(&mut Condition)) {
        let Some(mut root) = self.when.get_untracked() else { return };
        change(&mut root);
        self.set.run(root);
    }

    fn edit(&self, path: &[usize], change: impl FnOnce(&mut Condition)) {
        self.change(|root| {
            if let Some(part) = find_mut(root, path) {
                change(part);
            }
        });
    }

    fn remove(&self, path: &[usize]) {
        self.change(|root| remove(root, path));
    }
}

#[component]
pub(super) fn ConditionFields(
    draft: Draft,
    /// The rule's id.
    rule: String,
    lists: (String, String),
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let id = rule.clone();
    let when = Signal::derive(move || draft.rule(&id).map(|rule| rule.when));
    let set = Callback::new(move |when: Condition| draft.edit_rule(&rule, |rule| rule.when = when));
    view! { <ConditionTree when set lists disabled /> }
}

/// The same for a condition that is no rule's.
#[component]
pub(crate) fn ConditionTree(
    #[prop(into)] when: Signal<Option<Condition>>,
    set: Callback<Condition>,
    lists: (String, String),
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    // A single test is shown as a group of one, to which others can be added.
    let shape = Memo::new(move |_| when.read().as_ref().map(Shape::of));
    let tree = Tree { when, set, lists, disabled };
    move || shape.get().map(|shape| part(&tree, shape, Vec::new()))
}

fn part(tree: &Tree, shape: Shape, path: Path) -> AnyView {
    match shape {
        Shape::All(parts) => group(tree, true, parts, path),
        Shape::Any(parts) => group(tree, false, parts, path),
        Shape::Not(inside) => {
            let below = [path.as_slice(), &[0]].concat();
            view! {
                <div class="min-w-0 flex-1 rounded-md border border-line p-2">
                    <p class="mb-1 text-xs font-medium text-danger">"It is not so that"</p>
                    {part(tree, *inside, below)}
                </div>
            }
            .into_any()
        }
        Shape::Test => test(tree, path),
    }
}

fn test(tree: &Tree, path: Path) -> AnyView {
    let (when, at) = (tree.when, path.clone());
    let found = Signal::derive(move || match find(when.read().as_ref()?, &at)? {
        Condition::Test(test) => Some(test.clone()),
        _ => None,
    });
    let (edited, at) = (tree.clone(), path);
    let set = Callback::new(move |test: Test| edited.edit(&at, |part| *part = Condition::Test(test)));
    view! { <TestFields test=found set lists=tree.lists.clone() disabled=tree.disabled /> }.into_any()
}

fn group(tree: &Tree, is_all: bool, parts: Vec<Shape>, path: Path) -> AnyView {
    let disabled = tree.disabled;
    let (turned, added, deepened) = (tree.clone(), tree.clone(), tree.clone());
    let (turn_at, add_at, deepen_at) = (path.clone(), path.clone(), path.clone());
    let turn = move |event| {
        let is_all = event_target_value(&event) == "all";
        turned.edit(&turn_at, |part| {
            let Some(parts) = parts_of(part).map(std::mem::take) else { return };
            *part = if is_all { Condition::All { all: parts } } else { Condition::Any { any: parts } };
        });
    };
    let add = move |_| added.edit(&add_at, |part| push(part, empty()));
    let deepen = move |_| {
        // A group in a group says the opposite: the same would say nothing new.
        let inside = if is_all {
            Condition::Any { any: vec![empty()] }
        } else {
            Condition::All { all: vec![empty()] }
        };
        deepened.edit(&deepen_at, |part| push(part, inside));
    };
    let count = parts.len();
    let rows = parts.into_iter().enumerate().map(|(place, shape)| {
        let at: Path = [path.as_slice(), &[place]].concat();
        let (removed, remove_at) = (tree.clone(), at.clone());
        let word = match (place, is_all) {
            (0, _) => "",
            (_, true) => "and",
            (_, false) => "or",
        };
        view! {
            <li class="flex min-w-0 items-start gap-1">
                {(count > 1).then(|| view! { <span class="w-6 shrink-0 pt-2 text-right text-xs text-muted">{word}</span> })}
                {part(tree, shape, at)}
                <button
                    type="button"
                    class="mt-1 inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken disabled:hidden"
                    aria-label=format!("Remove condition {}", place + 1)
                    disabled=disabled
                    on:click=move |_| removed.remove(&remove_at)
                >
                    <Icon of=icondata_lu::LuX />
                </button>
            </li>
        }
    });
    let rows = rows.collect_view();
    let is_root = path.is_empty();
    let frame = if is_root { "min-w-0" } else { "min-w-0 flex-1 rounded-md border border-line p-2" };
    let choice = (count > 1 || !is_root).then(|| {
        view! {
            <select
                class="mb-1.5 h-7 rounded-md border border-line bg-surface px-1.5 text-xs"
                aria-label="How many of the conditions must hold"
                disabled=disabled
                on:change=turn
            >
                <option value="all" selected=is_all>"All of these"</option>
                <option value="any" selected=!is_all>"Any of these"</option>
            </select>
        }
    });
    let nothing = (count == 0).then(|| {
        let words =
            if is_all { "Everybody: there is no condition." } else { "Nobody: there is no condition." };
        view! { <p class="py-1 text-sm text-muted">{words}</p> }
    });
    let button = "button h-7 px-2 text-xs disabled:hidden";
    // A single one has no word before it.
    let indent = if count > 1 { "pl-7" } else { "" };
    view! {
        <div class=frame>
            {choice} {nothing}
            <ul class="grid min-w-0 gap-1.5">{rows}</ul>
            <div class=format!("mt-1.5 flex flex-wrap gap-1.5 {indent}")>
                <button type="button" class=button disabled=disabled on:click=add>
                    <Icon of=icondata_lu::LuPlus />
                    "Condition"
                </button>
                <button type="button" class=button disabled=disabled on:click=deepen>
                    <Icon of=icondata_lu::LuPlus />
                    {if is_all { "Group of alternatives" } else { "Group that holds together" }}
                </button>
            </div>
        </div>
    }
    .into_any()
}
