//! The release of Togglebit on an empty database, and how it is filled.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::process::Command;
use std::time::Instant;

use http::Method;
use serde_json::{Value, json};

use crate::cores::{self, Core};
use crate::flags;
use crate::folder::Folder;
use crate::http_client::{Answer, Client, Field};
use crate::process::{Process, free_address};
use crate::question::Question;

const PASSWORD: &str = "wharf-plinth-7-otter";

/// Which kind of key an application has.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Server,
    Browser,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Browser => "browser",
        }
    }
}

/// A running server with a person who may do everything.
pub(crate) struct Togglebit {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    folder: Folder,
    token: String,
}

impl Togglebit {
    /// Starts it, on all cores or on one, and signs up.
    pub(crate) async fn start(core: Option<Core>) -> Result<Self> {
        let (folder, address) = (Folder::new()?, free_address()?);
        let process = launch(core, address, &folder, false).await?;
        let url = format!("http://{address}/api/v1");
        let person = json!({"email": "load@example.com", "name": "Load", "password": PASSWORD});
        let signed_in = Client::new()
            .send(Method::POST, &format!("{url}/auth/register"), &[], person.to_string())
            .await?
            .json()?;
        let togglebit = Self { process, address, folder, token: text(&signed_in, "token")? };
        let organization = json!({"name": "Load"});
        togglebit.call(Method::POST, "/orgs", None, &organization).await?;
        Ok(togglebit)
    }

    /// Ends it, starts it again on the same data, and waits until it is ready. Returns when it was started.
    pub(crate) async fn restart(&mut self) -> Result<Instant> {
        self.process.stop()?;
        let started = Instant::now();
        self.process = launch(None, self.address, &self.folder, false).await?;
        Ok(started)
    }

    /// Makes a project with so many flags in each of some environments.
    pub(crate) async fn fill(&self, project: &str, environments: &[String], count: usize) -> Result<()> {
        let made: Vec<_> = environments.iter().map(|key| flags::environment(key)).collect();
        let body = json!({"name": project, "key": project, "environments": made});
        self.call(Method::POST, "/manage/projects", None, &body).await?;
        let document = flags::project(project, environments, count);
        self.call(Method::POST, "/manage/import", Some(project), &document).await?;
        Ok(())
    }

    /// Makes an API key.
    pub(crate) async fn key(&self, project: &str, environment: &str, kind: Kind) -> Result<String> {
        let body = json!({"name": "Load", "environment": environment, "kind": kind.as_str()});
        let made = self.call(Method::POST, "/manage/keys", Some(project), &body).await?.json()?;
        text(&made, "raw")
    }

    /// Switches a flag, and returns the revision of its environment that has the change.
    pub(crate) async fn switch(&self, project: &str, environment: &str, flag: &str, on: bool) -> Result<u64> {
        let path = format!("/manage/flags/{flag}/environments/{environment}");
        let answer = self.call(Method::PATCH, &path, Some(project), &json!({"enabled": on})).await?.json()?;
        answer["revision"].as_u64().ok_or_else(|| Error::other("a change without a revision"))
    }

    /// Manages something.
    async fn call(&self, method: Method, path: &str, project: Option<&str>, body: &Value) -> Result<Answer> {
        let mut fields = vec![("Authorization", format!("Bearer {}", self.token))];
        fields.extend(project.map(|project| ("X-Project", project.to_owned())));
        fields.push(("Content-Type", "application/json".to_owned()));
        // A new client each time: connections that are kept belong to the runtime, and so the thread, which opened them.
        Client::new()
            .send(method, &format!("http://{}/api/v1{path}", self.address), &fields, body.to_string())
            .await
    }

    /// What an application asks below `/api/v1`.
    pub(crate) fn question(&self, path: &str, key: &str) -> Question {
        Question { address: self.address, path: format!("/api/v1{path}"), fields: vec![bearer(key)] }
    }

    /// The question for one flag.
    pub(crate) fn one(&self, flag: &str, key: &str) -> Question {
        self.question(&format!("/eval/flags/{flag}?{}", context()), key)
    }

    /// The question for all flags.
    pub(crate) fn all(&self, key: &str) -> Question {
        self.question(&format!("/eval/flags?{}", context()), key)
    }
}

/// The context as a query.
pub(crate) fn context() -> String {
    let attributes: serde_json::Map<_, _> =
        flags::ATTRIBUTES.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    form_urlencoded::Serializer::new(String::new())
        .append_pair("userId", flags::USER)
        .append_pair("context", &json!(attributes).to_string())
        .finish()
}

fn bearer(key: &str) -> Field {
    ("Authorization", format!("Bearer {key}"))
}

/// Starts it, with or without the demo's data, and waits until it is ready.
pub(crate) async fn launch(
    core: Option<Core>,
    address: SocketAddr,
    folder: &Folder,
    demo: bool,
) -> Result<Process> {
    let binary = std::env::var_os("TOGGLEBIT_BIN").unwrap_or_else(|| "target/release/togglebit".into());
    let mut command = Command::new(binary);
    command.env("TOGGLEBIT_DATA_DIR", folder.path()).env("TOGGLEBIT_ADDR", address.to_string());
    command.env("TOGGLEBIT_DEMO", demo.to_string());
    command.env_remove("DATABASE_URL").env_remove("REDIS_URL");
    let mut process = match core {
        Some(core) => cores::on(core, || Process::start(&mut command))?,
        None => Process::start(&mut command)?,
    };
    process.ready(&format!("http://{address}/ready")).await?;
    Ok(process)
}

fn text(value: &Value, field: &str) -> Result<String> {
    value[field].as_str().map(str::to_owned).ok_or_else(|| Error::other(format!("an answer without {field}")))
}
