//! Which providers there are.

use url::{Host, Url};

use crate::Secret;

/// The issuer of Google's ID tokens.
pub const GOOGLE_ISSUER: &str = "https://accounts.google.com";
/// GitHub's site.
pub const GITHUB_WEB_URL: &str = "https://github.com";
/// GitHub's API.
pub const GITHUB_API_URL: &str = "https://api.github.com";

/// A provider, and the client that is registered with it.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Names the provider in addresses: lower-case letters, digits and hyphens, such as `google`.
    pub id: String,
    /// What its button says, such as "Google".
    pub label: String,
    /// The name of the client at the provider.
    pub client_id: String,
    /// The secret of the client.
    pub client_secret: Secret,
    /// What the provider speaks.
    pub kind: Kind,
}

/// What a provider speaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// OpenID Connect with discovery.
    Oidc {
        /// The issuer, to the letter as the provider writes it, a slash at the end included.
        issuer: String,
    },
    /// GitHub's OAuth 2 and API, of github.com or of an installation of GitHub Enterprise Server.
    GitHub {
        /// The site, such as <https://github.com>.
        web_url: String,
        /// The API, such as <https://api.github.com>.
        api_url: String,
    },
}

/// Why a provider cannot be used as it is configured.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// An id that cannot be part of an address.
    #[error("the provider's id \"{0}\" must be 1 to 32 lower-case letters, digits and hyphens")]
    Id(String),
    /// Two providers with the same id.
    #[error("there are two providers with the id \"{0}\"")]
    Twice(String),
    /// Something that must be there is not.
    #[error("{provider}: {what} is empty")]
    Empty {
        /// The id of the provider.
        provider: String,
        /// What is not there.
        what: &'static str,
    },
    /// An address that is none, or has parts that it must not have.
    #[error("{what} \"{url}\" must be an http or https address without user, query and fragment")]
    Url {
        /// Whose address.
        what: String,
        /// What is there instead.
        url: String,
    },
    /// An address without TLS, where everybody on the way could sign in as anybody.
    #[error(
        "{what} \"{url}\" must begin with https: http is for this machine, or while our own address is http too"
    )]
    Insecure {
        /// Whose address.
        what: String,
        /// The address.
        url: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

impl ProviderConfig {
    /// Google.
    pub fn google(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self::oidc("google", "Google", GOOGLE_ISSUER, client_id, client_secret)
    }

    /// github.com. For an installation of GitHub Enterprise Server replace [`kind`](Self::kind).
    pub fn github(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let kind = Kind::GitHub { web_url: GITHUB_WEB_URL.to_owned(), api_url: GITHUB_API_URL.to_owned() };
        Self::new("github", "GitHub", kind, client_id, client_secret)
    }

    /// A provider that is found by discovery.
    pub fn oidc(
        id: impl Into<String>,
        label: impl Into<String>,
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::new(id, label, Kind::Oidc { issuer: issuer.into() }, client_id, client_secret)
    }

    fn new(
        id: impl Into<String>,
        label: impl Into<String>,
        kind: Kind,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            client_id: client_id.into(),
            client_secret: Secret::new(client_secret),
            kind,
        }
    }

    /// Checks everything that can be checked without asking the provider.
    pub(crate) fn check(&self, public_url: &Url) -> Result<(), ConfigError> {
        let may = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=32).contains(&self.id.len()) || !self.id.bytes().all(may) {
            return Err(ConfigError::Id(self.id.clone()));
        }
        let required = [
            ("the label", self.label.as_str()),
            ("the client id", self.client_id.as_str()),
            ("the client secret", self.client_secret.expose()),
        ];
        for (what, text) in required {
            if text.trim().is_empty() {
                return Err(ConfigError::Empty { provider: self.id.clone(), what });
            }
        }
        let urls = match &self.kind {
            Kind::Oidc { issuer } => vec![("issuer", issuer)],
            Kind::GitHub { web_url, api_url } => vec![("site", web_url), ("API", api_url)],
        };
        for (name, text) in urls {
            let what = format!("{}: the {name}", self.id);
            let url = base_url(&what, text)?;
            if url.scheme() == "http" && !is_loopback(&url) && public_url.scheme() != "http" {
                return Err(ConfigError::Insecure { what, url: text.clone() });
            }
        }
        Ok(())
    }
}

/// Reads an address that others are built on.
pub(crate) fn base_url(what: &str, text: &str) -> Result<Url, ConfigError> {
    let refuse = || ConfigError::Url { what: what.to_owned(), url: without_user(text) };
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(url) } else { Err(refuse()) }
}

/// The address without a password that somebody may have written into it.
fn without_user(text: &str) -> String {
    match (text.find("//"), text.rfind('@')) {
        (Some(start), Some(end)) if start < end => {
            let (head, tail) = (text.get(..start + 2), text.get(end + 1..));
            format!("{}{}", head.unwrap_or_default(), tail.unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
