//! Why a sign-in fails.

use std::fmt;

/// Why nobody was signed in. Its text may be shown to the person; its source is for the log.
///
/// Neither holds a code, token or secret, nor what a provider sent, apart from error codes that were checked to look like one.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The person, or their organization, said no.
    #[error("The sign-in was cancelled at the provider. Nothing was shared.")]
    Denied,
    /// The answer belongs to no sign-in of this browser: begun elsewhere, finished already, or forged.
    #[error("This sign-in was not started in this browser, or is finished already. Please start again.")]
    State,
    /// The person took longer than ten minutes.
    #[error("The sign-in took too long. Please start again.")]
    Expired,
    /// The provider refuses to go on.
    #[error(
        "The provider refused the sign-in. Please start again; if that does not help, tell your administrator."
    )]
    Refused(#[source] Refusal),
    /// The provider does not answer.
    #[error("The provider cannot be reached at the moment. Please try again in a minute.")]
    Unreachable(#[source] Outage),
    /// The provider's answer is not one that can be trusted.
    #[error(
        "The provider's answer cannot be trusted, so nobody was signed in. Please tell your administrator."
    )]
    BadAnswer(#[source] BadAnswer),
}

/// What a provider refuses.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The code was redeemed before, is too old, or was given to somebody else.
    #[error("the code was refused: {0}")]
    Code(ErrorCode),
    /// The provider does not know the client by this id and secret, or does not let it do this.
    #[error("the client was refused, check its id, secret and redirect address: {0}")]
    Client(ErrorCode),
    /// The provider refuses for another reason.
    #[error("the provider refuses: {0}")]
    Other(ErrorCode),
}

/// An error code of a provider. Only what looks like one is kept, since anybody can write a query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ErrorCode(String);

impl ErrorCode {
    pub(crate) fn new(text: &str) -> Self {
        let looks_like_one = (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        Self(if looks_like_one { text.to_owned() } else { "unreadable error code".to_owned() })
    }

    /// The code, such as `invalid_grant`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a provider is out of reach.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Outage {
    /// There is no connection, or it broke.
    #[error("no connection for {step}: {causes}")]
    Connection {
        /// What was asked for.
        step: Step,
        /// The errors of the connection, the outermost first.
        causes: String,
    },
    /// It took too long.
    #[error("no answer in time for {0}")]
    TooSlow(Step),
    /// It says that it cannot answer now.
    #[error("status {status} for {step}")]
    Status {
        /// What was asked for.
        step: Step,
        /// The HTTP status: 429, or 500 and above.
        status: u16,
    },
    /// It sent the browser back because of a fault of its own.
    #[error("the provider reports: {0}")]
    Reported(ErrorCode),
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadAnswer {
    /// A status that the step does not have.
    #[error("status {status} for {step}")]
    Status {
        /// What was asked for.
        step: Step,
        /// The HTTP status.
        status: u16,
    },
    /// A redirect. None is followed: it would carry secrets to where nobody has agreed to.
    #[error("a redirect instead of {0}")]
    Redirect(Step),
    /// A body above the limit.
    #[error("too large a body for {0}")]
    TooLarge(Step),
    /// A body that is not what it should be.
    #[error("{0} cannot be read")]
    Unreadable(Step),
    /// The discovery document is of another issuer than the one that was asked.
    #[error("the discovery document names another issuer")]
    DiscoveredIssuer,
    /// The discovery document names an address that is none, or one without TLS although the issuer has TLS.
    #[error("the discovery document has no safe address for {0}")]
    Endpoint(Step),
    /// The browser came back from another issuer than the one that it was sent to (RFC 9207).
    #[error("the callback is of another issuer")]
    CallbackIssuer,
    /// The browser came back with neither a code nor an error.
    #[error("the callback has neither a code nor an error")]
    NoCode,
    /// There is no ID token beside the access token.
    #[error("there is no ID token")]
    NoIdToken,
    /// The ID token is not signed with RS256 or ES256.
    #[error("the ID token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// The ID token asks for an extension that must be understood.
    #[error("the ID token has a critical extension")]
    Critical,
    /// None of the provider's keys is the one that the ID token names.
    #[error("the ID token is signed with an unknown key")]
    UnknownKey,
    /// The signature is not by that key.
    #[error("the signature of the ID token is wrong")]
    Signature,
    /// The ID token is of another issuer.
    #[error("the ID token is of another issuer")]
    Issuer,
    /// The ID token is for somebody else.
    #[error("the ID token is for another client")]
    Audience,
    /// The ID token was issued to somebody else.
    #[error("the ID token was issued to another client")]
    AuthorizedParty,
    /// The ID token is no longer valid.
    #[error("the ID token has expired; compare the clocks")]
    Expired,
    /// The ID token is not valid yet.
    #[error("the ID token is from the future; compare the clocks")]
    Future,
    /// The ID token belongs to another sign-in.
    #[error("the nonce of the ID token is wrong")]
    Nonce,
    /// The person has no name at the provider, or two different ones.
    #[error("the subject is missing or ambiguous")]
    Subject,
}

/// What is asked of a provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// What the provider can do, and where.
    Discovery,
    /// The page where the person is asked.
    Authorization,
    /// The token for a code.
    Token,
    /// The keys that ID tokens are signed with.
    Keys,
    /// The ID token within the answer of [`Step::Token`].
    IdToken,
    /// Who the person is.
    User,
    /// The e-mail addresses of the person.
    Emails,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "the discovery document",
            Self::Authorization => "the authorization page",
            Self::Token => "the token",
            Self::Keys => "the keys",
            Self::IdToken => "the ID token",
            Self::User => "the person",
            Self::Emails => "the e-mail addresses",
        })
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Outage> for Failure {
    fn from(outage: Outage) -> Self {
        Self::Unreachable(outage)
    }
}

impl From<BadAnswer> for Failure {
    fn from(answer: BadAnswer) -> Self {
        Self::BadAnswer(answer)
    }
}
