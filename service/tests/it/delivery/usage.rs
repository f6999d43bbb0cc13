use domain::api_keys::KeyKind;
use testkit::{Kit, START, Workspace, each, usage_row};

use super::{document, publish};
use crate::evaluate;

const HOUR: i64 = 3_600_000;

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
        assert_eq!(kit.usage().await, []);

        evaluate_times(&kit, &raw, "menu", 3);
        evaluate_times(&kit, &raw, "nope", 2);
        evaluate_times(&kit, &raw, "nope too", 1);
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        evaluate_times(&kit, &raw, "menu", 4);
        assert_eq!(kit.usage().await, [], "nothing is written by an evaluation");
        flush(&kit).await;
        let first = [
            usage_row(0, "", "", "flag_not_found", 3),
            usage_row(0, "menu", "off", "flag_disabled", 3),
            usage_row(0, "menu", "on", "boolean", 4),
        ];
        assert_eq!(kit.usage().await, first);

        // Nothing is written twice.
        flush(&kit).await;
        assert_eq!(kit.usage().await, first);

        kit.clock.advance(HOUR - 1);
        evaluate_times(&kit, &raw, "menu", 10);
        flush(&kit).await;
        assert_eq!(kit.usage().await[2], usage_row(0, "menu", "on", "boolean", 14));

        kit.clock.advance(1);
        evaluate_times(&kit, &raw, "menu", 5);
        flush(&kit).await;
        assert_eq!(
            kit.usage().await[2..],
            [usage_row(0, "menu", "on", "boolean", 14), usage_row(1, "menu", "on", "boolean", 5)]
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
        assert_eq!(kit.usage().await, [usage_row(0, "menu", "off", "flag_disabled", 3)]);
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
        let sums = |last| {
            [usage_row(0, "menu", "one", "fallthrough", last), usage_row(0, "menu", "two", "fallthrough", 3)]
        };
        assert_eq!(kit.usage().await, sums(6));
        let context = engine::Context::default();
        held.evaluate(KeyKind::Server, "menu", &context, 0);
        drop(held);
        flush(&kit).await;
        assert_eq!(kit.usage().await, sums(7));
        flush(&kit).await;
        assert_eq!(kit.usage().await, sums(7));
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
        let sums =
            [usage_row(0, "menu", "one", "fallthrough", 2), usage_row(0, "menu", "two", "fallthrough", 7)];
        assert_eq!(kit.usage().await, sums);
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
        assert_eq!(kit.usage().await, [usage_row(0, "menu", "off", "flag_disabled", 1)]);
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
        assert_eq!(kit.usage().await, [usage_row(0, "menu", "off", "flag_disabled", 6000)]);
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

/// A change of a flag's version or variations, an environment that goes, and a node that stops lose nothing: what the
/// organization evaluated in the month is what was evaluated.
#[tokio::test]
async fn months_count_what_was_evaluated() {
    each(async |kit| {
        let (workspace, raw) = ready(&kit).await;
        let staging = workspace.api_key("staging", KeyKind::Server).await;
        let developer = &workspace.developer;
        for enabled in [true, false, true] {
            evaluate_times(&kit, &raw, "menu", 3);
            kit.services.flags().switch(developer, workspace.switch("menu", "dev", enabled)).await.unwrap();
        }
        evaluate_times(&kit, &staging, "menu", 4);
        evaluate_times(&kit, &staging, "nope", 5);
        let held = kit.services.delivery().authenticate(&staging).unwrap();
        let staging = crate::environment(&kit, &workspace, "staging").await.id;
        kit.database
            .execute(&format!("DELETE FROM environment WHERE id = {}", kit.database.id(staging)))
            .await;
        // Of an environment that is gone and still in memory, before and after that is seen.
        flush(&kit).await;
        let months = "SELECT served FROM usage_month";
        assert_eq!(kit.database.number(months).await, 18);
        kit.services.delivery().refresh().await.unwrap();
        let context = engine::Context::default();
        held.environment.snapshot().evaluate(KeyKind::Server, "menu", &context, START.0);
        drop(held);
        flush(&kit).await;
        assert_eq!(kit.database.number(months).await, 19);
        let expected =
            [usage_row(0, "menu", "off", "flag_disabled", 6), usage_row(0, "menu", "on", "boolean", 3)];
        assert_eq!(kit.usage().await, expected);
    })
    .await;
}

/// An organization that is being changed keeps its counts until it is not, and keeps nobody else's back.
#[tokio::test]
async fn a_flush_waits_for_nobody() {
    each(async |kit| {
        // SQLite has one writer.
        if kit.database.name == "sqlite" {
            return;
        }
        let (workspace, raw) = ready(&kit).await;
        let (_, others) = ready(&kit).await;
        evaluate_times(&kit, &raw, "menu", 2);
        evaluate_times(&kit, &others, "menu", 5);
        use sea_orm::{ConnectionTrait, TransactionTrait};
        let change = kit.database.database.writer().begin().await.unwrap();
        let org = kit.database.id(crate::org_id(&kit, &workspace).await);
        let key = "UPDATE api_key SET name = 'other'";
        for sql in [&format!("SELECT id FROM organization WHERE id = {org} FOR UPDATE"), key] {
            change.execute_unprepared(sql).await.unwrap();
        }
        flush(&kit).await;
        assert_eq!(kit.usage().await, [usage_row(0, "menu", "off", "flag_disabled", 5)]);
        assert_eq!(kit.database.number("SELECT COUNT(last_used_at) FROM api_key").await, 0);
        change.rollback().await.unwrap();
        flush(&kit).await;
        let sum = "SELECT CAST(SUM(count) AS BIGINT) FROM usage_hour";
        assert_eq!(kit.database.number(sum).await, 7);
        assert_eq!(kit.database.number("SELECT CAST(SUM(served) AS BIGINT) FROM usage_month").await, 7);
    })
    .await;
}

/// Nodes that write the same rows at once take turns: nothing fails, is lost or counted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_flush_at_once() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let mut keys = Vec::new();
        for environment in ["dev", "staging", "prod"] {
            keys.push(workspace.api_key(environment, KeyKind::Server).await);
        }
        const FLAGS: usize = 8;
        for number in 0..FLAGS {
            workspace.flag(&format!("flag-{number}")).await;
        }
        let nodes = [kit.another_node().await, kit.another_node().await, kit.another_node().await];
        const ROUNDS: usize = 15;
        let mut flushing = tokio::task::JoinSet::new();
        for (place, node) in nodes.into_iter().enumerate() {
            let keys = keys.clone();
            flushing.spawn(async move {
                for round in 0..ROUNDS {
                    for number in 0..FLAGS {
                        // Each node comes upon flags and environments in an order of its own.
                        let number = (number * 3 + place * 5 + round) % FLAGS;
                        for environment in 0..keys.len() {
                            let raw = &keys[(environment + place) % keys.len()];
                            let caller = node.delivery().authenticate(raw).unwrap();
                            let names = format!(r#"{{"a{round}":1,"n{place}":1,"b{}":1}}"#, round * 7 % 10);
                            let context = engine::Context::from_json(names.as_bytes()).unwrap();
                            let snapshot = caller.environment.snapshot();
                            snapshot.evaluate(caller.kind, &format!("flag-{number}"), &context, node.now().0);
                            caller.used(node.now());
                        }
                    }
                    node.delivery().flush_usage().await.unwrap();
                }
                node.delivery().flush_usage().await.unwrap();
            });
        }
        for flushed in flushing.join_all().await {
            let () = flushed;
        }
        let expected = i64::try_from(3 * ROUNDS * FLAGS * 3).unwrap();
        for sum in ["SUM(count) AS BIGINT) FROM usage_hour", "SUM(served) AS BIGINT) FROM usage_month"] {
            assert_eq!(kit.database.number(&format!("SELECT CAST({sum}")).await, expected);
        }
        let each_row = i64::try_from(3 * ROUNDS).unwrap();
        let uneven = format!("SELECT COUNT(*) FROM usage_hour WHERE count <> {each_row}");
        assert_eq!(kit.database.number(&uneven).await, 0);
    })
    .await;
}

/// A count stays as large as a number can be, where one more would be refused.
#[tokio::test]
async fn a_count_has_an_end() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        evaluate_times(&kit, &raw, "menu", 1);
        flush(&kit).await;
        let most = i64::MAX;
        for sql in [
            format!("UPDATE usage_hour SET count = {most} - 2"),
            format!("UPDATE usage_month SET served = {most} - 2, reported = {most}"),
        ] {
            kit.database.execute(&sql).await;
        }
        let report =
            r#"{"evaluations":[{"flag":"menu","variation":"off","reason":"flag_disabled","count":5}]}"#;
        let report = domain::parse(report.as_bytes()).unwrap();
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        for _ in 0..2 {
            evaluate_times(&kit, &raw, "menu", 3);
            caller.environment.report(caller.kind, &report, kit.services.now()).unwrap();
            flush(&kit).await;
            assert_eq!(kit.usage().await, [usage_row(0, "menu", "off", "flag_disabled", most)]);
            for column in ["served", "reported"] {
                let stored = kit.database.number(&format!("SELECT {column} FROM usage_month")).await;
                assert_eq!(stored, most, "{column}");
            }
        }
    })
    .await;
}

/// What was reported, which names were seen, and when flags were evaluated outlive a flush that fails, too.
#[tokio::test]
async fn everything_outlives_a_flush_that_fails() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        let report = r#"{"evaluations":[{"flag":"menu","variation":"on","reason":"boolean","version":1,"count":5}],
            "attributes":["plan"]}"#;
        let report = domain::parse(report.as_bytes()).unwrap();
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        let report = || caller.environment.report(caller.kind, &report, kit.services.now()).unwrap();
        report();
        // The last table that is written.
        kit.database.execute("ALTER TABLE context_attribute RENAME TO away").await;
        for _ in 0..2 {
            assert!(kit.services.delivery().flush_usage().await.is_err());
            assert_eq!(kit.usage().await, [], "a part is written");
        }
        kit.clock.advance(1000);
        report();
        kit.database.execute("ALTER TABLE away RENAME TO context_attribute").await;
        flush(&kit).await;
        assert_eq!(kit.usage().await, [usage_row(0, "menu", "on", "boolean", 10)]);
        assert_eq!(kit.database.number("SELECT evaluated_at FROM flag_use").await, START.0 + 1000);
        assert_eq!(kit.database.number("SELECT COUNT(*) FROM context_attribute").await, 1);
    })
    .await;
}

/// Of the contexts that are asked with some are looked at, at least one between two flushes, whichever asks.
#[tokio::test]
async fn some_contexts_are_looked_at() {
    each(async |kit| {
        let (_, raw) = ready(&kit).await;
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        let snapshot = caller.environment.snapshot();
        let ask = |name: &str| {
            let context = format!(r#"{{"{name}":1}}"#);
            let context = engine::Context::from_json(context.as_bytes()).unwrap();
            assert!(snapshot.evaluate_all(caller.kind, &context, kit.services.now().0).count() > 0);
        };
        let known = async || {
            flush(&kit).await;
            kit.database.number("SELECT COUNT(*) FROM context_attribute").await
        };
        ask("first");
        assert_eq!(known().await, 1);
        (0..5000).for_each(|_| ask("often"));
        assert_eq!(known().await, 2);
        // The whole environment is looked at seldom: most of what is asked for once is not seen.
        (0..500).for_each(|number| ask(&format!("once{number}")));
        assert!(known().await < 252, "{}", known().await);
        // One that nobody asks of is looked at the next time.
        flush(&kit).await;
        ask("last");
        let last = "SELECT COUNT(*) FROM context_attribute WHERE name = 'last'";
        assert_eq!((known().await > 2, kit.database.number(last).await), (true, 1));
    })
    .await;
}
