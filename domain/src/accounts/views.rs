use serde::{Deserialize, Serialize};

use crate::orgs::OrganizationView;
use crate::{Millis, OrgId, SignInId, TokenId, UserId};

/// A person, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The id.
    pub id: UserId,
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", schema(examples("ada@example.com")))]
    pub email: String,
    /// The name.
    #[cfg_attr(feature = "openapi", schema(examples("Ada Lovelace")))]
    pub name: String,
}

/// An account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The person.
    pub person: Person,
    /// Whether the e-mail address was proven.
    pub email_verified: bool,
    /// Whether there is a password.
    pub has_password: bool,
    /// Since when there is the account.
    pub created_at: Millis,
    /// The providers that sign in to it.
    pub identities: Vec<IdentityView>,
}

/// Who somebody is at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityView {
    /// The provider's name in the configuration.
    #[cfg_attr(feature = "openapi", schema(examples("github")))]
    pub provider: String,
    /// The e-mail address there.
    #[cfg_attr(feature = "openapi", schema(required, examples("ada@example.com")))]
    pub email: Option<String>,
    /// Since when.
    pub created_at: Millis,
    /// The last time.
    pub last_used_at: Millis,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The id.
    pub id: SignInId,
    /// Browser and system, such as "Firefox on Linux".
    #[cfg_attr(feature = "openapi", schema(examples("Firefox on Linux")))]
    pub device: String,
    /// The network address that it began from.
    #[cfg_attr(feature = "openapi", schema(required, examples("203.0.113.7")))]
    pub address: Option<String>,
    /// When it began.
    pub signed_in_at: Millis,
    /// When it was used last, to within minutes.
    pub last_used_at: Millis,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// What a personal access token may do; never more than its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Look on.
    Read,
    /// Change things, too.
    Write,
}

impl TokenScope {
    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The scope with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A personal access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenView {
    /// The id.
    pub id: TokenId,
    /// The name.
    #[cfg_attr(feature = "openapi", schema(examples("deployment")))]
    pub name: String,
    /// What it may do.
    pub scope: TokenScope,
    /// Its first characters.
    #[cfg_attr(feature = "openapi", schema(examples("tbp_Zk3nWq")))]
    pub prefix: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends, if ever.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<Millis>,
    /// When it was used last, to within minutes.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_at: Option<Millis>,
}

/// A token that was just made. The only time that it is seen whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// The token. Not there where the answer is given again, to a request with the same `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("tbp_Zk3nWq8sTf0aYx1LcV7uRb")))]
    pub raw: Option<String>,
    /// What is seen of it afterwards.
    pub token: TokenView,
}

/// The raw token never reaches a log.
impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("token", &self.token).finish_non_exhaustive()
    }
}

/// Everything that is stored about a person.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountExport {
    /// The account.
    pub account: AccountView,
    /// The organizations and the role in each.
    pub organizations: Vec<OrganizationView>,
    /// The sessions.
    pub sessions: Vec<SessionView>,
    /// The tokens, without their secrets.
    pub tokens: Vec<TokenView>,
    /// What they did, with what is kept of where they did it from.
    pub activity: Vec<Activity>,
}

/// Something that a person did.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activity {
    /// The organization; none for what belongs to no organization.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub organization: Option<OrgId>,
    /// When.
    pub at: Millis,
    /// What.
    #[cfg_attr(feature = "openapi", schema(examples("organization.created")))]
    pub action: String,
    /// To what.
    #[cfg_attr(feature = "openapi", schema(examples("acme")))]
    pub resource: String,
    /// The network address.
    #[cfg_attr(feature = "openapi", schema(required, examples("203.0.113.7")))]
    pub address: Option<String>,
    /// What the client said that it is.
    #[cfg_attr(feature = "openapi", schema(required, examples("curl/8.5.0")))]
    pub user_agent: Option<String>,
}
