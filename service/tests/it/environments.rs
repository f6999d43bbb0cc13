//! Environments.

use domain::environments::ProtectEnvironment;
use testkit::each;

use crate::{environment, revisions};

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
        let log = kit.services.audit().list(&workspace.member, &workspace.organization).await.unwrap();
        let entry = log.last().unwrap();
        assert_eq!((entry.action.as_str(), entry.resource.as_str()), ("environment.protected", "prod"));
        assert_eq!(entry.documents, (Some("true".into()), Some("false".into())));
    })
    .await;
}
