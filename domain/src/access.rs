//! Who may do what: data and one pure function, asked by every write.

use serde::{Deserialize, Serialize};

/// A member's role in an organization. Each includes the rights of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

    /// What it is for, as people are told it.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Member => "Looks on: sees everything, and changes nothing.",
            Self::Developer => {
                "Makes flags and segments and switches them. In protected environments only switches off."
            }
            Self::Admin => {
                "Also manages people, projects, environments and API keys, and changes what is protected."
            }
            Self::Owner => "May do everything: manages other owners, too, and can delete the organization.",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Who may do something at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Togglebit itself, for whoever operates the instance.
    Operator,
    /// Nothing: whoever is not signed in may.
    Nothing,
    /// An account, of one's own.
    Account,
    /// A role in the organization.
    Role(Role),
}

/// How far something reaches within an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of it, or nothing of it: roles count as they are.
    Organization,
    /// A project: its environments follow, but what is narrowed in one of them alone does not count.
    Project,
    /// An environment of a project.
    Environment,
}

/// Something that needs a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create an account for a person.
    CreateUser,
    /// Make a link by which a person chooses a new password.
    MakeResetLink,
    /// Create an account for oneself.
    SignUp,
    /// Sign in, and out.
    SignIn,
    /// Choose a new password by a link.
    RecoverAccount,
    /// Change one's own account: name, password, identities, sessions, tokens; delete it.
    ManageAccount,
    /// Accept an invitation.
    AcceptInvitation,
    /// Create an organization; needs no membership.
    CreateOrganization,
    /// Leave the organization.
    LeaveOrganization,
    /// Rename the organization.
    RenameOrganization,
    /// Delete the organization and everything in it.
    DeleteOrganization,
    /// Invite people, change their roles, remove them. Owners are managed by owners alone.
    ManageMembers,
    /// Create, rename or delete a project.
    ManageProjects,
    /// Create an environment, change its name, colour, place or protection, or delete it.
    ManageEnvironments,
    /// Create, rotate or revoke an API key.
    ManageApiKeys,
    /// Create a flag.
    CreateFlag,
    /// Change what a flag is in all environments: its name, tags, owner, lifetime, variations.
    UpdateFlag,
    /// Archive a flag, so that it is served no more, or restore it.
    ArchiveFlag,
    /// Delete an archived flag.
    DeleteFlag,
    /// Change what a flag does in an environment.
    ConfigureFlag,
    /// Switch a flag on in an environment.
    EnableFlag,
    /// Switch a flag off in an environment. Needs no more in a protected one: this is the kill switch.
    KillFlag,
    /// Make applications drop what they have kept of an environment.
    PurgeCaches,
    /// Create a segment.
    CreateSegment,
    /// Change a segment's name or description.
    UpdateSegment,
    /// Change who is in a segment in an environment.
    ConfigureSegment,
    /// Delete a segment that nothing uses.
    DeleteSegment,
    /// Create, change or delete templates of flags.
    ManageTemplates,
    /// Import flags into an environment from another system.
    ImportFlags,
    /// Import a whole project: flags, segments and what they do everywhere.
    ImportProject,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 30] = [
        Self::CreateUser,
        Self::MakeResetLink,
        Self::SignUp,
        Self::SignIn,
        Self::RecoverAccount,
        Self::ManageAccount,
        Self::AcceptInvitation,
        Self::CreateOrganization,
        Self::LeaveOrganization,
        Self::RenameOrganization,
        Self::DeleteOrganization,
        Self::ManageMembers,
        Self::ManageProjects,
        Self::ManageEnvironments,
        Self::ManageApiKeys,
        Self::CreateFlag,
        Self::UpdateFlag,
        Self::ArchiveFlag,
        Self::DeleteFlag,
        Self::ConfigureFlag,
        Self::EnableFlag,
        Self::KillFlag,
        Self::PurgeCaches,
        Self::CreateSegment,
        Self::UpdateSegment,
        Self::ConfigureSegment,
        Self::DeleteSegment,
        Self::ManageTemplates,
        Self::ImportFlags,
        Self::ImportProject,
    ];

    /// Who may do it at least, in an ordinary environment.
    pub const fn needs(self) -> Needs {
        match self {
            Self::CreateUser | Self::MakeResetLink => Needs::Operator,
            Self::SignUp | Self::SignIn | Self::RecoverAccount => Needs::Nothing,
            Self::ManageAccount | Self::AcceptInvitation | Self::CreateOrganization => Needs::Account,
            Self::LeaveOrganization => Needs::Role(Role::Member),
            Self::CreateFlag
            | Self::UpdateFlag
            | Self::ConfigureFlag
            | Self::EnableFlag
            | Self::KillFlag
            | Self::PurgeCaches
            | Self::CreateSegment
            | Self::UpdateSegment
            | Self::ConfigureSegment
            | Self::ManageTemplates
            | Self::ImportFlags => Needs::Role(Role::Developer),
            Self::RenameOrganization
            | Self::ManageMembers
            | Self::ManageProjects
            | Self::ManageEnvironments
            | Self::ManageApiKeys
            | Self::ArchiveFlag
            | Self::DeleteFlag
            | Self::DeleteSegment
            | Self::ImportProject => Needs::Role(Role::Admin),
            Self::DeleteOrganization => Needs::Role(Role::Owner),
        }
    }

    /// Where it is done, if somewhere in a project: a role may be narrowed there.
    pub const fn reach(self) -> Reach {
        match self {
            Self::CreateFlag
            | Self::DeleteFlag
            | Self::CreateSegment
            | Self::UpdateSegment
            | Self::ManageTemplates => Reach::Project,
            Self::UpdateFlag
            | Self::ArchiveFlag
            | Self::ConfigureFlag
            | Self::EnableFlag
            | Self::KillFlag
            | Self::PurgeCaches
            | Self::ConfigureSegment
            | Self::DeleteSegment
            | Self::ImportFlags
            | Self::ImportProject
            | Self::ManageProjects
            | Self::ManageEnvironments
            | Self::ManageApiKeys => Reach::Environment,
            Self::CreateUser
            | Self::MakeResetLink
            | Self::SignUp
            | Self::SignIn
            | Self::RecoverAccount
            | Self::ManageAccount
            | Self::AcceptInvitation
            | Self::CreateOrganization
            | Self::LeaveOrganization
            | Self::RenameOrganization
            | Self::DeleteOrganization
            | Self::ManageMembers => Reach::Organization,
        }
    }

    /// Whether a protected environment asks for more: an admin, and a comment that says why.
    pub const fn heeds_protection(self) -> bool {
        matches!(
            self,
            Self::UpdateFlag
                | Self::ArchiveFlag
                | Self::ConfigureFlag
                | Self::EnableFlag
                | Self::ConfigureSegment
                | Self::ImportFlags
                | Self::ImportProject
        )
    }

    /// Whether it takes the person themselves, signed in: a token, which lies in some script, must not be enough to make
    /// more tokens, to begin a session or to take the account away.
    pub const fn needs_presence(self) -> bool {
        matches!(self, Self::SignIn | Self::ManageAccount | Self::DeleteOrganization)
    }

    /// The action in words, after "may not".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::CreateUser => "create accounts",
            Self::MakeResetLink => "make links to reset passwords",
            Self::SignUp => "sign up",
            Self::SignIn => "sign in",
            Self::RecoverAccount => "recover accounts",
            Self::ManageAccount => "manage accounts",
            Self::AcceptInvitation => "accept invitations",
            Self::CreateOrganization => "create organizations",
            Self::LeaveOrganization => "leave the organization",
            Self::RenameOrganization => "rename the organization",
            Self::DeleteOrganization => "delete the organization",
            Self::ManageMembers => "manage members",
            Self::ManageProjects => "manage projects",
            Self::ManageEnvironments => "manage environments",
            Self::ManageApiKeys => "manage API keys",
            Self::CreateFlag => "create flags",
            Self::UpdateFlag => "edit flags",
            Self::ArchiveFlag => "archive flags",
            Self::DeleteFlag => "delete flags",
            Self::ConfigureFlag => "change flags",
            Self::EnableFlag => "switch flags on",
            Self::KillFlag => "switch flags off",
            Self::PurgeCaches => "purge what applications keep",
            Self::CreateSegment => "create segments",
            Self::UpdateSegment => "edit segments",
            Self::ConfigureSegment => "change segments",
            Self::DeleteSegment => "delete segments",
            Self::ManageTemplates => "manage templates",
            Self::ImportFlags => "import flags",
            Self::ImportProject => "import projects",
        }
    }
}

/// Why somebody whose role is narrowed somewhere manages no members: they could make somebody else do what they may not.
pub const NARROWED_MANAGES_NOBODY: &str =
    "your role is narrowed in some places, and whoever's is manages no members: ask another admin";

/// Whether somebody with one role may manage a member who has another, or give it to somebody: owners are managed by
/// owners alone.
///
/// # Errors
/// A sentence for the person who may not.
pub fn may_manage(role: Role, other: Role) -> Result<(), String> {
    match role == Role::Owner || other != Role::Owner {
        true => Ok(()),
        false => Err("only owners may manage owners".to_owned()),
    }
}

/// Whether a role may do something, where `protected` says whether a protected environment is affected.
///
/// # Errors
/// A sentence for the person who may not.
pub fn allowed(role: Role, action: Action, protected: bool) -> Result<(), String> {
    let least = match action.needs() {
        Needs::Role(least) if protected && action.heeds_protection() => least.max(Role::Admin),
        Needs::Role(least) => least,
        _ => return Err(format!("no role of an organization lets anybody {}", action.describe())),
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

/// Why somebody may not do something in a place where they have one role, and another one elsewhere; none where they may.
pub fn refusal(elsewhere: Role, here: Role, action: Action, protected: bool) -> Option<String> {
    let reason = allowed(here, action, protected).err()?;
    Some(if here < elsewhere { format!("Your role is narrowed here. {reason}") } else { reason })
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
    fn members_only_read_and_leave() {
        let may = Action::ALL.into_iter().filter(|action| allowed(Role::Member, *action, false).is_ok());
        assert_eq!(may.collect::<Vec<_>>(), [Action::LeaveOrganization]);
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
