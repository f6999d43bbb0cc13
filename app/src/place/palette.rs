//! The palette: pages, actions, flags and segments by their names, from the keyboard.

use std::time::Duration;

use leptos::ev::{self, KeyboardEvent};
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api::{Found, find};
use super::navigation::Section;
use super::{address, project};
use crate::ui::icon::Icon;
use crate::ui::{by_id, sidebar};

const ID: &str = "palette";

/// What is found in it.
const LIST: &str = "palette-list";

/// How long is waited for more letters before flags and segments are looked for.
const REST: Duration = Duration::from_millis(120);

/// Opens it. In the browser only.
pub(super) fn open() {
    if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(ID).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Something to choose.
#[derive(Clone, PartialEq)]
struct Entry {
    name: String,
    /// What it is, or its key.
    note: String,
    icon: icondata_core::Icon,
    does: Does,
}

#[derive(Clone, PartialEq)]
enum Does {
    Goes(String),
    TogglesSidebar,
    ShowsShortcuts,
}

#[component]
pub(super) fn Palette() -> impl IntoView {
    let (dialog, input) = (NodeRef::<Dialog>::new(), NodeRef::<Input>::new());
    let (project, query, navigate) = (project(), use_query_map(), use_navigate());
    let (text, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = RwSignal::new(Vec::<Found>::new());
    let environment = move || query.read().get_str("env").and_then(|key| key.parse().ok());
    let entries = Memo::new(move |_| {
        let Ok(of) = project.get() else { return Vec::new() };
        let environment = environment();
        let at = |path: &str| address(&of, path, environment.as_ref());
        let wanted = text.read().trim().to_lowercase();
        let flags = found
            .read()
            .iter()
            .map(|found| {
                let (icon, pages) = match found.is_segment {
                    true => (icondata_lu::LuGroup, "segments"),
                    false => (icondata_lu::LuFlag, "flags"),
                };
                let does = Does::Goes(at(&format!("{pages}/{}", found.key)));
                Entry { name: found.name.clone(), note: found.key.clone(), icon, does }
            })
            .collect::<Vec<_>>();
        let pages = Section::all().into_iter().map(|section| Entry {
            name: section.name.to_owned(),
            note: "page".to_owned(),
            icon: section.icon,
            does: Does::Goes(at(section.path)),
        });
        let action =
            |name: &str, icon, does| Entry { name: name.to_owned(), note: "action".to_owned(), icon, does };
        let actions = [
            action("New flag", icondata_lu::LuPlus, Does::Goes(at("flags/new"))),
            action("New segment", icondata_lu::LuPlus, Does::Goes(at("segments/new"))),
            action("Templates", icondata_lu::LuLayoutTemplate, Does::Goes(at("templates"))),
            action("Collapse or expand the sidebar", icondata_lu::LuPanelLeft, Does::TogglesSidebar),
            action("Keyboard shortcuts", icondata_lu::LuKeyboard, Does::ShowsShortcuts),
            action("Your account", icondata_lu::LuCircleUser, Does::Goes("/account".to_owned())),
        ];
        let named = pages.chain(actions).filter(|entry| entry.name.to_lowercase().contains(&wanted));
        flags.into_iter().chain(named).collect()
    });
    let asked = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |_| {
        let Some(input) = input.get_untracked() else { return };
        text.set(input.value());
        chosen.set(0);
        asked.update_value(|asked| {
            if let Some(earlier) = asked.take() {
                earlier.clear();
            }
            *asked =
                set_timeout_with_handle(move || look(project.get_untracked().ok(), text, found), REST).ok();
        });
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let run = move |does: Does| {
        close();
        match does {
            Does::Goes(to) => navigate(&to, Default::default()),
            Does::TogglesSidebar => sidebar::toggle(),
            Does::ShowsShortcuts => super::shortcuts::open(),
        }
    };
    let run = StoredValue::new(run);
    let closed = move |_| {
        text.set(String::new());
        found.set(Vec::new());
        chosen.set(0);
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let count = entries.read_untracked().len();
        if count == 0 {
            return;
        }
        let at = chosen.get_untracked().min(count - 1);
        match event.key().as_str() {
            "ArrowDown" => chosen.set((at + 1) % count),
            "ArrowUp" => chosen.set((at + count - 1) % count),
            "Enter" => {
                let does = entries.read_untracked().get(at).map(|entry| entry.does.clone());
                if let Some(does) = does {
                    run.with_value(|run| run(does));
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    // A click beside the panel is one on the dialog itself.
    let beside = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.id() == ID) {
            close();
        }
    };
    // What the arrows lead to is in sight.
    Effect::new(move |_| {
        let id = format!("palette-{}", chosen.get());
        request_animation_frame(move || {
            let (row, list) = (by_id::<web_sys::HtmlElement>(&id), by_id::<web_sys::Element>(LIST));
            let Some((row, list)) = row.zip(list) else { return };
            let (top, bottom) = (row.offset_top(), row.offset_top() + row.offset_height());
            if top < list.scroll_top() {
                list.set_scroll_top(top);
            } else if bottom > list.scroll_top() + list.client_height() {
                list.set_scroll_top(bottom - list.client_height());
            }
        });
    });
    let shown = move || {
        let at = chosen.get();
        let rows = entries.get().into_iter().enumerate().map(|(place, entry)| {
            let Entry { name, note, icon, does } = entry;
            let is_chosen = place == at;
            view! {
                <li
                    id=format!("palette-{place}")
                    role="option"
                    aria-selected=is_chosen.to_string()
                    class="flex h-10 min-w-0 cursor-pointer items-center gap-2.5 rounded-md px-3 aria-selected:bg-sunken"
                    on:mousemove=move |_| chosen.set(place)
                    on:click=move |_| run.with_value(|run| run(does.clone()))
                >
                    <Icon of=icon />
                    <span class="min-w-0 grow truncate">{name}</span>
                    <span class="max-w-1/2 truncate font-mono text-xs text-muted">{note}</span>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <dialog
            node_ref=dialog
            id=ID
            aria-label="Search"
            class="mx-auto mt-[12dvh] mb-auto w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-lg backdrop:bg-black/50"
            on:close=closed
            on:click=beside
        >
            // The field has the focus for as long as it is open: the line below it says so, and no second frame.
            <label class="flex items-center gap-2.5 border-b border-line px-5 text-muted focus-within:border-accent">
                <Icon of=icondata_lu::LuSearch />
                <input
                    node_ref=input
                    class="h-12 min-w-0 grow appearance-none bg-transparent text-ink outline-none"
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    aria-label="Search flags, segments, pages and actions"
                    placeholder="Search flags, segments, pages and actions"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=typed
                    on:keydown=pressed
                />
                <kbd class="hidden font-mono text-xs sm:inline">"Esc"</kbd>
            </label>
            <div class="p-2">
                <ul id=LIST role="listbox" tabindex="-1" aria-label="Found" class="relative max-h-[50dvh] overflow-y-auto outline-none">
                    {shown}
                </ul>
                <p class="px-3 py-2 text-sm text-muted" hidden=move || !entries.read().is_empty()>"Nothing has this name."</p>
            </div>
        </dialog>
    }
}

/// Looks for flags and segments, and shows them unless something else has been typed since.
fn look(project: Option<domain::orgs::ProjectRef>, text: RwSignal<String>, found: RwSignal<Vec<Found>>) {
    let wanted = text.get_untracked().trim().to_owned();
    let Some(project) = project.filter(|_| !wanted.is_empty()) else { return found.set(Vec::new()) };
    spawn_local(async move {
        let flags = find(project.organization, project.project, wanted.clone()).await;
        if text.try_get_untracked().is_some_and(|text| text.trim() == wanted) {
            found.set(flags.unwrap_or_default());
        }
    });
}
