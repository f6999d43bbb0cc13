//! The audit log over HTTP: searched, checked and taken away as a file.

use std::collections::BTreeSet;

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use domain::accounts::DeleteAccount;
use domain::orgs::RenameOrganization;
use serde_json::{Value, json};
use testkit::{Kit, START, Workspace, each};
use tower::ServiceExt;

use super::{Manage, Who, request_of};
use crate::client::Answer;

/// A workspace whose member asks. Its log: created and three members by Togglebit itself, then the flag `menu`, on in `dev`,
/// on and off in `prod`, each a second after the one before.
struct Log {
    manage: Manage,
    workspace: Workspace,
    member: Who,
    org: String,
}

const ALL: [&str; 8] = [
    "flag.killed",
    "flag.enabled",
    "flag.enabled",
    "flag.created",
    "member.added",
    "member.added",
    "member.added",
    "organization.created",
];

impl Log {
    async fn over(kit: Kit) -> Self {
        let workspace = kit.workspace().await;
        kit.clock.advance(1000);
        workspace.flag("menu").await;
        for (environment, enabled) in [("dev", true), ("prod", true), ("prod", false)] {
            kit.clock.advance(1000);
            let switch = workspace.switch("menu", environment, enabled);
            kit.services.flags().switch(&workspace.developer, switch).await.unwrap();
        }
        let manage = Manage::over(kit);
        let member = manage.token_of(&workspace.member, "read").await;
        let org = workspace.organization.to_string();
        Self { manage, workspace, member, org }
    }

    async fn get(&self, query: &str) -> Answer {
        self.manage.get_in(&self.member, &self.org, &format!("/api/v1/manage/audit{query}")).await
    }

    async fn actions(&self, query: &str) -> Vec<String> {
        let answer = self.get(query).await;
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
        let entries = answer.body["entries"].as_array().unwrap();
        let actions: Vec<_> =
            entries.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
        assert_eq!(answer.body["total"], actions.len(), "{query}");
        assert_eq!(answer.body["next"], Value::Null, "{query}");
        actions
    }

    /// Makes so many more entries.
    async fn lengthen(&self, entries: usize) {
        for number in 0..entries {
            let organization = self.workspace.organization.clone();
            let command = RenameOrganization { organization, name: format!("Name {number}") };
            self.manage.kit.services.orgs().rename(&self.workspace.owner, command).await.unwrap();
        }
    }
}

/// Each entry says who did what to what, when, where and why, and what differs.
#[tokio::test]
async fn an_entry_says_what_happened() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let answer = log.get("").await;
        let entries = answer.body["entries"].as_array().unwrap();
        let killed = &entries[0];
        let developer = log.workspace.developer.person().unwrap();
        assert_eq!(killed["seq"], 8);
        assert_eq!(killed["at"], START.0 + 4000);
        let actor =
            json!({"kind": "user", "id": developer.id, "name": developer.name, "email": developer.email});
        assert_eq!(killed["actor"], actor);
        assert_eq!(killed["action"], "flag.killed");
        assert_eq!(
            (&killed["resource"]["kind"], &killed["resource"]["key"]),
            (&json!("flag"), &json!("menu"))
        );
        assert_eq!((&killed["project"], &killed["environment"]), (&json!("default"), &json!("prod")));
        assert_eq!((&killed["revision"], &killed["comment"]), (&json!(3), &json!("a test")));
        assert_eq!((&killed["old"]["enabled"], &killed["new"]["enabled"]), (&json!(true), &json!(false)));
        let changes = killed["changes"].as_array().unwrap();
        assert!(changes.contains(&json!({"path": "enabled", "old": true, "new": false})), "{changes:?}");
        assert_eq!(killed["erased"], false);
        assert_eq!(killed["hash"].as_str().unwrap().len(), 64);

        // What Togglebit did by itself, outside of any environment, with nothing before it.
        let created = &entries[7];
        let system = json!({"kind": "system", "id": "test", "name": null, "email": null});
        assert_eq!((&created["seq"], &created["actor"]), (&json!(1), &system));
        for nothing in
            ["environment", "project", "project_id", "environment_id", "revision", "comment", "old"]
        {
            assert_eq!(created[nothing], Value::Null, "{nothing}");
        }
        assert_eq!((&created["changes"], &created["erased"]), (&json!([]), &json!(false)));

        // And one by one.
        for entry in entries {
            let one = log.get(&format!("/{}", entry["seq"])).await;
            assert_eq!((one.status.as_u16(), &one.body), (200, entry));
        }
        for missing in ["/0", "/9", "/-1", "/x", "/99999999999999999999"] {
            log.get(missing).await.error(404, "not_found");
        }
    })
    .await;
}

/// Filters leave what they say; several of them what all of them say.
#[tokio::test]
async fn filters_leave_what_they_say() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let developer = log.workspace.developer.person().unwrap().id;
        let (second, third) = (START.0 + 2000, START.0 + 3000);
        let on_and_off = ["flag.killed", "flag.enabled"];
        let cases: &[(String, &[&str])] = &[
            (String::new(), &ALL),
            (format!("?actor={developer}"), &ALL[..4]),
            ("?actor=system".into(), &ALL[4..]),
            ("?actor=anonymous".into(), &[]),
            ("?action=flag.enabled".into(), &ALL[1..3]),
            ("?action=flag.".into(), &ALL[..4]),
            ("?action=flag".into(), &[]),
            // A letter like any other, whatever LIKE says.
            ("?action=fl_g.".into(), &[]),
            ("?resource=flag".into(), &ALL[..4]),
            ("?resource=flag:menu".into(), &ALL[..4]),
            ("?resource=flag:men".into(), &[]),
            ("?resource=organization".into(), &ALL[7..]),
            ("?environment=prod".into(), &on_and_off),
            ("?environment=staging".into(), &[]),
            ("?q=MENU".into(), &ALL[..4]),
            ("?q=m%25nu".into(), &[]),
            ("?q=A+test".into(), &ALL[..3]),
            ("?q=".into(), &ALL),
            ("?q=menu&environment=prod".into(), &on_and_off),
            (format!("?from={second}"), &ALL[..3]),
            (format!("?until={second}"), &ALL[3..]),
            (format!("?from={second}&until={third}"), &ALL[2..3]),
            (format!("?from={third}&until={second}"), &[]),
            ("?environment=prod&action=flag.enabled".into(), &["flag.enabled"]),
            (format!("?actor={developer}&environment=dev&resource=flag:menu"), &["flag.enabled"]),
        ];
        for (query, expected) in cases {
            assert_eq!(log.actions(query).await, *expected, "{query}");
        }
    })
    .await;
}

/// The environment is one of the project that the header names by key or id, and has to be there.
#[tokio::test]
async fn an_environment_is_one_of_its_project() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let (kit, org) = (&log.manage.kit, log.org.as_str());
        let project = &kit.services.projects().list(&log.workspace.member, &log.workspace.organization).await;
        let id = project.as_ref().unwrap()[0].id.to_string();
        let get = async |project: &str, query: &str| {
            let headers = [("x-org-id", org), ("x-project", project)];
            log.manage.get_with(&log.member, &headers, &format!("/api/v1/manage/audit{query}")).await
        };
        for named in ["default", &id] {
            assert_eq!(get(named, "?environment=prod").await.body["total"], 2, "{named}");
            get(named, "?environment=nowhere").await.invalid("environment");
            get(named, "/export?environment=nowhere").await.invalid("environment");
        }
        get("elsewhere", "?environment=prod").await.error(404, "not_found");
        // Where no environment is asked for, no project is.
        assert_eq!(get("elsewhere", "").await.body["total"], ALL.len());
    })
    .await;
}

/// Going from part to part finds each entry once, in order, whatever is appended meanwhile.
#[tokio::test]
async fn parts_follow_each_other() {
    each(async |kit| {
        let log = Log::over(kit).await;
        for (filter, seqs) in [("", (1..=8).rev().collect::<Vec<_>>()), ("&action=flag.", vec![8, 7, 6, 5])] {
            for limit in [1, 3, 8, 100] {
                let (mut found, mut query) = (Vec::new(), format!("?limit={limit}{filter}"));
                loop {
                    let answer = log.get(&query).await;
                    let entries = answer.body["entries"].as_array().unwrap();
                    assert!(entries.len() <= limit, "{answer:?}");
                    found.extend(entries.iter().map(|entry| entry["seq"].as_i64().unwrap()));
                    let Some(next) = answer.body["next"].as_str() else { break };
                    query = format!("?limit={limit}{filter}&cursor={next}");
                    log.lengthen(1).await;
                }
                let old: Vec<_> = found.iter().copied().filter(|seq| *seq <= 8).collect();
                assert_eq!(old, seqs, "{limit} {filter}");
                assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{found:?}");
            }
        }
    })
    .await;
}

/// What cannot be a query is refused with the name of the field.
#[tokio::test]
async fn bad_queries_are_refused_by_name() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let cursor = log.get("?limit=1").await.body["next"].as_str().unwrap().to_owned();
        let long = "x".repeat(301);
        let filters = [
            ("actor=ada".to_owned(), "actor"),
            ("q=a%00".into(), "q"),
            (format!("q={long}"), "q"),
            ("actor=".into(), "actor"),
            ("action=".into(), "action"),
            ("action=a%00".into(), "action"),
            (format!("action={long}"), "action"),
            ("resource=".into(), "resource"),
            ("resource=:menu".into(), "resource"),
            ("resource=flag:%00".into(), "resource"),
            (format!("resource={long}"), "resource"),
            ("environment=NO".into(), "environment"),
            ("from=yesterday".into(), "from"),
            ("until=1.5".into(), "until"),
            ("until=99999999999999999999".into(), "until"),
            ("acton=flag.".into(), "acton"),
            ("action=a&action=b".into(), "action"),
        ];
        for (query, path) in &filters {
            log.get(&format!("?{query}")).await.invalid(path);
            log.get(&format!("/export?{query}")).await.invalid(path);
        }
        for (query, path) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=many", "limit"),
            ("limit=-1", "limit"),
            ("format=csv", "format"),
            ("action=", "action"),
            ("action=%25.", "action"),
            ("action=FLAG.", "action"),
            ("cursor=", "cursor"),
            ("cursor=nonsense", "cursor"),
            ("cursor=bnVsbA", "cursor"),
            (&format!("cursor={cursor}&action=flag."), "cursor"),
        ] {
            log.get(&format!("?{query}")).await.invalid(path);
        }
        for (query, path) in [("format=xml", "format"), ("limit=5", "limit"), ("cursor=x", "cursor")] {
            log.get(&format!("/export?{query}")).await.invalid(path);
        }
    })
    .await;
}

/// Nobody reads another organization's log, and looking changes nothing.
#[tokio::test]
async fn a_log_is_its_organizations() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let outsider = log.manage.token_of(&log.workspace.outsider, "read").await;
        for who in [&log.member, &outsider] {
            // The first use is written down.
            log.manage.get(who, "/api/v1/me").await;
        }
        let (kit, org) = (&log.manage.kit, log.org.as_str());
        let before = (kit.state().await, kit.audit_entries().await);
        for path in ["", "/1", "/verify", "/export", "/export?format=jsonl"] {
            let path = format!("/api/v1/manage/audit{path}");
            assert_eq!(log.manage.get_in(&log.member, org, &path).await.status, 200, "{path}");
            log.manage.get_in(&outsider, org, &path).await.error(404, "not_found");
            log.manage.get_in(&Who::Nobody, org, &path).await.error(401, "unauthenticated");
            let own = log.manage.get(&outsider, &path).await;
            assert_eq!(own.status, 200, "{path}: {own:?}");
            assert!(!own.body.to_string().contains("flag."), "{path}: {own:?}");
        }
        assert!((kit.state().await, kit.audit_entries().await) == before, "something changed");
    })
    .await;
}

/// What has not changed is not sent again.
#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    each(async |kit| {
        let log = Log::over(kit).await;
        for path in ["/api/v1/manage/audit", "/api/v1/manage/audit/1"] {
            let tag = log.manage.get_in(&log.member, &log.org, path).await.headers[ETAG].clone();
            let headers = [("x-org-id", log.org.as_str()), ("if-none-match", tag.to_str().unwrap())];
            assert_eq!(log.manage.get_with(&log.member, &headers, path).await.status, 304);
            log.lengthen(1).await;
            let now = log.manage.get_with(&log.member, &headers, path).await.status;
            assert_eq!(now, if path.ends_with('1') { 304 } else { 200 }, "{path}");
        }
    })
    .await;
}

/// Whoever deletes their account leaves their entries, without what says who it was. Documents that were erased are said to
/// be.
#[tokio::test]
async fn what_was_erased_is_said_to_be() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let developer = &log.workspace.developer;
        let id = developer.person().unwrap().id;
        let confirm = developer.person().unwrap().email.clone();
        log.manage.kit.services.accounts().delete(developer, DeleteAccount { confirm }).await.unwrap();
        let entry = log.get("/8").await.body;
        assert_eq!(entry["actor"], json!({"kind": "user", "id": id, "name": null, "email": null}));
        assert_eq!((&entry["old"]["enabled"], &entry["erased"]), (&json!(true), &json!(false)));

        for (column, field) in [("old_document", "old"), ("new_document", "new")] {
            let erase = format!("UPDATE audit_event SET {column} = NULL WHERE seq = 8");
            log.manage.kit.database.execute(&erase).await;
            let entry = log.get("/8").await.body;
            assert_eq!(entry[field], Value::Null);
            assert_eq!((&entry["changes"], &entry["erased"]), (&json!([]), &json!(true)));
        }
        let verdict = log.get("/verify").await.body;
        assert_eq!(verdict["whole"], true, "{verdict}");
    })
    .await;
}

/// What happened in an environment or a project that was deleted still says where, and can be looked for.
#[tokio::test]
async fn places_that_are_gone_keep_their_keys() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let headers = [("x-org-id", log.org.as_str())];
        let change = async |method: &str, path: &str, body: Value| {
            let owner = log.manage.session_of(&log.workspace.owner).await;
            let path = format!("/api/v1/manage{path}");
            let answer = log.manage.ask_with(&owner, &headers, method, &path, Some(body)).await;
            assert!(answer.status.is_success(), "{answer:?}");
        };
        let before = log.get("/8").await.body;
        let gone = json!({"confirm": "prod"});
        change("DELETE", "/environments/prod", gone).await;
        assert_eq!(log.get("/8").await.body, before);
        for query in
            ["environment=prod", &format!("environment={}", before["environment_id"].as_str().unwrap())]
        {
            let found = log.get(&format!("?{query}")).await.body;
            let seqs: Vec<_> =
                found["entries"].as_array().unwrap().iter().map(|it| it["seq"].clone()).collect();
            assert!(seqs.contains(&json!(8)) && !seqs.contains(&json!(5)), "{query}: {found}");
        }

        change("POST", "/projects", json!({"key": "web", "name": "Web"})).await;
        change("DELETE", "/projects/default", json!({"confirm": "default"})).await;
        let after = log.get("/8").await.body;
        assert_eq!((&after["project"], &after["environment"]), (&json!("default"), &json!("prod")));
        assert_eq!(after["project_id"], before["project_id"]);
        let found = log.get("?project=default&action=flag.").await.body;
        assert_eq!(found["total"], 4, "{found}");
        let id = before["project_id"].as_str().unwrap();
        assert_eq!(log.get(&format!("?project={id}&environment=prod&action=flag.")).await.body["total"], 2);
        // What went with its project is known, too.
        let dev = log.get(&format!("?project={id}&environment=dev&action=environment.deleted")).await;
        assert_eq!(dev.body["total"], 1, "{dev:?}");
        assert_eq!(log.get("?project=web&action=project.").await.body["total"], 1);
        for (query, path) in [("project=nope", "project"), ("project=web&environment=nope", "environment")] {
            log.get(&format!("?{query}")).await.invalid(path);
            log.get(&format!("/export?{query}")).await.invalid(path);
        }
        assert_eq!(log.get("/verify").await.body["whole"], true);
    })
    .await;
}

/// A log that is longer than what is read at once is checked to its end, and where it is broken the entry is named.
#[tokio::test]
async fn a_long_log_is_checked_whole() {
    each(async |kit| {
        let log = Log::over(kit).await;
        assert_eq!(log.get("/verify").await.body, json!({"whole": true, "entries": 8}));
        log.lengthen(402).await;
        let answer = log.get("/verify").await;
        assert_eq!(answer.body, json!({"whole": true, "entries": 410}));
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
        // The last of a part, the first of the next one, and the last of all.
        for seq in [410, 401, 201, 200] {
            let change = format!("UPDATE audit_event SET comment = 'x' WHERE seq = {seq}");
            log.manage.kit.database.execute(&change).await;
            assert_eq!(log.get("/verify").await.body, json!({"whole": false, "broken_at": seq}));
        }
    })
    .await;
}

/// The file has everything that was asked for, however long the log is, and is written a part at a time.
#[tokio::test]
async fn a_file_has_it_all_a_part_at_a_time() {
    each(async |kit| {
        let log = Log::over(kit).await;
        log.lengthen(402).await;
        let expected: Vec<i64> = (1..=410).rev().collect();

        let answer = log.get("/export?format=jsonl").await;
        assert_eq!(answer.headers[CONTENT_TYPE], "application/jsonl");
        let name = format!("attachment; filename=\"audit-{}.jsonl\"", log.org);
        assert_eq!(answer.headers[CONTENT_DISPOSITION], name);
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
        let lines: Vec<Value> =
            answer.body.as_str().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let seqs: Vec<_> = lines.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, expected);
        let newest = log.get("?limit=100").await.body["entries"].as_array().unwrap().clone();
        assert_eq!(lines[..100], newest);

        let answer = log.get("/export").await;
        assert_eq!(answer.headers[CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
        let seqs: Vec<i64> =
            records(&answer).iter().skip(1).map(|record| record[0].parse().unwrap()).collect();
        assert_eq!(seqs, expected);

        let filtered = log.get("/export?format=jsonl&action=flag.&environment=prod").await;
        assert_eq!(filtered.body.as_str().unwrap().lines().count(), 2);
        let said = log.get("/export?format=jsonl&q=a+TEST").await;
        assert_eq!(said.body.as_str().unwrap().lines().count(), 3);

        // No part of it is longer than what is read at once.
        let path = "/api/v1/manage/audit/export?format=jsonl";
        let request = request_of(&log.member, &[("x-org-id", log.org.as_str())], path);
        let mut body = log.manage.router.clone().oneshot(request).await.unwrap().into_body();
        let mut parts = Vec::new();
        while let Some(frame) = http_body_util::BodyExt::frame(&mut body).await {
            let data = frame.unwrap().into_data().unwrap();
            parts.push(data.iter().filter(|byte| **byte == b'\n').count());
        }
        assert_eq!(parts.iter().filter(|lines| **lines > 0).collect::<Vec<_>>(), [&200, &200, &10]);
    })
    .await;
}

/// A file that is asked for nothing is a table without rows, or no lines.
#[tokio::test]
async fn a_file_may_be_empty() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let table = log.get("/export?actor=anonymous").await;
        assert_eq!(records(&table).len(), 1);
        let lines = log.get("/export?actor=anonymous&format=jsonl").await;
        assert_eq!((lines.status.as_u16(), lines.body), (200, json!("")));
    })
    .await;
}

/// What people wrote is text in a spreadsheet, whatever it begins with and contains.
#[tokio::test]
async fn no_cell_is_a_formula() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let comments = [
            ("=HYPERLINK(\"http://evil.example\")", true),
            ("+1", true),
            ("-1", true),
            ("@SUM(A1)", true),
            ("\t=1", true),
            ("\r=1", true),
            ("\n=1", true),
            ("a=1", false),
            ("Ünïcode, \"quoted\"\nand broken", false),
            ("'=1", false),
        ];
        for (comment, _) in comments {
            let mut switch = log.workspace.switch("menu", "dev", true);
            switch.comment = Some(comment.to_owned());
            log.manage.kit.services.flags().switch(&log.workspace.developer, switch).await.unwrap();
        }
        let table = records(&log.get("/export?environment=dev").await);
        let place = table[0].iter().position(|name| name == "comment").unwrap();
        for ((comment, is_risky), row) in comments.into_iter().rev().zip(&table[1..]) {
            let expected = if is_risky { format!("'{comment}") } else { comment.to_owned() };
            assert_eq!(row[place], expected);
        }
        for cell in table.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
    })
    .await;
}

/// The columns of the table say what the API does.
#[tokio::test]
async fn a_row_says_what_an_entry_does() {
    each(async |kit| {
        let log = Log::over(kit).await;
        let table = records(&log.get("/export").await);
        let (columns, killed, created) = (&table[0], &table[1], &table[8]);
        let entry = log.get("/8").await.body;
        let cell = |row: &Vec<String>, name: &str| {
            row[columns.iter().position(|column| column == name).unwrap()].clone()
        };
        let developer = log.workspace.developer.person().unwrap();
        for (name, expected) in [
            ("seq", "8".to_owned()),
            ("at", "2026-01-01T00:00:04Z".into()),
            ("actor_kind", "user".into()),
            ("actor_id", developer.id.to_string()),
            ("actor_name", developer.name.clone()),
            ("actor_email", developer.email.clone()),
            ("action", "flag.killed".into()),
            ("resource_kind", "flag".into()),
            ("resource_id", entry["resource"]["id"].as_str().unwrap().into()),
            ("resource_key", "menu".into()),
            ("project", "default".into()),
            ("project_id", entry["project_id"].as_str().unwrap().into()),
            ("environment", "prod".into()),
            ("environment_id", entry["environment_id"].as_str().unwrap().into()),
            ("revision", "3".into()),
            ("comment", "a test".into()),
            ("erased", "false".into()),
            ("hash", entry["hash"].as_str().unwrap().into()),
        ] {
            assert_eq!(cell(killed, name), expected, "{name}");
        }
        assert!(cell(killed, "changes").lines().any(|line| line == "enabled: true → false"), "{killed:?}");
        for (name, document) in [("old", &entry["old"]), ("new", &entry["new"])] {
            assert_eq!(&serde_json::from_str::<Value>(&cell(killed, name)).unwrap(), document);
        }
        for nothing in ["actor_name", "environment", "revision", "comment", "changes", "old"] {
            assert_eq!(cell(created, nothing), "", "{nothing}");
        }
    })
    .await;
}

/// The rows of a table, the names of its columns first.
fn records(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.body.as_str().unwrap_or_else(|| panic!("{answer:?}"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}
