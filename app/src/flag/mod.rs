//! One flag.

pub(crate) mod api;
mod code;
mod framed;
mod header;
mod history;
mod insights;
mod kill;
mod killed;
mod latest;
mod page;
mod settings;
mod tabs;
pub(crate) mod targeting;

use domain::EnvironmentKey;
use domain::place::PlaceView;
use leptos_router::params::ParamsMap;

use crate::error::UiError;

pub(crate) use code::FlagCodePage;
pub(crate) use history::FlagHistoryPage;
pub(crate) use insights::FlagInsightsPage;
pub(crate) use page::FlagPage;
pub(crate) use settings::FlagSettingsPage;

// What was said of a form is known by these.
const KILL: &str = "flag/kill";
const ENABLE: &str = "flag/enable";
const ROLL_BACK: &str = "flag/rollback";
const UPDATE: &str = "flag/update";
const VARIATIONS: &str = "flag/variations";
const COPY: &str = "flag/copy";
const ARCHIVE: &str = "flag/archive";
const DELETE: &str = "flag/delete";

/// The environment that the address names, or the first one.
fn environment(query: &ParamsMap, place: &PlaceView) -> Result<EnvironmentKey, UiError> {
    let named = query.get_str("env").map(str::trim).filter(|key| !key.is_empty());
    let missing = || UiError::Rejected(domain::Error::not_found("environment"));
    let named = named.map(str::parse::<EnvironmentKey>).transpose().map_err(|_| missing())?;
    let found = place.environment(named.as_ref()).ok_or_else(missing)?;
    Ok(found.environment.key.clone())
}
