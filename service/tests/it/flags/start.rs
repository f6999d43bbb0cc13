use domain::api_keys::KeyKind;
use domain::environments::ProtectEnvironment;
use domain::flags::{NewFlag, StartFlag, StartOf};
use domain::templates::FlagFromTemplate;
use domain::{EnvironmentKey, Error as Refusal, FieldError};
use serde_json::{Value, json};
use testkit::{Kit, Workspace, each};

use crate::{evaluate, on, revisions};

fn new(flag: Value, first: Option<Value>) -> StartFlag {
    let flag: NewFlag = serde_json::from_value(flag).unwrap();
    let first = first.map(|first| serde_json::from_value(first).unwrap());
    StartFlag { flag: StartOf::New(Box::new(flag)), first }
}

fn key(environment: &str) -> EnvironmentKey {
    environment.parse().unwrap()
}

async fn protect(kit: &Kit, workspace: &Workspace, environment: &str) {
    let (project, environment) = (workspace.project.clone(), key(environment));
    let command = ProtectEnvironment { project, environment, protected: true };
    kit.services.environments().protect(&workspace.owner, command).await.unwrap();
}

/// A flag that begins in one environment is served there, and off elsewhere; the log says both.
#[tokio::test]
async fn a_new_flag_may_begin_in_one_environment() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (flags, of) = (kit.services.flags(), &workspace.project);
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        let entries = kit.audit_entries().await;
        let command = new(json!({"name": "Menu"}), Some(json!({"environment": "dev"})));
        let started = flags.start(&workspace.developer, of, command).await.unwrap();
        assert_eq!(started.problem, None);
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(2, 2));
        assert_eq!(revisions(&kit, &workspace).await, [2, 1, 1]);
        assert_eq!(kit.audit_entries().await, entries + 2);
        let is_on: Vec<_> = started.flag.environments.values().filter(|here| here.enabled).collect();
        assert_eq!(is_on.len(), 1);

        let share = json!({"environment": "staging", "share": 12.5});
        let started = flags.start(&workspace.developer, of, new(json!({"name": "Search"}), Some(share)));
        let here = started.await.unwrap().flag.environments[&key("staging")].clone();
        assert_eq!((here.enabled, here.served.unwrap().share), (true, 12_500));

        let started =
            flags.start(&workspace.developer, of, new(json!({"name": "Later"}), None)).await.unwrap();
        assert!(started.flag.environments.values().all(|here| !here.enabled));
    })
    .await;
}

/// What may not begin is not created either.
#[tokio::test]
async fn what_may_not_begin_is_not_created() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        protect(&kit, &workspace, "prod").await;
        let (flags, of) = (kit.services.flags(), &workspace.project);
        let start = |flag: Value, first: Value| new(flag, Some(first));
        let paths = |refusal: Refusal| -> Vec<String> {
            match refusal {
                Refusal::Invalid { details } => {
                    details.into_iter().map(|FieldError { path, .. }| path).collect()
                }
                other => vec![other.code().to_owned()],
            }
        };
        for (flag, first, expected) in [
            (json!({"name": "A"}), json!({"environment": "prod"}), "first.comment"),
            (json!({"name": "A"}), json!({"environment": "nowhere"}), "first.environment"),
            (
                json!({"name": "A", "kind": "segment"}),
                json!({"environment": "dev", "share": 5}),
                "first.share",
            ),
            (json!({"name": "A", "value_type": "string"}), json!({"environment": "dev"}), "variations"),
        ] {
            let attempt = flags.start(&workspace.admin, of, start(flag, first));
            assert_eq!(paths(kit.refused(attempt).await), [expected]);
        }
        let first = json!({"environment": "prod", "comment": "a test"});
        let attempt = flags.start(&workspace.developer, of, start(json!({"name": "A"}), first.clone()));
        assert!(matches!(kit.refused(attempt).await, Refusal::Forbidden { .. }));
        flags.start(&workspace.admin, of, start(json!({"name": "A"}), first)).await.unwrap();
    })
    .await;
}

/// A flag of a template's shape may begin at once, too.
#[tokio::test]
async fn a_flag_of_a_template_may_begin_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let of = &workspace.project;
        workspace.flag("menu").await;
        let template = json!({"key": "plain", "name": "Plain", "from_flag": "menu", "environment": "dev"});
        let template = serde_json::from_value(template).unwrap();
        kit.services.templates().create(&workspace.developer, of, template).await.unwrap();
        let flag: FlagFromTemplate = serde_json::from_value(json!({"name": "Search"})).unwrap();
        let first = serde_json::from_value(json!({"environment": "dev"})).unwrap();
        let flag = StartOf::Template("plain".parse().unwrap(), Box::new(flag));
        let command = StartFlag { flag, first: Some(first) };
        let started = kit.services.flags().start(&workspace.developer, of, command).await.unwrap();
        assert_eq!(started.flag.key.as_str(), "search");
        assert!(started.flag.environments[&key("dev")].enabled);
    })
    .await;
}
