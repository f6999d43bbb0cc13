//! One flag: its kill switch, its versions, what it is, and its end.

mod about;
mod json;
mod life;
mod state;

use axum::extract::Path;
use domain::orgs::ProjectRef;
use domain::{Error, FlagKey};

use super::project::{named, page};

pub(super) use about::{change_values, update};
pub(super) use json::configure;
pub(super) use life::{archive, copy, delete, restore};
pub(super) use state::{enable, kill, roll_back};

/// A flag of a project.
type Named = Path<(String, String, String)>;

/// The flag that an address names.
struct Flag {
    of: Result<ProjectRef, Error>,
    key: Result<FlagKey, Error>,
}

impl Flag {
    fn of(Path((organization, project, key)): Named) -> Self {
        let key = key.parse().map_err(|_| Error::not_found("flag"));
        Self { of: named(&organization, &project), key }
    }

    /// Its project and its key.
    fn both(&self) -> Result<(ProjectRef, FlagKey), Error> {
        Ok((self.of.clone()?, self.key.clone()?))
    }

    /// A page of it. What cannot be a key is not put into an address.
    fn page(&self, rest: &str) -> String {
        match &self.key {
            Ok(key) => page(&self.of, &format!("flags/{key}{rest}")),
            Err(_) => page(&self.of, "flags"),
        }
    }
}
