//! The SMTP server as it is configured.

use std::fmt;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::config::BadAddress;

/// The SMTP server, and how it is spoken to.
pub(crate) struct Relay {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) credentials: Option<Credentials>,
}

/// When TLS begins.
pub(crate) enum Security {
    Never,
    /// After STARTTLS, before anything that matters.
    Upgrade(TlsParameters),
    /// Before the first word.
    Always(TlsParameters),
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let security = match self.security {
            Security::Never => "never",
            Security::Upgrade(_) => "upgrade",
            Security::Always(_) => "always",
        };
        f.debug_struct("Relay")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &security)
            .finish_non_exhaustive()
    }
}

impl Relay {
    /// Reads the address, as [`MailConfig::smtp`](crate::MailConfig::smtp) describes it.
    ///
    /// # Errors
    /// With what is wrong.
    pub(crate) fn parse(address: &str) -> Result<Self, BadAddress> {
        let url = Url::parse(address.trim()).map_err(|_| BadAddress::Unreadable)?;
        if !matches!(url.scheme(), "smtp" | "smtp+starttls" | "smtps") {
            return Err(BadAddress::Scheme);
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(BadAddress::Rest);
        }
        // The parser leaves hosts of schemes that it does not know as they are written.
        let host = url.host_str().and_then(|host| Host::parse(host).ok()).ok_or(BadAddress::Unreadable)?;
        let name = match &host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let tls = || TlsParameters::new(name.clone()).map_err(|_| BadAddress::Tls);
        let (security, port) = match (url.scheme(), url.query()) {
            ("smtp", None) => (Security::Never, 25),
            ("smtp", Some("tls=required")) | ("smtp+starttls", None) => (Security::Upgrade(tls()?), 587),
            ("smtp", Some("tls=opportunistic")) => return Err(BadAddress::Opportunistic),
            ("smtps", None) => (Security::Always(tls()?), 465),
            _ => return Err(BadAddress::Rest),
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && matches!(security, Security::Never) && !is_loopback(&host) {
            return Err(BadAddress::Insecure);
        }
        Ok(Self { host: name, port: url.port().unwrap_or(port), security, credentials })
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, BadAddress> {
    let decode = |text| match percent_decode_str(text).decode_utf8() {
        Ok(text) if !text.chars().any(char::is_control) => Ok(text.into_owned()),
        _ => Err(BadAddress::Credentials),
    };
    match (decode(url.username())?, decode(url.password().unwrap_or_default())?) {
        (user, password) if user.is_empty() && password.is_empty() => Ok(None),
        (user, password) if user.is_empty() || password.is_empty() => Err(BadAddress::HalfCredentials),
        (user, password) => Ok(Some(Credentials::new(user, password))),
    }
}

fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
    }
}
