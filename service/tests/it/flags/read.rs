use domain::flags::CreateFlag;
use domain::{EnvironmentKey, Error as Refusal};
use testkit::each;

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

        let page = kit.services.flags().page(&workspace.member, &workspace.project, None).await.unwrap();
        let keys: Vec<_> = page.flags.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["10", "9", "Zebra", "a-b", "a.b", "apple", "tagged", "zebra"]);
        assert_eq!(page.flags[6].tags, ["Web", "api"]);
        let environments: Vec<_> = page.environments.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(environments, ["dev", "staging", "prod"]);
        assert_eq!(page.environment, page.environments[0]);
        assert_eq!(page.organization.slug, workspace.organization);
        assert_eq!(&page.person, workspace.member.person().unwrap());
    })
    .await;
}

/// The page says what the person may not do in the environment, in the words of the refusal that they would get.
#[tokio::test]
async fn a_page_says_what_its_reader_may_not_do() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let page =
            async |actor| kit.services.flags().page(actor, &workspace.project, None).await.unwrap().refusals;
        let refusals = page(&workspace.developer).await;
        assert_eq!((refusals.enable, refusals.kill), (None, None));
        let refusals = page(&workspace.member).await;
        for (enabled, told) in [(true, refusals.enable), (false, refusals.kill)] {
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
        for damage in [
            format!("UPDATE flag_configuration SET body = '{{' WHERE flag_id = {broken}"),
            format!("UPDATE flag SET variations = '' WHERE id = {broken}"),
        ] {
            kit.database.execute(&damage).await;
            let page = kit.services.flags().page(&workspace.member, &workspace.project, None).await.unwrap();
            let shown: Vec<_> =
                page.flags.iter().map(|row| (row.key.as_str(), row.served.is_some())).collect();
            assert_eq!(shown, [("a", true), ("broken", false), ("c", true)]);
            assert_eq!(
                (page.flags[1].enabled, page.flags[1].tags.as_slice()),
                (false, &["web".to_owned()][..])
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
        let nope: EnvironmentKey = "nope".parse().unwrap();
        let page = kit.services.flags().page(&workspace.member, &workspace.project, Some(&nope)).await;
        let Err(service::Error::Refused(refusal)) = page else { panic!("{page:?}") };
        assert_eq!(refusal, Refusal::not_found("environment `nope`"));
    })
    .await;
}

/// A flag whose stored configuration cannot be read is shown as broken; its neighbours are shown as they are.
#[tokio::test]
async fn a_broken_configuration_breaks_no_page() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("broken").await;
        workspace.flag("whole").await;
        kit.database
            .execute("UPDATE flag_configuration SET body = '{' WHERE flag_id = (SELECT id FROM flag WHERE key = 'broken')")
            .await;
        let page = kit.services.flags().page(&workspace.developer, &workspace.project, None).await.unwrap();
        let shown: Vec<_> = page.flags.iter().map(|row| (row.key.as_str(), row.served.is_some())).collect();
        assert_eq!(shown, [("broken", false), ("whole", true)]);
    })
    .await;
}
