use serde::{Deserialize, Serialize};

use super::PlaceRef;
use crate::access::Role;
use crate::accounts::Person;
use crate::{InvitationId, Millis, OrgId, OrgSlug, ProjectId, ProjectKey};

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationView {
    /// The id.
    pub id: OrgId,
    /// The name in addresses.
    pub slug: OrgSlug,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Acme Inc.")))]
    pub name: String,
    /// The asker's role in it.
    pub role: Role,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectView {
    /// The id.
    pub id: ProjectId,
    /// The key.
    pub key: ProjectKey,
    /// The name for people.
    #[cfg_attr(feature = "openapi", schema(examples("Website")))]
    pub name: String,
}

/// What somebody may do at most in one project, or in one environment of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NarrowedRole {
    /// Where.
    pub place: PlaceRef,
    /// What they may do there.
    pub role: Role,
}

/// A member of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberView {
    /// The person.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// Where they may do less.
    pub narrowed: Vec<NarrowedRole>,
    /// Since when.
    pub joined_at: Millis,
    /// Whether it is the asker.
    pub is_you: bool,
}

/// An invitation that was neither accepted nor revoked, as the organization sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationView {
    /// The id.
    pub id: InvitationId,
    /// Who is invited.
    #[cfg_attr(feature = "openapi", schema(examples("grace@example.com")))]
    pub email: String,
    /// What they will be allowed to do.
    pub role: Role,
    /// Who invited them, where that person is still there.
    #[cfg_attr(feature = "openapi", schema(required, examples("Ada Lovelace")))]
    pub invited_by: Option<String>,
    /// When it was made or renewed.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// Whether it has ended.
    pub is_expired: bool,
}

/// An invitation as whoever is invited sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingInvitation {
    /// The id.
    pub id: InvitationId,
    /// The organization's slug.
    pub organization: OrgSlug,
    /// The organization's name.
    #[cfg_attr(feature = "openapi", schema(examples("Acme Inc.")))]
    pub organization_name: String,
    /// Whom it is for.
    #[cfg_attr(feature = "openapi", schema(examples("grace@example.com")))]
    pub email: String,
    /// What they will be allowed to do.
    pub role: Role,
    /// When it ends.
    pub expires_at: Millis,
}

/// An invitation that was just made. The only time that its token is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation {
    /// The invitation.
    pub invitation: InvitationView,
    /// The token, which is part of the link. Not there where the answer is given again, to a request with the same
    /// `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("Zk3nWq8sTf0aYx1LcV7uRb")))]
    pub token: Option<String>,
    /// Whether an e-mail was sent, with another link; none where the instance sends no e-mail.
    pub mailed: Option<bool>,
}

/// The token never reaches a log.
impl std::fmt::Debug for NewInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewInvitation").field("invitation", &self.invitation).finish_non_exhaustive()
    }
}
