//! What a provider says of itself (OpenID Connect Discovery 1.0, part 3).

use oauth2::AuthType;
use serde::Deserialize;
use url::Url;

use crate::exchange::Endpoints;
use crate::failure::{BadAnswer, Step};

/// The document, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What of it is used, after it was checked.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) endpoints: Endpoints,
    pub(super) keys: Url,
    pub(super) user_info: Option<Url>,
    /// Whether every callback says who answers (RFC 9207).
    pub(crate) names_itself: bool,
}

impl Metadata {
    /// # Errors
    /// When the document is of another issuer, or an address in it is none that may be used.
    pub(super) fn check(document: Document, issuer: &str) -> Result<Self, BadAnswer> {
        // To the letter (OpenID Connect Discovery 1.0, part 4.3): otherwise one issuer could speak for another.
        if document.issuer != issuer {
            return Err(BadAnswer::DiscoveredIssuer);
        }
        // Whoever has configured an issuer without TLS has accepted that; a provider with TLS cannot do it for them.
        let without_tls = Url::parse(issuer).is_ok_and(|url| url.scheme() == "http");
        let endpoint = |step: Step, text: &str| match Url::parse(text) {
            Ok(url) if url.scheme() == "https" || (without_tls && url.scheme() == "http") => Ok(url),
            _ => Err(BadAnswer::Endpoint(step)),
        };
        let user_info = document.userinfo_endpoint.as_deref();
        Ok(Self {
            endpoints: Endpoints {
                authorization: endpoint(Step::Authorization, &document.authorization_endpoint)?,
                token: endpoint(Step::Token, &document.token_endpoint)?,
                auth_type: auth_type(document.token_endpoint_auth_methods_supported.as_deref()),
            },
            keys: endpoint(Step::Keys, &document.jwks_uri)?,
            user_info: user_info.map(|text| endpoint(Step::User, text)).transpose()?,
            names_itself: document.authorization_response_iss_parameter_supported,
        })
    }
}

/// How the client shows its secret: in a header, which is the default, unless the provider only reads it from the form.
fn auth_type(supported: Option<&[String]>) -> AuthType {
    let lists = |method: &str| supported.is_some_and(|methods| methods.iter().any(|found| found == method));
    if lists("client_secret_post") && !lists("client_secret_basic") {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(issuer: &str, endpoint: &str) -> Result<(), BadAnswer> {
        let document = Document {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint.to_owned(),
            token_endpoint: endpoint.to_owned(),
            jwks_uri: endpoint.to_owned(),
            userinfo_endpoint: None,
            token_endpoint_auth_methods_supported: None,
            authorization_response_iss_parameter_supported: false,
        };
        Metadata::check(document, issuer).map(|_| ())
    }

    #[test]
    fn an_issuer_with_tls_has_it_everywhere() {
        let refused = Err(BadAnswer::Endpoint(Step::Authorization));
        assert_eq!(check("https://login.example.com", "https://other.example.com/"), Ok(()));
        assert_eq!(check("https://login.example.com", "http://login.example.com/"), refused);
        assert_eq!(check("https://login.example.com", "http://127.0.0.1/"), refused);
        assert_eq!(check("http://127.0.0.1", "http://127.0.0.1/"), Ok(()));
        assert_eq!(check("http://127.0.0.1", "https://login.example.com/"), Ok(()));
    }
}
