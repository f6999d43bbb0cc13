//! The project that a form's address names.

use domain::orgs::ProjectRef;
use domain::{EnvironmentKey, Error};

/// The project. What cannot be its key names nothing.
pub(super) fn named(organization: &str, project: &str) -> Result<ProjectRef, Error> {
    let organization = organization.parse().map_err(|_| Error::not_found("organization"))?;
    let project = project.parse().map_err(|_| Error::not_found("project"))?;
    Ok(ProjectRef { organization, project })
}

/// The environment of this key. What cannot be one names nothing.
pub(super) fn environment(key: &str) -> Result<EnvironmentKey, Error> {
    key.parse().map_err(|_| Error::not_found("environment"))
}

/// A page of a project. What names none is not put into an address.
pub(super) fn page(of: &Result<ProjectRef, Error>, path: &str) -> String {
    match of {
        Ok(of) => format!("/o/{}/{}/{path}", of.organization, of.project),
        Err(_) => "/".to_owned(),
    }
}
