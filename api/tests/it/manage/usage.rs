//! Usage: what was written down, as series, months, last evaluations and names of attributes.

use domain::api_keys::KeyKind;
use domain::environments::DeleteEnvironment;
use domain::projects::CreateProject;
use serde_json::{Value, json};
use service::Actor;
use testkit::{Kit, START, each};

use super::Who;
use super::scene::{Scene, said};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Inserts what was counted at an hour, in an environment of the workspace's project.
async fn count(scene: &Scene, environment: &str, of: (i64, &str, &str, &str), times: i64) {
    let database = &scene.manage.kit.database;
    let slug = &scene.workspace.organization;
    let (hour, flag, variation, reason) = of;
    let sql = format!(
        "INSERT INTO usage_hour (org_id, environment_id, hour, flag, variation, reason, count)
            SELECT e.org_id, e.id, {hour}, '{flag}', '{variation}', '{reason}', {times}
            FROM environment e JOIN organization o ON o.id = e.org_id JOIN project p ON p.id = e.project_id
            WHERE o.slug = '{slug}' AND e.key = '{environment}' AND p.key = 'default'"
    );
    database.execute(&sql).await;
}

fn points(points: &[(i64, i64)]) -> Value {
    points.iter().map(|(at, count)| json!({"at": at, "count": count})).collect()
}

async fn evaluate(kit: &Kit, raw: &str, flag: &str, context: &str) {
    let caller = kit.services.delivery().authenticate(raw).unwrap();
    let context = engine::Context::from_json(context.as_bytes()).unwrap();
    caller.environment.snapshot().evaluate(caller.kind, flag, &context, kit.services.now().0);
}

async fn flush(scene: &Scene) {
    scene.manage.kit.services.delivery().flush_usage().await.unwrap();
}

/// Series of an organization and of its parts, by each thing that they are told apart by.
#[tokio::test]
async fn series_are_told_apart() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.manage.kit.clock.advance(10 * HOUR);
        let start = START.0;
        for (environment, hour, flag, variation, reason, times) in [
            ("dev", 0, "menu", "on", "boolean", 10),
            ("dev", 2, "menu", "on", "boolean", 20),
            ("dev", 2, "menu", "off", "flag_disabled", 3),
            ("dev", 2, "menu", "", "", 1),
            ("dev", 2, "shop", "on", "fallthrough", 100),
            ("dev", 3, "", "", "flag_not_found", 7),
            ("prod", 3, "menu", "on", "boolean", 1000),
        ] {
            count(&scene, environment, (start + hour * HOUR, flag, variation, reason), times).await;
        }
        let ask = async |query: &str| said(scene.get(&format!("/usage{query}")).await, 200);

        let all = ask("").await;
        let expected = json!({
            "from": START.plus(10 * HOUR - DAY), "to": START.plus(10 * HOUR), "step": "hour", "by": null, "count": 1141,
            "points": points(&[(start, 10), (start + 2 * HOUR, 124), (start + 3 * HOUR, 1007)]),
            "series": [], "more": 0
        });
        assert_eq!(all, expected);

        let names = |body: &Value| -> Vec<(Value, i64)> {
            let series = body["series"].as_array().unwrap().iter();
            series.map(|one| (one["name"].clone(), one["count"].as_i64().unwrap())).collect()
        };
        let name = |name: &str, count: i64| (json!(name), count);
        assert_eq!(names(&ask("?by=project").await), [name("default", 1141)]);
        let by_environment = ask("?by=environment").await;
        assert_eq!(names(&by_environment), [name("default/prod", 1000), name("default/dev", 141)]);
        let dev = points(&[(start, 10), (start + 2 * HOUR, 124), (start + 3 * HOUR, 7)]);
        assert_eq!(by_environment["series"][1]["points"], dev);
        let flags = [name("menu", 1034), name("shop", 100), (Value::Null, 7)];
        assert_eq!(names(&ask("?by=flag").await), flags);
        assert_eq!(names(&ask("?by=flag&project=default").await), flags);
        let dev = ask("?by=flag&environment=dev").await;
        assert_eq!(names(&dev), [name("shop", 100), name("menu", 34), (Value::Null, 7)]);
        assert_eq!((&dev["count"], &dev["by"]), (&json!(141), &json!("flag")));
        let variations = ask("?by=variation&environment=dev&flag=menu").await;
        assert_eq!(names(&variations), [name("on", 30), name("off", 3), (Value::Null, 1)]);
        assert_eq!(variations["series"][0]["points"], points(&[(start, 10), (start + 2 * HOUR, 20)]));
        let reasons = ask("?by=reason&flag=menu").await;
        assert_eq!(names(&reasons), [name("boolean", 1030), name("flag_disabled", 3), (Value::Null, 1)]);

        // From the hour on that `from` is in, and hours that begin before `to`.
        let (from, to) = (start + 2 * HOUR + 1, start + 3 * HOUR);
        let some = ask(&format!("?from={from}&to={to}")).await;
        assert_eq!((&some["from"], &some["count"]), (&json!(start + 2 * HOUR), &json!(124)));
        assert_eq!(ask(&format!("?from={from}&to={}", to + 1)).await["count"], 1131);
        let nothing = ask("?flag=nope&by=variation").await;
        assert_eq!((&nothing["count"], &nothing["points"], &nothing["series"]), (&json!(0), &json!([]), &json!([])));
    })
    .await;
}

/// Days and months are UTC's, and as long as they are.
#[tokio::test]
async fn hours_add_up_to_days_and_months() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.manage.kit.clock.advance(61 * DAY);
        let of = |hour: i64| (hour, "menu", "on", "boolean");
        for (hour, times) in
            [(-HOUR, 1), (0, 10), (23 * HOUR, 100), (DAY, 1000), (31 * DAY, 10_000), (59 * DAY, 100_000)]
        {
            count(&scene, "dev", of(START.0 + hour), times).await;
        }
        let ask = async |query: &str| said(scene.get(&format!("/usage?{query}")).await, 200);
        let from = START.0 - DAY;
        let days = ask(&format!("step=day&from={from}&by=flag")).await;
        let at = |days: i64| START.0 + days * DAY;
        let expected =
            points(&[(at(-1), 1), (at(0), 110), (at(1), 1000), (at(31), 10_000), (at(59), 100_000)]);
        assert_eq!((&days["points"], &days["series"][0]["points"]), (&expected, &expected));
        let months = ask(&format!("step=month&from={from}&by=environment")).await;
        let expected = points(&[(at(-31), 1), (at(0), 1110), (at(31), 10_000), (at(59), 100_000)]);
        assert_eq!((&months["points"], &months["series"][0]["points"]), (&expected, &expected));
        assert_eq!(months["from"], at(-31));
        assert_eq!(ask("step=day").await["from"], at(31));
    })
    .await;
}

/// Fifty series have the highest counts; the others are counted, and a count stays as large as a number can be.
#[tokio::test]
async fn series_have_bounds() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        for number in 0..60 {
            count(&scene, "dev", (START.0 - HOUR, &format!("flag-{number}"), "on", "boolean"), number + 1)
                .await;
        }
        let found = said(scene.get("/usage?by=flag").await, 200);
        let series = found["series"].as_array().unwrap();
        assert_eq!((series.len(), &found["more"], &found["count"]), (50, &json!(10), &json!(1830)));
        assert_eq!((&series[0]["name"], &series[49]["name"]), (&json!("flag-59"), &json!("flag-10")));
        for flag in ["huge", "huger"] {
            count(&scene, "dev", (START.0 - HOUR, flag, "on", "boolean"), i64::MAX).await;
        }
        let found = said(scene.get("/usage?by=flag").await, 200);
        assert_eq!((&found["count"], &found["series"][1]["count"]), (&json!(i64::MAX), &json!(i64::MAX)));
        assert_eq!(found["points"][0]["count"], i64::MAX);
    })
    .await;
}

/// What is asked wrong names its field.
#[tokio::test]
async fn what_is_asked_wrong_is_named() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        for (query, path) in [
            ("step=week", "step"),
            ("by=user", "by"),
            ("by=variation", "flag"),
            ("by=variation&environment=dev", "flag"),
            ("project=nope", "project"),
            ("environment=nope", "environment"),
            ("environment=No%20key", "environment"),
            ("flag=No%20key", "flag"),
            ("from=yesterday", "from"),
            ("from=-1", "from"),
            ("from=0&to=0", "to"),
            ("from=2000&to=1000", "to"),
            ("from=0", "from"),
            ("user=1", "user"),
            ("step=hour&step=day", "step"),
        ] {
            let answer = scene.get(&format!("/usage?{query}")).await;
            assert_eq!(super::scene::paths(&answer), [path], "{query}");
        }
        for path in
            ["/flags/nope/evaluations", "/environments/nope/attributes", "/environments/No/attributes"]
        {
            scene.get(path).await.error(404, "not_found");
        }
    })
    .await;
}

/// Every member may look, nobody else, and nobody sees what is another organization's.
#[tokio::test]
async fn usage_is_an_organizations_own() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let kit = &scene.manage.kit;
        let raw = scene.workspace.api_key("dev", KeyKind::Server).await;
        evaluate(kit, &raw, "menu", r#"{"plan":"pro"}"#).await;
        flush(&scene).await;
        kit.clock.advance(1);
        let paths = [
            "/usage",
            "/usage?by=flag&environment=dev",
            "/usage/months",
            "/flags/menu/evaluations",
            "/environments/dev/attributes",
        ];
        let other = kit.workspace().await;
        other.flag("menu").await;
        let (whose, others) =
            (other.organization.as_str(), scene.manage.token_of(&other.member, "read").await);
        for path in paths {
            scene.keeps_out("GET", path, Value::Null, &[]).await;
            let own = said(scene.get(path).await, 200);
            let tag = scene.get(path).await.headers["etag"].clone();
            let again =
                scene.send(&scene.member, "GET", path, &[("if-none-match", tag.to_str().unwrap())], "").await;
            assert_eq!(again.status, 304, "{path}");
            // The same flag and environment of another organization.
            let path = format!("/api/v1/manage{path}");
            let theirs = said(scene.manage.get_in(&others, whose, &path).await, 200);
            assert_ne!(own, theirs, "{path}");
            let theirs = theirs.to_string();
            assert!(!theirs.contains("plan") && !theirs.contains(&START.0.to_string()), "{path}: {theirs}");
        }
        let read = scene.manage.token_of(&scene.workspace.member, "read").await;
        assert_eq!(scene.ask(&read, "GET", "/usage/months", Value::Null).await.status, 200);
    })
    .await;
}

/// A project is named by its key or its id, or by the header; what is counted elsewhere is not its.
#[tokio::test]
async fn usage_of_a_project() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let kit = &scene.manage.kit;
        let command = CreateProject {
            organization: scene.workspace.organization.clone(),
            key: "shop".parse().unwrap(),
            name: "Shop".into(),
            environments: None,
        };
        let shop = kit.services.projects().create(&Actor::system("test"), command).await.unwrap();
        count(&scene, "dev", (START.0 - HOUR, "menu", "on", "boolean"), 5).await;
        let ask = async |project: &str, query: &str| {
            let headers = [("x-project", project)];
            said(scene.send(&scene.member, "GET", &format!("/usage{query}"), &headers, "").await, 200)["count"].clone()
        };
        assert_eq!((ask("shop", "").await, ask("nope", "").await), (json!(5), json!(5)));
        assert_eq!((ask("default", "?flag=menu").await, ask("shop", "?flag=menu").await), (json!(5), json!(0)));
        assert_eq!(ask("shop", "?flag=menu&project=default").await, 5);
        assert_eq!(ask("default", "?environment=dev&project=shop").await, 0);
        assert_eq!(ask("default", &format!("?project={}", shop.id)).await, 0);
        let path = "/usage?flag=menu";
        let answer = scene.send(&scene.member, "GET", path, &[("x-project", "nope")], "").await;
        answer.error(404, "not_found");
    })
    .await;
}

/// Months count what was served and what was reported, and keep what was counted in an environment that is gone.
#[tokio::test]
async fn months_outlive_environments() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        scene.workspace.flag("menu").await;
        let kit = &scene.manage.kit;
        let raw = scene.workspace.api_key("staging", KeyKind::Server).await;
        let report = json!({"evaluations": [{"flag": "menu", "variation": "on", "count": 40}]});
        let report = serde_json::from_value(report).unwrap();
        for _ in 0..2 {
            evaluate(kit, &raw, "menu", "{}").await;
            let caller = kit.services.delivery().authenticate(&raw).unwrap();
            caller.environment.report(caller.kind, &report, kit.services.now()).unwrap();
            flush(&scene).await;
            kit.clock.advance(31 * DAY);
        }
        let month = |month: &str, from: i64, served: i64, reported: i64| {
            json!({"month": month, "from": from, "count": served + reported, "served": served, "reported": reported})
        };
        let months = async || said(scene.get("/usage/months").await, 200)["months"].clone();
        let january = month("2026-01", START.0, 1, 40);
        assert_eq!(months().await, json!([month("2026-02", START.0 + 31 * DAY, 1, 40), january]));

        // What was counted just before the environment went is the organization's all the same.
        evaluate(kit, &raw, "menu", "{}").await;
        let (project, environment) = (scene.workspace.project.clone(), "staging".parse().unwrap());
        let command = DeleteEnvironment { project, environment, confirm: "staging".into() };
        kit.services.environments().delete(&Actor::system("test"), command).await.unwrap();
        flush(&scene).await;
        let march = month("2026-03", START.0 + 59 * DAY, 1, 0);
        assert_eq!(months().await, json!([march, month("2026-02", START.0 + 31 * DAY, 1, 40), january]));
        let hours = kit.database.number("SELECT COUNT(*) FROM usage_hour").await;
        assert_eq!(hours, 0);
    })
    .await;
}

/// When a flag was evaluated last is told by version, and with the flag itself.
#[tokio::test]
async fn a_flag_tells_when_it_was_evaluated_last() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let workspace = &scene.workspace;
        workspace.flag("menu").await;
        let kit = &scene.manage.kit;
        let raw = workspace.api_key("dev", KeyKind::Server).await;
        let evaluated = async || said(scene.get("/flags/menu/evaluations").await, 200);
        let nowhere = json!({"last_evaluated_at": null, "versions": []});
        let empty =
            json!({"flag": "menu", "environments": {"dev": nowhere, "prod": nowhere, "staging": nowhere}});
        assert_eq!(evaluated().await, empty);
        let shown = said(scene.get("/flags/menu").await, 200);
        assert_eq!(shown["environments"]["dev"]["last_evaluated_at"], Value::Null);

        evaluate(kit, &raw, "menu", "{}").await;
        kit.clock.advance(1000);
        // The first version was evaluated in the same time between two flushes.
        kit.services
            .flags()
            .switch(&workspace.developer, workspace.switch("menu", "dev", true))
            .await
            .unwrap();
        evaluate(kit, &raw, "menu", "{}").await;
        flush(&scene).await;
        let at = |after: i64| START.0 + after;
        let version = |version: i64, after: i64| json!({"version": version, "last_evaluated_at": at(after)});
        let dev = async || evaluated().await["environments"]["dev"].clone();
        let both = json!([version(2, 1000), version(1, 1000)]);
        assert_eq!(dev().await, json!({"last_evaluated_at": at(1000), "versions": both}));

        kit.clock.advance(1000);
        evaluate(kit, &raw, "menu", "{}").await;
        flush(&scene).await;
        let versions = json!([version(2, 2000), version(1, 1000)]);
        assert_eq!(dev().await, json!({"last_evaluated_at": at(2000), "versions": versions}));

        // Somebody who has not heard of the new version, and somebody who does not say which it was.
        kit.clock.advance(1000);
        let report = json!({"evaluations": [
            {"flag": "menu", "variation": "off", "version": 1, "count": 1}, {"flag": "menu", "count": 1}
        ]});
        let caller = kit.services.delivery().authenticate(&raw).unwrap();
        let report = serde_json::from_value(report).unwrap();
        caller.environment.report(caller.kind, &report, kit.services.now()).unwrap();
        flush(&scene).await;
        let unknown = json!({"version": null, "last_evaluated_at": at(3000)});
        let versions = json!([version(1, 3000), unknown, version(2, 2000)]);
        assert_eq!(dev().await, json!({"last_evaluated_at": at(3000), "versions": versions}));
        for shown in [
            said(scene.get("/flags/menu").await, 200),
            said(scene.get("/flags?environment=dev").await, 200)["flags"][0].clone(),
        ] {
            assert_eq!(shown["environments"]["dev"]["last_evaluated_at"], at(3000), "{shown}");
            let prod = shown["environments"].get("prod").map(|prod| prod["last_evaluated_at"].clone());
            assert_eq!(prod.unwrap_or_default(), Value::Null);
        }
    })
    .await;
}

/// Names of attributes are known by the names that rules know them by, and nothing of their values is.
#[tokio::test]
async fn attributes_are_known_by_name() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let kit = &scene.manage.kit;
        let (server, browser) = (
            scene.workspace.api_key("dev", KeyKind::Server).await,
            scene.workspace.api_key("dev", KeyKind::Browser).await,
        );
        let known = async || said(scene.get("/environments/dev/attributes").await, 200)["attributes"].clone();
        assert_eq!(known().await, json!([]));
        let context = r#"{"userId":"secret-user","plan":"secret-plan","org":{"size":4,"tags":["secret-tag"]},
            "carts":{"secret@example.com":1,"0199fb2e-7c41-7d3a":{"secret-item":2}}}"#;
        evaluate(kit, &server, "menu", context).await;
        flush(&scene).await;
        let attribute = |name: &str, day: i64, from_browsers: bool| {
            json!({"name": name, "last_seen_on": START.0 + day * DAY, "from_browsers": from_browsers})
        };
        let names = ["org.size", "org.tags", "plan", "userId"];
        let first: Vec<_> = names.iter().map(|name| attribute(name, 0, false)).collect();
        assert_eq!(known().await, json!(first));
        assert_eq!(kit.database.places_of("secret").await, <[String; 0]>::default());

        // The next day something is seen again, and something new by a browser alone.
        kit.clock.advance(DAY + HOUR);
        evaluate(kit, &browser, "menu", r#"{"plan":"pro","locale":"de"}"#).await;
        flush(&scene).await;
        let mut second = first.clone();
        second[2] = attribute("plan", 1, false);
        second.insert(0, attribute("locale", 1, true));
        assert_eq!(known().await, json!(second));
        assert_eq!(said(scene.get("/environments/prod/attributes").await, 200), json!({"attributes": []}));
    })
    .await;
}

/// What is old is deleted, and no month is.
#[tokio::test]
async fn what_is_old_is_deleted() {
    each(async |kit| {
        let scene = Scene::over(kit).await;
        let kit = &scene.manage.kit;
        for key in ["menu", "shop", "gone"] {
            scene.workspace.flag(key).await;
        }
        let raw = scene.workspace.api_key("dev", KeyKind::Server).await;
        for flag in ["menu", "shop", "gone"] {
            evaluate(kit, &raw, flag, r#"{"old":1}"#).await;
        }
        flush(&scene).await;
        let developer = &scene.workspace.developer;
        kit.services.flags().switch(developer, scene.workspace.switch("menu", "dev", true)).await.unwrap();
        kit.clock.advance(10 * DAY);
        evaluate(kit, &raw, "menu", r#"{"new":1}"#).await;
        flush(&scene).await;
        let said_of = async |table: &str| kit.database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        let all = async || {
            [
                said_of("usage_hour").await,
                said_of("flag_use").await,
                said_of("context_attribute").await,
                said_of("usage_month").await,
            ]
        };
        kit.services.tidy().await.unwrap();
        assert_eq!(all().await, [4, 4, 2, 1]);
        kit.clock.advance(21 * DAY);
        kit.services.tidy().await.unwrap();
        assert_eq!(all().await, [4, 4, 1, 1]);

        let who: &Who = &scene.admin;
        said(scene.ask(who, "POST", "/flags/gone/archive", json!({})).await, 200);
        assert!(
            scene.ask(who, "DELETE", "/flags/gone", json!({"confirm": "gone"})).await.status.is_success()
        );
        kit.clock.advance(59 * DAY + HOUR);
        kit.services.tidy().await.unwrap();
        // Of `shop` the last time is still told, of `menu` that of its later version.
        assert_eq!(all().await, [1, 2, 0, 1]);
        kit.clock.advance(365 * DAY);
        kit.services.tidy().await.unwrap();
        assert_eq!(all().await, [0, 2, 0, 1]);
        let found = said(scene.get("/flags/shop/evaluations").await, 200);
        assert_eq!(found["environments"]["dev"]["last_evaluated_at"], START.0);
    })
    .await;
}
