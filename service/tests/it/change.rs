//! The one door for writes: all or nothing, and the right to it is looked at again inside.

use domain::Error as Refusal;
use domain::access::Role;
use domain::accounts::CreateUser;
use domain::api_keys::KeyKind;
use domain::environments::ProtectEnvironment;
use domain::orgs::AddMember;
use sea_orm::{ConnectionTrait, TransactionTrait};
use service::Actor;
use testkit::{Kit, Workspace, each};

use crate::{environment, evaluate, off, on, org_id, set_role};

/// Attempts a switch that the database does not let through, and asserts that nothing of it stays.
async fn assert_rolled_back(kit: &Kit, workspace: &Workspace, raw: &str) {
    let (state, entries) = (kit.state().await, kit.audit_entries().await);
    let served = evaluate(&kit.services, raw, "menu");
    let switch =
        kit.services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", true)).await;
    assert!(matches!(switch, Err(service::Error::Database(_))), "{switch:?}");
    let create = kit.services.flags().create(&workspace.developer, workspace.boolean_flag("newer")).await;
    assert!(matches!(create, Err(service::Error::Database(_))), "{create:?}");
    kit.services.delivery().refresh().await.unwrap();
    assert_eq!(kit.state().await, state);
    assert_eq!(kit.audit_entries().await, entries);
    assert_eq!(evaluate(&kit.services, raw, "menu"), served);
}

/// A change that fails after its first writes, when it takes its revision or when it writes its entry, leaves nothing.
#[tokio::test]
async fn a_change_that_fails_midway_leaves_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        workspace.flag("menu").await;
        let org = kit.database.id(org_id(&kit, &workspace).await);
        let dev = kit.database.id(environment(&kit, &workspace, "dev").await.id);

        // The next revision is taken, so giving it out fails. The flag's row has been written by then.
        let taken = format!(
            "INSERT INTO environment_revision (org_id, environment_id, revision, at, audit_seq)
            VALUES ({org}, {dev}, 2, 0, 1)"
        );
        kit.database.execute(&taken).await;
        assert_rolled_back(&kit, &workspace, &raw).await;
        kit.database
            .execute(&format!(
                "DELETE FROM environment_revision WHERE environment_id = {dev} AND revision = 2"
            ))
            .await;

        // The next entry of the log is taken. Everything else has been written by then.
        let head = format!("(SELECT seq FROM audit_chain WHERE org_id = {org})");
        let taken = format!(
            "INSERT INTO audit_event (org_id, seq, at, actor_kind, actor, action, resource_kind,
            resource_id, resource_key, previous_hash, hash)
            VALUES ({org}, {head} + 1, 0, 'system', '', '', '', '', '', '', '')"
        );
        kit.database.execute(&taken).await;
        assert_rolled_back(&kit, &workspace, &raw).await;
        kit.database.execute(&format!("DELETE FROM audit_event WHERE org_id = {org} AND seq > {head}")).await;

        assert_eq!(evaluate(&kit.services, &raw, "menu"), off(1, 1));
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        assert_eq!(evaluate(&kit.services, &raw, "menu"), on(2, 2));
    })
    .await;
}

/// A role that was lowered after its holder came in counts as it is now: the change is refused inside, and recorded.
#[tokio::test]
async fn a_lowered_role_counts_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let prod = workspace.project.clone();
        let protect =
            ProtectEnvironment { project: prod, environment: "prod".parse().unwrap(), protected: true };
        kit.services.environments().protect(&workspace.admin, protect.clone()).await.unwrap();

        set_role(&kit, &workspace, &workspace.developer, "member").await;
        let entries = kit.audit_entries().await;
        let switch = async {
            kit.services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", true)).await
        };
        let refusal = kit.refused(switch).await;
        let expected = "A member may not switch flags on: this needs the role developer or above.";
        assert_eq!(refusal, Refusal::Forbidden { reason: expected.into() });
        assert_eq!(kit.audit_entries().await, entries + 1, "it is recorded");

        // An admin who is a developer now changes ordinary environments, and protected ones no longer.
        set_role(&kit, &workspace, &workspace.admin, "developer").await;
        let switch = |environment| workspace.switch("menu", environment, true);
        kit.services.flags().switch(&workspace.admin, switch("dev")).await.unwrap();
        let refusal = kit.refused(kit.services.flags().switch(&workspace.admin, switch("prod"))).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        let refusal = kit.refused(kit.services.environments().protect(&workspace.admin, protect)).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
    })
    .await;
}

/// A change that comes while a role is being lowered waits for it, and is refused: it cannot slip in before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_waits_for_a_role_that_is_being_lowered() {
    each(async |kit| {
        // SQLite has one writer, so there is nothing to slip in between.
        if kit.database.name == "sqlite" {
            return;
        }
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let user = kit.database.id(workspace.developer.person().unwrap().id);
        let tx = kit.database.database.writer().begin().await.unwrap();
        for sql in [
            "UPDATE organization SET access_revision = access_revision + 1".to_owned(),
            format!("UPDATE member SET role = 'member' WHERE user_id = {user}"),
        ] {
            tx.execute_unprepared(&sql).await.unwrap();
        }
        let (services, actor) = (kit.services.clone(), workspace.developer.clone());
        let command = workspace.switch("menu", "dev", true);
        let switch = tokio::spawn(async move { services.flags().switch(&actor, command).await });
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while !switch.is_finished() && kit.database.number(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
        let outcome = switch.await.unwrap();
        assert!(matches!(outcome, Err(service::Error::Refused(Refusal::Forbidden { .. }))), "{outcome:?}");
        assert_eq!(environment(&kit, &workspace, "dev").await.revision, 1);
    })
    .await;
}

/// An owner who is an admin now makes no owners any more.
#[tokio::test]
async fn a_lowered_owner_makes_no_owners() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let command = CreateUser { email: "new@example.com".into(), name: "New".into() };
        let user = kit.services.accounts().create(&Actor::system("test"), command).await.unwrap().id;
        set_role(&kit, &workspace, &workspace.owner, "admin").await;
        let add = |role| AddMember { organization: workspace.organization.clone(), user, role };
        let refusal = kit.refused(kit.services.orgs().add_member(&workspace.owner, add(Role::Owner))).await;
        assert!(matches!(refusal, Refusal::Forbidden { .. }), "{refusal:?}");
        kit.services.orgs().add_member(&workspace.owner, add(Role::Admin)).await.unwrap();
    })
    .await;
}

/// To somebody who was removed after they came in the organization no longer exists.
#[tokio::test]
async fn a_removed_member_finds_nothing() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let user = kit.database.id(workspace.developer.person().unwrap().id);
        kit.database.execute(&format!("DELETE FROM member WHERE user_id = {user}")).await;
        crate::access_changed(&kit).await;
        let switch = async {
            kit.services.flags().switch(&workspace.developer, workspace.switch("menu", "dev", true)).await
        };
        assert_eq!(kit.refused(switch).await, Refusal::not_found("organization"));
    })
    .await;
}

/// A role that was raised needs no new sign-in where the old one would have done; and a change of access that leaves the
/// actor's own role alone changes nothing for them.
#[tokio::test]
async fn a_change_of_others_access_leaves_an_actor_alone() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        set_role(&kit, &workspace, &workspace.member, "admin").await;
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
    })
    .await;
}

/// The connections for reading cannot write, whatever they are asked to.
#[tokio::test]
async fn the_readers_cannot_write() {
    let writes = [
        "DELETE FROM flag",
        "UPDATE organization SET name = 'x'",
        "INSERT INTO instance (name, value) VALUES ('x', 'y')",
        "CREATE TABLE x (y TEXT)",
        "DROP TABLE flag_tag",
    ];
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let state = kit.state().await;
        let reader = kit.database.database.reader();
        for sql in writes {
            let outcome = reader.execute_unprepared(sql).await.map(drop);
            let failure = outcome.expect_err(sql).to_string().to_lowercase();
            assert!(failure.contains("read-only") || failure.contains("readonly"), "{sql}: {failure}");
            let tx = reader.begin().await.unwrap();
            assert!(tx.execute_unprepared(sql).await.is_err(), "in a transaction: {sql}");
            tx.rollback().await.unwrap();
        }
        assert_eq!(kit.state().await, state);
        crate::table(&kit, &workspace.member, &workspace.project, None).await.unwrap();
    })
    .await;
}
