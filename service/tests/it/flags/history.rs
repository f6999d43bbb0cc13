use domain::flags::{Configuration, Dependent};
use domain::{EnvironmentKey, Error as Refusal};
use engine::ruleset::Prerequisite;
use serde_json::json;
use testkit::each;

/// Whoever switched a flag off is told of, until somebody decides otherwise.
#[tokio::test]
async fn a_kill_is_told_of_until_it_is_undone() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let key = workspace.flag("menu").await;
        let kills = async || {
            let flags = kit.services.flags();
            let detail = flags.detail(&workspace.member, &workspace.project, &key).await.unwrap();
            let told = detail.kills.into_iter().map(|kill| (kill.environment.to_string(), kill.author.name));
            told.collect::<Vec<_>>()
        };
        let switch = async |environment: &str, enabled: bool| {
            let command = workspace.switch("menu", environment, enabled);
            kit.services.flags().switch(&workspace.developer, command).await.unwrap();
        };
        assert!(kills().await.is_empty(), "it was never on");
        switch("dev", true).await;
        switch("prod", true).await;
        assert!(kills().await.is_empty(), "it is on");
        switch("prod", false).await;
        let name = workspace.developer.person().unwrap().name.clone();
        assert_eq!(kills().await, [("prod".to_owned(), Some(name))]);
        switch("prod", true).await;
        assert!(kills().await.is_empty(), "it is on again");
    })
    .await;
}

/// A version is compared with what is there now, as going back to it would change that, or with another version.
#[tokio::test]
async fn versions_are_compared() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let key = workspace.flag("menu").await;
        let enable = workspace.switch("menu", "dev", true);
        kit.services.flags().switch(&workspace.developer, enable).await.unwrap();
        let configuration = Configuration { enabled: true, ..Configuration::fixed("off", "off") };
        let command = workspace.configure("menu", "dev", 2, configuration);
        kit.services.flags().configure(&workspace.developer, command).await.unwrap();
        let dev: EnvironmentKey = "dev".parse().unwrap();
        let review = async |which: (i64, Option<i64>)| {
            let (actor, project) = (&workspace.member, &workspace.project);
            kit.services.history().review(actor, project, key.clone(), &dev, which).await
        };

        let second = review((2, None)).await.unwrap();
        assert_eq!((second.version.version, second.from, second.more_changes), (Some(2), Some(3), 0));
        assert_eq!(second.changes.len(), 1, "{:?}", second.changes);
        assert_eq!(second.changes[0].path, "fallthrough.variation");
        assert_eq!(
            (&second.changes[0].old, &second.changes[0].new),
            (&Some(json!("off")), &Some(json!("on")))
        );
        assert!(second.did.unwrap().enabled);

        let first = review((1, None)).await.unwrap();
        let paths: Vec<_> = first.changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["enabled", "fallthrough.variation"]);
        assert!(!first.did.unwrap().enabled);

        let between = review((3, Some(2))).await.unwrap();
        assert_eq!(between.from, Some(2));
        assert_eq!(between.changes[0].new, Some(json!("off")));
        for which in [(9, None), (1, Some(9))] {
            let refused = review(which).await.unwrap_err().expose();
            assert!(matches!(refused, Refusal::NotFound { .. }), "{refused:?}");
        }
    })
    .await;
}

/// Flags that need another one are named with their environments; those whose keys are alike need nothing.
#[tokio::test]
async fn dependents_are_named() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let key = workspace.flag("a_menu").await;
        let alike = workspace.flag("a-menu").await;
        workspace.flag("other").await;
        let prerequisites = vec![Prerequisite { flag: "a_menu".into(), variations: vec!["on".into()] }];
        let configuration = Configuration { prerequisites, ..Configuration::fixed("on", "off") };
        let command = workspace.configure("other", "staging", 1, configuration);
        kit.services.flags().configure(&workspace.developer, command).await.unwrap();
        let (actor, project) = (&workspace.member, &workspace.project);
        let expected =
            Dependent { flag: "other".parse().unwrap(), environments: vec!["staging".parse().unwrap()] };
        assert_eq!(kit.services.flags().dependents(actor, project, &key).await.unwrap(), [expected]);
        assert!(kit.services.flags().dependents(actor, project, &alike).await.unwrap().is_empty());
    })
    .await;
}
