//! Starts without a database.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use domain::api_keys::KeyKind;
use service::delivery::WarmFile;
use service::{Database, Parts, Secrets, Services};
use tempfile::TempDir;
use testkit::{Kit, each};

use crate::{evaluate, off, on};

/// An address at which nobody listens.
const NOWHERE: &str = "postgres://nobody@127.0.0.1:1/nowhere";

fn file() -> (TempDir, WarmFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = WarmFile::at(folder.path().join("snapshots"));
    (folder, file)
}

/// A node whose database cannot be reached, with what was kept.
async fn without_database(kit: &Kit, file: &WarmFile) -> Services {
    let database = Database::unreached(NOWHERE).await.unwrap();
    let warm = file.read().unwrap().unwrap();
    Services::open_warm(Parts { database, ..kit.parts_of_another() }, warm).await
}

/// What was kept is served as it was, by the same keys, and is as old as it is.
#[tokio::test]
async fn what_was_kept_is_served() {
    each(async |kit| {
        let (_folder, file) = file();
        let workspace = kit.workspace().await;
        for key in ["menu", "other"] {
            workspace.flag(key).await;
        }
        let switch = workspace.switch("menu", "dev", true);
        kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        let key = workspace.api_key("dev", KeyKind::Server).await;
        assert!(file.read().unwrap().is_none());
        kit.services.delivery().keep(&file).await.unwrap();
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        let text = String::from_utf8_lossy(&fs::read(file.path()).unwrap()).into_owned();
        assert!(!text.contains(&key));

        kit.clock.advance(5000);
        let cold = without_database(&kit, &file).await;
        assert_eq!(evaluate(&cold, &key, "menu"), on(2, 3));
        assert_eq!(evaluate(&cold, &key, "other"), off(1, 3));
        assert_eq!(cold.delivery().freshness().age_ms, 5000);
        assert_eq!(
            cold.delivery().freshness().environments,
            kit.services.delivery().freshness().environments
        );
        assert_eq!(cold.delivery().epoch(), kit.services.delivery().epoch());
        // A look that fails changes nothing.
        assert!(cold.delivery().refresh().await.is_err());
        assert_eq!(evaluate(&cold, &key, "menu"), on(2, 3));
        assert!(cold.delivery().authenticate("tb_dev_other").is_none());
    })
    .await;
}

/// When the database is back its state replaces what was kept, be it newer or another database's.
#[tokio::test]
async fn the_database_replaces_what_was_kept() {
    each(async |kit| {
        let (_folder, file) = file();
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        kit.services.delivery().keep(&file).await.unwrap();
        let revoked = workspace.api_key("dev", KeyKind::Server).await;
        let switch = workspace.switch("menu", "dev", true);
        kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        let warm = file.read().unwrap().unwrap();
        let back = Services::open_warm(kit.parts_of_another(), warm).await;
        assert_eq!(evaluate(&back, &key, "menu"), off(1, 1));
        assert!(back.delivery().authenticate(&revoked).is_none());
        back.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&back, &key, "menu"), on(2, 2));
        assert!(back.delivery().authenticate(&revoked).is_some());
        assert_eq!(back.delivery().freshness().age_ms, 0);
    })
    .await;
}

/// A database that was restored has another epoch, and its revisions are others than those of the same number before.
#[tokio::test]
async fn a_restored_database_is_another() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let other = kit.another_node().await;
        let before = other.delivery().epoch();
        // As if the backup held another document under the same revision.
        kit.database
            .execute(
                "UPDATE environment_document SET document = REPLACE(document, '\"enabled\":false', '\"enabled\":true')",
            )
            .await;
        other.delivery().refresh().await.unwrap();
        assert_eq!(evaluate(&other, &key, "menu"), off(1, 1));
        other.database_was_restored().await.unwrap();
        other.delivery().refresh().await.unwrap();
        assert_ne!(other.delivery().epoch(), before);
        assert_eq!(evaluate(&other, &key, "menu"), on(1, 1));
        kit.services.delivery().refresh().await.unwrap();
        assert_eq!(kit.services.delivery().epoch(), other.delivery().epoch());
    })
    .await;
}

/// A file that is not whole is refused, whatever is missing; one that cannot be written leaves the old one.
#[tokio::test]
async fn a_file_is_whole_or_refused() {
    each(async |kit| {
        let (folder, file) = file();
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        kit.services.delivery().keep(&file).await.unwrap();
        let whole = fs::read(file.path()).unwrap();
        for length in [0, 1, 30, 86, 87, whole.len() / 2, whole.len() - 1] {
            fs::write(file.path(), &whole[..length]).unwrap();
            assert!(file.read().is_err(), "{length}");
        }
        for place in [0, 21, 25, 90, whole.len() - 1] {
            let mut broken = whole.clone();
            broken[place] ^= 1;
            fs::write(file.path(), broken).unwrap();
            assert!(file.read().is_err(), "{place}");
        }
        fs::write(file.path(), &whole).unwrap();
        assert!(file.read().unwrap().is_some());
        // Nothing changed: nothing is written.
        fs::remove_file(file.path()).unwrap();
        kit.services.delivery().keep(&file).await.unwrap();
        assert!(!file.path().exists());

        let nowhere = WarmFile::at(folder.path().join("missing").join("snapshots"));
        workspace.flag("other").await;
        assert!(kit.services.delivery().keep(&nowhere).await.is_err());
        // It is tried again.
        kit.services.delivery().keep(&file).await.unwrap();
        assert!(file.read().unwrap().is_some());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft is left");
    })
    .await;
}

/// On a disk that is full the old file stays, no draft does, and the next time it is tried again.
#[tokio::test]
async fn a_full_disk_leaves_the_old_file() {
    each(async |kit| {
        let full = std::path::Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let (folder, file) = file();
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        kit.services.delivery().keep(&file).await.unwrap();
        let before = fs::read(file.path()).unwrap();
        workspace.flag("other").await;
        let draft = file.path().with_extension(format!("{}.draft", std::process::id()));
        std::os::unix::fs::symlink(full, &draft).unwrap();
        let error = kit.services.delivery().keep(&file).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        assert_eq!(fs::read(file.path()).unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft is left");
        kit.services.delivery().keep(&file).await.unwrap();
        assert_ne!(fs::read(file.path()).unwrap(), before);
    })
    .await;
}

/// Keys that were hashed with another secret find nothing, and the flags are there all the same.
#[tokio::test]
async fn keys_of_another_secret_find_nothing() {
    each(async |kit| {
        let (_folder, file) = file();
        let workspace = kit.workspace().await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        kit.services.delivery().keep(&file).await.unwrap();
        let secrets = Secrets::new("another secret that is long enough to be one").unwrap();
        let database = Database::unreached(NOWHERE).await.unwrap();
        let parts = Parts { database, secrets, ..kit.parts_of_another() };
        let other = Services::open_warm(parts, file.read().unwrap().unwrap()).await;
        assert!(other.delivery().authenticate(&key).is_none());
        assert_eq!(other.delivery().freshness().environments, 3 + 3);
    })
    .await;
}
