//! Accounts, organizations and who belongs to them.

use domain::access::{Action, Needs, Role};

use super::super::case::{About, Case, Does};
use super::{LOOK, form, function, rest, shown};

const ORGANIZATION: &str = "/api/v1/orgs/{org}";
const MEMBER: &str = "/api/v1/orgs/{org}/members/{user}";
const INVITATIONS: &str = "/api/v1/orgs/{org}/invitations";
const INVITATION: &str = "/api/v1/orgs/{org}/invitations/{invitation}";

const TO_MEMBER: &[(&str, &str)] = &[("user", "{user}"), ("role", "member")];
const TO_ADMIN: &[(&str, &str)] = &[("user", "{user}"), ("role", "admin")];
const TO_OWNER: &[(&str, &str)] = &[("user", "{user}"), ("role", "owner")];
const INVITE_ADMIN: &[(&str, &str)] = &[("email", "{new-email}"), ("role", "admin")];
const INVITE_OWNER: &[(&str, &str)] = &[("email", "{new-email}"), ("role", "owner")];
const NEW_PERSON: &[(&str, &str)] = &[("name", "New"), ("email", "{new-email}"), ("password", "{password}")];
const SIGN_IN: &[(&str, &str)] = &[("email", "{email}"), ("password", "{password}")];
const RESET: &[(&str, &str)] = &[("token", "{token}"), ("password", "{password}")];
const NEW_TEAM: &[(&str, &str)] = &[("name", "New"), ("slug", "{new-slug}")];
const NEW_TOKEN: &[(&str, &str)] = &[("name", "script"), ("scope", "write")];

pub(super) const CASES: &[Case] = &[
    form(Action::SignIn, About::Person, "/sign-in", SIGN_IN),
    form(Action::SignIn, About::Nothing, "/sign-in/demo", &[("role", "developer")]),
    form(Action::SignIn, About::Nothing, "/auth/{provider}", &[]),
    form(Action::SignIn, About::Nothing, "/sign-out", &[]),
    form(Action::SignUp, About::Nothing, "/sign-up", NEW_PERSON),
    form(Action::RecoverAccount, About::Link, "/reset-password", RESET),
    form(Action::RecoverAccount, About::Person, "/forgot-password", &[("email", "{email}")]),
    form(Action::ManageAccount, About::Proof, "/verify-email", &[("token", "{token}")]),
    form(Action::ManageAccount, About::Nothing, "/account/verification", &[]),
    form(Action::AcceptInvitation, About::Welcome, "/invitations/accept", &[("token", "{token}")]),
    form(Action::AcceptInvitation, About::Welcome, "/invitations/accept", &[("invitation", "{invitation}")]),
    form(
        Action::AcceptInvitation,
        About::Theirs("invitation"),
        "/invitations/accept",
        &[("invitation", "{invitation}")],
    ),
    form(Action::CreateOrganization, About::Nothing, "/organizations", NEW_TEAM),
    form(Action::ManageAccount, About::Nothing, "/auth/{provider}", &[("connect", "yes")]),
    form(Action::ManageAccount, About::Identities, "/account/disconnect", &[("provider", "github")]),
    form(Action::ManageAccount, About::Nothing, "/account/name", &[("name", "New name")]),
    form(Action::ManageAccount, About::Session, "/account/password", &[("new", "{password}")]),
    form(Action::ManageAccount, About::Nothing, "/account/tokens", NEW_TOKEN),
    form(Action::ManageAccount, About::Token, "/account/tokens/revoke", &[("token", "{token}")]),
    form(Action::ManageAccount, About::Theirs("token"), "/account/tokens/revoke", &[("token", "{token}")]),
    form(Action::ManageAccount, About::Session, "/account/sessions/end", &[("session", "{session}")]),
    form(
        Action::ManageAccount,
        About::Theirs("session"),
        "/account/sessions/end",
        &[("session", "{session}")],
    ),
    form(Action::ManageAccount, About::Session, "/account/sessions/end-others", &[]),
    form(Action::ManageAccount, About::Heir, "/account/delete", &[("confirm", "{own-email}")]),
    form(
        Action::RenameOrganization,
        About::Nothing,
        "/o/{organization}/settings/rename",
        &[("name", "{new-slug}")],
    ),
    form(Action::LeaveOrganization, About::Heir, "/o/{organization}/settings/leave", &[]),
    form(
        Action::ManageMembers,
        About::Member(Role::Member),
        "/o/{organization}/settings/members/role",
        TO_ADMIN,
    ),
    form(
        Action::ManageMembers,
        About::Member(Role::Admin),
        "/o/{organization}/settings/members/role",
        TO_OWNER,
    ),
    form(
        Action::ManageMembers,
        About::Member(Role::Owner),
        "/o/{organization}/settings/members/role",
        TO_MEMBER,
    ),
    form(
        Action::ManageMembers,
        About::Member(Role::Admin),
        "/o/{organization}/settings/members/narrow",
        &[("user", "{user}"), ("place", "default/prod"), ("role", "member")],
    ),
    form(
        Action::ManageMembers,
        About::Member(Role::Admin),
        "/o/{organization}/settings/members/remove",
        &[("user", "{user}")],
    ),
    form(
        Action::ManageMembers,
        About::Member(Role::Owner),
        "/o/{organization}/settings/members/remove",
        &[("user", "{user}")],
    ),
    form(Action::ManageMembers, About::Nothing, "/o/{organization}/settings/invitations", INVITE_ADMIN),
    form(Action::ManageMembers, About::Nothing, "/o/{organization}/settings/invitations", INVITE_OWNER),
    form(
        Action::ManageMembers,
        About::Invited(Role::Admin),
        "/o/{organization}/settings/invitations/revoke",
        &[("invitation", "{invitation}")],
    ),
    form(
        Action::ManageMembers,
        About::Invited(Role::Owner),
        "/o/{organization}/settings/invitations/revoke",
        &[("invitation", "{invitation}")],
    ),
    form(
        Action::DeleteOrganization,
        About::Nothing,
        "/o/{organization}/settings/delete",
        &[("confirm", "{organization}")],
    ),
    function(Does::Show(LOOK), About::Nothing, "/_fn/organization", &[("organization", "{organization}")]),
    function(Does::Show(LOOK), About::Nothing, "/_fn/members", &[("organization", "{organization}")]),
    function(
        Does::Action(Action::ManageMembers),
        About::Member(Role::Member),
        "/_fn/members/role",
        &[("organization", "{organization}"), ("user", "{user}"), ("role", "admin")],
    ),
    function(
        Does::Action(Action::ManageMembers),
        About::Member(Role::Admin),
        "/_fn/members/role",
        &[("organization", "{organization}"), ("user", "{user}"), ("role", "owner")],
    ),
    function(
        Does::Action(Action::ManageMembers),
        About::Member(Role::Owner),
        "/_fn/members/role",
        &[("organization", "{organization}"), ("user", "{user}"), ("role", "member")],
    ),
    function(Does::Show(Needs::Account), About::Nothing, "/_fn/account", &[]),
    function(Does::Show(Needs::Account), About::Nothing, "/_fn/welcome", &[]),
    function(Does::Show(Needs::Nothing), About::Welcome, "/_fn/invitation", &[("token", "{token}")]),
    rest(Action::SignUp, About::Nothing, "POST", "/api/v1/auth/register", NEW_PERSON),
    rest(Action::SignIn, About::Person, "POST", "/api/v1/auth/login", SIGN_IN),
    rest(Action::SignIn, About::Nothing, "POST", "/api/v1/auth/logout", &[]),
    rest(Action::RecoverAccount, About::Person, "POST", "/api/v1/auth/forgot", &[("email", "{email}")]),
    rest(Action::RecoverAccount, About::Link, "POST", "/api/v1/auth/reset", RESET),
    shown(Needs::Account, About::Nothing, "/api/v1/me"),
    rest(Action::ManageAccount, About::Nothing, "PATCH", "/api/v1/me", &[("name", "New name")]),
    rest(Action::ManageAccount, About::Heir, "DELETE", "/api/v1/me", &[("confirm", "{own-email}")]),
    shown(Needs::Account, About::Nothing, "/api/v1/me/export"),
    rest(Action::ManageAccount, About::Session, "POST", "/api/v1/me/password", &[("new", "{password}")]),
    rest(Action::ManageAccount, About::Nothing, "POST", "/api/v1/me/verification", &[]),
    rest(Action::ManageAccount, About::Proof, "POST", "/api/v1/me/verify", &[("token", "{token}")]),
    shown(Needs::Account, About::Token, "/api/v1/me/tokens"),
    rest(Action::ManageAccount, About::Nothing, "POST", "/api/v1/me/tokens", NEW_TOKEN),
    rest(Action::ManageAccount, About::Token, "DELETE", "/api/v1/me/tokens/{token}", &[]),
    rest(Action::ManageAccount, About::Theirs("token"), "DELETE", "/api/v1/me/tokens/{token}", &[]),
    shown(Needs::Account, About::Nothing, "/api/v1/me/sessions"),
    rest(Action::ManageAccount, About::Session, "POST", "/api/v1/me/sessions/end-others", &[]),
    rest(Action::ManageAccount, About::Session, "DELETE", "/api/v1/me/sessions/{session}", &[]),
    rest(Action::ManageAccount, About::Theirs("session"), "DELETE", "/api/v1/me/sessions/{session}", &[]),
    shown(Needs::Account, About::Nothing, "/api/v1/manage/organization"),
    shown(Needs::Account, About::Nothing, "/api/v1/orgs"),
    rest(Action::CreateOrganization, About::Nothing, "POST", "/api/v1/orgs", NEW_TEAM),
    shown(LOOK, About::Nothing, ORGANIZATION),
    rest(Action::RenameOrganization, About::Nothing, "PATCH", ORGANIZATION, &[("name", "{new-slug}")]),
    rest(Action::DeleteOrganization, About::Nothing, "DELETE", ORGANIZATION, &[("confirm", "{org}")]),
    shown(LOOK, About::Nothing, "/api/v1/orgs/{org}/me"),
    rest(Action::LeaveOrganization, About::Heir, "POST", "/api/v1/orgs/{org}/leave", &[]),
    shown(LOOK, About::Nothing, "/api/v1/orgs/{org}/members"),
    rest(Action::ManageMembers, About::Member(Role::Member), "PATCH", MEMBER, &[("role", "admin")]),
    rest(Action::ManageMembers, About::Member(Role::Admin), "PATCH", MEMBER, &[("role", "owner")]),
    rest(Action::ManageMembers, About::Member(Role::Owner), "PATCH", MEMBER, &[("role", "member")]),
    rest(
        Action::ManageMembers,
        About::Member(Role::Admin),
        "PUT",
        "/api/v1/orgs/{org}/members/{user}/narrowed",
        &[("project", "default"), ("role", "developer")],
    ),
    rest(Action::ManageMembers, About::Member(Role::Admin), "DELETE", MEMBER, &[]),
    rest(Action::ManageMembers, About::Member(Role::Owner), "DELETE", MEMBER, &[]),
    shown(LOOK, About::Nothing, INVITATIONS),
    rest(Action::ManageMembers, About::Nothing, "POST", INVITATIONS, INVITE_ADMIN),
    rest(Action::ManageMembers, About::Nothing, "POST", INVITATIONS, INVITE_OWNER),
    rest(Action::ManageMembers, About::Invited(Role::Admin), "DELETE", INVITATION, &[]),
    rest(Action::ManageMembers, About::Invited(Role::Owner), "DELETE", INVITATION, &[]),
    shown(Needs::Account, About::Welcome, "/api/v1/invitations"),
    rest(
        Action::AcceptInvitation,
        About::Welcome,
        "POST",
        "/api/v1/invitations/accept",
        &[("token", "{token}")],
    ),
    rest(Action::AcceptInvitation, About::Welcome, "POST", "/api/v1/invitations/{invitation}/accept", &[]),
    rest(
        Action::AcceptInvitation,
        About::Theirs("invitation"),
        "POST",
        "/api/v1/invitations/{invitation}/accept",
        &[],
    ),
];
