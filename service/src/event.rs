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
    ($($(#[$doc:meta])* $name:ident = $text:literal by $action:ident;)+) => {
        impl Event {
            $($(#[$doc])* pub(crate) fn $name(resource: Resource) -> Self {
                Self::new($text, &[Action::$action], resource)
            })+
        }
    };
}

events! {
    user_created = "user.created" by CreateUser;
    organization_created = "organization.created" by CreateOrganization;
    member_added = "member.added" by ManageMembers;
    environment_protected = "environment.protected" by ManageEnvironments;
    api_key_created = "api_key.created" by ManageApiKeys;
    flag_created = "flag.created" by CreateFlag;
    flag_configured = "flag.configured" by ConfigureFlag;
    flag_enabled = "flag.enabled" by EnableFlag;
    flag_killed = "flag.killed" by KillFlag;
}

impl Event {
    /// A refused attempt. No grant leads to it, so no change can end with it.
    pub(crate) fn denied(resource: Resource) -> Self {
        Self::new("denied", &[], resource)
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
