//! Flags that must serve certain variations first.

use domain::ruleset::Prerequisite;
use leptos::prelude::*;

use super::draft::Draft;
use crate::ui::icon::Icon;
use crate::ui::tag_input::TagInput;

#[component]
pub(super) fn Prerequisites(draft: Draft, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let count = Memo::new(move |_| draft.now.read().prerequisites.len());
    let add = move |_| {
        draft.edit(|edited| {
            edited
                .prerequisites
                .push(Prerequisite { flag: String::new(), variations: vec!["on".to_owned()] });
        });
    };
    let rows = move || (0..count.get()).map(|place| view! { <Row draft place disabled /> }).collect_view();
    view! {
        <ul class="peer grid gap-2">{rows}</ul>
        <button type="button" class="button peer-[:not(:empty)]:mt-2 disabled:hidden" disabled=disabled on:click=add>
            <Icon of=icondata_lu::LuPlus />
            "Add a prerequisite"
        </button>
        <p class="hidden text-sm text-muted [:empty+:disabled+&]:block">"None."</p>
    }
}

#[component]
fn Row(draft: Draft, place: usize, disabled: Signal<bool>) -> impl IntoView {
    let flag = Memo::new(move |_| {
        draft.now.read().prerequisites.get(place).map(|it| it.flag.clone()).unwrap_or_default()
    });
    let wanted = Memo::new(move |_| {
        draft.now.read().prerequisites.get(place).map(|it| it.variations.clone()).unwrap_or_default()
    });
    let edit = move |change: &dyn Fn(&mut Prerequisite)| {
        draft.edit(|edited| edited.prerequisites.get_mut(place).into_iter().for_each(change));
    };
    let rename = move |event| {
        let key = event_target_value(&event).trim().to_owned();
        edit(&|it| it.flag.clone_from(&key));
    };
    let set = Callback::new(move |variations: Vec<String>| edit(&|it| it.variations.clone_from(&variations)));
    let remove = move |_| {
        draft.edit(|edited| {
            if place < edited.prerequisites.len() {
                edited.prerequisites.remove(place);
            }
        });
    };
    view! {
        <li class="grid min-w-0 grid-cols-[minmax(5rem,1fr)_auto_minmax(5rem,1fr)_auto] items-start gap-1.5">
            <input
                class="input h-9 font-mono text-sm"
                aria-label="The other flag's key"
                placeholder="Flag"
                disabled=disabled
                prop:value=move || flag.get()
                value=flag.get_untracked()
                on:change=rename
            />
            <span class="pt-2 text-sm text-muted">"serves"</span>
            <TagInput values=wanted set label="Its variations" placeholder="Variation" disabled />
            <button
                type="button"
                class="inline-flex size-9 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken disabled:hidden"
                aria-label="Remove the prerequisite"
                disabled=disabled
                on:click=remove
            >
                <Icon of=icondata_lu::LuTrash2 />
            </button>
        </li>
    }
}
