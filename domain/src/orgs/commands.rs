use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::access::Role;
use crate::check::{is_email, no_nul};
use crate::{EnvironmentKey, InvalidKey, InvitationId, OrgSlug, ProjectKey, UserId};

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

/// Changes an organization's name for people. The slug stays: it is in addresses that others have kept.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RenameOrganization {
    /// The organization.
    pub organization: OrgSlug,
    /// The name.
    #[validate(length(min = 1, max = 100, message = "1 to 100 characters"), custom(function = no_nul))]
    pub name: String,
}

/// Deletes an organization and everything in it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeleteOrganization {
    /// The organization.
    pub organization: OrgSlug,
    /// Its slug, typed.
    pub confirm: String,
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

/// Gives a member another role.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// The organization.
    pub organization: OrgSlug,
    /// The member.
    pub user: UserId,
    /// What they may do from now on.
    pub role: Role,
}

/// Gives a member less than their role in one project, or in one environment of it; or what they have elsewhere again.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NarrowRole {
    /// The organization.
    pub organization: OrgSlug,
    /// The member.
    pub user: UserId,
    /// Where.
    pub place: PlaceRef,
    /// What they may do there at most; none for as much as elsewhere.
    pub role: Option<Role>,
}

/// Takes a member out of an organization.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RemoveMember {
    /// The organization.
    pub organization: OrgSlug,
    /// The member.
    pub user: UserId,
}

/// Invites somebody. Inviting the same address again renews the invitation: the link from before ends.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The organization.
    pub organization: OrgSlug,
    /// Whom, by e-mail address.
    #[validate(custom(function = is_email))]
    pub email: String,
    /// What they will be allowed to do.
    pub role: Role,
}

/// Takes an invitation back.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RevokeInvitation {
    /// The organization.
    pub organization: OrgSlug,
    /// The invitation.
    pub invitation: InvitationId,
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

/// Names a project of an organization, or an environment of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceRef {
    /// The project's key.
    pub project: ProjectKey,
    /// The environment's key; none for the whole project.
    #[serde(default)]
    pub environment: Option<EnvironmentKey>,
}

/// As `project` or `project/environment`.
impl std::fmt::Display for PlaceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.environment {
            None => write!(f, "{}", self.project),
            Some(environment) => write!(f, "{}/{environment}", self.project),
        }
    }
}

impl std::str::FromStr for PlaceRef {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        match text.split_once('/') {
            None => Ok(Self { project: text.parse()?, environment: None }),
            Some((project, environment)) => {
                Ok(Self { project: project.parse()?, environment: Some(environment.parse()?) })
            }
        }
    }
}

/// The most characters of a suggested slug.
const SUGGESTED: usize = 30;

/// A slug that says a name: lower case, with hyphens for what a slug cannot hold. `team` for a name of which nothing is
/// left.
pub fn suggest_slug(name: &str) -> String {
    let slug = slug(name, SUGGESTED);
    if slug.is_empty() { "team".to_owned() } else { slug }
}

/// What is left of a name in a slug of so many characters at most; maybe nothing.
pub(crate) fn slug(name: &str, most: usize) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
        if slug.len() == most {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_slug_is_one() {
        let long = "x".repeat(200);
        for (name, slug) in [
            ("Acme Inc.", "acme-inc"),
            ("  Größe & Söhne  ", "gr-e-s-hne"),
            ("日本", "team"),
            ("", "team"),
            ("7", "7"),
            (long.as_str(), &long[..30]),
        ] {
            assert_eq!(suggest_slug(name), slug, "{name}");
            assert!(slug.parse::<OrgSlug>().is_ok(), "{slug}");
        }
    }
}
