//! What a server key follows.

use domain::EnvironmentKey;
use domain::flags::{ArchiveFlag, PurgeCaches};
use serde_json::{Value, json};
use testkit::each;

use super::ask;
use crate::client::Client;

async fn purge(client: &Client, flag: Option<&str>) -> usize {
    let (workspace, services) = (&client.workspace, &client.kit.services);
    let dev: EnvironmentKey = "dev".parse().unwrap();
    let command = PurgeCaches { flag: flag.map(|key| key.parse().unwrap()), comment: None };
    services.flags().purge(&workspace.admin, &workspace.project, dev, command).await.unwrap().streams
}

/// The revision of an event's id, which the epoch of the database follows.
fn revision(id: &str) -> u64 {
    let (revision, epoch) = id.split_once('-').unwrap();
    assert_eq!(epoch.len(), 8);
    revision.parse().unwrap()
}

/// First the whole ruleset, as it can be asked for, then each change under its revision.
#[tokio::test]
async fn changes_follow_the_ruleset() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        let put = events.expect("put").await;
        assert_eq!(put, client.get("/api/v1/ruleset").await.body);
        assert_eq!(put["environment"], "dev");
        assert_eq!(put["flags"]["menu"]["enabled"], true);
        let first = put["revision"].as_u64().unwrap();
        assert_eq!(revision(&events.last_id), first);
        assert!(events.retry.is_some_and(|ms| (1000..=3000).contains(&ms)), "{:?}", events.retry);

        client.switch(false).await;
        let patch = events.expect("patch").await;
        assert_eq!(patch["revision"], first + 1);
        assert_eq!(patch["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["menu"]);
        assert_eq!(patch["flags"]["menu"], client.get("/api/v1/ruleset").await.body["flags"]["menu"]);
        assert_eq!(patch["flags"]["menu"]["enabled"], false);
        assert_eq!(patch["segments"], json!({}));

        let (workspace, key) = (&client.workspace, "menu".parse().unwrap());
        let archive = ArchiveFlag { project: workspace.project.clone(), key, comment: None };
        client.kit.services.flags().archive(&workspace.admin, archive).await.unwrap();
        let delete = events.expect("delete").await;
        assert_eq!(delete, json!({"revision": first + 2, "flags": ["menu"], "segments": []}));

        assert_eq!(purge(&client, None).await, 1);
        assert_eq!(events.expect("purge").await, json!({"revision": first + 3, "flag": null}));
        assert_eq!(purge(&client, Some("menu")).await, 1);
        assert_eq!(events.expect("purge").await, json!({"revision": first + 4, "flag": "menu"}));
        assert_eq!(revision(&events.last_id), first + 4);
    })
    .await;
}

/// A stream tells what its environment serves, and nothing of another.
#[tokio::test]
async fn a_stream_is_of_one_environment() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        events.expect("put").await;
        let (workspace, services) = (&client.workspace, &client.kit.services);
        for enabled in [true, false] {
            let switch = workspace.switch("menu", "staging", enabled);
            services.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        client.switch(false).await;
        assert_eq!(events.expect("patch").await["flags"]["menu"]["enabled"], false);
    })
    .await;
}

/// Whoever comes back gets what was missed in one step, or everything where that is not known any more.
#[tokio::test]
async fn whoever_comes_back_gets_what_was_missed() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        let put = events.expect("put").await;
        let (id, first) = (events.last_id.clone(), put["revision"].as_u64().unwrap());
        drop(events);
        client.switch(false).await;
        client.workspace.flag("other").await;
        let other = client.workspace.switch("other", "dev", true);
        client.kit.services.flags().switch(&client.workspace.developer, other).await.unwrap();
        purge(&client, Some("other")).await;

        let mut events = client.follow(Some(&id)).await;
        let patch = events.expect("patch").await;
        assert_eq!(patch["revision"], first + 4);
        assert_eq!(patch["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["menu", "other"]);
        assert_eq!(patch["flags"]["menu"]["enabled"], false);
        assert_eq!(events.expect("purge").await, json!({"revision": first + 4, "flag": "other"}));
        client.switch(true).await;
        assert_eq!(events.expect("patch").await["revision"], first + 5);
        let current = events.last_id.clone();

        // Nothing was missed: the next event is the next change.
        let mut events = client.follow(Some(&current)).await;
        client.switch(false).await;
        assert_eq!(events.expect("patch").await["revision"], first + 6);

        let epoch = id.split_once('-').unwrap().1;
        let unknown = [
            "",
            "x",
            "1",
            &format!("{}-another1", first + 6),
            &format!("9999-{epoch}"),
            &format!("0-{epoch}"),
            &format!("-1-{epoch}"),
            &format!("{}-{epoch}", u64::MAX),
        ]
        .map(str::to_owned);
        for id in unknown {
            let mut events = client.follow(Some(&id)).await;
            assert_eq!(events.expect("put").await["revision"], first + 6, "{id}");
        }
    })
    .await;
}

/// A client that does not read for a while misses nothing and costs nothing: it gets one step.
#[tokio::test]
async fn whoever_reads_late_gets_one_step() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        let first = events.expect("put").await["revision"].as_u64().unwrap();
        for round in 0..20 {
            client.switch(round % 2 == 1).await;
        }
        // Whatever was told in between, the last that is told is the last that was.
        let mut patch = Value::Null;
        while patch["revision"] != first + 20 {
            patch = events.expect("patch").await;
        }
        assert_eq!(patch["flags"]["menu"]["enabled"], true);
    })
    .await;
}

/// A change on another node is told after this one's next look.
#[tokio::test]
async fn changes_of_other_nodes_are_told() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        events.expect("put").await;
        let other = client.kit.another_node().await;
        let command = client.workspace.switch("menu", "dev", false);
        other.flags().switch(&client.workspace.developer, command).await.unwrap();
        client.kit.services.delivery().refresh().await.unwrap();
        assert_eq!(events.expect("patch").await["flags"]["menu"]["enabled"], false);
    })
    .await;
}

/// Rules depend on no context.
#[tokio::test]
async fn a_server_key_sends_no_context() {
    each(async |kit| {
        let client = Client::over(kit).await;
        for query in ["userId=u", "context={}"] {
            let request = ask(&format!("/api/v1/stream?{query}"), Some(&client.key), None);
            client.send(request).await.invalid("query");
        }
        let request = ask("/api/v1/stream?other=1", Some(&client.key), None);
        client.send(request).await.invalid("query");
    })
    .await;
}
