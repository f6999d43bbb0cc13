use domain::api_keys::KeyKind;
use serde_json::Value;
use testkit::{Kit, START, Workspace, each};

use super::{document, publish};
use crate::evaluate;

const HOUR: i64 = 3_600_000;

/// What is written: hour after the start, flag, variation, reason, count; sorted.
async fn usage(kit: &Kit) -> Vec<(i64, String, String, String, i64)> {
    let rows = kit.database.rows("SELECT hour, flag, variation, reason, count FROM usage_hour").await;
    let text = |row: &Value, field| row[field].as_str().unwrap().to_owned();
    let number = |row: &Value, field| row[field].as_i64().unwrap();
    let row = |row: &Value| {
        let hour = (number(row, "hour") - START.0) / HOUR;
        (hour, text(row, "flag"), text(row, "variation"), text(row, "reason"), number(row, "count"))
    };
    let mut rows: Vec<_> = rows.iter().map(row).collect();
    rows.sort();
    rows
}

fn row(
    hour: i64,
    flag: &str,
    variation: &str,
    reason: &str,
    count: i64,
) -> (i64, String, String, String, i64) {
    (hour, flag.into(), variation.into(), reason.into(), count)
}

/// Evaluates a flag so many times.
fn evaluate_times(kit: &Kit, raw: &str, flag: &str, times: usize) {
    for _ in 0..times {
        evaluate(&kit.services, raw, flag);
    }
}

async fn flush(kit: &Kit) {
    kit.services.delivery().flush_usage().await.unwrap();
}

async fn ready(kit: &Kit) -> (Workspace, String) {
    let workspace = kit.workspace().await;
    let raw = workspace.api_key("dev", KeyKind::Server).await;
    workspace.flag("menu").await;
    (workspace, raw)
}

/// Evaluations are written down by hour, flag, variation and reason; those of one hour add up.
#[tokio::test]
async fn evaluations_are_summed_by_the_hour() {
    each(async |kit| {
        let (workspace, raw) = ready(&kit).await;
        flush(&kit).await;
        assert_eq!(usage(&kit).await, []);

        evaluate_times(&kit, &raw, "menu", 3);
        evaluate_times(&kit, &raw, "nope", 2);
        evaluate_times(&kit, &raw, "nope too", 1);
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        evaluate_times(&kit, &raw, "menu", 4);
        assert_eq!(usage(&kit).await, [], "nothing is written by an evaluation");
        flush(&kit).await;
        let first = [
            row(0, "", "", "flag_not_found", 3),
            row(0, "menu", "off", "flag_disabled", 3),
            row(0, "menu", "on", "boolean", 4),
        ];
        assert_eq!(usage(&kit).await, first);

        // Nothing is written twice.
        flush(&kit).await;
        assert_eq!(usage(&kit).await, first);

        kit.clock.advance(HOUR - 1);
        evaluate_times(&kit, &raw, "menu", 10);
        flush(&kit).await;
        assert_eq!(usage(&kit).await[2], row(0, "menu", "on", "boolean", 14));

        kit.clock.advance(1);
        evaluate_times(&kit, &raw, "menu", 5);
        flush(&kit).await;
        assert_eq!(
            usage(&kit).await[2..],
            [row(0, "menu", "on", "boolean", 14), row(1, "menu", "on", "boolean", 5)]
        );
    })
    .await;
}

/// Two nodes add to the same sums.
#[tokio::test]
async fn nodes_add_to_the_same_sums() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        let other = kit.another_node().await;
        evaluate_times(&kit, &raw, "menu", 2);
        evaluate(&other, &raw, "menu");
        flush(&kit).await;
        other.delivery().flush_usage().await.unwrap();
        assert_eq!(usage(&kit).await, [row(0, "menu", "off", "flag_disabled", 3)]);
    })
    .await;
}

/// Counts of variations that a flag no longer has are written all the same, and meet those of the new ones.
#[tokio::test]
async fn counts_outlive_a_change_of_variations() {
    each(async |kit| {
        let (workspace, raw) = ready(&kit).await;
        let counted = |variations: &[&str]| document("menu", variations).to_string();
        for (variations, times) in [(["one", "two"], 2), (["two", "three"], 3), (["one", "three"], 4)] {
            publish(&kit, &workspace, "dev", "menu", Some(&counted(&variations))).await;
            kit.services.delivery().refresh().await.unwrap();
            evaluate_times(&kit, &raw, "menu", times);
        }
        // A snapshot that an evaluation still holds goes on counting.
        let held = kit.services.delivery().authenticate(&raw).unwrap().environment.snapshot();
        publish(&kit, &workspace, "dev", "menu", None).await;
        kit.services.delivery().refresh().await.unwrap();
        flush(&kit).await;
        let sums =
            |last| [row(0, "menu", "one", "fallthrough", last), row(0, "menu", "two", "fallthrough", 3)];
        assert_eq!(usage(&kit).await, sums(6));
        let context = engine::Context::default();
        held.evaluate(KeyKind::Server, "menu", &context, 0);
        drop(held);
        flush(&kit).await;
        assert_eq!(usage(&kit).await, sums(7));
        flush(&kit).await;
        assert_eq!(usage(&kit).await, sums(7));
    })
    .await;
}

/// Counts that could not be written are kept for the next time, with those that came since.
#[tokio::test]
async fn counts_survive_a_flush_that_fails() {
    each(async |kit| {
        let (workspace, raw) = ready(&kit).await;
        publish(&kit, &workspace, "dev", "menu", Some(&document("menu", &["one", "two"]).to_string())).await;
        kit.services.delivery().refresh().await.unwrap();
        evaluate_times(&kit, &raw, "menu", 2);
        publish(&kit, &workspace, "dev", "menu", Some(&document("menu", &["two", "one"]).to_string())).await;
        kit.services.delivery().refresh().await.unwrap();
        evaluate_times(&kit, &raw, "menu", 3);

        kit.database.execute("ALTER TABLE usage_hour RENAME TO away").await;
        for _ in 0..2 {
            assert!(kit.services.delivery().flush_usage().await.is_err());
        }
        evaluate_times(&kit, &raw, "menu", 4);
        kit.database.execute("ALTER TABLE away RENAME TO usage_hour").await;
        flush(&kit).await;
        let sums = [row(0, "menu", "one", "fallthrough", 2), row(0, "menu", "two", "fallthrough", 7)];
        assert_eq!(usage(&kit).await, sums);
    })
    .await;
}

/// An environment that is deleted takes its counts with it, and does not keep those of others from being written.
#[tokio::test]
async fn a_deleted_environment_keeps_no_counts_back() {
    each(async |kit| {
        let (workspace, raw) = ready(&kit).await;
        let (_other, others) = ready(&kit).await;
        // Counts of a snapshot that is replaced, and of the one that is served when the environment goes.
        evaluate_times(&kit, &raw, "menu", 2);
        publish(&kit, &workspace, "dev", "menu", Some(&document("menu", &["one", "two"]).to_string())).await;
        kit.services.delivery().refresh().await.unwrap();
        evaluate_times(&kit, &raw, "menu", 3);
        evaluate_times(&kit, &others, "menu", 1);
        let org = kit.database.id(crate::org_id(&kit, &workspace).await);
        kit.database.execute(&format!("DELETE FROM organization WHERE id = {org}")).await;
        kit.services.delivery().refresh().await.unwrap();
        assert!(kit.services.delivery().authenticate(&raw).is_none());
        flush(&kit).await;
        assert_eq!(usage(&kit).await, [row(0, "menu", "off", "flag_disabled", 1)]);
    })
    .await;
}

/// Many evaluate while counts are written: none is lost and none is counted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_between_counting_and_writing() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        let mut evaluating = tokio::task::JoinSet::new();
        for _ in 0..3 {
            let (services, raw) = (kit.services.clone(), raw.clone());
            evaluating.spawn_blocking(move || {
                for _ in 0..2000 {
                    evaluate(&services, &raw, "menu");
                }
            });
        }
        while evaluating.try_join_next().is_some() || !evaluating.is_empty() {
            flush(&kit).await;
        }
        flush(&kit).await;
        assert_eq!(usage(&kit).await, [row(0, "menu", "off", "flag_disabled", 6000)]);
    })
    .await;
}

/// Closing the application writes down what was counted.
#[tokio::test]
async fn closing_writes_counts_down() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        let again = kit.database.connect_again().await;
        evaluate_times(&kit, &raw, "menu", 2);
        kit.services.clone().close().await.unwrap();
        use sea_orm::{ConnectionTrait, Statement};
        let writer = again.writer();
        let query = Statement::from_string(writer.get_database_backend(), "SELECT count FROM usage_hour");
        let count: i64 = writer.query_one_raw(query).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(count, 2);
    })
    .await;
}
