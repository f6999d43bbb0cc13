//! Who may do what over HTTP: every route of an organization, for everybody who may ask.

use domain::access::Role;
use serde_json::{Value, json};
use testkit::each;

use super::{Manage, Who};

/// A route of an organization, with what is sent to it and the least role that may do it. `{user}` and `{invitation}`
/// stand for a member and an invitation.
const ROUTES: [(&str, &str, &str, Role); 11] = [
    ("GET", "", "", Role::Member),
    ("GET", "/me", "", Role::Member),
    ("GET", "/members", "", Role::Member),
    ("GET", "/invitations", "", Role::Member),
    ("PATCH", "", r#"{"name":"Renamed"}"#, Role::Admin),
    ("POST", "/invitations", r#"{"email":"x@example.com","role":"member"}"#, Role::Admin),
    ("POST", "/invitations", r#"{"email":"y@example.com","role":"owner"}"#, Role::Owner),
    ("PATCH", "/members/{user}", r#"{"role":"developer"}"#, Role::Admin),
    ("DELETE", "/members/{user}", "", Role::Admin),
    ("DELETE", "/invitations/{invitation}", "", Role::Admin),
    ("DELETE", "", r#"{"confirm":"{org}"}"#, Role::Owner),
];

/// Each role may do what the table says; others are forbidden, outsiders find nothing, and nobody is asked to sign in.
/// Whoever is refused changes nothing.
#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    each(async |kit| {
        let manage = Manage::over(kit);
        for (method, route, body, least) in ROUTES {
            for role in Role::ALL.map(Some).into_iter().chain([None]) {
                let workspace = manage.kit.workspace().await;
                let org = workspace.organization.to_string();
                let actor = match role {
                    Some(role) => workspace.people().into_iter().find(|(of, _)| *of == role).unwrap().1,
                    None => &workspace.outsider,
                };
                // By a token for what a token may do: it has its person's rights, but for what decides who owns.
                let is_presence = method == "DELETE" && route.is_empty() || body.contains("owner");
                let who = if is_presence {
                    manage.session_of(actor).await
                } else {
                    manage.token_of(actor, "write").await
                };
                let owner = manage.token_of(&workspace.owner, "write").await;
                let invited = json!({"email": "old@example.com", "role": "member"});
                let path = format!("/api/v1/orgs/{org}");
                let invitation = manage.post(&owner, &format!("{path}/invitations"), invited).await;
                let invitation = invitation.body["invitation"]["id"].as_str().unwrap().to_owned();
                let user = workspace.member.person().unwrap().id.to_string();
                let path =
                    format!("{path}{route}").replace("{user}", &user).replace("{invitation}", &invitation);
                let sent: Option<Value> =
                    (!body.is_empty()).then(|| serde_json::from_str(&body.replace("{org}", &org)).unwrap());
                // The first use is written down.
                manage.get(&who, "/api/v1/me").await;
                let before = manage.kit.state().await;
                let answer = manage.ask(&who, method, &path, sent.clone()).await;
                let what = format!("{role:?}: {method} {route} {body}");
                if role.is_some_and(|role| role >= least) {
                    assert!(answer.status.is_success(), "{what}: {answer:?}");
                    continue;
                }
                match role {
                    Some(_) => answer.error(403, "forbidden"),
                    None => answer.error(404, "not_found"),
                };
                assert!(manage.kit.state().await == before, "{what}: something changed");
                manage.ask(&Who::Nobody, method, &path, sent).await.error(401, "unauthenticated");
                assert!(manage.kit.state().await == before, "{what}: something changed");
            }
        }
    })
    .await;
}
