//! Where somebody is in the dashboard, and what they may do there.

use serde::{Deserialize, Serialize};

use crate::EnvironmentKey;
use crate::access::{Action, Reach, Role, refusal};
use crate::accounts::Person;
use crate::environments::EnvironmentView;
use crate::orgs::{OrganizationView, ProjectRef, ProjectView};

/// A project as somebody sees it who looks around in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    /// Who looks.
    pub person: Person,
    /// The organization.
    pub organization: OrganizationView,
    /// All organizations that they belong to, the oldest first.
    pub organizations: Vec<OrganizationView>,
    /// The project.
    pub project: ProjectView,
    /// All projects of the organization, the oldest first.
    pub projects: Vec<ProjectView>,
    /// What they may do in the project: less than elsewhere where their role is narrowed.
    pub role: Role,
    /// The project's environments in their order.
    pub environments: Vec<EnvironmentPlace>,
    /// The number of the organization's newest audit entry when this was read, or of an earlier one.
    pub seq: i64,
}

/// An environment, and what somebody may do there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentPlace {
    /// The environment.
    pub environment: EnvironmentView,
    /// What they may do in it: less than elsewhere where their role is narrowed.
    pub role: Role,
}

impl PlaceView {
    /// The project's address.
    pub fn of(&self) -> ProjectRef {
        ProjectRef { organization: self.organization.slug.clone(), project: self.project.key.clone() }
    }

    /// The environment with this key, or the first one where none is named.
    pub fn environment(&self, key: Option<&EnvironmentKey>) -> Option<&EnvironmentPlace> {
        match key {
            Some(key) => self.environments.iter().find(|place| place.environment.key == *key),
            None => self.environments.first(),
        }
    }

    /// Why they may not do something in the project, where no environment matters; none where they may.
    pub fn refusal(&self, action: Action) -> Option<String> {
        let here = match action.reach() {
            Reach::Organization => self.organization.role,
            Reach::Project | Reach::Environment => self.role,
        };
        refusal(self.organization.role, here, action, false)
    }

    /// Why they may not do something in an environment; none where they may.
    pub fn refusal_in(&self, place: &EnvironmentPlace, action: Action) -> Option<String> {
        let here = match action.reach() {
            Reach::Organization => self.organization.role,
            Reach::Project => self.role,
            Reach::Environment => place.role,
        };
        refusal(self.organization.role, here, action, place.environment.protected)
    }

    /// Why they may not do something that all environments are affected by; none where they may.
    pub fn refusal_everywhere(&self, action: Action) -> Option<String> {
        self.environments.iter().find_map(|place| self.refusal_in(place, action))
    }
}
