//! Keeps an open page true: when its reader may do other things than it shows, it loads itself anew.

use domain::OrgSlug;
use domain::access::Role;
use domain::orgs::PlaceRef;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::EventSource;

/// How often it is looked whether the page still listens.
const AGAIN: Duration = Duration::from_secs(10);

/// Whether the page hears of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Not yet, or not while nobody looks at the page.
    #[default]
    Unknown,
    Open,
    Broken,
}

/// Makes the state of the connection known to everything below.
pub(crate) fn provide() {
    provide_context(RwSignal::new(Connection::default()));
}

fn connection() -> RwSignal<Connection> {
    use_context().unwrap_or_default()
}

/// Says whether the page hears of changes.
#[component]
pub(crate) fn LiveMark() -> impl IntoView {
    let connection = connection();
    let told = move || match connection.get() {
        Connection::Unknown => ("", "bg-transparent"),
        Connection::Open => ("Live", "bg-on"),
        Connection::Broken => ("Reconnecting…", "bg-rollout"),
    };
    view! {
        <p class="hidden items-center gap-1.5 text-xs text-muted sm:flex">
            <span class=move || format!("size-1.5 rounded-full {}", told().1) aria-hidden="true"></span>
            {move || told().0}
        </p>
    }
}

/// Listens for changes of what somebody may do: by being signed in, and by a role in an organization where the page is
/// one's. Shows nothing.
#[component]
pub(crate) fn Live(
    /// The organization that the page is about, and the role that it was rendered for.
    #[prop(optional)]
    organization: Option<(OrgSlug, Role)>,
    /// The project or environment that the role is for, where it is not the whole organization.
    #[prop(optional)]
    place: Option<PlaceRef>,
) -> impl IntoView {
    let place = place.map(|place| format!("&place={place}")).unwrap_or_default();
    let address = match organization {
        Some((slug, role)) => format!("/live?organization={slug}&role={}{place}", role.as_str()),
        None => "/live".to_owned(),
    };
    let connection = connection();
    Effect::new(move |_| listen(address.clone(), connection));
}

/// Listens while the page is seen. Browsers allow few connections to a server at a time, and pages in the background would
/// use them up.
fn listen(address: String, connection: RwSignal<Connection>) {
    let source = StoredValue::new_local(None::<EventSource>);
    let look = move || {
        let is_hidden = document().hidden();
        source.update_value(|source| {
            let is_open = source.as_ref().is_some_and(|open| open.ready_state() != EventSource::CLOSED);
            match source {
                Some(open) if is_hidden => {
                    open.close();
                    *source = None;
                    connection.set(Connection::Unknown);
                }
                _ if !is_hidden && !is_open => *source = connect(&address, connection),
                _ => {}
            }
        });
    };
    look();
    let look = Rc::new(look);
    let again = Rc::clone(&look);
    let listener = window_event_listener(ev::visibilitychange, move |_| again());
    // Browsers give up on a stream that was refused once, such as by a server that restarts behind a proxy.
    let timer = set_interval_with_handle(move || look(), AGAIN).ok();
    on_cleanup(move || {
        listener.remove();
        if let Some(timer) = timer {
            timer.clear();
        }
        if let Some(open) = source.try_update_value(Option::take).flatten() {
            open.close();
        }
    });
}

fn connect(address: &str, connection: RwSignal<Connection>) -> Option<EventSource> {
    let source = EventSource::new(address).ok()?;
    for (event, state) in [("open", Connection::Open), ("error", Connection::Broken)] {
        let told = Closure::<dyn Fn()>::new(move || {
            connection.try_set(state);
        });
        source.add_event_listener_with_callback(event, told.into_js_value().unchecked_ref()).ok()?;
    }
    let reload = Closure::once_into_js(|| {
        let _ = window().location().reload();
    });
    source.add_event_listener_with_callback("access", reload.unchecked_ref()).ok()?;
    Some(source)
}
