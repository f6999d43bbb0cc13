//! Projects.

use domain::api_keys::KeyKind;
use domain::orgs::NarrowRole;
use serde_json::{Value, json};
use testkit::each;

use super::Manage;
use crate::client::Answer;

const PROJECTS: &str = "/api/v1/manage/projects";

fn keys(answer: &Answer, list: &str) -> Vec<String> {
    let rows = answer.body[list].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect()
}

/// A project is made with the usual environments or others, is called otherwise, and is found by its key and its id.
#[tokio::test]
async fn a_project_is_made_and_renamed() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        manage.kit.clock.advance(1);
        let usual = manage.post(&people.admin, PROJECTS, json!({"name": "Website & Shop"})).await;
        assert_eq!(usual.status, 201, "{usual:?}");
        assert_eq!(usual.body["key"], "website-shop");
        manage.kit.clock.advance(1);
        assert_eq!(manage.newest_entry(&workspace).await, ("project.created".into(), "website-shop".into()));
        let own = json!({"name": "日本", "environments": [
            {"key": "live", "name": "Live", "color": "violet", "protected": true},
            {"key": "test", "name": "Test", "color": "teal"},
        ]});
        let own = manage.post(&people.owner, PROJECTS, own).await;
        assert_eq!((own.status.as_u16(), &own.body["key"]), (201, &json!("project")));
        let list = manage.get(&people.developer, PROJECTS).await;
        assert_eq!(keys(&list, "projects"), ["default", "website-shop", "project"]);
        manage.expect_not_modified(&people.developer, PROJECTS).await;

        let environments = async |project: &str| {
            let path = "/api/v1/manage/environments";
            let answer = manage.ask_with(&people.owner, &[("x-project", project)], "GET", path, None).await;
            let of = |row: &Value| (row["key"].clone(), row["color"].clone(), row["protected"].clone());
            answer.body["environments"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
        };
        let row = |key: &str, color: &str, protected: bool| (json!(key), json!(color), json!(protected));
        assert_eq!(
            environments("website-shop").await,
            [row("dev", "sky", false), row("staging", "amber", false), row("prod", "rose", false)]
        );
        assert_eq!(environments("project").await, [row("live", "violet", true), row("test", "teal", false)]);

        let path = format!("{PROJECTS}/website-shop");
        let renamed = manage.ask(&people.admin, "PATCH", &path, Some(json!({"name": "Shop"}))).await;
        assert_eq!((renamed.status.as_u16(), &renamed.body["name"]), (200, &json!("Shop")));
        assert_eq!(manage.newest_entry(&workspace).await, ("project.renamed".into(), "website-shop".into()));
        manage.expect_not_modified(&people.developer, &path).await;
        let by_id = format!("{PROJECTS}/{}", renamed.body["id"].as_str().unwrap());
        assert_eq!(manage.get(&people.developer, &by_id).await.body, renamed.body);
    })
    .await;
}

/// A deleted project takes all that is in it along, and its keys are refused at once. The log keeps what happened. Without
/// the project `default`, requests that name none are about the oldest one.
#[tokio::test]
async fn a_deleted_project_leaves_its_log() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let delivery = manage.kit.services.delivery();
        assert!(delivery.authenticate(&key).is_some());
        for name in ["Second", "Third"] {
            manage.kit.clock.advance(1);
            assert_eq!(manage.post(&people.admin, PROJECTS, json!({"name": name})).await.status, 201);
        }
        let path = format!("{PROJECTS}/default");
        let gone = manage.ask(&people.admin, "DELETE", &path, Some(json!({"confirm": "default"}))).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        assert!(delivery.authenticate(&key).is_none());
        assert_eq!(manage.newest_entry(&workspace).await, ("project.deleted".into(), "default".into()));
        for table in ["flag", "flag_configuration", "api_key", "environment_revision", "environment_document"]
        {
            let rows = manage.kit.database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
            assert_eq!(rows, 0, "{table}");
        }
        manage.get(&people.admin, &path).await.error(404, "not_found");
        assert_eq!(keys(&manage.get(&people.admin, PROJECTS).await, "projects"), ["second", "third"]);

        let made = json!({"name": "Preview", "color": "slate"});
        assert_eq!(manage.post(&people.admin, "/api/v1/manage/environments", made).await.status, 201);
        let path = "/api/v1/manage/environments/preview";
        let second = manage.ask_with(&people.admin, &[("x-project", "second")], "GET", path, None).await;
        assert_eq!(second.status, 200, "{second:?}");
        let home = manage.kit.services.orgs().home(&workspace.owner).await.unwrap().unwrap();
        assert_eq!(home.project.as_str(), "second");
    })
    .await;
}

/// Nothing changes for those who may not, for what is against the rules, and for what clashes.
#[tokio::test]
async fn what_is_refused_changes_no_project() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let both = manage.people().await;
        let (_, people) = &both;
        let path = format!("{PROJECTS}/default");
        let new = json!({"name": "Website"});
        manage.hidden_from_others(&both, PROJECTS).await;
        manage.hidden_from_others(&both, &path).await;
        manage.refused_to_others(&both, "POST", PROJECTS, Some(new.clone())).await;
        manage.refused_to_others(&both, "PATCH", &path, Some(new.clone())).await;
        let confirm = json!({"confirm": "default"});
        manage.refused_to_others(&both, "DELETE", &path, Some(confirm.clone())).await;

        let missing = format!("{PROJECTS}/missing");
        let admin = &people.admin;
        manage.refused(admin, &[], "GET", &missing, None).await.error(404, "not_found");
        manage.refused(admin, &[], "PATCH", &missing, Some(new.clone())).await.error(404, "not_found");
        let missing_confirm = Some(json!({"confirm": "missing"}));
        manage.refused(admin, &[], "DELETE", &missing, missing_confirm).await.error(404, "not_found");

        let with = |environments: Value| json!({"name": "Website", "environments": environments});
        let dev = json!({"key": "dev", "name": "Dev", "color": "sky"});
        for (body, at) in [
            (json!({}), ""),
            (json!({"name": ""}), "name"),
            (json!({"name": "n".repeat(101)}), "name"),
            (json!({"name": "a\u{0}b"}), "name"),
            (json!({"name": "Website", "key": "No Key"}), "key"),
            (json!({"name": "Website", "nope": 1}), "nope"),
            (with(json!([])), "environments"),
            (with(json!([dev, {"key": "a", "name": "", "color": "sky"}])), "environments[1].name"),
            (with(json!([dev, dev])), "environments[1].key"),
            (with(json!([{"key": "order", "name": "Order", "color": "sky"}])), "environments[0].key"),
            (with(json!([{"key": "a", "name": "A", "color": "pink"}])), "environments[0].color"),
            (with(json!([{"key": "a", "name": "A"}])), "environments[0]"),
        ] {
            manage.refused(admin, &[], "POST", PROJECTS, Some(body)).await.invalid(at);
        }
        manage.refused(admin, &[], "PATCH", &path, Some(json!({"name": ""}))).await.invalid("name");
        for typed in ["", "Default", "defaul"] {
            let body = Some(json!({"confirm": typed}));
            manage.refused(admin, &[], "DELETE", &path, body).await.invalid("confirm");
        }

        let taken = json!({"name": "Default"});
        manage.refused(admin, &[], "POST", PROJECTS, Some(taken)).await.error(409, "conflict");
        manage.refused(admin, &[], "DELETE", &path, Some(confirm)).await.error(409, "conflict");
    })
    .await;
}

/// Whoever may do less in one environment of a project may not do away with all of it.
#[tokio::test]
async fn whoever_is_narrowed_deletes_no_project() {
    each(async |kit| {
        let manage = Manage::over(kit);
        let (workspace, people) = manage.people().await;
        assert_eq!(manage.post(&people.admin, PROJECTS, json!({"name": "Second"})).await.status, 201);
        let narrow = |place: &str| NarrowRole {
            organization: workspace.organization.clone(),
            user: workspace.admin.person().unwrap().id,
            place: place.parse().unwrap(),
            role: Some(domain::access::Role::Developer),
        };
        let orgs = manage.kit.services.orgs();
        orgs.narrow(&workspace.owner, narrow("default/prod")).await.unwrap();
        let path = format!("{PROJECTS}/default");
        let confirm = Some(json!({"confirm": "default"}));
        let refused = manage.refused(&people.admin, &[], "DELETE", &path, confirm.clone()).await;
        refused.error(403, "forbidden");
        let name = || Some(json!({"name": "New"}));
        assert_eq!(manage.ask(&people.admin, "PATCH", &path, name()).await.status, 200);
        orgs.narrow(&workspace.owner, narrow("default")).await.unwrap();
        manage.refused(&people.admin, &[], "PATCH", &path, name()).await.error(403, "forbidden");
        assert_eq!(manage.ask(&people.owner, "DELETE", &path, confirm).await.status, 204);
    })
    .await;
}
