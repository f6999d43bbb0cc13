//! How an organization is called, and how it ends.

use domain::Error as Refusal;
use domain::access::Role;
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::orgs::{DeleteOrganization, Invite, NarrowRole, RenameOrganization};
use domain::segments::DeleteSegment;
use service::audit::Verdict;
use service::{Actor, Once};
use testkit::{Kit, Workspace, each};

use crate::{again, evaluate, on, org_id, refusal};

fn delete(workspace: &Workspace, confirm: &str) -> DeleteOrganization {
    DeleteOrganization { organization: workspace.organization.clone(), confirm: confirm.into() }
}

/// A workspace with something in every table that an organization can fill by now, and a key that evaluates a flag.
async fn full(kit: &Kit) -> (Workspace, String) {
    let workspace = kit.workspace().await;
    let flag = domain::flags::CreateFlag { tags: vec!["tag".into()], ..workspace.boolean_flag("menu") };
    kit.services.flags().create(&workspace.developer, flag).await.unwrap();
    kit.services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", true)).await.unwrap();
    let raw = workspace.api_key("dev", KeyKind::Server).await;
    let once = Once { key: "try-1".into(), digest: "said".into() };
    let again = CreateApiKey {
        project: workspace.project.clone(),
        environment: "dev".parse().unwrap(),
        name: "once".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: None,
        rate_limit: None,
    };
    kit.services.api_keys().create(&workspace.admin.clone().asking_once(once), again).await.unwrap();
    assert_eq!(evaluate(&kit.services, &raw, "menu"), on(2, 2));
    let caller = kit.services.delivery().authenticate(&raw).unwrap();
    let report = domain::parse(br#"{"evaluations":[],"attributes":["plan"]}"#).unwrap();
    caller.environment.report(caller.kind, &report, kit.services.now()).unwrap();
    kit.services.delivery().flush_usage().await.unwrap();
    let _followed = kit.services.delivery().follow(caller, None, None).unwrap();
    kit.services.delivery().count_streams().await.unwrap();
    let invite = Invite {
        organization: workspace.organization.clone(),
        email: "new@example.com".into(),
        role: Role::Member,
    };
    kit.services.orgs().invite(&workspace.owner, invite).await.unwrap();
    let narrow = NarrowRole {
        organization: workspace.organization.clone(),
        user: crate::id(&workspace.developer),
        place: "default/prod".parse().unwrap(),
        role: Some(Role::Member),
    };
    kit.services.orgs().narrow(&workspace.owner, narrow).await.unwrap();
    let template = serde_json::json!({"name": "Template", "from_flag": "menu", "environment": "dev"});
    let template = serde_json::from_value(template).unwrap();
    kit.services.templates().create(&workspace.developer, &workspace.project, template).await.unwrap();
    let segments = kit.services.segments();
    for key in ["staff", "gone"] {
        let command = serde_json::from_value(serde_json::json!({"key": key, "name": key})).unwrap();
        segments.create(&workspace.developer, &workspace.project, command).await.unwrap();
    }
    let confirm = DeleteSegment { confirm: "gone".into(), comment: None };
    segments.delete(&workspace.owner, &workspace.project, "gone".parse().unwrap(), confirm).await.unwrap();
    (workspace, raw)
}

/// How many rows each table has of an organization.
async fn rows(kit: &Kit, org: &str) -> Vec<(String, i64)> {
    let mut rows = Vec::new();
    for table in kit.database.tables_with("org_id").await {
        let count = format!("SELECT COUNT(*) FROM {table} WHERE org_id = {org}");
        let count = kit.database.number(&count).await;
        rows.push((table, count));
    }
    let own = kit.database.number(&format!("SELECT COUNT(*) FROM organization WHERE id = {org}")).await;
    rows.push(("organization".to_owned(), own));
    rows
}

/// A deleted organization leaves nothing: no row, no log, no key that evaluates, on any node. One entry in the instance's
/// log says that it was there, and others are as they were.
#[tokio::test]
async fn a_deleted_organization_leaves_nothing() {
    each(async |kit| {
        let (workspace, raw) = full(&kit).await;
        let (other, others_raw) = full(&kit).await;
        let id = org_id(&kit, &workspace).await;
        let (org, others) = (kit.database.id(id), kit.database.id(org_id(&kit, &other).await));
        let node = kit.another_node().await;
        // A table that a later feature fills and that nothing here does yet is no proof.
        let empty: Vec<_> = rows(&kit, &org)
            .await
            .into_iter()
            .filter(|(_, count)| *count == 0)
            .map(|(name, _)| name)
            .collect();
        assert_eq!(empty, Vec::<String>::new());
        let untouched = rows(&kit, &others).await;

        let owner = &workspace.owner;
        kit.services.orgs().delete(owner, delete(&workspace, workspace.organization.as_str())).await.unwrap();
        for (table, count) in rows(&kit, &org).await {
            assert_eq!(count, 0, "{table}");
        }
        assert!(kit.services.delivery().authenticate(&raw).is_none());
        node.delivery().refresh().await.unwrap();
        assert!(node.delivery().authenticate(&raw).is_none());
        // What was counted in the meantime has nowhere to go, and keeps nothing else from being written down.
        kit.services.delivery().flush_usage().await.unwrap();

        for (_, actor) in workspace.people() {
            let now = again(&kit, actor).await;
            assert_eq!(kit.services.orgs().list(&now).await.unwrap(), []);
            for actor in [actor, &now] {
                let flags = kit.services.flags();
                let create = flags.create(actor, workspace.boolean_flag("newer"));
                assert_eq!(kit.refused(create).await, Refusal::not_found("organization"));
                let log = crate::entries(&kit, actor, &workspace.organization).await;
                assert_eq!(refusal(log), Refusal::not_found("organization"));
            }
        }
        assert_eq!(rows(&kit, &others).await, untouched);
        assert_eq!(evaluate(&kit.services, &others_raw, "menu"), on(2, 5));
        let verdict = kit.services.audit().verify(&other.owner, &other.organization).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole(_)), "{verdict:?}");

        let instance = kit.database.id(domain::OrgId::INSTANCE);
        let entry = format!("SELECT * FROM audit_event WHERE org_id = {instance} ORDER BY seq DESC LIMIT 1");
        let entry = &kit.database.rows(&entry).await[0];
        assert_eq!(entry["action"], "organization.deleted");
        assert_eq!(entry["resource_id"], id.to_string());
        assert_eq!(entry["resource_key"], workspace.organization.as_str());
        assert_eq!(entry["actor"], crate::id(owner).to_string());
    })
    .await;
}

/// Deleting takes an owner and the slug, typed.
#[tokio::test]
async fn deleting_takes_an_owner_and_the_slug() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let slug = workspace.organization.as_str();
        for (role, actor) in workspace.people().into_iter().take(3) {
            let refusal = kit.refused(kit.services.orgs().delete(actor, delete(&workspace, slug))).await;
            assert!(matches!(refusal, Refusal::Forbidden { .. }), "{role:?}: {refusal:?}");
        }
        for confirm in ["", "delete", &slug.to_uppercase(), &slug[1..]] {
            let refusal =
                kit.refused(kit.services.orgs().delete(&workspace.owner, delete(&workspace, confirm))).await;
            assert_eq!(refusal, Refusal::invalid("confirm", format!("type `{slug}`")), "{confirm}");
        }
        kit.services.orgs().delete(&workspace.owner, delete(&workspace, &format!(" {slug} "))).await.unwrap();
        // The slug is free again.
        let owner = crate::id(&workspace.owner);
        let command = super::organization(slug, owner);
        kit.services.orgs().create(&again(&kit, &workspace.owner).await, command).await.unwrap();
    })
    .await;
}

/// A new name is for people: the slug stays, and the log tells both names.
#[tokio::test]
async fn an_organization_is_renamed() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let other = kit.workspace().await;
        let orgs = kit.services.orgs();
        let command = |name: &str| RenameOrganization {
            organization: workspace.organization.clone(),
            name: name.into(),
        };
        orgs.rename(&workspace.admin, command("Ümläut & Co")).await.unwrap();
        let view = &orgs.list(&workspace.member).await.unwrap()[0];
        assert_eq!((view.name.as_str(), &view.slug), ("Ümläut & Co", &workspace.organization));
        let others = &orgs.list(&other.owner).await.unwrap()[0];
        assert_eq!(others.name, other.organization.as_str());
        let lower = "SELECT COUNT(*) FROM organization WHERE name_lower = 'ümläut & co'";
        assert_eq!(kit.database.number(lower).await, 1);
        let log = kit.log(&workspace.owner, &workspace.organization).await;
        let entry = log.last().unwrap();
        assert_eq!(entry.action, "organization.renamed");
        let name = |name: &str| Some(serde_json::json!({ "name": name }));
        let expected = (name(workspace.organization.as_str()), name("Ümläut & Co"));
        assert_eq!((&entry.old, &entry.new), (&expected.0, &expected.1));

        for text in ["", &"n".repeat(101), "a\0b"] {
            let refusal = kit.refused(orgs.rename(&workspace.owner, command(text))).await;
            let Refusal::Invalid { details } = refusal else { panic!("{text:?}: {refusal:?}") };
            assert_eq!(details[0].path, "name");
        }
        let nobody = kit.refused(orgs.rename(&Actor::anonymous(), command("New"))).await;
        assert_eq!(nobody, Refusal::Unauthenticated);
    })
    .await;
}
