//! The part that OAuth 2 itself has in a sign-in: the client, and redeeming a code.

use std::fmt;

use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::failure::{BadAnswer, ErrorCode, Failure, Refusal, Step};
use crate::outbound::Outbound;
use crate::{ProviderConfig, Secret};

/// Where a provider is asked, and how.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    pub(crate) auth_type: AuthType,
}

/// What a code was redeemed for.
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    /// Only OpenID Connect has one.
    pub(crate) id: Option<Secret>,
}

/// What OpenID Connect adds to the answer.
#[derive(Deserialize, Serialize)]
pub(crate) struct WithIdToken {
    id_token: Option<String>,
}

impl fmt::Debug for WithIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl ExtraTokenFields for WithIdToken {}

type OAuthClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The client that is registered with a provider.
pub(crate) fn client(config: &ProviderConfig, endpoints: &Endpoints, callback_url: &Url) -> OAuthClient {
    Client::new(ClientId::new(config.client_id.clone()))
        .set_client_secret(ClientSecret::new(config.client_secret.expose().to_owned()))
        .set_auth_uri(AuthUrl::from_url(endpoints.authorization.clone()))
        .set_token_uri(TokenUrl::from_url(endpoints.token.clone()))
        .set_auth_type(endpoints.auth_type.clone())
        .set_redirect_uri(RedirectUrl::from_url(callback_url.clone()))
}

/// Redeems a code.
///
/// # Errors
/// When the provider refuses, does not answer, or answers with something else.
pub(crate) async fn redeem(
    outbound: &Outbound,
    client: &OAuthClient,
    code: String,
    verifier: Secret,
) -> Result<Tokens, Failure> {
    let request = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
    let answer = request.request_async(outbound).await.map_err(failure)?;
    Ok(Tokens {
        access: Secret::new(answer.access_token().secret()),
        id: answer.extra_fields().id_token.as_deref().map(Secret::new),
    })
}

/// Takes from an error what may be kept. Bodies and descriptions are dropped: they can quote codes and tokens.
fn failure(error: RequestTokenError<Failure, BasicErrorResponse>) -> Failure {
    match error {
        RequestTokenError::Request(failure) => failure,
        RequestTokenError::ServerResponse(answer) => refused(&answer),
        // GitHub reports errors with the status 200.
        RequestTokenError::Parse(_, body) => match serde_json::from_slice(&body) {
            Ok(answer) => refused(&answer),
            Err(_) => BadAnswer::Unreadable(Step::Token).into(),
        },
        RequestTokenError::Other(_) => BadAnswer::Unreadable(Step::Token).into(),
    }
}

/// RFC 6749, part 5.2, and GitHub's own words for the same.
fn refused(answer: &BasicErrorResponse) -> Failure {
    use BasicErrorResponseType::{Extension, InvalidClient, InvalidGrant, UnauthorizedClient};
    let code = ErrorCode::new(answer.error().as_ref());
    let refusal = match answer.error() {
        InvalidGrant => Refusal::Code(code),
        InvalidClient | UnauthorizedClient => Refusal::Client(code),
        Extension(name) => match name.as_str() {
            "bad_verification_code" => Refusal::Code(code),
            "incorrect_client_credentials" | "redirect_uri_mismatch" => Refusal::Client(code),
            _ => Refusal::Other(code),
        },
        _ => Refusal::Other(code),
    };
    refusal.into()
}
