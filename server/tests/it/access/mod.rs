//! Who may do what: every action, for everybody who may ask, over everything that the program listens to.

mod addresses;
mod case;
mod cases;
mod outcome;
mod subject;

use std::collections::BTreeSet;

use axum::http::header::{ACCEPT, ORIGIN, REFERER};
use axum::http::{HeaderName, StatusCode};
use domain::UserId;
use domain::access::{Action, Role};
use serde_json::Value;
use testkit::{Kit, State, Workspace, each};

use case::{Asker, Case, Does, Surface};
use cases::NOWHERE;
use outcome::Refusal;
use subject::{Subject, workspace};

use crate::client::{Answer, Sent};
use crate::dashboard::Dashboard;

/// Everything that is stored, and how long the audit log is.
struct Stored {
    state: State,
    entries: i64,
}

impl Stored {
    async fn of(kit: &Kit) -> Self {
        Self { state: kit.state().await, entries: kit.audit_entries().await }
    }

    /// Asserts that everything is still as it was, revisions too, and that the audit log has gained so many entries.
    async fn expect(&self, kit: &Kit, what: &str, gained: i64) {
        let now = Self::of(kit).await;
        assert!(now.state == self.state, "{what}: something changed: {:?}", self.state.changes(&now.state));
        assert_eq!(now.entries - self.entries, gained, "{what}: entries of the audit log");
    }
}

/// How often the audit log says that somebody was denied something.
async fn denials(kit: &Kit, action: Action, person: Option<UserId>) -> i64 {
    let person = person.map(|id| id.to_string()).unwrap_or_default();
    let denied = format!(
        "SELECT COUNT(*) FROM audit_event WHERE action = 'denied' AND resource_id = '{action:?}' AND actor = '{person}'"
    );
    kit.database.number(&denied).await
}

/// Each case, for everybody who may ask: it is done for those who may, and told to the others and leaves all as it is.
async fn matrix(kit: Kit, surface: Surface, secrets: &[&str]) {
    let dashboard = Dashboard::over(kit);
    for case in cases::all().filter(|case| case.surface == surface) {
        // A server function that changes something is the address of a form too, where there is no script.
        let is_both = surface == Surface::Function && matches!(case.does, Does::Action(_));
        for script in [true, false].into_iter().take(if is_both { 2 } else { 1 }) {
            let workspace = workspace(&dashboard.kit).await;
            if case.is_unsafe() {
                refuse_other_sites(&dashboard, &workspace, case).await;
            }
            for asker in Asker::ALL {
                attempt(&dashboard, &workspace, case, script, asker).await;
            }
        }
    }
    dashboard.expect_no_secret_in_the_log(secrets);
}

async fn attempt(dashboard: &Dashboard, workspace: &Workspace, case: &Case, script: bool, asker: Asker) {
    let what = format!("{asker:?}, script {script}: {case:?}");
    let subject = Subject::new(dashboard, workspace, asker, case.about).await;
    let mut sent = subject.request(case);
    let accepted = if script { "application/json" } else { "text/html" };
    sent.headers.push((ACCEPT, accepted.to_owned()));
    sent.headers.push((REFERER, dashboard.client.url("/account")));
    let before = Stored::of(&dashboard.kit).await;
    let answer = dashboard.client.send(&sent, subject.cookie.as_deref(), &dashboard.client.own()).await;
    hide_secrets(dashboard, &answer);
    let expected = case.expected(asker).map_err(|error| outcome::refusal(&error));
    assert_eq!(outcome::of(case.surface, script, &answer), expected, "{what}: {answer:?}");
    match (&expected, case.does) {
        (Ok(()), Does::Action(_)) => {
            let idle = case.signs_out() && asker == Asker::Nobody;
            let changed = dashboard.changes(&before.state, case.is_late()).await;
            assert_eq!(changed, !idle, "{what}: nothing changed: {answer:?}");
        }
        // What somebody may not do is recorded, once; what they may not know of is none of theirs.
        (Err(refusal), Does::Action(action)) if is_forbidden(refusal) => {
            before.expect(&dashboard.kit, &what, 1).await;
            assert_eq!(denials(&dashboard.kit, action, subject.person).await, 1, "{what}: the entry");
        }
        _ => before.expect(&dashboard.kit, &what, 0).await,
    }
}

fn is_forbidden((code, _): &Refusal) -> bool {
    code == "forbidden"
}

/// Remembers what an answer gives away once.
fn hide_secrets(dashboard: &Dashboard, answer: &Answer) {
    if let Some(cookie) = answer.cookie("togglebit") {
        dashboard.hide("session cookie", cookie);
    }
    if let Some(secret) = outcome::flash(answer).and_then(|flash| flash.secret) {
        let token = secret.split_once("token=").map(|(_, token)| token.to_owned());
        dashboard.hide("secret of a form's answer", token.unwrap_or(secret));
    }
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    for name in ["token", "raw"] {
        if let Some(secret) = body[name].as_str() {
            dashboard.hide("token of an answer", secret);
        }
    }
}

/// Pages of other sites can send nothing in the name of whoever looks at them, and following a link changes nothing,
/// whatever it says.
async fn refuse_other_sites(dashboard: &Dashboard, workspace: &Workspace, case: &Case) {
    let subject = Subject::new(dashboard, workspace, Asker::Role(Role::Owner), case.about).await;
    let cookie = subject.cookie.as_deref();
    let before = Stored::of(&dashboard.kit).await;
    let fetch = |site: &str| (HeaderName::from_static("sec-fetch-site"), site.to_owned());
    let origin = |origin: &str| (ORIGIN, origin.to_owned());
    for from in [
        vec![fetch("cross-site")],
        vec![fetch("cross-site"), origin("https://evil.example")],
        vec![fetch("same-site"), origin("http://127.0.0.1:1")],
        vec![origin("https://evil.example")],
        vec![origin("null")],
    ] {
        let answer = dashboard.client.send(&subject.request(case), cookie, &from).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from:?}: {case:?}: {answer:?}");
        assert!(!answer.touches_cookies(), "{from:?}: {case:?}: {answer:?}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"]["code"], "forbidden", "{from:?}: {case:?}: {answer:?}");
    }
    for method in ["GET", "HEAD"] {
        let link = Sent { method, ..subject.link(case) };
        let answer = dashboard.client.send(&link, cookie, &[fetch("cross-site")]).await;
        assert!(!answer.status.is_server_error(), "{method}: {case:?}: {answer:?}");
    }
    before.expect(&dashboard.kit, &format!("from another site: {case:?}"), 0).await;
}

#[tokio::test]
async fn forms_do_what_the_table_says() {
    let secrets = [
        "password",
        "session cookie",
        "invitation",
        "reset link",
        "personal token",
        "secret of a form's answer",
        "token of a letter",
        "client secret",
    ];
    each(async |kit| matrix(kit, Surface::Form, &secrets).await).await;
}

#[tokio::test]
async fn server_functions_do_what_the_table_says() {
    each(async |kit| matrix(kit, Surface::Function, &["session cookie", "invitation"]).await).await;
}

#[tokio::test]
async fn routes_do_what_the_table_says() {
    let secrets = [
        "password",
        "session cookie",
        "invitation",
        "reset link",
        "personal token",
        "token of an answer",
        "API key",
    ];
    each(async |kit| matrix(kit, Surface::Rest, &secrets).await).await;
}

/// No action is forgotten: each has a case on each surface, or a reason why it has none.
#[test]
fn every_action_has_its_cases() {
    for action in Action::ALL {
        for surface in Surface::ALL {
            let has = cases::all().any(|case| case.surface == surface && case.does == Does::Action(action));
            let why = NOWHERE
                .iter()
                .filter(|(actions, surfaces, _)| actions.contains(&action) && surfaces.contains(&surface));
            assert_eq!(why.count(), usize::from(!has), "{action:?} on {surface:?}");
        }
    }
}

/// No address is forgotten: what the sources route to has a case, and cases are of addresses that there are.
#[test]
fn every_address_has_its_cases() {
    for surface in Surface::ALL {
        let tried: BTreeSet<_> = cases::all()
            .filter(|case| case.surface == surface)
            .map(|case| (case.method.to_owned(), case.path.to_owned()))
            .collect();
        assert_eq!(addresses::of(surface), tried, "{surface:?}");
    }
}
