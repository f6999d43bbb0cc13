//! What happened: the end of every change, and an entry of the audit log.

use domain::EnvironmentId;
use domain::access::Action;

/// What a change did. Without one nothing is committed.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    /// The actions that a grant for this event may have been given for.
    pub(crate) granted_by: &'static [Action],
    pub(crate) resource: Resource,
    pub(crate) environment: Option<EnvironmentId>,
    pub(crate) comment: Option<String>,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// What it happened to.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) key: String,
}

impl Resource {
    pub(crate) fn new(kind: &'static str, id: impl ToString, key: impl ToString) -> Self {
        Self { kind, id: id.to_string(), key: key.to_string() }
    }
}

macro_rules! events {
    ($($name:ident = $text:literal by $($action:ident)|+;)+) => {
        impl Event {
            $(pub(crate) fn $name(resource: Resource) -> Self {
                Self::new($text, &[$(Action::$action),+], resource)
            })+
        }
    };
}

events! {
    user_created = "user.created" by CreateUser;
    user_signed_up = "user.signed_up" by SignUp;
    user_signed_in = "user.signed_in" by SignIn;
    user_renamed = "user.renamed" by ManageAccount;
    user_deleted = "user.deleted" by ManageAccount;
    password_changed = "password.changed" by ManageAccount;
    password_reset = "password.reset" by RecoverAccount;
    reset_link_mailed = "password.reset_link_mailed" by RecoverAccount;
    verification_mailed = "user.verification_mailed" by ManageAccount | SignUp;
    email_verified = "user.email_verified" by ManageAccount;
    reset_link_made = "password.reset_link_made" by MakeResetLink;
    identity_connected = "identity.connected" by ManageAccount;
    identity_disconnected = "identity.disconnected" by ManageAccount;
    sessions_ended = "session.ended" by ManageAccount;
    token_created = "token.created" by ManageAccount;
    token_revoked = "token.revoked" by ManageAccount;
    organization_created = "organization.created" by CreateOrganization;
    organization_renamed = "organization.renamed" by RenameOrganization;
    organization_deleted = "organization.deleted" by DeleteOrganization;
    member_added = "member.added" by ManageMembers;
    member_role_changed = "member.role_changed" by ManageMembers;
    member_narrowed = "member.narrowed" by ManageMembers;
    member_removed = "member.removed" by ManageMembers;
    member_left = "member.left" by LeaveOrganization | ManageAccount;
    invitation_created = "invitation.created" by ManageMembers;
    invitation_renewed = "invitation.renewed" by ManageMembers;
    invitation_revoked = "invitation.revoked" by ManageMembers | LeaveOrganization | ManageAccount;
    invitation_accepted = "invitation.accepted" by AcceptInvitation;
    project_created = "project.created" by ManageProjects;
    project_renamed = "project.renamed" by ManageProjects | ImportProject;
    project_deleted = "project.deleted" by ManageProjects;
    project_imported = "project.imported" by ImportProject;
    environment_created = "environment.created" by ManageEnvironments | ImportProject;
    environment_updated = "environment.updated" by ManageEnvironments | ImportProject;
    environments_reordered = "environment.reordered" by ManageEnvironments | ImportProject;
    environment_protected = "environment.protected" by ManageEnvironments | ImportProject;
    environment_deleted = "environment.deleted" by ManageEnvironments | ManageProjects;
    environment_purged = "environment.purged" by PurgeCaches;
    api_key_created = "api_key.created" by ManageApiKeys;
    api_key_updated = "api_key.updated" by ManageApiKeys;
    api_key_rotated = "api_key.rotated" by ManageApiKeys;
    api_key_revoked = "api_key.revoked" by ManageApiKeys;
    flag_created = "flag.created" by CreateFlag | ImportFlags | ImportProject;
    flag_updated = "flag.updated" by UpdateFlag | ImportProject;
    flag_archived = "flag.archived" by ArchiveFlag | ImportProject;
    flag_restored = "flag.restored" by ArchiveFlag | ImportProject;
    flag_deleted = "flag.deleted" by DeleteFlag;
    flag_configured = "flag.configured" by ConfigureFlag | ImportFlags | ImportProject;
    flag_promoted = "flag.promoted" by ConfigureFlag;
    flag_targeting_promoted = "flag.targeting_promoted" by ConfigureFlag;
    flag_state_promoted = "flag.state_promoted" by ConfigureFlag;
    flag_rolled_back = "flag.rolled_back" by ConfigureFlag;
    flag_enabled = "flag.enabled" by EnableFlag;
    flag_killed = "flag.killed" by KillFlag;
    flag_purged = "flag.purged" by PurgeCaches;
    segment_created = "segment.created" by CreateSegment | ImportProject;
    segment_updated = "segment.updated" by UpdateSegment | ImportProject;
    segment_configured = "segment.configured" by ConfigureSegment | ImportProject;
    segment_rolled_back = "segment.rolled_back" by ConfigureSegment;
    segment_deleted = "segment.deleted" by DeleteSegment;
    template_created = "template.created" by ManageTemplates | ImportProject;
    template_updated = "template.updated" by ManageTemplates | ImportProject;
    template_deleted = "template.deleted" by ManageTemplates;
}

impl Event {
    /// A refused attempt. No grant leads to it, so no change can end with it.
    pub(crate) fn denied(resource: Resource) -> Self {
        Self::new("denied", &[], resource)
    }

    /// Somebody could not prove who they are. No grant leads to it either.
    pub(crate) fn sign_in_failed(resource: Resource) -> Self {
        Self::new("user.sign_in_failed", &[], resource)
    }

    /// Nothing happened: the end of what is rolled back. No grant leads to it.
    pub(crate) fn nothing() -> Self {
        Self::new("nothing", &[], Resource::new("", "", ""))
    }

    fn new(name: &'static str, granted_by: &'static [Action], resource: Resource) -> Self {
        Self { name, granted_by, resource, environment: None, comment: None, old: None, new: None }
    }

    pub(crate) fn in_environment(self, environment: EnvironmentId) -> Self {
        Self { environment: Some(environment), ..self }
    }

    pub(crate) fn documents(self, old: Option<String>, new: Option<String>) -> Self {
        Self { old, new, ..self }
    }

    pub(crate) fn comment(self, comment: Option<String>) -> Self {
        Self { comment, ..self }
    }
}
