//! Keeps an open page true: when its reader may do other things than it shows, it loads itself anew.

use domain::OrgSlug;
use domain::access::Role;
use domain::orgs::PlaceRef;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::EventSource;

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
    Effect::new(move |_| listen(address.clone()));
}

/// Listens while the page is seen. Browsers allow few connections to a server at a time, and pages in the background would
/// use them up.
fn listen(address: String) {
    let source = StoredValue::new_local(None::<EventSource>);
    let look = move || {
        let is_hidden = document().hidden();
        source.update_value(|source| match source {
            Some(open) if is_hidden => {
                open.close();
                *source = None;
            }
            None if !is_hidden => *source = connect(&address),
            _ => {}
        });
    };
    look();
    let listener = window_event_listener(ev::visibilitychange, move |_| look());
    on_cleanup(move || {
        listener.remove();
        if let Some(open) = source.try_update_value(Option::take).flatten() {
            open.close();
        }
    });
}

fn connect(address: &str) -> Option<EventSource> {
    let source = EventSource::new(address).ok()?;
    let reload = Closure::once_into_js(|| {
        let _ = window().location().reload();
    });
    source.add_event_listener_with_callback("access", reload.unchecked_ref()).ok()?;
    Some(source)
}
