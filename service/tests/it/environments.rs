//! Environments.

use domain::Error as Refusal;
use domain::access::Role;
use domain::api_keys::KeyKind;
use domain::environments::{
    Color, CreateEnvironment, DeleteEnvironment, EnvironmentChanges, OrderEnvironments, ProtectEnvironment,
    UpdateEnvironment,
};
use domain::flags::Configuration;
use domain::orgs::NarrowRole;
use engine::Reason;
use serde_json::{Value, json};
use service::audit::Verdict;
use testkit::{Kit, Workspace, each};

use crate::{again, environment, evaluate, off, on, org_id, revisions};

/// Protecting an environment takes an entry of the log and no revision: what it serves stays the same.
#[tokio::test]
async fn protection_is_switched_on_and_off() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        for protected in [true, false] {
            let before = kit.audit_entries().await;
            let command = ProtectEnvironment {
                project: workspace.project.clone(),
                environment: "prod".parse().unwrap(),
                protected,
            };
            let view = kit.services.environments().protect(&workspace.admin, command).await.unwrap();
            assert_eq!((view.protected, view.revision), (protected, 1));
            assert_eq!(environment(&kit, &workspace, "prod").await, view);
            assert!(!environment(&kit, &workspace, "dev").await.protected);
            assert_eq!(revisions(&kit, &workspace).await, [1, 1, 1]);
            assert_eq!(kit.audit_entries().await, before + 1);
        }
        let log = kit.log(&workspace.member, &workspace.organization).await;
        let entry = log.last().unwrap();
        assert_eq!((entry.action.as_str(), entry.resource.key.as_str()), ("environment.protected", "prod"));
        assert_eq!((&entry.old, &entry.new), (&Some(json!(true)), &Some(json!(false))));
    })
    .await;
}

fn preview(workspace: &Workspace, copy_from: Option<&str>) -> CreateEnvironment {
    CreateEnvironment {
        project: workspace.project.clone(),
        key: "preview".parse().unwrap(),
        name: "Preview".into(),
        color: Color::Teal,
        protected: false,
        copy_from: copy_from.map(|key| key.parse().unwrap()),
    }
}

/// How the flags of an environment are configured: key, body, version.
async fn configurations(kit: &Kit, environment: &str) -> Vec<(String, String, i64)> {
    let rows = format!(
        "SELECT f.key, c.body, c.version FROM flag_configuration c JOIN flag f ON f.id = c.flag_id
            JOIN environment e ON e.id = c.environment_id WHERE e.key = '{environment}' ORDER BY f.key"
    );
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("key"), text("body"), row["version"].as_i64().unwrap())
    };
    kit.database.rows(&rows).await.iter().map(row).collect()
}

/// Writes a segment as its owner would see it: in `dev` with somebody in it, elsewhere empty.
async fn segment(kit: &Kit, workspace: &Workspace) {
    let org = kit.database.id(org_id(kit, workspace).await);
    let id = kit.database.id("019b76da-a800-7d02-a9f3-21566f59b4f5");
    for sql in [
        format!(
            "INSERT INTO segment (id, org_id, project_id, key, key_lower, name, name_lower, description, version, created_at, updated_at)
                SELECT {id}, {org}, id, 'Team', 'team', 'Team', 'team', '', 1, 0, 0 FROM project WHERE org_id = {org}"
        ),
        format!(
            "INSERT INTO segment_configuration (org_id, segment_id, environment_id, body, version, updated_at)
                SELECT {org}, {id}, id, CASE key WHEN 'dev' THEN '{{\"included\":[\"user-1\"]}}' ELSE '{{}}' END, 7, 0
                FROM environment WHERE org_id = {org}"
        ),
    ] {
        kit.database.execute(&sql).await;
    }
}

/// A flag that cannot be read where an environment is copied from does in the copy what is served of it there, or what a new
/// flag does where that cannot be read either. Its neighbours are copied as they are.
#[tokio::test]
async fn what_cannot_be_read_is_copied_as_it_is_served() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for key in ["menu", "lost", "fine"] {
            workspace.flag(key).await;
            let switch = workspace.switch(key, "dev", true);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
            let fixed = Configuration { enabled: true, ..Configuration::fixed("off", "off") };
            let configure = workspace.configure(key, "dev", 2, fixed);
            kit.services.flags().configure(&workspace.developer, configure).await.unwrap();
        }
        let broken = "UPDATE flag_configuration SET body = 'not json'
            WHERE environment_id IN (SELECT id FROM environment WHERE key = 'dev')
            AND flag_id IN (SELECT id FROM flag WHERE key IN ('menu', 'lost'))";
        kit.database.execute(broken).await;
        kit.database.execute("UPDATE environment_document SET document = '{}' WHERE key = 'lost'").await;
        let made = kit.services.environments().create(&workspace.admin, preview(&workspace, Some("dev"))).await;
        made.unwrap();
        let copied = configurations(&kit, "preview").await;
        let body = |key: &str| {
            let (_, body, version) = copied.iter().find(|row| row.0 == key).unwrap();
            assert_eq!(*version, 1, "{key}");
            serde_json::from_str::<Value>(body).unwrap()
        };
        let does = |served: &str| {
            json!({"enabled": true, "off_variation": "off", "fallthrough": {"variation": served}})
        };
        assert_eq!(body("fine"), does("off"));
        assert_eq!(body("menu"), does("off"));
        assert_eq!(body("lost"), does("on"));
    })
    .await;
}

/// Flags and segments do in a new environment what they do in the one that it is copied from, at its first revision and
/// with versions of its own; later changes of either leave the other alone. An archived flag is configured and not served.
#[tokio::test]
async fn a_copied_environment_does_what_the_other_does() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for key in ["menu", "off", "old"] {
            workspace.flag(key).await;
        }
        let switch = async |environment, on| {
            let command = workspace.switch("menu", environment, on);
            kit.services.flags().switch(&workspace.developer, command).await.unwrap();
        };
        switch("dev", true).await;
        kit.database.execute("UPDATE flag SET archived_at = 1 WHERE key = 'old'").await;
        segment(&kit, &workspace).await;
        let made = kit.services.environments().create(&workspace.admin, preview(&workspace, Some("dev"))).await;
        let made = made.unwrap();
        assert_eq!(made.revision, 1);
        assert_eq!(environment(&kit, &workspace, "preview").await, made);
        assert_eq!(revisions(&kit, &workspace).await, [4, 3, 3, 1]);

        let (dev, copied) = (configurations(&kit, "dev").await, configurations(&kit, "preview").await);
        assert_eq!(dev.iter().map(|row| row.2).collect::<Vec<_>>(), [2, 1, 1]);
        let first = |row: &(String, String, i64)| (row.0.clone(), row.1.clone(), 1);
        assert_eq!(copied, dev.iter().map(first).collect::<Vec<_>>());
        let documents = format!(
            "SELECT kind, key, document FROM environment_document WHERE environment_id = {} ORDER BY kind, key",
            kit.database.id(made.id)
        );
        let documents = kit.database.rows(&documents).await;
        let keys: Vec<_> = documents.iter().map(|row| row["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["menu", "off", "Team"]);
        let team: Value = serde_json::from_str(documents[2]["document"].as_str().unwrap()).unwrap();
        let expected =
            json!({"format": 1, "semantics": 1, "key": "Team", "version": 1, "included": ["user-1"]});
        assert_eq!(team, expected);
        let bodies = "SELECT body FROM segment_configuration WHERE version = 1";
        assert_eq!(kit.database.rows(bodies).await, [json!({"body": "{\"included\":[\"user-1\"]}"})]);

        let raw = workspace.api_key("preview", KeyKind::Server).await;
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(1, 1));
        assert_eq!(evaluate(&kit.services, &raw, "off"), off(1, 1));
        assert_eq!(evaluate(&kit.services, &raw, "old").reason, Reason::FlagNotFound);
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        assert_eq!(caller.environment.snapshot().compiled().warnings().count(), 0);
        switch("dev", false).await;
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(1, 1));
        switch("preview", false).await;
        assert_eq!(evaluate(&kit.services, &raw, "menu"), off(2, 2));
    })
    .await;
}

/// Without one to copy from, flags are what they are when they are new, and segments are empty.
#[tokio::test]
async fn a_new_environment_begins_with_everything_off() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let empty = kit.services.environments().create(&workspace.admin, preview(&workspace, None)).await;
        assert_eq!(empty.unwrap().revision, 0, "there is nothing to serve yet");
        workspace.flag("menu").await;
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        segment(&kit, &workspace).await;
        let command = CreateEnvironment { key: "second".parse().unwrap(), ..preview(&workspace, None) };
        kit.services.environments().create(&workspace.admin, command).await.unwrap();
        assert_eq!(configurations(&kit, "second").await, configurations(&kit, "staging").await);
        let raw = workspace.api_key("second", KeyKind::Server).await;
        assert_eq!(evaluate(&kit.services, &raw, "menu"), off(1, 1));
        let bodies = "SELECT body FROM segment_configuration WHERE version = 1";
        assert_eq!(kit.database.rows(bodies).await, [json!({"body": "{}"})]);
    })
    .await;
}

/// Nobody copies what they may not see: an environment of another project, or of another organization.
#[tokio::test]
async fn only_the_projects_own_environments_are_copied() {
    each(async |kit| {
        let (workspace, other) = (kit.workspace().await, kit.workspace().await);
        let command = CreateEnvironment { key: "theirs".parse().unwrap(), ..preview(&other, None) };
        kit.services.environments().create(&other.admin, command).await.unwrap();
        let copy = preview(&workspace, Some("theirs"));
        let refusal = kit.refused(kit.services.environments().create(&workspace.admin, copy)).await;
        let message = "there is no environment `theirs`";
        assert_eq!(refusal, Refusal::invalid("copy_from", message));
    })
    .await;
}

/// Whoever thinks of deleting an environment is told what is in it, and nobody else is.
#[tokio::test]
async fn what_is_in_an_environment_is_counted() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let contents = async |environment: &str| {
            let key = environment.parse().unwrap();
            kit.services.environments().contents(&workspace.member, &workspace.project, &key).await.unwrap()
        };
        workspace.flag("menu").await;
        segment(&kit, &workspace).await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.api_key("prod", KeyKind::Browser).await;
        workspace.revoke_key(&workspace.api_key("dev", KeyKind::Server).await).await;
        let before = contents("dev").await;
        assert_eq!((before.flags, before.segments, before.keys, before.last_used_at), (1, 1, 1, None));
        kit.services.delivery().authenticate(&raw).unwrap().used(kit.services.now());
        kit.services.delivery().flush_usage().await.unwrap();
        let after = contents("dev").await;
        assert_eq!((after.keys, after.last_used_at), (1, Some(kit.services.now())));
        assert_eq!(contents("prod").await.last_used_at, None);
        let (of, key) = (workspace.project.clone(), "dev".parse().unwrap());
        let refusal = kit.refused(kit.services.environments().contents(&workspace.outsider, &of, &key)).await;
        assert_eq!(refusal, Refusal::not_found("organization"));
    })
    .await;
}

/// What is in a project is counted over all of its environments, for whoever may look at it.
#[tokio::test]
async fn what_is_in_a_project_is_counted() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let projects = kit.services.projects();
        let contents = async || projects.contents(&workspace.member, &workspace.project).await.unwrap();
        let empty = contents().await;
        assert_eq!(
            (empty.flags, empty.archived, empty.segments, empty.templates, empty.keys),
            (0, 0, 0, 0, 0)
        );
        workspace.flag("menu").await;
        let (project, key) = (workspace.project.clone(), workspace.flag("old").await);
        let command = domain::flags::ArchiveFlag { project, key, comment: None };
        kit.services.flags().archive(&workspace.admin, command).await.unwrap();
        segment(&kit, &workspace).await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.api_key("prod", KeyKind::Browser).await;
        workspace.revoke_key(&workspace.api_key("dev", KeyKind::Server).await).await;
        kit.services.delivery().authenticate(&raw).unwrap().used(kit.services.now());
        kit.services.delivery().flush_usage().await.unwrap();
        let after = contents().await;
        assert_eq!((after.flags, after.archived, after.segments, after.keys), (1, 1, 1, 2));
        assert_eq!((after.last_used_at, after.now), (Some(kit.services.now()), kit.services.now()));
        let refusal = kit.refused(projects.contents(&workspace.outsider, &workspace.project)).await;
        assert_eq!(refusal, Refusal::not_found("organization"));
    })
    .await;
}

/// A deleted environment leaves nothing but the log, whose chain stays whole.
#[tokio::test]
async fn a_deleted_environment_leaves_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        segment(&kit, &workspace).await;
        let made =
            kit.services.environments().create(&workspace.admin, preview(&workspace, Some("dev"))).await;
        let id = kit.database.id(made.unwrap().id);
        let raw = workspace.api_key("preview", KeyKind::Server).await;
        evaluate(&kit.services, &raw, "menu");
        kit.services.delivery().flush_usage().await.unwrap();
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        let _followed = kit.services.delivery().follow(caller, None, None).unwrap();
        kit.services.delivery().count_streams().await.unwrap();
        let narrow = NarrowRole {
            organization: workspace.organization.clone(),
            user: crate::id(&workspace.developer),
            place: "default/preview".parse().unwrap(),
            role: Some(Role::Member),
        };
        kit.services.orgs().narrow(&workspace.owner, narrow).await.unwrap();
        let mut tables = kit.database.tables_with("environment_id").await;
        tables.retain(|table| table != "audit_event");
        let rows = async |table: &str| {
            kit.database.number(&format!("SELECT COUNT(*) FROM {table} WHERE environment_id = {id}")).await
        };
        for table in &tables {
            assert!(rows(table).await > 0, "{table} is no proof");
        }
        let others = configurations(&kit, "dev").await;

        // What is counted from now on has nowhere to go, and keeps nothing else from being written down.
        evaluate(&kit.services, &raw, "menu");
        let command = DeleteEnvironment {
            project: workspace.project.clone(),
            environment: "preview".parse().unwrap(),
            confirm: "preview".into(),
        };
        kit.services.environments().delete(&again(&kit, &workspace.admin).await, command).await.unwrap();
        for table in &tables {
            assert_eq!(rows(table).await, 0, "{table}");
        }
        assert!(kit.services.delivery().authenticate(&raw).is_none());
        kit.services.delivery().flush_usage().await.unwrap();
        assert_eq!(configurations(&kit, "dev").await, others);
        let verdict = kit.services.audit().verify(&workspace.owner, &workspace.organization).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole(_)), "{verdict:?}");
    })
    .await;
}

/// An environment is made in a project with more flags than one statement can write.
#[tokio::test]
async fn many_flags_are_copied() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let (id, numbers) = match kit.database.name {
            "sqlite" => (
                "randomblob(16)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200) SELECT",
            ),
            _ => ("gen_random_uuid()", "WITH n(i) AS (SELECT generate_series(1, 4200)) SELECT"),
        };
        let columns = "org_id, project_id, key_lower, name, name_lower, description, description_lower, kind, value_type,
            client_side, variations, owner_id, expires_at, archived_at, version, created_at, updated_at, temporary";
        let many = format!("INSERT INTO flag (id, key, {columns}) {numbers} {id}, 'f' || n.i, {columns} FROM n, flag");
        kit.database.execute(&many).await;
        let made = kit.services.environments().create(&workspace.admin, preview(&workspace, None)).await.unwrap();
        let id = kit.database.id(made.id);
        for table in ["flag_configuration", "environment_document"] {
            let rows = format!("SELECT COUNT(*) FROM {table} WHERE environment_id = {id}");
            assert_eq!(kit.database.number(&rows).await, 4201, "{table}");
        }
        let raw = workspace.api_key("preview", KeyKind::Server).await;
        assert_eq!(evaluate(&kit.services, &raw, "f4200"), off(1, 1));
    })
    .await;
}

/// Whoever may do less in a place neither changes nor moves nor deletes it; elsewhere they may.
#[tokio::test]
async fn narrowed_admins_manage_what_they_may() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let narrow = |place: &str| NarrowRole {
            organization: workspace.organization.clone(),
            user: crate::id(&workspace.admin),
            place: place.parse().unwrap(),
            role: Some(Role::Developer),
        };
        kit.services.orgs().narrow(&workspace.owner, narrow("default/prod")).await.unwrap();
        let environments = kit.services.environments();
        let update = |key: &str| UpdateEnvironment {
            project: workspace.project.clone(),
            environment: key.parse().unwrap(),
            changes: EnvironmentChanges { name: Some("New".into()), ..Default::default() },
        };
        let delete = |key: &str| DeleteEnvironment {
            project: workspace.project.clone(),
            environment: key.parse().unwrap(),
            confirm: key.into(),
        };
        let order = OrderEnvironments {
            project: workspace.project.clone(),
            order: ["prod", "dev", "staging"].map(|key| key.parse().unwrap()).into(),
        };
        let admin = &again(&kit, &workspace.admin).await;
        for refusal in [
            kit.refused(environments.update(admin, update("prod"))).await,
            kit.refused(environments.order(admin, order)).await,
            kit.refused(environments.delete(admin, delete("prod"))).await,
        ] {
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        }
        environments.update(admin, update("dev")).await.unwrap();
        environments.create(admin, preview(&workspace, Some("prod"))).await.unwrap();
        environments.delete(admin, delete("dev")).await.unwrap();
        kit.services.orgs().narrow(&workspace.owner, narrow("default")).await.unwrap();
        let admin = &again(&kit, &workspace.admin).await;
        let another = CreateEnvironment { key: "another".parse().unwrap(), ..preview(&workspace, None) };
        let refusal = kit.refused(environments.create(admin, another)).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
    })
    .await;
}
