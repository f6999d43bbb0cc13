//! The project that a page is about: its address, what is known of it, and the frame around its pages.

mod api;
mod environments;
mod frame;
mod keys;
mod navigation;
mod notes;
mod palette;
mod person;
mod placed;
mod shortcuts;
mod sidebar;
mod switcher;
mod topbar;

use domain::orgs::ProjectRef;
use domain::place::PlaceView;
use domain::{EnvironmentKey, Error, OrgSlug, ProjectKey};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::error::UiError;
use crate::ui::loaded::Loaded;

pub(crate) use environments::{Environments, dot};
pub(crate) use frame::PlaceFrame;
pub(crate) use notes::who;
pub(crate) use placed::Placed;
pub(crate) use shortcuts::NEW;

/// What is known of the project; the frame loads it.
pub(crate) type Known = Loaded<Result<PlaceView, UiError>>;

/// What is known of the project that the page is about.
pub(crate) fn known() -> Known {
    // Pages of projects stand in the frame. Where they did not, nothing would be found.
    use_context().unwrap_or_else(|| Loaded::new(|| (), |()| async { Err(missing("project")) }))
}

/// The project that the address names.
pub(crate) fn project() -> Memo<Result<ProjectRef, UiError>> {
    let params = use_params_map();
    Memo::new(move |_| {
        let params = params.read();
        let organization = params.get_str("organization").and_then(|slug| slug.parse::<OrgSlug>().ok());
        let project = params.get_str("project").and_then(|key| key.parse::<ProjectKey>().ok());
        let both = organization.zip(project);
        let (organization, project) = both.ok_or_else(|| missing("project"))?;
        Ok(ProjectRef { organization, project })
    })
}

fn missing(what: &str) -> UiError {
    UiError::Rejected(Error::not_found(what))
}

/// The address of something in a project, with the environment that is looked at.
pub(crate) fn address(of: &ProjectRef, path: &str, environment: Option<&EnvironmentKey>) -> String {
    let query = environment.map(|key| format!("?env={key}")).unwrap_or_default();
    format!("/o/{}/{}/{path}{query}", of.organization, of.project)
}
