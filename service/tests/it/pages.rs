//! What pages of the dashboard show at one look.

use domain::audit::{AuditFilter, AuditTable};
use domain::usage::{FlagInsights, UsageBy, UsageOverview, UsageRange};
use domain::{Error as Refusal, FlagKey, Page};
use service::Actor;
use testkit::{START, each};

const HOUR: i64 = 3_600_000;

/// Addresses are seen by those who manage members, and by whoever had them; documents are told as changes.
#[tokio::test]
async fn the_log_shows_addresses_to_few() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let actor = crate::at_address(workspace.developer.clone(), "192.0.2.1");
        kit.services.flags().create(&actor, workspace.boolean_flag("menu")).await.unwrap();
        let filter = AuditFilter { resource: Some("flag:menu".into()), ..AuditFilter::default() };
        let (audit, organization) = (kit.services.audit(), &workspace.organization);
        let table = async |actor: &Actor| audit.table(actor, organization, &filter, &Page::default()).await;
        for (actor, sees) in [
            (&workspace.member, false),
            (&workspace.developer, true),
            (&workspace.admin, true),
            (&workspace.owner, true),
        ] {
            let AuditTable { lines, people, total, next, .. } = table(actor).await.unwrap();
            assert_eq!((lines.len(), people.len(), total, next), (1, 4, 1, None));
            let (entry, origin) = (&lines[0].entry, lines[0].origin.clone().unwrap());
            assert_eq!(origin.request_id.as_deref(), Some("request-1"));
            let address = origin.client.and_then(|client| client.address);
            assert_eq!(address.as_deref(), sees.then_some("192.0.2.1"));
            assert_eq!((&entry.old, &entry.new), (&None, &None));
            assert!(!entry.changes.is_empty(), "{entry:?}");
            assert!(entry.changes.iter().all(|change| change.old.is_none()), "{entry:?}");
        }
        let refusal = kit.refused(table(&workspace.outsider)).await;
        assert_eq!(refusal, Refusal::not_found("organization"));
    })
    .await;
}

/// The highest eight series are drawn; the others are counted. Each environment has its node's revision.
#[tokio::test]
async fn usage_is_seen_at_one_look() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        for number in 1..=10 {
            let sql = format!(
                "INSERT INTO usage_hour (org_id, environment_id, hour, flag, variation, reason, count)
                    SELECT e.org_id, e.id, {}, 'flag-{number}', 'on', 'boolean', {number}
                    FROM environment e JOIN organization o ON o.id = e.org_id
                    WHERE o.slug = '{}' AND e.key = 'dev'",
                START.0, workspace.organization
            );
            kit.database.execute(&sql).await;
        }
        kit.clock.advance(2 * HOUR);
        let (usage, project) = (kit.services.usage(), &workspace.project);
        let look = async |actor: &Actor, range, by, environment: Option<&str>| {
            let environment = environment.map(|key| key.parse().unwrap());
            usage.overview(actor, project, range, by, environment, None).await
        };

        let by_flag = look(&workspace.member, UsageRange::Day, UsageBy::Flag, None).await.unwrap();
        let UsageOverview { chart, flags, more_flags, reasons, months, delivery, now } = by_flag;
        assert_eq!((now, chart.count, chart.series.len(), chart.more), (START.plus(2 * HOUR), 55, 8, 2));
        assert_eq!(chart.series[0].name.as_deref(), Some("flag-10"));
        assert_eq!((flags.len(), more_flags), (10, 0));
        assert_eq!((reasons.len(), reasons[0].count, months.len()), (1, 55, 0));
        let environments: Vec<_> = delivery.environments.iter().map(|it| it.environment.as_str()).collect();
        assert_eq!(environments, ["dev", "staging", "prod"]);
        assert!(delivery.environments.iter().all(|it| it.revision.is_some() && it.streams_in_all == 0));

        let prod =
            look(&workspace.member, UsageRange::Month, UsageBy::Environment, Some("prod")).await.unwrap();
        assert_eq!((prod.chart.count, prod.flags.len()), (0, 0));
        let refusal = kit.refused(look(&workspace.outsider, UsageRange::Day, UsageBy::Flag, None)).await;
        assert_eq!(refusal, Refusal::not_found("organization"));
    })
    .await;
}

/// A flag's evaluations are told apart in one environment, and counted in the others.
#[tokio::test]
async fn a_flag_is_seen_at_one_look() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let menu = workspace.flag("menu").await;
        for (environment, variation, reason, count) in
            [("dev", "on", "boolean", 5), ("dev", "off", "flag_disabled", 2), ("prod", "on", "boolean", 9)]
        {
            let sql = format!(
                "INSERT INTO usage_hour (org_id, environment_id, hour, flag, variation, reason, count)
                    SELECT e.org_id, e.id, {}, 'menu', '{variation}', '{reason}', {count}
                    FROM environment e JOIN organization o ON o.id = e.org_id
                    WHERE o.slug = '{}' AND e.key = '{environment}'",
                START.0, workspace.organization
            );
            kit.database.execute(&sql).await;
        }
        kit.clock.advance(2 * HOUR);
        let (usage, project) = (kit.services.usage(), &workspace.project);
        let look = async |actor: &Actor, flag: &FlagKey, environment: &str| {
            usage.insights(actor, project, flag, &environment.parse().unwrap(), UsageRange::Day).await
        };
        let FlagInsights { now, chart, reasons, environments } =
            look(&workspace.member, &menu, "dev").await.unwrap();
        assert_eq!((now, chart.count, chart.series.len()), (START.plus(2 * HOUR), 7, 2));
        assert_eq!((chart.series[0].name.as_deref(), chart.series[0].count), (Some("on"), 5));
        assert_eq!((reasons.len(), reasons[0].count), (2, 5));
        let counts: Vec<_> = environments.iter().map(|it| (it.environment.as_str(), it.count)).collect();
        assert_eq!(counts, [("dev", 7), ("staging", 0), ("prod", 9)]);

        let missing = "other".parse().unwrap();
        let refusal = kit.refused(look(&workspace.member, &missing, "dev")).await;
        assert_eq!(refusal, Refusal::not_found("flag `other`"));
        let refusal = kit.refused(look(&workspace.outsider, &menu, "dev")).await;
        assert_eq!(refusal, Refusal::not_found("organization"));
    })
    .await;
}
