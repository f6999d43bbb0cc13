//! One of the lists of keys: chips where they are few, otherwise those that are looked for.

use domain::segments::KeyList;
use leptos::prelude::*;

use super::draft::Draft;
use crate::ui::tag_input::TagInput;
use crate::ui::time::grouped;

/// So many keys are shown at once.
const SHOWN: usize = 50;

#[component]
pub(super) fn Keys(
    draft: Draft,
    list: KeyList,
    title: &'static str,
    about: &'static str,
    /// The way to many keys at once.
    many: AnyView,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let is_part = Memo::new(move |_| draft.hidden(list) > 0);
    // A list that is here in part must not be sent back as if it were whole.
    let disabled = Signal::derive(move || disabled.get() || is_part.get());
    let count = Memo::new(move |_| draft.count(&draft.now.read(), list));
    let found = Memo::new(move |_| {
        let (now, wanted) = (draft.now.read(), wanted.read().trim().to_lowercase());
        let found = now.list(list).iter().filter(|key| key.to_lowercase().contains(&wanted));
        found.cloned().collect::<Vec<_>>()
    });
    let shown = Memo::new(move |_| found.read().iter().take(SHOWN).cloned().collect::<Vec<_>>());
    let set = Callback::new(move |keys: Vec<String>| {
        let before = shown.get_untracked();
        draft.edit(|edited| {
            let all = edited.list_mut(list);
            all.retain(|key| !before.contains(key) || keys.contains(key));
            for key in keys {
                if all.contains(&key) {
                    continue;
                }
                // Where somebody sees it: of long lists the beginning is shown.
                let place = if all.len() < SHOWN { all.len() } else { 0 };
                all.insert(place, key);
            }
        });
    });
    let is_long = Memo::new(move |_| draft.now.read().list(list).len() > SHOWN);
    let search = move || {
        is_long.get().then(|| {
            view! {
                <input
                    type="search"
                    class="input scripted mb-1.5 h-8"
                    aria-label=format!("Look for a key in: {title}")
                    placeholder="Look for a key"
                    autocomplete="off"
                    prop:value=move || wanted.get()
                    on:input=move |event| wanted.set(event_target_value(&event))
                />
            }
        })
    };
    let note = move || {
        let (shown, found, here) =
            (shown.read().len(), found.read().len(), draft.now.read().list(list).len() as u64);
        let rest = (found > shown)
            .then(|| format!("{} of {} are shown.", grouped(shown as u64), grouped(found as u64)));
        let part = is_part.get().then(|| {
            format!(
                "Only the first {} are here: the list is changed below, as a text or by a file.",
                grouped(here)
            )
        });
        let told: Vec<_> = [rest, part].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(" "))
    };
    view! {
        <div class="min-w-0">
            <h3 class="text-sm font-semibold">
                {title} " " <span class="font-normal text-muted tabular-nums">{move || grouped(count.get())}</span>
            </h3>
            <p class="mb-2 text-xs text-muted">{about}</p>
            {search}
            <TagInput values=shown set label=title placeholder="Add a key" disabled />
            <p class="mt-1 text-xs text-muted empty:hidden">{note}</p>
            {many}
        </div>
    }
    .into_any()
}
