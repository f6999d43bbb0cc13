//! Ids: UUIDv7, so that they sort by creation. One type each, so that swapped arguments do not compile.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(examples("0199fb2e-7c41-7d3a-9a55-3f0c2b9e1d84")))]
        #[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        #[cfg(feature = "sea-orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// A person.
    UserId;
    /// An organization. The nil id names the instance itself, in the audit log only.
    OrgId;
    /// A project.
    ProjectId;
    /// An environment.
    EnvironmentId;
    /// A flag.
    FlagId;
    /// A segment.
    SegmentId;
    /// A template of flags.
    TemplateId;
    /// An API key.
    ApiKeyId;
    /// An invitation.
    InvitationId;
    /// A session of somebody who signed in.
    SignInId;
    /// A personal access token.
    TokenId;
}

impl OrgId {
    /// The instance itself: the owner of the audit chain for what belongs to no organization.
    pub const INSTANCE: Self = Self(Uuid::nil());
}
