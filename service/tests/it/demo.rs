//! The demo's workspace.

use domain::access::Role;
use domain::environments::EnvironmentView;
use domain::flags::FlagInEnvironment;
use domain::orgs::ProjectRef;
use service::{Actor, demo};
use testkit::{Kit, each};

use crate::{evaluate, table};

/// What the demo's pages show: which environments are protected, and each flag with what it does there.
async fn pages(kit: &Kit) -> Vec<(String, bool, Vec<(String, FlagInEnvironment)>)> {
    let owner = demo::person(&kit.services, Role::Owner).await.unwrap().unwrap();
    let actor = kit.services.accounts().actor(owner.id).await.unwrap();
    let project =
        ProjectRef { organization: demo::ORGANIZATION.parse().unwrap(), project: "default".parse().unwrap() };
    let flags = table(kit, &actor, &project, None).await.unwrap().list.flags;
    let environments = kit.services.environments().list(&actor, &project).await.unwrap();
    let page = |environment: EnvironmentView| {
        let does =
            flags.iter().map(|flag| (flag.key.to_string(), flag.environments[&environment.key].clone()));
        (environment.key.to_string(), environment.protected, does.collect())
    };
    environments.into_iter().map(page).collect()
}

/// An empty database gets a demo: flags of each kind, people of three roles, and a key that evaluates.
#[tokio::test]
async fn an_empty_database_gets_a_demo() {
    each(async |kit| {
        assert!(demo::ensure(&kit.services).await.unwrap());
        let raw = demo::raw_key(&kit.services);
        let answer = evaluate(&kit.services, &raw, demo::EXAMPLE_FLAG);
        assert!(answer.enabled, "{answer:?}");
        let pages = pages(&kit).await;
        assert_eq!(pages.len(), 3);
        for (key, protected, flags) in pages {
            assert_eq!(protected, key == "prod");
            assert_eq!(flags.len(), 12);
            assert!(
                flags.iter().any(|(_, flag)| flag.enabled) && flags.iter().any(|(_, flag)| !flag.enabled)
            );
            assert!(flags.iter().all(|(_, flag)| flag.version == 2), "{flags:?}");
        }
        let mut people = Vec::new();
        for role in [Role::Owner, Role::Developer, Role::Member] {
            let person = demo::person(&kit.services, role).await.unwrap().unwrap();
            let actor = kit.services.accounts().actor(person.id).await.unwrap();
            people.push(kit.services.orgs().list(&actor).await.unwrap()[0].role);
        }
        assert_eq!(people, [Role::Owner, Role::Developer, Role::Member]);
        let verdict =
            kit.services.audit().verify(&Actor::system("test"), &demo::ORGANIZATION.parse().unwrap()).await;
        assert!(matches!(verdict.unwrap(), service::audit::Verdict::Whole(_)));
    })
    .await;
}

/// A second start leaves the demo as it is, with what its visitors changed, and another node has the same key.
#[tokio::test]
async fn a_second_start_changes_nothing() {
    each(async |kit| {
        demo::ensure(&kit.services).await.unwrap();
        let owner = demo::person(&kit.services, Role::Owner).await.unwrap().unwrap();
        let actor = kit.services.accounts().actor(owner.id).await.unwrap();
        let project = kit.services.orgs().home(&actor).await.unwrap().unwrap();
        let (key, environment) = (demo::EXAMPLE_FLAG.parse().unwrap(), "dev".parse().unwrap());
        let switch = domain::flags::SwitchFlag {
            project,
            key,
            environment,
            enabled: false,
            version: None,
            comment: None,
        };
        kit.services.flags().switch(&actor, switch).await.unwrap();

        let (state, entries) = (kit.state().await, kit.audit_entries().await);
        let again = kit.another_node().await;
        assert!(demo::ensure(&again).await.unwrap());
        assert_eq!(kit.state().await, state);
        assert_eq!(kit.audit_entries().await, entries);
        assert_eq!(demo::raw_key(&again), demo::raw_key(&kit.services));
        assert_eq!(
            evaluate(&again, &demo::raw_key(&again), demo::EXAMPLE_FLAG).reason.as_str(),
            "flag_disabled"
        );
    })
    .await;
}

/// A database that holds somebody's data gets no demo, and nobody can sign in to one.
#[tokio::test]
async fn a_database_in_use_gets_no_demo() {
    each(async |kit| {
        kit.workspace().await;
        let (state, entries) = (kit.state().await, kit.audit_entries().await);
        assert!(!demo::ensure(&kit.services).await.unwrap());
        assert_eq!(kit.state().await, state);
        assert_eq!(kit.audit_entries().await, entries);
        assert!(demo::person(&kit.services, Role::Owner).await.unwrap().is_none());
        assert!(kit.services.delivery().authenticate(&demo::raw_key(&kit.services)).is_none());
    })
    .await;
}

/// Lets no chain get the entry with this number, so that a start is interrupted there.
async fn interrupt_at(kit: &Kit, seq: i64) {
    let nil = kit.database.id(domain::OrgId::INSTANCE);
    // The instance's own chain has three entries, one for each person; the organization's comes after.
    let is_it = match seq {
        1..=3 => format!("NEW.seq = {seq} AND NEW.org_id = {nil}"),
        seq => format!("NEW.seq = {} AND NEW.org_id <> {nil}", seq - 3),
    };
    let sql = match kit.database.name {
        "sqlite" => format!(
            "CREATE TRIGGER interrupt BEFORE INSERT ON audit_event WHEN {is_it}
                BEGIN SELECT RAISE(ABORT, 'interrupted'); END"
        ),
        _ => format!(
            "CREATE OR REPLACE FUNCTION interrupt() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF {is_it} THEN RAISE EXCEPTION 'interrupted'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER interrupt BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION interrupt()"
        ),
    };
    kit.database.execute(&sql).await;
}

async fn let_go(kit: &Kit) {
    let on = if kit.database.name == "sqlite" { "" } else { " ON audit_event" };
    kit.database.execute(&format!("DROP TRIGGER interrupt{on}")).await;
}

/// A start that was interrupted anywhere is finished by the next one, and ends where an uninterrupted one does.
#[tokio::test]
async fn an_interrupted_demo_is_finished() {
    each(async |kit| {
        demo::ensure(&kit.services).await.unwrap();
        let (whole, entries) = (pages(&kit).await, kit.audit_entries().await);
        // Before: the second person, the organization, its second member, the key, the first flag's first configuration
        // and its last, the protection.
        let places = [2, 4, 6, 7, 9, 11, entries];
        for place in places {
            empty(&kit).await;
            interrupt_at(&kit, place).await;
            assert!(demo::ensure(&kit.services).await.is_err(), "{place}");
            let_go(&kit).await;
            assert!(demo::ensure(&kit.services).await.unwrap(), "{place}");
            assert_eq!(pages(&kit).await, whole, "{place}");
            assert_eq!(kit.audit_entries().await, entries, "{place}");
            let raw = demo::raw_key(&kit.services);
            assert!(evaluate(&kit.services, &raw, demo::EXAMPLE_FLAG).enabled, "{place}");
        }
    })
    .await;
}

/// Takes everything out of the database.
async fn empty(kit: &Kit) {
    for table in ["organization", "user_account", "audit_chain", "instance"] {
        kit.database.execute(&format!("DELETE FROM {table}")).await;
    }
    kit.services.delivery().refresh().await.unwrap();
}
