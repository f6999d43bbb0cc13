//! The program is killed in the middle of a thousand writes, and started again: what it said was done is done, and nothing
//! is done by half.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, header};
use domain::api_keys::KeyKind;
use serde_json::{Value, json};
use service::audit::Verdict;
use service::{Actor, Clock, SystemClock};
use testkit::{Kit, Workspace, each};
use tokio::sync::mpsc;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

use crate::client::{Client, Sent};
use crate::dashboard::{Program, launch};
use crate::letterbox::Letterbox;

/// How many writes there are.
const WRITES: usize = 1000;

/// How many are sent at once.
const WRITERS: usize = 8;

/// How many are answered at least before the program is killed, and how many more at most.
const BEFORE: (usize, usize) = (300, 300);

const FLAGS: usize = 6;
const ENVIRONMENTS: [&str; 2] = ["dev", "staging"];

/// How long the writers' session lasts.
const HOUR_S: i64 = 3600;

/// A write that was answered with success.
#[derive(Debug)]
enum Done {
    Switched { key: String, environment: &'static str, enabled: bool, version: i64 },
    Renamed { name: String },
}

/// Who writes, and where.
struct Writer {
    client: Client,
    cookie: String,
    organization: String,
    /// The number of the next write.
    next: Arc<AtomicUsize>,
    done: mpsc::UnboundedSender<Done>,
}

#[tokio::test]
async fn what_was_answered_outlives_a_kill() {
    each(async |mut kit| {
        let workspace = kit.workspace().await;
        for number in 0..FLAGS {
            workspace.flag(&format!("flag-{number}")).await;
        }
        let key = workspace.api_key("dev", KeyKind::Server).await;
        let cookie = session(&kit, &workspace.admin).await;
        // The program has the database for itself, so that it alone mends what it left.
        kit.database.database.clone().close().await.unwrap();
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let next = Arc::new(AtomicUsize::new(0));
        let start = || {
            let (program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
            (Program(program), client)
        };

        let (mut program, client) = start();
        let mut done = Vec::new();
        let mut answers = write(client, &cookie, &workspace, &next);
        let last = BEFORE.0 + service::random_token().bytes().map(usize::from).sum::<usize>() % BEFORE.1;
        while let Some(answered) = answers.recv().await {
            done.push(answered);
            if done.len() == last {
                program.0.kill().unwrap();
            }
        }
        program.0.wait().unwrap();
        // Each writer may have been answered once more.
        assert!((last..=last + WRITERS).contains(&done.len()), "{} of {last}", done.len());
        assert!(next.load(Ordering::SeqCst) > done.len(), "nothing was under way");

        let (_program, client) = start();
        open_again(&mut kit).await;
        let stored = expect_whole(&kit, &workspace).await;
        expect_all(&done, &stored);
        // What was sent and not answered is there whole or not at all.
        assert!(stored.writes() <= done.len() + WRITERS, "{} for {} writes", stored.writes(), done.len());
        expect_served(&client, &key, &stored).await;

        // And it goes on.
        let before = done.len();
        let mut answers = write(client, &cookie, &workspace, &next);
        while let Some(answered) = answers.recv().await {
            done.push(answered);
        }
        assert!(done.len() > before && done.len() >= WRITES - WRITERS, "{} after {before}", done.len());
        let stored = expect_whole(&kit, &workspace).await;
        expect_all(&done, &stored);
    })
    .await;
}

/// A session of somebody who is there already, as its cookie.
async fn session(kit: &Kit, actor: &Actor) -> String {
    let now = SystemClock.now();
    kit.clock.advance(now.0 - kit.services.now().0);
    let expiry_date = OffsetDateTime::from_unix_timestamp(now.0 / 1000 + HOUR_S).unwrap();
    let mut record = Record { id: Id::default(), data: Default::default(), expiry_date };
    kit.services.accounts().sessions().create(&mut record).await.unwrap();
    kit.services.accounts().begin_session(actor, &record.id, None).await.unwrap();
    format!("togglebit={}", record.id)
}

/// Opens the database again, after it was left to the program.
async fn open_again(kit: &mut Kit) {
    kit.database.database = kit.database.connect_again().await;
    kit.services = kit.another_node().await;
}

/// Sends what is left of the writes, several at once, until all are answered or the program is gone.
fn write(
    client: Client,
    cookie: &str,
    workspace: &Workspace,
    next: &Arc<AtomicUsize>,
) -> mpsc::UnboundedReceiver<Done> {
    let (done, answers) = mpsc::unbounded_channel();
    for _ in 0..WRITERS {
        let writer = Writer {
            client: client.clone(),
            cookie: cookie.to_owned(),
            organization: workspace.organization.to_string(),
            next: Arc::clone(next),
            done: done.clone(),
        };
        tokio::spawn(writer.run());
    }
    answers
}

impl Writer {
    async fn run(self) {
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= WRITES {
                return;
            }
            let done = match number % 10 {
                9 => self.rename(number).await,
                _ => self.switch(number).await,
            };
            // No answer: the program is gone.
            let Some(done) = done else { return };
            self.done.send(done).unwrap();
        }
    }

    async fn switch(&self, number: usize) -> Option<Done> {
        let key = format!("flag-{}", number % FLAGS);
        let environment = ENVIRONMENTS[number / FLAGS % ENVIRONMENTS.len()];
        let enabled = (number / FLAGS / ENVIRONMENTS.len()).is_multiple_of(2);
        let fields = [
            ("organization", self.organization.as_str()),
            ("project", "default"),
            ("environment", environment),
            ("key", &key),
            ("enabled", if enabled { "true" } else { "false" }),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = "application/x-www-form-urlencoded";
        let answer = self.ask("POST", "/_fn/flags/switch".into(), form, body).await?;
        let row: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(row["enabled"], enabled, "{answer}");
        Some(Done::Switched { key, environment, enabled, version: row["version"].as_i64().unwrap() })
    }

    async fn rename(&self, number: usize) -> Option<Done> {
        let name = format!("Name {number}");
        let path = format!("/api/v1/orgs/{}", self.organization);
        self.ask("PATCH", path, "application/json", json!({"name": name}).to_string()).await?;
        Some(Done::Renamed { name })
    }

    /// The body of the answer; none where the program ended before it.
    async fn ask(&self, method: &'static str, path: String, kind: &str, body: String) -> Option<String> {
        let headers: Vec<(HeaderName, String)> =
            vec![(CONTENT_TYPE, kind.to_owned()), (ACCEPT, "application/json".to_owned())];
        let sent = Sent { method, path, headers, body };
        let answer = self.client.try_send(&sent, Some(&self.cookie), &self.client.own()).await.ok()?;
        assert!(answer.status.is_success(), "{answer:?}");
        Some(answer.body)
    }
}

/// What is stored of the writes.
struct Stored {
    /// The versions of each flag in each environment, with whether it is on, the first first.
    versions: BTreeMap<(String, String), Vec<(i64, bool)>>,
    /// The names that the organization had.
    names: Vec<String>,
}

impl Stored {
    /// How many writes there are. The first version of each flag comes from its creation.
    fn writes(&self) -> usize {
        self.names.len() + self.versions.values().map(|versions| versions.len() - 1).sum::<usize>()
    }
}

/// Asserts that everything that was written is whole: documents, versions, revisions and entries of the log belong together
/// one to one, and configurations are what the newest documents say.
async fn expect_whole(kit: &Kit, workspace: &Workspace) -> Stored {
    let database = &kit.database;
    let org = service_id(kit, workspace).await;
    let rows = async |sql: &str| database.rows(&sql.replace('@', &org)).await;
    let documents = rows(
        "SELECT e.key AS environment, d.key AS key, d.revision AS revision, d.document AS document,
            a.action AS action, a.revision AS entry_revision, a.resource_key AS resource,
            a.old_document AS old, a.new_document AS new
        FROM environment_document d
        JOIN environment e ON e.id = d.environment_id
        JOIN environment_revision r ON r.environment_id = d.environment_id AND r.revision = d.revision
        JOIN audit_event a ON a.org_id = d.org_id AND a.seq = r.audit_seq
        WHERE d.org_id = @ ORDER BY e.key, d.key, d.revision",
    )
    .await;
    let mut versions: BTreeMap<_, Vec<(i64, bool)>> = BTreeMap::new();
    let mut newest: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut switches = 0;
    for row in &documents {
        let text =
            |column: &str| row[column].as_str().unwrap_or_else(|| panic!("{column}: {row}")).to_owned();
        let place = (text("environment"), text("key"));
        let document: Value = serde_json::from_str(&text("document")).unwrap();
        let known = versions.entry(place.clone()).or_default();
        known.push((document["version"].as_i64().unwrap(), document["enabled"].as_bool().unwrap()));
        assert_eq!(
            known.last().unwrap().0,
            i64::try_from(known.len()).unwrap(),
            "a version is missing: {row}"
        );
        let before = newest.insert(place, text("document"));
        assert_eq!(row["resource"], row["key"], "another flag's entry: {row}");
        if row["action"] == "flag.created" {
            assert_eq!(before, None, "{row}");
            continue;
        }
        switches += 1;
        let action = if document["enabled"] == true { "flag.enabled" } else { "flag.killed" };
        assert_eq!((&row["action"], &row["entry_revision"]), (&json!(action), &row["revision"]), "{row}");
        assert_eq!((row["old"].as_str(), &row["new"]), (before.as_deref(), &row["document"]), "{row}");
    }

    // Nothing is there besides: no revision without its document, no entry without its revision.
    let number = async |sql: &str| database.number(&sql.replace('@', &org)).await;
    let revisions = number("SELECT COUNT(*) FROM environment_revision WHERE org_id = @").await;
    assert_eq!(usize::try_from(revisions).unwrap(), documents.len());
    let entries =
        "SELECT COUNT(*) FROM audit_event WHERE org_id = @ AND action IN ('flag.enabled', 'flag.killed')";
    assert_eq!(number(entries).await, switches);
    let gaps = "SELECT COUNT(*) FROM environment e WHERE e.org_id = @ AND NOT (
            e.revision = (SELECT COUNT(*) FROM environment_revision r WHERE r.environment_id = e.id)
            AND e.revision = (SELECT MAX(r.revision) FROM environment_revision r WHERE r.environment_id = e.id))";
    assert_eq!(number(gaps).await, 0, "revisions of an environment are missing");

    let configurations = rows(
        "SELECT e.key AS environment, f.key AS key, c.version AS version, c.body AS body
        FROM flag_configuration c JOIN environment e ON e.id = c.environment_id JOIN flag f ON f.id = c.flag_id
        WHERE c.org_id = @",
    )
    .await;
    assert_eq!(configurations.len(), newest.len());
    for row in configurations {
        let place =
            (row["environment"].as_str().unwrap().to_owned(), row["key"].as_str().unwrap().to_owned());
        let document: Value = serde_json::from_str(&newest[&place]).unwrap();
        let body: Value = serde_json::from_str(row["body"].as_str().unwrap()).unwrap();
        assert_eq!(row["version"], document["version"], "{row}");
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&document[name], value, "{name}: {row}");
        }
    }

    let renamed = rows(
        "SELECT new_document AS name FROM audit_event WHERE org_id = @ AND action = 'organization.renamed' ORDER BY seq",
    )
    .await;
    let name = |row: &Value| -> String {
        let document: Value = serde_json::from_str(row["name"].as_str().unwrap()).unwrap();
        document["name"].as_str().unwrap().to_owned()
    };
    let names: Vec<_> = renamed.iter().map(name).collect();
    let current = rows("SELECT name FROM organization WHERE id = @").await;
    assert_eq!(current[0]["name"].as_str(), names.last().map(String::as_str));

    let entries = number("SELECT COUNT(*) FROM audit_event WHERE org_id = @").await;
    let verdict = kit.services.audit().verify(&workspace.member, &workspace.organization).await.unwrap();
    assert_eq!(verdict, Verdict::Whole(entries));
    Stored { versions, names }
}

/// How the database writes the organization's id.
async fn service_id(kit: &Kit, workspace: &Workspace) -> String {
    let organizations = kit.services.orgs().list(&workspace.owner).await.unwrap();
    kit.database.id(organizations.iter().find(|it| it.slug == workspace.organization).unwrap().id)
}

/// Asserts that everything that was answered is stored as it was answered.
fn expect_all(done: &[Done], stored: &Stored) {
    for done in done {
        let is_there = match done {
            Done::Switched { key, environment, enabled, version } => {
                stored.versions[&((*environment).to_owned(), key.clone())].contains(&(*version, *enabled))
            }
            Done::Renamed { name } => stored.names.contains(name),
        };
        assert!(is_there, "{done:?} is lost");
    }
}

/// Asserts that the program serves what is stored.
async fn expect_served(client: &Client, key: &str, stored: &Stored) {
    let authorization = (header::AUTHORIZATION, format!("Bearer {key}"));
    let sent = Sent { method: "GET", path: "/api/v1/eval/flags?userId=u".into(), ..Sent::default() };
    let answer = client.send(&sent, None, &[authorization]).await;
    let kind = HeaderValue::from_static("application/json");
    assert_eq!((answer.status.as_u16(), &answer.headers[CONTENT_TYPE]), (200, &kind), "{answer:?}");
    let served: Value = serde_json::from_str(&answer.body).unwrap();
    for ((environment, key), versions) in &stored.versions {
        let (version, enabled) = versions.last().unwrap();
        let flag = &served["flags"][key];
        if environment == "dev" {
            assert_eq!((&flag["version"], &flag["enabled"]), (&json!(version), &json!(enabled)), "{key}");
        }
    }
}
