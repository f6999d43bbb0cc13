//! Organizations and invitations.

use serde_json::json;
use testkit::each;

use super::scene::Scene;
use super::{Manage, PASSWORD, Who, cookie};

/// A person creates an organization and invites two: one who signs up by the link, one who was there. Roles change, and
/// whoever is removed finds nothing any more.
#[tokio::test]
async fn people_come_by_invitation_and_go() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        assert_eq!(manage.post(&owner, "/api/v1/orgs", json!({"name": "Acme"})).await.status, 201);
        let invite = async |email: &str, role: &str| {
            let body = json!({"email": email, "role": role});
            let answer = manage.post(&owner, "/api/v1/orgs/acme/invitations", body).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            answer.body["token"].as_str().unwrap().to_owned()
        };
        let old = invite("new@example.com", "member").await;
        let token = invite("New@example.com", "developer").await;
        let list = manage.get(&owner, "/api/v1/orgs/acme/invitations").await;
        assert_eq!(list.body["invitations"].as_array().unwrap().len(), 1, "{list:?}");
        assert!(!list.body.to_string().contains(&token));

        let sign_up = |token: &str| {
            json!({"email": "new@example.com", "name": "New", "password": PASSWORD, "invitation": token})
        };
        manage.post(&Who::Nobody, "/api/v1/auth/register", sign_up(&old)).await.error(404, "not_found");
        let answer = manage.post(&Who::Nobody, "/api/v1/auth/register", sign_up(&token)).await;
        let new = cookie(&answer);
        let role = manage.get(&new, "/api/v1/orgs/acme/me").await;
        assert_eq!(role.body["role"], "developer", "{role:?}");
        manage.post(&new, "/api/v1/invitations/accept", json!({"token": token})).await.error(409, "conflict");

        let token = invite("there@example.com", "admin").await;
        let (there, other) = (manage.register("there@example.com").await, manage.register("other@example.com").await);
        manage.post(&other, "/api/v1/invitations/accept", json!({"token": token})).await.error(403, "forbidden");
        let answer = manage.post(&there, "/api/v1/invitations/accept", json!({"token": token})).await;
        assert_eq!((&answer.body["slug"], &answer.body["role"]), (&json!("acme"), &json!("admin")));

        let members = manage.get(&there, "/api/v1/orgs/acme/members").await;
        let members = members.body["members"].as_array().unwrap().clone();
        let roles: Vec<_> = members.iter().map(|member| member["role"].as_str().unwrap()).collect();
        assert_eq!(roles, ["owner", "admin", "developer"]);
        let path = format!("/api/v1/orgs/acme/members/{}", members[2]["person"]["id"].as_str().unwrap());
        let changed = manage.ask(&there, "PATCH", &path, Some(json!({"role": "member"}))).await;
        assert_eq!(changed.status, 204, "{changed:?}");
        assert_eq!(manage.get(&new, "/api/v1/orgs/acme/me").await.body["role"], "member");
        assert_eq!(manage.ask(&there, "DELETE", &path, None).await.status, 204);
        manage.get(&new, "/api/v1/orgs/acme").await.error(404, "not_found");

        // The last owner stays, and the organization can be found by its id.
        manage.ask(&owner, "POST", "/api/v1/orgs/acme/leave", None).await.error(409, "conflict");
        let id = manage.get(&owner, "/api/v1/orgs/acme").await.body["id"].as_str().unwrap().to_owned();
        assert_eq!(manage.get(&owner, &format!("/api/v1/orgs/{id}")).await.body["slug"], "acme");
        let gone = manage.ask(&owner, "DELETE", &format!("/api/v1/orgs/{id}"), Some(json!({"confirm": "acme"}))).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        manage.get(&there, "/api/v1/orgs/acme").await.error(404, "not_found");
        assert_eq!(manage.get(&owner, "/api/v1/orgs").await.body["organizations"], json!([]));
    })
    .await;
}

/// A slug that is taken is a conflict, which a suggested one can be too.
#[tokio::test]
async fn a_slug_is_taken_once() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        for (body, status) in [
            (json!({"name": "Acme"}), 201),
            (json!({"name": "ACME"}), 409),
            (json!({"name": "ACME", "slug": "acme-2"}), 201),
        ] {
            assert_eq!(manage.post(&owner, "/api/v1/orgs", body).await.status, status);
        }
        let renamed =
            manage.ask(&owner, "PATCH", "/api/v1/orgs/acme", Some(json!({"name": "Acme again"}))).await;
        assert_eq!(renamed.status, 204);
        assert_eq!(manage.get(&owner, "/api/v1/orgs/acme").await.body["name"], "Acme again");
    })
    .await;
}

/// A path that is no text names nothing, and is refused like any other.
#[tokio::test]
async fn a_path_that_is_no_text_is_not_found() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        for path in ["/api/v1/orgs/%FF", "/api/v1/orgs/%FF/members"] {
            manage.get(&owner, path).await.error(404, "not_found");
        }
        manage.ask(&owner, "DELETE", "/api/v1/me/tokens/%FF", None).await.error(404, "not_found");
    })
    .await;
}

/// A request to manage is about the organization that its header names, by slug or by id, and about one's oldest one without
/// it. One that one cannot see is not found, as is one for somebody who has none.
#[tokio::test]
async fn a_header_names_the_organization() {
    const PATH: &str = "/api/v1/manage/organization";
    each(async |kit| {
        let manage = Manage::over(kit);
        let owner = manage.register("owner@example.com").await;
        manage.get(&owner, PATH).await.error(404, "not_found");
        for name in ["Zebra", "Acme"] {
            assert_eq!(manage.post(&owner, "/api/v1/orgs", json!({"name": name})).await.status, 201);
            manage.kit.clock.advance(1);
        }
        let other = manage.register("other@example.com").await;
        assert_eq!(manage.post(&other, "/api/v1/orgs", json!({"name": "Other"})).await.status, 201);

        assert_eq!(manage.get(&owner, PATH).await.body["slug"], "zebra");
        let acme = manage.get_in(&owner, "acme", PATH).await;
        assert_eq!((&acme.body["slug"], &acme.body["role"]), (&json!("acme"), &json!("owner")));
        let by_id = manage.get_in(&owner, acme.body["id"].as_str().unwrap(), PATH).await;
        assert_eq!(by_id.body, acme.body);
        let others = manage.get(&other, PATH).await.body["id"].as_str().unwrap().to_owned();
        for unseen in ["other", &others, "nowhere", "", "Not A Slug", "\u{fc}"] {
            manage.get_in(&owner, unseen, PATH).await.error(404, "not_found");
        }
        manage.get(&Who::Nobody, PATH).await.error(401, "unauthenticated");
        manage.get_in(&Who::Nobody, "acme", PATH).await.error(401, "unauthenticated");
    })
    .await;
}

/// An id is one however it is written.
#[tokio::test]
async fn an_id_is_one_however_it_is_written() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let organization = scene.get("/organization").await.body;
        let id = organization["id"].as_str().unwrap();
        for id in [id.to_owned(), id.to_uppercase()] {
            let answer = scene.manage.get_in(&scene.member, &id, "/api/v1/manage/organization").await;
            assert_eq!((answer.status.as_u16(), &answer.body), (200, &organization), "{id}");
        }
    })
    .await;
}
