//! Who may do what: data and one pure function, asked by every write.

use serde::{Deserialize, Serialize};

/// A member's role in an organization. Each includes the rights of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything.
    Member,
    /// Creates and edits flags and segments, switches and kills.
    Developer,
    /// Archives and deletes, manages keys, environments, projects and members, changes protected environments.
    Admin,
    /// Manages owners, deletes the organization.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Member, Self::Developer, Self::Admin, Self::Owner];

    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Developer => "developer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Something that needs a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create an account for a person.
    CreateUser,
    /// Create an organization; needs no membership.
    CreateOrganization,
    /// Create an environment or change its name, colour or protection.
    ManageEnvironments,
    /// Create or revoke an API key.
    ManageApiKeys,
    /// Add people to the organization.
    ManageMembers,
    /// Create a flag.
    CreateFlag,
    /// Change what a flag does in an environment.
    ConfigureFlag,
    /// Switch a flag on in an environment.
    EnableFlag,
    /// Switch a flag off in an environment. Needs no more in a protected one: this is the kill switch.
    KillFlag,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 9] = [
        Self::CreateUser,
        Self::CreateOrganization,
        Self::ManageEnvironments,
        Self::ManageApiKeys,
        Self::ManageMembers,
        Self::CreateFlag,
        Self::ConfigureFlag,
        Self::EnableFlag,
        Self::KillFlag,
    ];

    /// The least role that may do it in an ordinary environment, or none where no role of an organization gives the
    /// right.
    pub const fn least_role(self) -> Option<Role> {
        match self {
            Self::CreateUser | Self::CreateOrganization => None,
            Self::ManageEnvironments | Self::ManageApiKeys | Self::ManageMembers => Some(Role::Admin),
            Self::CreateFlag | Self::ConfigureFlag | Self::EnableFlag | Self::KillFlag => {
                Some(Role::Developer)
            }
        }
    }

    /// Whether a protected environment asks for more.
    pub const fn heeds_protection(self) -> bool {
        matches!(self, Self::ConfigureFlag | Self::EnableFlag)
    }

    /// The action in words, after "may not".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::CreateUser => "create accounts",
            Self::CreateOrganization => "create organizations",
            Self::ManageEnvironments => "manage environments",
            Self::ManageApiKeys => "manage API keys",
            Self::ManageMembers => "manage members",
            Self::CreateFlag => "create flags",
            Self::ConfigureFlag => "change flags",
            Self::EnableFlag => "switch flags on",
            Self::KillFlag => "switch flags off",
        }
    }
}

/// Whether a role may do something, where `protected` says whether a protected environment is affected.
///
/// # Errors
/// A sentence for the person who may not.
pub fn allowed(role: Role, action: Action, protected: bool) -> Result<(), String> {
    let least = match action.least_role() {
        Some(least) if protected && action.heeds_protection() => least.max(Role::Admin),
        Some(least) => least,
        None => return Err(format!("no role may {}", action.describe())),
    };
    if role >= least {
        return Ok(());
    }
    let place = if protected && action.heeds_protection() { " in a protected environment" } else { "" };
    Err(format!(
        "A {} may not {}{place}: this needs the role {} or above.",
        role.as_str(),
        action.describe(),
        least.as_str()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_needs_no_more_in_a_protected_environment() {
        assert!(allowed(Role::Developer, Action::KillFlag, true).is_ok());
        assert!(allowed(Role::Developer, Action::EnableFlag, true).is_err());
        assert!(allowed(Role::Admin, Action::EnableFlag, true).is_ok());
    }

    #[test]
    fn members_only_read() {
        assert!(Action::ALL.into_iter().all(|action| allowed(Role::Member, action, false).is_err()));
    }

    #[test]
    fn protection_never_gives_a_right() {
        for role in Role::ALL {
            for action in Action::ALL {
                assert!(allowed(role, action, true).is_err() || allowed(role, action, false).is_ok());
            }
        }
    }
}
