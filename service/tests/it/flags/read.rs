use domain::Error as Refusal;
use domain::access::Action;
use domain::flags::{Configuration, CreateFlag, FlagSummary, FlagView};
use engine::ruleset::{Condition, Rule, Serve};
use testkit::each;

use crate::{refusal, table};

/// The page lists a project's own flags in the order of their keys' bytes, with the environments in their order.
#[tokio::test]
async fn a_page_lists_the_flags_of_its_project() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let other = kit.workspace().await;
        other.flag("other").await;
        for key in ["zebra", "Zebra", "apple", "a-b", "a.b", "10", "9"] {
            workspace.flag(key).await;
        }
        let tagged =
            CreateFlag { tags: vec!["Web".into(), "api".into()], ..workspace.boolean_flag("tagged") };
        kit.services.flags().create(&workspace.developer, tagged).await.unwrap();

        let table = table(&kit, &workspace.member, &workspace.project, None).await.unwrap();
        let flags = &table.list.flags;
        let keys: Vec<_> = flags.iter().map(|flag| flag.key.as_str()).collect();
        assert_eq!(keys, ["10", "9", "Zebra", "a-b", "a.b", "apple", "tagged", "zebra"]);
        assert_eq!(
            (&flags[6].tags, &table.tags),
            (&vec!["Web".to_owned(), "api".to_owned()], &flags[6].tags)
        );
        assert_eq!(table.environment.as_str(), "dev");
        let environments: Vec<_> = flags[0].environments.keys().map(domain::EnvironmentKey::as_str).collect();
        assert_eq!(environments, ["dev", "prod", "staging"]);

        let place = kit.services.projects().place(&workspace.member, &workspace.project).await.unwrap();
        let environments: Vec<_> = place.environments.iter().map(|it| it.environment.key.as_str()).collect();
        assert_eq!(environments, ["dev", "staging", "prod"]);
        assert_eq!(place.organization.slug, workspace.organization);
        assert_eq!(&place.person, workspace.member.person().unwrap());
    })
    .await;
}

/// The page says what the person may not do in the environment, in the words of the refusal that they would get.
#[tokio::test]
async fn a_page_says_what_its_reader_may_not_do() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let refusals = async |actor| {
            let place = kit.services.projects().place(actor, &workspace.project).await.unwrap();
            let dev = &place.environments[0];
            [Action::EnableFlag, Action::KillFlag].map(|action| place.refusal_in(dev, action))
        };
        assert_eq!(refusals(&workspace.developer).await, [None, None]);
        for (enabled, told) in [true, false].into_iter().zip(refusals(&workspace.member).await) {
            let switch = async {
                kit.services.flags().switch(&workspace.member, workspace.switch("menu", "dev", enabled)).await
            };
            assert_eq!(kit.refused(switch).await.to_string(), told.unwrap());
        }
    })
    .await;
}

/// A flag whose stored configuration cannot be read is listed as such, and hides none of the others.
#[tokio::test]
async fn a_flag_that_cannot_be_read_hides_no_other() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        for key in ["a", "broken", "c"] {
            let command = CreateFlag { tags: vec!["web".into()], ..workspace.boolean_flag(key) };
            kit.services.flags().create(&workspace.developer, command).await.unwrap();
        }
        let broken = "(SELECT id FROM flag WHERE key = 'broken')";
        // What it does cannot be read, then what it can serve neither.
        for (damage, variations) in [
            (format!("UPDATE flag_configuration SET body = '{{' WHERE flag_id = {broken}"), 2),
            (format!("UPDATE flag SET variations = '' WHERE id = {broken}"), 0),
        ] {
            kit.database.execute(&damage).await;
            let table = table(&kit, &workspace.member, &workspace.project, None).await.unwrap();
            let flags = &table.list.flags;
            let does = |flag: &FlagView| flag.environments[&table.environment].clone();
            let shown: Vec<_> =
                flags.iter().map(|flag| (flag.key.as_str(), does(flag).served.is_some())).collect();
            assert_eq!(shown, [("a", true), ("broken", false), ("c", true)]);
            assert!(!does(&flags[1]).enabled);
            assert_eq!(
                (flags[1].tags.as_slice(), flags[1].variations.len()),
                (&["web".to_owned()][..], variations)
            );
        }
    })
    .await;
}

/// An environment that the project has not is not found.
#[tokio::test]
async fn a_page_of_an_unknown_environment_is_not_found() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let table = table(&kit, &workspace.member, &workspace.project, Some("nope")).await;
        assert_eq!(refusal(table), Refusal::not_found("environment `nope`"));
    })
    .await;
}

/// A summary names the variations that somebody may get, whatever serves them.
#[tokio::test]
async fn a_summary_names_what_is_served() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let key = workspace.flag("menu").await;
        let everybody = Rule {
            id: "all".into(),
            name: None,
            when: Condition::All { all: Vec::new() },
            serve: Serve::Variation("on".into()),
        };
        let off = Configuration::fixed("off", "off");
        let ruled = Configuration { rules: vec![everybody], ..off.clone() };
        for (environment, configuration) in [("dev", off), ("staging", ruled)] {
            let command = workspace.configure("menu", environment, 1, configuration);
            kit.services.flags().configure(&workspace.developer, command).await.unwrap();
        }
        let detail = kit.services.flags().detail(&workspace.member, &workspace.project, &key).await.unwrap();
        let summary = FlagSummary::from(detail);
        let said = summary.environments.into_iter().map(|it| {
            let used: Vec<_> = it.used.into_iter().collect();
            format!("{}: {}; off: {}", it.environment, used.join(" "), it.off_variation.unwrap_or_default())
        });
        let said: Vec<_> = said.collect();
        assert_eq!(said, ["dev: off; off: off", "staging: off on; off: off", "prod: off on; off: off"]);
    })
    .await;
}
