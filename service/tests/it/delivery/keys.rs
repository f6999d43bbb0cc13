use domain::api_keys::{CreateApiKey, KeyKind};
use domain::{EnvironmentId, Millis};
use testkit::{Kit, START, Workspace, each};

use crate::{access_changed, environment, org_id};

fn works(kit: &Kit, raw: &str) -> bool {
    kit.services.delivery().authenticate(raw).is_some()
}

/// A revoked key works no more after the next look, and leaves the others alone.
#[tokio::test]
async fn a_revoked_key_works_no_more() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (revoked, kept) = (
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("dev", KeyKind::Server).await,
        );
        assert!(works(&kit, &revoked) && works(&kit, &kept));
        let prefix = &revoked[.."tb_dev_".len() + 6];
        kit.database.execute(&format!("UPDATE api_key SET revoked_at = 1 WHERE prefix = '{prefix}'")).await;
        access_changed(&kit).await;
        kit.services.delivery().refresh().await.unwrap();
        assert!(!works(&kit, &revoked));
        assert!(works(&kit, &kept));
        let other = kit.another_node().await;
        assert!(other.delivery().authenticate(&revoked).is_none());
    })
    .await;
}

/// A key with an end works until that millisecond, without a look at the database.
#[tokio::test]
async fn a_key_ends_by_the_clock() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let expires_at = Some(Millis(START.0 + 1000));
        let command = CreateApiKey { expires_at, ..workspace.key("dev", KeyKind::Server) };
        let raw = workspace.create_key(command).await;
        let forever = workspace.api_key("dev", KeyKind::Server).await;
        kit.clock.advance(999);
        assert!(works(&kit, &raw));
        kit.clock.advance(1);
        assert!(!works(&kit, &raw));
        assert!(works(&kit, &forever));
    })
    .await;
}

/// What is almost a key is none.
#[tokio::test]
async fn what_is_almost_a_key_is_none() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        let almost = [
            String::new(),
            "tb_dev_".to_owned(),
            raw[..raw.len() - 1].to_owned(),
            format!("{raw}x"),
            format!(" {raw}"),
            raw.to_uppercase(),
            raw.replacen("tb_dev", "tb_prod", 1),
            raw.replacen("tb_", "tbc_", 1),
            "\0".repeat(100_000),
        ];
        for text in almost {
            assert!(!works(&kit, &text), "{text}");
        }
        // Neither does what the database holds: a leaked backup opens nothing.
        let hash =
            kit.database.rows("SELECT hash FROM api_key").await[0]["hash"].as_str().unwrap().to_owned();
        assert!(!works(&kit, &hash));
        assert!(works(&kit, &raw));
    })
    .await;
}

/// A key that was made with another secret of the instance does not work with this one.
#[tokio::test]
async fn a_key_of_another_secret_does_not_work() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        kit.database.execute("UPDATE api_key SET hmac_key_id = 'another'").await;
        access_changed(&kit).await;
        kit.services.delivery().refresh().await.unwrap();
        assert!(!works(&kit, &raw));
    })
    .await;
}

/// Adds an environment and gives it the workspace's one key, in one commit.
async fn move_key(kit: &Kit, workspace: &Workspace, place: u64) -> EnvironmentId {
    use sea_orm::{ConnectionTrait, TransactionTrait};
    let dev = environment(kit, workspace, "dev").await;
    let id: EnvironmentId = uuid::Uuid::from_u64_pair(1, place).into();
    let (org, dev, new) =
        (kit.database.id(org_id(kit, workspace).await), kit.database.id(dev.id), kit.database.id(id));
    let tx = kit.database.database.writer().begin().await.unwrap();
    for sql in [
        format!(
            "INSERT INTO environment (id, org_id, project_id, key, name, color, position, protected, revision, created_at)
                SELECT {new}, org_id, project_id, 'new-{place}', '', '', 9, protected, 0, 0
                FROM environment WHERE id = {dev}"
        ),
        format!("UPDATE api_key SET environment_id = {new} WHERE org_id = {org}"),
        format!("UPDATE organization SET access_revision = access_revision + 1 WHERE id = {org}"),
    ] {
        tx.execute_unprepared(&sql).await.unwrap();
    }
    tx.commit().await.unwrap();
    id
}

/// A key of an environment that appears while a node looks at the database is known after the node's next look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_an_environment_that_just_appeared_is_not_lost() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        for place in 0..60 {
            let looking = async {
                for _ in 0..place % 6 {
                    tokio::task::yield_now().await;
                }
                kit.services.delivery().refresh().await.unwrap();
            };
            tokio::join!(move_key(&kit, &workspace, place), looking);
            kit.services.delivery().refresh().await.unwrap();
            assert!(works(&kit, &raw), "{place}");
        }
    })
    .await;
}

/// A key whose networks cannot be read is refused, and takes no other with it.
#[tokio::test]
async fn a_key_whose_networks_cannot_be_read_is_refused() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let (broken, whole) = (
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("dev", KeyKind::Server).await,
        );
        let prefix = &broken[.."tb_dev_".len() + 6];
        for networks in ["no JSON", "{}", "[\"10.0.0.0/33\"]"] {
            let sql = format!("UPDATE api_key SET allowed_networks = '{networks}' WHERE prefix = '{prefix}'");
            kit.database.execute(&sql).await;
            access_changed(&kit).await;
            kit.services.delivery().refresh().await.unwrap();
            assert!(!works(&kit, &broken), "{networks}");
            assert!(works(&kit, &whole), "{networks}");
        }
    })
    .await;
}
