//! Keeps an open page true: tells it what happens elsewhere, and loads it anew when its reader may do other things than it
//! shows. The connection itself is `public/live.js`, which all tabs of a browser share.

use std::sync::Arc;

use domain::OrgSlug;
use domain::access::Role;
use domain::audit::{News, Rights};
use domain::orgs::PlaceRef;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit};

/// Whether the page hears of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Connection {
    /// Not yet, or not while nobody looks at the page.
    #[default]
    Unknown,
    Open,
    Broken,
}

/// Somebody who wants to hear what happened. None: something did that is not told.
type Heard = Arc<dyn Fn(Option<&News>) + Send + Sync>;

/// What a page hears of changes.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    connection: RwSignal<Connection>,
    heard: StoredValue<Vec<(u32, Heard)>>,
    last: StoredValue<u32>,
}

/// Makes changes known to everything below.
pub(crate) fn provide() {
    let (connection, heard) = (RwSignal::default(), StoredValue::new(Vec::new()));
    provide_context(Changes { connection, heard, last: StoredValue::new(0) });
}

pub(super) fn changes() -> Option<Changes> {
    use_context()
}

impl Changes {
    /// Hears until the owner is gone.
    pub(super) fn on(self, heard: Heard) {
        self.last.update_value(|last| *last = last.wrapping_add(1));
        let id = self.last.get_value();
        self.heard.update_value(|all| all.push((id, heard)));
        on_cleanup(move || {
            self.heard.try_update_value(|all| all.retain(|(known, _)| *known != id));
        });
    }

    fn tell(self, news: Option<&News>) {
        // Whoever hears may begin or end others.
        for (_, heard) in self.heard.try_get_value().unwrap_or_default() {
            heard(news);
        }
    }
}

/// Says whether the page hears of changes.
#[component]
pub(crate) fn LiveMark() -> impl IntoView {
    let connection = changes().map(|changes| changes.connection).unwrap_or_default();
    let told = move || match connection.get() {
        Connection::Unknown => ("", "bg-transparent"),
        Connection::Open => ("Live", "bg-on"),
        Connection::Broken => ("Reconnecting…", "bg-rollout"),
    };
    // A phone has room for what is wrong alone.
    let class = move || match connection.get() {
        Connection::Broken => "flex items-center gap-1.5 text-xs text-muted",
        Connection::Unknown | Connection::Open => "hidden items-center gap-1.5 text-xs text-muted sm:flex",
    };
    view! {
        <p class=class>
            <span class=move || format!("size-1.5 rounded-full {}", told().1) aria-hidden="true"></span>
            {move || told().0}
        </p>
    }
}

/// Listens for changes of what somebody may do: by being signed in, and by a role in an organization where the page is
/// one's. There for everything that happens, too. Shows nothing.
#[component]
pub(crate) fn Live(
    /// The organization that the page is about, and the role that it was rendered for.
    #[prop(optional)]
    organization: Option<(OrgSlug, Role)>,
    /// The project or environment that the role is for, where it is not the whole organization.
    #[prop(optional)]
    place: Option<PlaceRef>,
    /// The number of the newest entry of the audit log that the page knows; 0 where it does not know.
    #[prop(optional)]
    seq: i64,
) -> impl IntoView {
    let (address, role) = match organization {
        Some((slug, role)) => (format!("/live?organization={slug}"), Some(role)),
        None => ("/live".to_owned(), None),
    };
    let asked = format!("{address} {seq}");
    let changes = changes();
    Effect::new(move |_| {
        let (join, place) = (asked.clone(), place.clone());
        let listener = window_event_listener_untyped("live", move |event| {
            let told = event.dyn_ref::<CustomEvent>().and_then(|event| event.detail().as_string());
            let told = told.unwrap_or_default();
            let (word, data) = told.split_once(' ').unwrap_or_default();
            match (word, changes) {
                // The script came after the page.
                ("ready", _) => say("live-join", &join),
                ("access", _) if !fits(data, role, place.as_ref()) => {
                    let _ = window().location().reload();
                }
                ("state", Some(changes)) => {
                    changes.connection.try_set(state(data));
                }
                ("missed", Some(changes)) => changes.tell(None),
                ("change", Some(changes)) => {
                    if let Ok(news) = serde_json::from_str(data) {
                        changes.tell(Some(&news));
                    }
                }
                _ => {}
            }
        });
        say("live-join", &asked);
        on_cleanup(move || {
            listener.remove();
            say("live-leave", "");
        });
    });
}

fn state(name: &str) -> Connection {
    match name {
        "open" => Connection::Open,
        "broken" => Connection::Broken,
        _ => Connection::Unknown,
    }
}

/// Whether what somebody may do is what the page shows.
fn fits(told: &str, role: Option<Role>, place: Option<&PlaceRef>) -> bool {
    match serde_json::from_str::<Option<Rights>>(told) {
        Ok(Some(rights)) => role.is_none_or(|role| rights.at(place) == role),
        // Not signed in any more, or not there.
        Ok(None) => false,
        // What a newer server tells.
        Err(_) => true,
    }
}

/// Tells the script something.
fn say(name: &str, detail: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(detail));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = window().dispatch_event(&event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_may_do_fits_or_not() {
        let place: PlaceRef = "shop/prod".parse().unwrap();
        let told = r#"{"role":"admin","narrowed":[{"place":{"project":"shop","environment":"prod"},"role":"member"}]}"#;
        assert!(fits(told, Some(Role::Member), Some(&place)));
        assert!(!fits(told, Some(Role::Admin), Some(&place)));
        assert!(fits(told, Some(Role::Admin), None));
        assert!(fits(told, None, None));
        assert!(!fits("null", None, None));
        assert!(fits("what?", Some(Role::Member), None));
    }
}
