//! The client of identity providers: OAuth 2 (GitHub) and OpenID Connect (Google, and any provider by discovery).
//!
//! It sends a browser to a provider and learns from the provider who came back. What that means for a person, an
//! account or a session is not known here: the caller keeps the [`Pending`] sign-in in the browser's session, takes it
//! out again when the browser returns, and decides what to do with the [`Identity`].
//!
//! ```no_run
//! # use identity::{Begun, Callback, Failure, Pending, Providers};
//! async fn leave(providers: &Providers, session: &mut Option<Pending>) -> Result<String, Failure> {
//!     let google = providers.get("google").ok_or(Failure::State)?;
//!     let Begun { redirect_to, pending } = google.begin().await?;
//!     *session = Some(pending);
//!     Ok(redirect_to)
//! }
//!
//! async fn come_back(
//!     providers: &Providers,
//!     session: &mut Option<Pending>,
//!     query: Callback,
//! ) -> Result<(String, String), Failure> {
//!     let pending = session.take().ok_or(Failure::State)?;
//!     let google = providers.get("google").ok_or(Failure::State)?;
//!     let person = google.complete(pending, query).await?;
//!     Ok((person.issuer, person.subject))
//! }
//! ```
//!
//! It implements the authorization code grant ([RFC 6749]) with a proof key ([RFC 7636]) and the check of the answering
//! issuer ([RFC 9207]), and validates ID tokens by [OpenID Connect Core 1.0, part 3.1.3.7].
//!
//! [RFC 6749]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1
//! [RFC 7636]: https://www.rfc-editor.org/rfc/rfc7636
//! [RFC 9207]: https://www.rfc-editor.org/rfc/rfc9207
//! [OpenID Connect Core 1.0, part 3.1.3.7]: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
#![deny(missing_docs)]

mod config;
mod exchange;
mod failure;
mod github;
mod oidc;
mod outbound;
mod pending;
mod person;
mod providers;
mod secret;

pub use config::{ConfigError, GITHUB_API_URL, GITHUB_WEB_URL, GOOGLE_ISSUER, Kind, ProviderConfig};
pub use failure::{BadAnswer, ErrorCode, Failure, Outage, Refusal, Step};
pub use pending::{Begun, Callback, Pending};
pub use person::Identity;
pub use providers::{Clock, Listed, Provider, Providers};
pub use secret::Secret;
