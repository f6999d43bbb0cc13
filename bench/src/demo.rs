//! The release with its demo, and a person who is signed in to the dashboard.

use std::io::{Error, Result};
use std::net::SocketAddr;

use http::Method;
use http::header::SET_COOKIE;
use serde_json::{Value, json};

use crate::flags;
use crate::folder::Folder;
use crate::http_client::{Client, Field};
use crate::process::{Process, free_address};
use crate::togglebit::launch;

/// The demo's project, and the environment that everything is looked at in.
pub(crate) const PROJECT: &str = "/o/demo/default";
pub(crate) const ENVIRONMENT: &str = "dev";

/// A flag that the demo has: with rules, and with history.
pub(crate) const FLAG: &str = "checkout-v2";

/// A segment that is added.
pub(crate) const SEGMENT: &str = "listed";

/// A running server with the demo's owner.
pub(crate) struct Demo {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    cookie: String,
    _folder: Folder,
}

impl Demo {
    /// Starts it, signs in as the demo's owner, and adds so many flags and a segment to the demo's project. The flags are
    /// set up in one environment.
    pub(crate) async fn start(count: usize) -> Result<Self> {
        let (folder, address) = (Folder::new()?, free_address()?);
        let process = launch(None, address, &folder, true).await?;
        let signed_in = Client::new().form(&format!("http://{address}/sign-in/demo"), "role=owner").await?;
        let cookie = signed_in.headers.get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| Error::other("signing in gave no cookie"))?.to_owned();
        let demo = Self { process, address, cookie, _folder: folder };
        let mut document = flags::project("Demo", &[ENVIRONMENT.to_owned()], count);
        document["segments"] = json!({SEGMENT: {
            "name": "Listed",
            "environments": {ENVIRONMENT: {"included": ["user-1", "user-2"]}},
        }});
        demo.call(Method::POST, "/manage/import?comment=measuring", document.to_string()).await?;
        Ok(demo)
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What a browser sends that shows who it is.
    pub(crate) fn cookie(&self) -> Field {
        ("Cookie", self.cookie.clone())
    }

    /// The id of the key that the demo's applications ask with.
    pub(crate) async fn key(&self) -> Result<String> {
        let keys = self.call(Method::GET, "/manage/keys", String::new()).await?;
        let id = keys["keys"][0]["id"].as_str();
        id.map(str::to_owned).ok_or_else(|| Error::other("the demo has no key"))
    }

    /// The token of an invitation that nobody has accepted.
    pub(crate) async fn invitation(&self) -> Result<String> {
        let person = json!({"email": "grace@example.com", "role": "developer"});
        let made = self.call(Method::POST, "/orgs/demo/invitations", person.to_string()).await?;
        let token = made["token"].as_str();
        token.map(str::to_owned).ok_or_else(|| Error::other("an invitation without a token"))
    }

    async fn call(&self, method: Method, path: &str, body: String) -> Result<Value> {
        let fields = [
            self.cookie(),
            ("X-Project", "default".to_owned()),
            ("Content-Type", "application/json".to_owned()),
        ];
        let url = self.url(&format!("/api/v1{path}"));
        Client::new().send(method, &url, &fields, body).await?.json()
    }
}
