//! The audit log: nobody changes it unnoticed, and it knows who was refused.

use domain::access::Role;
use domain::audit::{AuditEntry, AuditFilter};
use domain::orgs::AddMember;
use domain::transfer::{ImportOptions, Mode, ProjectDocument};
use domain::{Error as Refusal, OrgSlug, Page};
use serde_json::{Map, Value, json};
use service::Actor;
use service::audit::Verdict;
use testkit::{Kit, Workspace, each};

use crate::org_id;

async fn verdict(kit: &Kit, workspace: &Workspace) -> Verdict {
    kit.services.audit().verify(&workspace.member, &workspace.organization).await.unwrap()
}

async fn log(kit: &Kit, organization: &OrgSlug) -> Vec<AuditEntry> {
    kit.log(&Actor::system("test"), organization).await
}

async fn denied(kit: &Kit, organization: &OrgSlug) -> Vec<AuditEntry> {
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
        // Entries that nobody appended.
        ("UPDATE audit_chain SET seq = 5 WHERE org_id = @", 6),
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
        assert_eq!(entry.actor.id, Some(member));
        assert_eq!((entry.resource.key.as_str(), entry.revision), ("switch flags on", None));

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

/// A project's document with these flags, each as somebody looks after it.
fn document(flags: &[(&str, &str, Option<&str>)]) -> ProjectDocument {
    let flag = |(key, name, owner): &(&str, &str, Option<&str>)| {
        let mut flag = json!({
            "name": name, "kind": "boolean", "value_type": "boolean",
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        });
        if let Some(owner) = owner {
            flag["owner"] = json!(owner);
        }
        ((*key).to_owned(), flag)
    };
    let flags: Map<_, _> = flags.iter().map(flag).collect();
    serde_json::from_value(json!({"format": 1, "project": {"name": "Default"}, "flags": flags})).unwrap()
}

/// The log of an organization holds no e-mail address: it could not be erased.
#[tokio::test]
async fn the_log_holds_no_address() {
    each(async |kit| {
        let workspace = seven(&kit).await;
        let (first, second) = (crate::email(&workspace.developer), crate::email(&workspace.member));
        let (first, second) = (Some(first.as_str()), Some(second.as_str()));
        for (mode, flags) in [
            (Mode::Merge, vec![("a", "A", first), ("b", "B", None)]),
            (Mode::Merge, vec![("a", "A", second), ("b", "B", first)]),
            (Mode::Replace, vec![("b", "B", None)]),
            (Mode::Replace, vec![("a", "A", first), ("menu", "Menu", second)]),
        ] {
            let options = ImportOptions { mode, ..Default::default() };
            let transfer = kit.services.transfer();
            let import = transfer.import(&workspace.admin, &workspace.project, options).await.unwrap();
            assert_eq!(import.apply(document(&flags)).await.unwrap().notes, [""; 0]);
        }
        let id = |actor: &Actor| actor.person().unwrap().id.to_string();
        let (first, second) = (id(&workspace.developer), id(&workspace.member));
        let told = |document: &Option<Value>| document.as_ref()?["owner"].as_str().map(ToOwned::to_owned);
        let log = log(&kit, &workspace.organization).await;
        let owners = log
            .iter()
            .filter(|entry| entry.resource.key == "a")
            .map(|entry| (entry.action.as_str(), told(&entry.old), told(&entry.new)));
        assert_eq!(
            owners.collect::<Vec<_>>(),
            [
                ("flag.created", None, Some(first.clone())),
                ("flag.updated", Some(first.clone()), Some(second.clone())),
                ("flag.archived", Some(second.clone()), Some(second.clone())),
                ("flag.restored", Some(second), Some(first)),
            ]
        );
        assert!(kit.audit_entries().await > 7);
        for row in kit.database.rows("SELECT * FROM audit_event").await {
            assert!(!row.to_string().to_lowercase().contains("@example.com"), "{row}");
        }
    })
    .await;
}

/// What identifies whoever acted lies beside the chain, bound to it: what is changed there is found, what is erased is not
/// missed.
#[tokio::test]
async fn traces_can_be_erased_and_not_changed() {
    let broken = Verdict::BrokenAt(5);
    let cases = [
        ("UPDATE audit_person SET email = 'somebody else' WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_person SET email = NULL WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_person SET address = '192.0.2.2' WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_person SET user_agent = 'curl' WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_person SET request_id = 'request-2' WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_person SET salt = 'x' WHERE org_id = @ AND seq = 5", &broken),
        ("UPDATE audit_event SET person_commitment = NULL WHERE org_id = @ AND seq = 5", &broken),
        // Traces of somebody, for what Togglebit did by itself.
        ("INSERT INTO audit_person (org_id, seq, salt) VALUES (@, 1, 'x')", &Verdict::BrokenAt(1)),
        ("DELETE FROM audit_person WHERE org_id = @ AND seq = 5", &Verdict::Whole(5)),
        ("DELETE FROM audit_person WHERE org_id = @", &Verdict::Whole(5)),
    ];
    each(async |kit| {
        for (change, expected) in cases {
            let workspace = kit.workspace().await;
            let actor = crate::at_address(workspace.developer.clone(), "192.0.2.1");
            kit.services.flags().create(&actor, workspace.boolean_flag("menu")).await.unwrap();
            let org = kit.database.id(org_id(&kit, &workspace).await);
            let traces = format!("SELECT * FROM audit_person WHERE org_id = {org}");
            let rows = kit.database.rows(&traces).await;
            let [row] = rows.as_slice() else { panic!("{rows:?}") };
            assert_eq!((row["seq"].as_i64(), row["email"].as_str()), (Some(5), Some(&*crate::email(&actor))));
            assert_eq!((&row["address"], &row["request_id"]), (&"192.0.2.1".into(), &"request-1".into()));
            assert!(row["user_agent"].as_str().unwrap().contains("Firefox"), "{row}");
            assert_eq!(verdict(&kit, &workspace).await, Verdict::Whole(5));
            kit.database.execute(&change.replace('@', &org)).await;
            assert_eq!(&verdict(&kit, &workspace).await, expected, "{change}");
        }
    })
    .await;
}

/// Once what lies beside the log is erased, its entries do not say that they are about one person: each is salted.
#[tokio::test]
async fn a_commitment_is_salted() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let actor = crate::at_address(workspace.developer.clone(), "192.0.2.1");
        for key in ["a", "b"] {
            kit.services.flags().create(&actor, workspace.boolean_flag(key)).await.unwrap();
        }
        let commitments = "SELECT COUNT(DISTINCT person_commitment) FROM audit_event";
        assert_eq!(kit.database.number(commitments).await, 2);
        let salts = kit.database.rows("SELECT DISTINCT salt FROM audit_person").await;
        assert_eq!(salts.len(), 2);
        assert!(salts.iter().all(|row| row["salt"].as_str().unwrap().len() == 40), "{salts:?}");
    })
    .await;
}

/// What a client says of itself is kept as far as a log can hold it: without NUL, and up to 256 characters.
#[tokio::test]
async fn what_a_client_says_of_itself_is_cut() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let origin = service::Origin {
            address: None,
            user_agent: Some(format!("a\0{}", "ä".repeat(300))),
            request_id: "request-1".into(),
        };
        let actor = workspace.developer.clone().from(std::sync::Arc::new(origin));
        kit.services.flags().create(&actor, workspace.boolean_flag("menu")).await.unwrap();
        let rows = kit.database.rows("SELECT user_agent FROM audit_person WHERE seq = 5").await;
        assert_eq!(rows[0]["user_agent"], format!("a{}", "ä".repeat(255)));
        assert_eq!(verdict(&kit, &workspace).await, Verdict::Whole(5));
    })
    .await;
}

/// The chain is checked as it is at one moment: what is appended meanwhile does not break it.
#[tokio::test]
async fn a_log_that_grows_is_whole() {
    each(async |kit| {
        let workspace = seven(&kit).await;
        let (services, actor) = (kit.services.clone(), workspace.developer.clone());
        let switches: Vec<_> = (0..60).map(|turn| workspace.switch("menu", "dev", turn % 2 == 0)).collect();
        let writer = tokio::spawn(async move {
            for switch in switches {
                services.flags().switch(&actor, switch).await.unwrap();
            }
        });
        let mut last = 7;
        while !writer.is_finished() {
            let Verdict::Whole(entries) = verdict(&kit, &workspace).await else { panic!("broken") };
            assert!(entries >= last, "{entries} after {last}");
            last = entries;
        }
        writer.await.unwrap();
        assert_eq!(verdict(&kit, &workspace).await, Verdict::Whole(67));
    })
    .await;
}

/// What is appended while somebody takes the log away is not among what they get, and nothing is there twice.
#[tokio::test]
async fn an_export_ends_where_it_began() {
    each(async |kit| {
        let workspace = seven(&kit).await;
        for turn in 0..200 {
            let switch = workspace.switch("menu", "dev", turn % 2 == 0);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        let audit = kit.services.audit();
        let filter = AuditFilter::default();
        let mut export = audit.export(&workspace.member, &workspace.organization, &filter).await.unwrap();
        let mut seqs = Vec::new();
        loop {
            let entries = export.next().await.unwrap();
            if entries.is_empty() {
                break;
            }
            seqs.extend(entries.iter().map(|entry| entry.seq));
            let switch = workspace.switch("menu", "dev", true);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        assert_eq!(seqs, (1..=207).rev().collect::<Vec<_>>());
        assert!(export.next().await.unwrap().is_empty(), "the end is the end");
    })
    .await;
}

/// Filters are checked here too, whoever made them, and the log is looked into by its organization alone.
#[tokio::test]
async fn searching_is_checked() {
    each(async |kit| {
        let workspace = seven(&kit).await;
        let audit = kit.services.audit();
        let (member, organization) = (&workspace.member, &workspace.organization);
        let bad = AuditFilter { action: Some("a\0".into()), ..Default::default() };
        for refusal in [
            kit.refused(audit.page(member, organization, &bad, &Page::default())).await,
            kit.refused(async { audit.export(member, organization, &bad).await.map(drop) }).await,
        ] {
            assert!(matches!(refusal, Refusal::Invalid { .. }), "{refusal:?}");
        }
        let (outsider, all) = (&workspace.outsider, AuditFilter::default());
        for refusal in [
            kit.refused(audit.page(outsider, organization, &all, &Page::default())).await,
            kit.refused(audit.entry(outsider, organization, 1)).await,
            kit.refused(async { audit.export(outsider, organization, &all).await.map(drop) }).await,
            kit.refused(audit.verify(outsider, organization)).await,
        ] {
            assert_eq!(refusal, Refusal::not_found("organization"));
        }
    })
    .await;
}
