//! What a request is tried on: whoever asks, with a session of their own, and whatever it is about.

use std::collections::HashMap;

use axum::http::HeaderName;
use domain::access::Role;
use domain::accounts::{CreateToken, CreateUser, Password, Person, SignUp, TokenScope};
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::environments::{Color, CreateEnvironment, OrderEnvironments, ProtectEnvironment};
use domain::flags::ArchiveFlag;
use domain::orgs::{AddMember, CreateOrganization, Invite, NewInvitation};
use domain::projects::CreateProject;
use domain::{OrgSlug, UserId};
use serde_json::json;
use service::accounts::ProvenIdentity;
use service::{Actor, Services, Settings};
use testkit::{Kit, Workspace};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

use super::case::{About, Asker, Case, Surface};
use crate::client::Sent;
use crate::dashboard::Dashboard;

/// A password that is let in.
const PASSWORD: &str = "violet teapot harbour 9";

/// How long the sessions of tests last.
const HOUR_S: i64 = 3600;

/// Whoever asks, and what for.
pub(super) struct Subject {
    /// The session's cookie; none for nobody.
    pub(super) cookie: Option<String>,
    /// The id of whoever asks.
    pub(super) person: Option<UserId>,
    /// What stands for what in paths and fields.
    names: HashMap<&'static str, String>,
}

/// An organization with one person of each role, the flag `menu` and a protected environment.
pub(super) async fn workspace(kit: &Kit) -> Workspace {
    let workspace = kit.workspace().await;
    workspace.flag("menu").await;
    let (project, environment) = (workspace.project.clone(), "prod".parse().unwrap());
    let command = ProtectEnvironment { project, environment, protected: true };
    kit.services.environments().protect(&system(), command).await.unwrap();
    workspace
}

fn system() -> Actor {
    Actor::system("test")
}

impl Subject {
    /// Makes what a case needs.
    pub(super) async fn new(
        dashboard: &Dashboard,
        workspace: &Workspace,
        asker: Asker,
        about: About,
    ) -> Self {
        dashboard.now();
        let actor = match asker {
            Asker::Nobody => None,
            Asker::Outsider => Some(&workspace.outsider),
            Asker::Role(role) => workspace.people().into_iter().find(|(of, _)| *of == role).map(|it| it.1),
        };
        let person = actor.and_then(Actor::person);
        // What nobody has is somebody's.
        let (owner, of) = match (actor, person) {
            (Some(actor), Some(person)) => (actor, person),
            _ => (&workspace.owner, workspace.owner.person().unwrap()),
        };
        let random = service::random_token();
        let mut names = HashMap::from([
            ("organization", workspace.organization.to_string()),
            ("org", workspace.organization.to_string()),
            ("project", workspace.project.project.to_string()),
            ("provider", "github".to_owned()),
            ("key", "menu".to_owned()),
            ("env", "dev".to_owned()),
            ("seq", "1".to_owned()),
            ("version", "1".to_owned()),
            ("password", PASSWORD.to_owned()),
            ("own-email", of.email.clone()),
            ("new-email", format!("{random}@example.com")),
            ("new-slug", random_slug()),
        ]);
        dashboard.hide("password", PASSWORD);
        names.extend(about_what(dashboard, workspace, about, owner, of).await);
        let cookie = match actor {
            Some(actor) => Some(format!("togglebit={}", session(dashboard, actor).await.0)),
            None => None,
        };
        let subject = Self { cookie, person: person.map(|person| person.id), names };
        // The first use of a session is written down.
        let first = Sent { method: "GET", path: "/api/v1/me".to_owned(), ..Sent::default() };
        let answer = dashboard.client.send(&first, subject.cookie.as_deref(), &[]).await;
        assert_eq!(answer.status == 200, subject.cookie.is_some(), "{answer:?}");
        subject
    }

    /// The request of a case, as its surface writes it.
    pub(super) fn request(&self, case: &Case) -> Sent {
        let fields = case.sent().map(|(name, value)| (name, self.name(value)));
        let (kind, body) = match case.surface {
            Surface::Form | Surface::Function => ("application/x-www-form-urlencoded", form(fields)),
            Surface::Rest if case.text().is_some() => {
                ("text/plain", case.text().unwrap_or_default().to_owned())
            }
            Surface::Rest if case.is_unsafe() => ("application/json", json(fields)),
            Surface::Rest => ("application/json", String::new()),
        };
        let content = axum::http::header::CONTENT_TYPE;
        let mut headers = vec![(content, kind.to_owned())];
        if case.path.starts_with("/api/v1/manage/") && case.path != "/api/v1/manage/organization" {
            headers.push((HeaderName::from_static("x-org-id"), self.name("{org}")));
        }
        Sent { method: case.method, path: self.path(case), headers, body }
    }

    /// The same as a link would send it.
    pub(super) fn link(&self, case: &Case) -> Sent {
        let fields = case.sent().map(|(name, value)| (name, self.name(value)));
        let path = self.path(case);
        let path = format!("{path}{}{}", if path.contains('?') { '&' } else { '?' }, form(fields));
        Sent { method: "GET", path, ..Sent::default() }
    }

    fn path(&self, case: &Case) -> String {
        let path = case.parts().fold(case.path.to_owned(), |path, (name, value)| path.replace(name, value));
        let query = form(case.query().map(|(name, value)| (name, self.name(value))));
        let path = self.name(&path);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn name(&self, text: &str) -> String {
        let filled = self
            .names
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        let is_name = |rest: &str| {
            rest.split_once('}').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_".contains(&byte))
            })
        };
        assert!(!filled.split('{').skip(1).any(is_name), "nothing stands for {filled}");
        filled
    }
}

fn form<'f>(fields: impl Iterator<Item = (&'f str, String)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn json<'f>(fields: impl Iterator<Item = (&'f str, String)>) -> String {
    let value = |text: String| match text.strip_prefix('=') {
        Some(json) => serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}")),
        None => json!(text),
    };
    let fields: serde_json::Map<_, _> = fields.map(|(name, text)| (name.to_owned(), value(text))).collect();
    if fields.is_empty() { String::new() } else { json!(fields).to_string() }
}

/// Makes what a request is about, and says what it is called.
async fn about_what(
    dashboard: &Dashboard,
    workspace: &Workspace,
    about: About,
    owner: &Actor,
    of: &Person,
) -> Vec<(&'static str, String)> {
    let services = &dashboard.kit.services;
    let organization = workspace.organization.clone();
    match about {
        About::Nothing => Vec::new(),
        About::Flag { on } => {
            for environment in ["dev", "prod"] {
                let command = workspace.switch("menu", environment, on);
                services.flags().switch(&system(), command).await.unwrap();
            }
            Vec::new()
        }
        About::Template => {
            let key = format!("template-{}", service::random_token());
            let template = json!({"key": key, "name": "Template", "from_flag": "menu", "environment": "dev"});
            let template = serde_json::from_value(template).unwrap();
            services.templates().create(&system(), &workspace.project, template).await.unwrap();
            vec![("template", key)]
        }
        About::NewFlag { archived } => {
            let key = format!("flag-{}", service::random_token());
            let key = workspace.flag(&key).await;
            if archived {
                let (project, comment) = (workspace.project.clone(), Some("a test".to_owned()));
                let command = ArchiveFlag { project, key: key.clone(), comment };
                services.flags().archive(&system(), command).await.unwrap();
            }
            vec![("key", key.to_string())]
        }
        About::Apart => {
            for (environment, on) in [("dev", true), ("staging", false), ("prod", false)] {
                let command = workspace.switch("menu", environment, on);
                services.flags().switch(&system(), command).await.unwrap();
            }
            Vec::new()
        }
        About::Segment => {
            let key = random_slug();
            let segment = json!({"key": key, "name": "Segment", "included": ["user-1"]});
            let command = serde_json::from_value(segment).unwrap();
            services.segments().create(&system(), &workspace.project, command).await.unwrap();
            vec![("segment", key)]
        }
        About::Project => {
            let key = new_key();
            let command = CreateProject {
                organization,
                key: key.parse().unwrap(),
                name: "Another".into(),
                environments: None,
            };
            services.projects().create(&system(), command).await.unwrap();
            vec![("project", key)]
        }
        About::Environment => {
            let key = new_key();
            let command = CreateEnvironment {
                project: workspace.project.clone(),
                key: key.parse().unwrap(),
                name: "Another".into(),
                color: Color::Slate,
                protected: true,
                copy_from: None,
            };
            services.environments().create(&system(), command).await.unwrap();
            vec![("env", key)]
        }
        About::Order => {
            let order = ["dev", "staging", "prod"].map(|key| key.parse().unwrap()).into();
            let command = OrderEnvironments { project: workspace.project.clone(), order };
            services.environments().order(&system(), command).await.unwrap();
            Vec::new()
        }
        About::ApiKey => {
            let command = CreateApiKey {
                project: workspace.project.clone(),
                environment: "dev".parse().unwrap(),
                name: "Application".into(),
                kind: KeyKind::Server,
                expires_at: None,
                allowed_networks: None,
                rate_limit: None,
            };
            let made = services.api_keys().create(&system(), command).await.unwrap();
            dashboard.hide("API key", made.raw.unwrap());
            vec![("api_key", made.key.id.to_string())]
        }
        About::Member(role) => vec![("user", member(services, organization, role).await.to_string())],
        About::Invited(role) => {
            let invited = invite(dashboard, organization, &new_email(), role).await;
            vec![("invitation", invited.invitation.id.to_string())]
        }
        About::Welcome => {
            prove(services, owner, of, "github").await;
            let slug: OrgSlug =
                format!("other-{}", service::random_token().to_lowercase())[..30].parse().unwrap();
            let host = somebody(services).await;
            let command = CreateOrganization { slug: slug.clone(), name: "Other".into(), owner: host };
            services.orgs().create(&system(), command).await.unwrap();
            let invited = invite(dashboard, slug, &of.email, Role::Member).await;
            vec![("invitation", invited.invitation.id.to_string()), ("token", invited.token.unwrap())]
        }
        About::Person => {
            let email = new_email();
            let (name, password) = ("Somebody".to_owned(), Password(PASSWORD.to_owned()));
            let command = SignUp { email: email.clone(), name, password, invitation: None };
            services.accounts().sign_up(&Actor::anonymous(), command).await.unwrap();
            vec![("email", email)]
        }
        About::Link => {
            let id = somebody(services).await;
            let email = services.accounts().actor(id).await.unwrap().person().unwrap().email.clone();
            let (token, _) = services.accounts().make_reset_link(&system(), &email).await.unwrap();
            dashboard.hide("reset link", &token);
            vec![("token", token)]
        }
        About::Proof => {
            let (letters, outbox) = dashboard.kit.with_letters(Settings::default()).await;
            letters.accounts().request_verification(owner).await.unwrap();
            let sent = outbox.newest(&of.email).unwrap();
            let (_, token) = sent.link.split_once("token=").unwrap();
            dashboard.hide("token of a letter", token);
            vec![("token", token.to_owned())]
        }
        About::Token => vec![("token", token(dashboard, owner).await)],
        About::Session => vec![("session", session(dashboard, owner).await.1)],
        About::Theirs(_) => {
            let other = services.accounts().actor(somebody(services).await).await.unwrap();
            let email = &other.person().unwrap().email;
            let invited = invite(dashboard, organization, email, Role::Member).await;
            vec![
                ("token", token(dashboard, &other).await),
                ("session", session(dashboard, &other).await.1),
                ("invitation", invited.invitation.id.to_string()),
            ]
        }
        About::Identities => {
            for provider in ["github", "google"] {
                prove(services, owner, of, provider).await;
            }
            Vec::new()
        }
        About::Heir => {
            for organization in services.orgs().list(owner).await.unwrap() {
                member(services, organization.slug, Role::Owner).await;
            }
            Vec::new()
        }
    }
}

/// A session of somebody who is there already: the cookie's value, and its id.
async fn session(dashboard: &Dashboard, actor: &Actor) -> (String, String) {
    let services = &dashboard.kit.services;
    let until = services.now().0 / 1000 + HOUR_S;
    let expiry_date = OffsetDateTime::from_unix_timestamp(until).unwrap();
    let mut record = Record { id: Id::default(), data: HashMap::default(), expiry_date };
    services.accounts().sessions().create(&mut record).await.unwrap();
    let id = services.accounts().begin_session(actor, &record.id, None).await.unwrap();
    // In both ways in which it may be written.
    dashboard.hide("session cookie", record.id.to_string());
    dashboard.hide("session cookie", record.id.0.to_string());
    (record.id.to_string(), id.to_string())
}

/// The id of a new token of somebody.
async fn token(dashboard: &Dashboard, actor: &Actor) -> String {
    let command = CreateToken { name: "script".into(), scope: TokenScope::Read, days: None };
    let made = dashboard.kit.services.accounts().create_token(actor, command).await.unwrap();
    dashboard.hide("personal token", made.raw.unwrap());
    made.token.id.to_string()
}

async fn invite(dashboard: &Dashboard, organization: OrgSlug, email: &str, role: Role) -> NewInvitation {
    let command = Invite { organization, email: email.to_owned(), role };
    let invited = dashboard.kit.services.orgs().invite(&system(), command).await.unwrap();
    dashboard.hide("invitation", invited.token.as_ref().unwrap());
    invited
}

async fn member(services: &Services, organization: OrgSlug, role: Role) -> UserId {
    let user = somebody(services).await;
    services.orgs().add_member(&system(), AddMember { organization, user, role }).await.unwrap();
    user
}

async fn somebody(services: &Services) -> UserId {
    let command = CreateUser { email: new_email(), name: "Somebody".into() };
    services.accounts().create(&system(), command).await.unwrap().id
}

/// Gives somebody an identity, which proves their address.
async fn prove(services: &Services, actor: &Actor, of: &Person, provider: &str) {
    let proven = ProvenIdentity {
        provider: provider.to_owned(),
        issuer: format!("https://{provider}.example"),
        subject: of.id.to_string(),
        verified_email: Some(of.email.clone()),
        name: None,
    };
    services.accounts().connect(actor, proven).await.unwrap();
}

fn random_slug() -> String {
    let slug = format!("new-{}", service::random_token().to_lowercase().replace('_', "-"));
    slug[..20].trim_end_matches('-').to_owned()
}

fn new_key() -> String {
    format!("k{}", service::random_token().to_lowercase())[..20].to_owned()
}

fn new_email() -> String {
    format!("{}@example.com", service::random_token())
}
