//! The keyboard's shortcuts, and the list of them.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::keys::{self, Pressed};
use super::navigation::Section;
use super::{address, palette, project};
use crate::ui::{by_id, dialog::Dialog, sidebar};

const ID: &str = "shortcuts";

/// The id of the link to a new flag, where a page has one.
pub(crate) const NEW: &str = "new-flag-link";

/// How long after `g` another key may come.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Shows the list. In the browser only.
pub(super) fn open() {
    if let Some(dialog) = by_id::<web_sys::HtmlDialogElement>(ID).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Listens for them.
fn listen() {
    let (project, query, navigate) = (project(), use_query_map(), use_navigate());
    let goes = StoredValue::new(None::<TimeoutHandle>);
    let pressed = move |event: ev::KeyboardEvent| {
        let Some(pressed) = keys::read(&event) else { return };
        let was_going = goes.try_update_value(Option::take).flatten();
        if let Some(earlier) = was_going {
            earlier.clear();
            let section = Section::all().into_iter().find(|section| section.key == event.key());
            if let (Some(section), Ok(of)) = (section, project.get_untracked()) {
                event.prevent_default();
                let environment = query.read_untracked().get_str("env").and_then(|key| key.parse().ok());
                return navigate(&address(&of, section.path, environment.as_ref()), Default::default());
            }
        }
        match pressed {
            Pressed::Palette => palette::open(),
            Pressed::Sidebar => sidebar::toggle(),
            Pressed::Help => open(),
            Pressed::Search => match by_id::<web_sys::HtmlElement>("search") {
                Some(search) => drop(search.focus()),
                None => palette::open(),
            },
            Pressed::New => match by_id::<web_sys::HtmlElement>(NEW) {
                Some(link) => link.click(),
                None => {
                    let Ok(of) = project.get_untracked() else { return };
                    let environment = query.read_untracked().get_str("env").and_then(|key| key.parse().ok());
                    navigate(&address(&of, "flags/new", environment.as_ref()), Default::default());
                }
            },
            Pressed::Go => {
                let forget = move || goes.set_value(None);
                goes.set_value(set_timeout_with_handle(forget, PATIENCE).ok());
                return;
            }
            Pressed::Other => return,
        }
        event.prevent_default();
    };
    let listener = window_event_listener(ev::keydown, pressed);
    on_cleanup(move || listener.remove());
}

#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    // Hooks of the router belong to the component, the listener to the browser.
    Effect::new(|_| listen());
    let row = |keys: &[&'static str], does: String| {
        let keys = keys.iter().map(|key| {
            view! { <kbd class="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs">{*key}</kbd> }
        });
        view! {
            <div class="flex items-center justify-between gap-4 py-1.5">
                <dt>{does}</dt>
                <dd class="flex shrink-0 gap-1">{keys.collect_view()}</dd>
            </div>
        }
    };
    let always = [
        row(&["Ctrl", "K"], "Search flags, segments, pages and actions".to_owned()),
        row(&["Ctrl", "B"], "Collapse or expand the sidebar".to_owned()),
        row(&["c"], "Create a flag".to_owned()),
        row(&["/"], "Filter the list".to_owned()),
        row(&["?"], "Show this list".to_owned()),
        row(&["Esc"], "Close what is open".to_owned()),
    ];
    let pages = Section::all().map(|section| row(&["g", section.key], format!("Go to {}", section.name)));
    view! {
        <Dialog id=ID title="Keyboard shortcuts">
            <dl class="mt-3 divide-y divide-line">{always.collect_view()} {pages.collect_view()}</dl>
            <p class="mt-3 text-sm text-muted">"On a Mac, Cmd does what Ctrl does elsewhere."</p>
        </Dialog>
    }
}
