//! Everything that is stored about a person, as they get it.

use domain::accounts::{AccountView, SessionView, TokenView};
use domain::orgs::OrganizationView;
use domain::{Millis, OrgId};
use serde::Serialize;
use service::accounts::AccountExport;
use utoipa::ToSchema;

/// Everything that is stored about a person.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountExport)]
pub(super) struct Export {
    /// The account.
    account: AccountView,
    /// The organizations and the role in each.
    organizations: Vec<OrganizationView>,
    /// The sessions.
    sessions: Vec<SessionView>,
    /// The tokens, without their secrets.
    tokens: Vec<TokenView>,
    /// What they did, with what is kept of where they did it from.
    activity: Vec<Activity>,
}

/// Something that a person did.
#[derive(Serialize, ToSchema)]
struct Activity {
    /// The organization; none for what belongs to no organization.
    #[schema(required)]
    organization: Option<OrgId>,
    /// When.
    at: Millis,
    /// What.
    #[schema(examples("organization.created"))]
    action: String,
    /// To what.
    #[schema(examples("acme"))]
    resource: String,
    /// The network address.
    #[schema(required, examples("203.0.113.7"))]
    address: Option<String>,
    /// What the client said that it is.
    #[schema(required, examples("curl/8.5.0"))]
    user_agent: Option<String>,
}

impl From<AccountExport> for Export {
    fn from(export: AccountExport) -> Self {
        let AccountExport { account, organizations, sessions, tokens, activity } = export;
        let activity = activity.into_iter().map(|entry| Activity {
            organization: entry.organization,
            at: entry.at,
            action: entry.action,
            resource: entry.resource,
            address: entry.address,
            user_agent: entry.user_agent,
        });
        Self { account, organizations, sessions, tokens, activity: activity.collect() }
    }
}
