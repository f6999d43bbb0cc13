//! Looking for a text in the audit log.

use domain::accounts::ChangeName;
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::audit::AuditFilter;
use domain::flags::CreateFlag;
use domain::{Error as Refusal, Page};
use testkit::{Kit, Workspace, each};

/// What happened to the entries with a text, the newest first; by the list and by the file.
async fn found(kit: &Kit, workspace: &Workspace, filter: &AuditFilter) -> Vec<String> {
    let audit = kit.services.audit();
    let (member, organization) = (&workspace.member, &workspace.organization);
    let page = audit.page(member, organization, filter, &Page::default()).await.unwrap();
    assert_eq!((page.total, page.next), (page.entries.len() as u64, None), "{filter:?}");
    let exported = audit.export(member, organization, filter).await.unwrap().next().await.unwrap();
    assert_eq!(exported, page.entries, "{filter:?}");
    page.entries.into_iter().map(|entry| entry.action).collect()
}

fn text(text: &str) -> AuditFilter {
    AuditFilter { q: Some(text.to_owned()), ..AuditFilter::default() }
}

/// A text is found in keys, names, comments and whoever did it, in whatever case and with no letter that stands for others.
#[tokio::test]
async fn a_text_is_found_wherever_people_see_it() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let name = ChangeName { name: "Zoë Öztürk".into() };
        kit.services.accounts().rename(&workspace.developer, name).await.unwrap();
        let flag = CreateFlag { name: "Ärger: 100% _weg_".into(), ..workspace.boolean_flag("menu-v2") };
        kit.services.flags().create(&workspace.developer, flag).await.unwrap();
        let mut switch = workspace.switch("menu-v2", "dev", true);
        switch.comment = Some("Größe \\ ΣΑΣ".into());
        kit.services.flags().switch(&workspace.admin, switch).await.unwrap();
        let key = CreateApiKey { name: "Website".into(), ..workspace.key("dev", KeyKind::Server) };
        workspace.create_key(key).await;

        let everything = found(&kit, &workspace, &AuditFilter::default()).await;
        let email = workspace.admin.person().unwrap().email.to_uppercase();
        let (created, enabled, keyed) = ("flag.created", "flag.enabled", "api_key.created");
        let by_admin = [keyed, enabled];
        for (part, expected) in [
            ("menu-v2", &[enabled, created][..]),
            ("ENU-V", &[enabled, created]),
            ("menu_v2", &[]),
            ("ärger", &[enabled, created]),
            ("ÄRGER: 100%", &[enabled, created]),
            ("100_", &[]),
            ("%", &[enabled, created]),
            ("_WEG_", &[enabled, created]),
            ("GRÖß", &[enabled]),
            ("größe \\ σασ", &[enabled]),
            ("größe /", &[]),
            ("website", &[keyed]),
            ("TB_DEV_", &[keyed]),
            (&email, &by_admin),
            // Who did it, and who became a member.
            ("zoë ö", &[created, "member.added"]),
            ("ZOË ÖZTÜRK", &[created, "member.added"]),
            ("nobody says this", &[]),
        ] {
            assert_eq!(found(&kit, &workspace, &text(part)).await, expected, "{part}");
        }
        assert_eq!(found(&kit, &workspace, &text("")).await, everything);
        let both = AuditFilter { action: Some("flag.created".into()), ..text("menu") };
        assert_eq!(found(&kit, &workspace, &both).await, [created]);
    })
    .await;
}

/// What it looks for has an end, and is a text that databases take.
#[tokio::test]
async fn a_text_follows_the_rules() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let audit = kit.services.audit();
        for bad in ["x".repeat(201), "a\0".to_owned()] {
            let (filter, first) = (text(&bad), Page::default());
            let page = audit.page(&workspace.member, &workspace.organization, &filter, &first);
            let Refusal::Invalid { details } = kit.refused(page).await else { panic!("{bad:?} was taken") };
            assert_eq!(details[0].path, "q");
        }
        // Each of its letters is told to the database.
        let long: String = ('À'..='Ͽ').take(200).collect();
        assert!(found(&kit, &workspace, &text(&long)).await.is_empty());
    })
    .await;
}
