//! What applications sign in with: the list of a project's API keys, a new one, and one of them.

mod api;
mod filter;
mod new;
mod one;
mod page;
mod row;
mod words;

use domain::access::Action;
use domain::place::{EnvironmentPlace, PlaceView};

pub(crate) use api::load_api_key_name;
pub(crate) use new::NewApiKeyPage;
pub(crate) use one::ApiKeyPage;
pub(crate) use page::ApiKeysPage;
pub(crate) use row::KindBadge;

// What was said of a form is known by these.
const CREATE: &str = "keys/new";
const UPDATE: &str = "keys/update";
const ROTATE: &str = "keys/rotate";
const REVOKE: &str = "keys/revoke";

/// Why somebody may manage no key of the project; none where they may those of one environment at least.
fn refusal(place: &PlaceView) -> Option<String> {
    let refused = |at: &EnvironmentPlace| place.refusal_in(at, Action::ManageApiKeys);
    let first = refused(place.environments.first()?)?;
    place.environments.iter().all(|at| refused(at).is_some()).then_some(first)
}
