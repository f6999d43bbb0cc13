//! The audit log: nobody changes it unnoticed, and it knows who was refused.

use domain::access::Role;
use domain::orgs::AddMember;
use domain::{Error as Refusal, OrgSlug};
use service::Actor;
use service::audit::{AuditRow, Verdict};
use testkit::{Kit, Workspace, each};

use crate::org_id;

async fn verdict(kit: &Kit, workspace: &Workspace) -> Verdict {
    kit.services.audit().verify(&workspace.member, &workspace.organization).await.unwrap()
}

async fn log(kit: &Kit, organization: &OrgSlug) -> Vec<AuditRow> {
    kit.services.audit().list(&Actor::system("test"), organization).await.unwrap()
}

async fn denied(kit: &Kit, organization: &OrgSlug) -> Vec<AuditRow> {
    log(kit, organization).await.into_iter().filter(|entry| entry.action == "denied").collect()
}

/// A workspace with seven entries: created, three members, a flag, on, off.
async fn seven(kit: &Kit) -> Workspace {
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    for enabled in [true, false] {
        let switch = workspace.switch("menu", "dev", enabled);
        kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
    }
    assert_eq!(verdict(kit, &workspace).await, Verdict::Whole(7));
    workspace
}

/// Whatever is changed in the log behind the application's back is found, at the first entry that is not what was
/// written.
#[tokio::test]
async fn what_is_changed_is_found() {
    let other = "0000000000000000000000000000000000000000000000000000000000000001";
    // What is done, to entries of the organization `@`, and which entry is the first that is wrong.
    let cases = [
        ("UPDATE audit_event SET action = 'flag.killed' WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET at = at + 1 WHERE org_id = @ AND seq = 2", 2),
        ("UPDATE audit_event SET actor = 'somebody else' WHERE org_id = @ AND seq = 5", 5),
        ("UPDATE audit_event SET actor_kind = 'system' WHERE org_id = @ AND seq = 5", 5),
        ("UPDATE audit_event SET resource_id = 'x' WHERE org_id = @ AND seq = 1", 1),
        ("UPDATE audit_event SET resource_key = 'x' WHERE org_id = @ AND seq = 7", 7),
        ("UPDATE audit_event SET environment_id = NULL WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET revision = 9 WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET comment = 'x' WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET new_document = '{}' WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET old_document = '{}' WHERE org_id = @ AND seq = 7", 7),
        ("UPDATE audit_event SET new_document = '{}' WHERE org_id = @ AND seq = 2", 2),
        ("UPDATE audit_event SET new_digest = NULL, new_document = NULL WHERE org_id = @ AND seq = 6", 6),
        ("UPDATE audit_event SET hash = '!' WHERE org_id = @ AND seq = 3", 3),
        ("UPDATE audit_event SET previous_hash = '!' WHERE org_id = @ AND seq = 3", 3),
        ("DELETE FROM audit_event WHERE org_id = @ AND seq = 1", 1),
        ("DELETE FROM audit_event WHERE org_id = @ AND seq = 4", 4),
        ("DELETE FROM audit_event WHERE org_id = @ AND seq = 7", 7),
        ("DELETE FROM audit_event WHERE org_id = @ AND seq >= 6", 6),
        ("DELETE FROM audit_event WHERE org_id = @", 1),
        ("DELETE FROM audit_chain WHERE org_id = @", 1),
        ("UPDATE audit_chain SET hash = '!' WHERE org_id = @", 8),
    ];
    each(async |kit| {
        let bystander = seven(&kit).await;
        for (change, first) in cases {
            let workspace = seven(&kit).await;
            let org = kit.database.id(org_id(&kit, &workspace).await);
            kit.database.execute(&change.replace('@', &org).replace('!', other)).await;
            assert_eq!(verdict(&kit, &workspace).await, Verdict::BrokenAt(first), "{change}");
        }
        assert_eq!(verdict(&kit, &bystander).await, Verdict::Whole(7));
    })
    .await;
}

/// Documents can be erased, as the law may ask, and the chain stays whole.
#[tokio::test]
async fn an_erased_document_leaves_the_chain_whole() {
    each(async |kit| {
        let workspace = seven(&kit).await;
        kit.database.execute("UPDATE audit_event SET old_document = NULL, new_document = NULL").await;
        assert_eq!(verdict(&kit, &workspace).await, Verdict::Whole(7));
    })
    .await;
}

/// Whoever is refused is recorded: once a minute for each person, action and organization, in a chain that stays whole.
#[tokio::test]
async fn a_denied_attempt_is_recorded_once_a_minute() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let attempt = async |workspace: &Workspace, actor: &Actor, enabled| {
            let switch =
                async { kit.services.flags().switch(actor, workspace.switch("menu", "dev", enabled)).await };
            assert!(matches!(kit.refused(switch).await, Refusal::Forbidden { .. }));
        };
        let count = async || denied(&kit, &workspace.organization).await.len();

        attempt(&workspace, &workspace.member, true).await;
        let entries = denied(&kit, &workspace.organization).await;
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        let member = workspace.member.person().unwrap().id.to_string();
        assert_eq!(entry.actor, ("user".to_owned(), member));
        assert_eq!((entry.resource.as_str(), entry.revision), ("switch flags on", None));

        // Neither again, nor a millisecond too early.
        attempt(&workspace, &workspace.member, true).await;
        kit.clock.advance(59_999);
        attempt(&workspace, &workspace.member, true).await;
        assert_eq!(count().await, 1);
        kit.clock.advance(1);
        attempt(&workspace, &workspace.member, true).await;
        assert_eq!(count().await, 2);

        // Another action has its own minute, and so has another person.
        attempt(&workspace, &workspace.member, false).await;
        assert_eq!(count().await, 3);
        set_member(&kit, &workspace).await;
        attempt(&workspace, &workspace.developer, true).await;
        assert_eq!(count().await, 4);

        // And another organization: attempts on one do not hide those on the next.
        let other = kit.workspace().await;
        other.flag("menu").await;
        let user = workspace.member.person().unwrap().id;
        let command = AddMember { organization: other.organization.clone(), user, role: Role::Member };
        kit.services.orgs().add_member(&other.owner, command).await.unwrap();
        let actor = kit.services.accounts().actor(user).await.unwrap();
        attempt(&other, &actor, true).await;
        assert_eq!(denied(&kit, &other.organization).await.len(), 1);
        assert_eq!(count().await, 4);

        let whole = log(&kit, &workspace.organization).await.last().unwrap().seq;
        assert_eq!(verdict(&kit, &workspace).await, Verdict::Whole(whole));
    })
    .await;
}

async fn set_member(kit: &Kit, workspace: &Workspace) {
    crate::set_role(kit, workspace, &workspace.developer, "member").await;
}

/// What was not found and who did not sign in leave no entry: there is nobody, or nothing, to write it for.
#[tokio::test]
async fn what_is_hidden_is_not_recorded() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let before = kit.audit_entries().await;
        for actor in [&workspace.outsider, &Actor::anonymous()] {
            let switch =
                async { kit.services.flags().switch(actor, workspace.switch("menu", "dev", true)).await };
            kit.refused(switch).await;
        }
        assert_eq!(kit.audit_entries().await, before);
    })
    .await;
}

/// An owner may be added by owners alone, and the attempt of an admin is recorded.
#[tokio::test]
async fn an_admin_who_adds_an_owner_is_recorded() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let user = workspace.outsider.person().unwrap().id;
        let command = AddMember { organization: workspace.organization.clone(), user, role: Role::Owner };
        let refusal = kit.refused(kit.services.orgs().add_member(&workspace.admin, command)).await;
        assert_eq!(refusal, Refusal::Forbidden { reason: "only owners may manage owners".into() });
        assert_eq!(denied(&kit, &workspace.organization).await.len(), 1);
    })
    .await;
}

/// The log of an organization holds no e-mail address: it could not be erased.
#[tokio::test]
async fn the_log_holds_no_address() {
    each(async |kit| {
        seven(&kit).await;
        assert!(kit.audit_entries().await > 7);
        for row in kit.database.rows("SELECT * FROM audit_event").await {
            assert!(!row.to_string().to_lowercase().contains("@example.com"), "{row}");
        }
    })
    .await;
}
