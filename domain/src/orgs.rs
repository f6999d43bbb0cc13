//! Organizations and their members.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::access::Role;
use crate::check::no_nul;
use crate::{OrgId, OrgSlug, ProjectId, ProjectKey, UserId};

/// Creates an organization with the project `default` and the environments `dev`, `staging` and `prod`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    /// Its name in addresses.
    pub slug: OrgSlug,
    /// Its name for people.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
    /// Who owns it.
    pub owner: UserId,
}

/// Adds a person to an organization.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// The organization.
    pub organization: OrgSlug,
    /// The person.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
}

/// Names a project from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectRef {
    /// The organization's slug.
    pub organization: OrgSlug,
    /// The project's key.
    pub project: ProjectKey,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    /// The id.
    pub id: OrgId,
    /// The name in addresses.
    pub slug: OrgSlug,
    /// The name for people.
    pub name: String,
    /// The asker's role in it.
    pub role: Role,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    /// The id.
    pub id: ProjectId,
    /// The key.
    pub key: ProjectKey,
    /// The name for people.
    pub name: String,
}
