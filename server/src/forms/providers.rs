//! Signing in through identity providers: there and back.

use api::manage::who;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::{Error, UserId};
use identity::{Begun, Callback, Failure, Pending};
use serde::{Deserialize, Serialize};
use service::Actor;
use service::accounts::{Arrival, ProvenIdentity};
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session};

use super::sent::encoded;
use super::{Answer, Forms, Sent};
use crate::session::refused;

/// The session's entry for somebody who is at a provider.
const AWAY: &str = "away";

/// The session's entry for an identity that waits until its owner proves the account with the same address.
const WAITING: &str = "waiting_identity";

/// How long the session of somebody who is not signed in is kept for that.
const WAIT: Duration = Duration::minutes(10);

/// What is remembered while somebody is at a provider.
#[derive(Serialize, Deserialize)]
struct Away {
    pending: Pending,
    invitation: Option<String>,
    /// Whose account the identity is to be one of, where somebody who is signed in connects it.
    connect: Option<UserId>,
}

/// Sends the browser to a provider. By a page instead of a redirect: browsers hold a redirect that follows a form against
/// the policy on where forms may lead.
pub(crate) async fn leave(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    session: Session,
    mut sent: Sent,
) -> Response {
    let invitation = sent.take("invitation");
    let connect = match (sent.take("connect"), actor.person()) {
        (None, _) => None,
        (Some(_), Some(person)) => Some(person.id),
        (Some(_), None) => return Redirect::to("/sign-in").into_response(),
    };
    let page = if connect.is_some() { "/account" } else { "/sign-in" };
    let Some(provider) = forms.providers.get(&id) else {
        return Answer::refused(page, page, sent, Error::not_found("provider")).respond(&forms);
    };
    let Begun { redirect_to, pending } = match provider.begin().await {
        Ok(begun) => begun,
        Err(failure) => return Answer::refused(page, page, sent, told(&failure)).respond(&forms),
    };
    if actor.person().is_none() {
        session.set_expiry(Some(Expiry::OnInactivity(WAIT)));
    }
    if let Err(error) = session.insert(AWAY, Away { pending, invitation, connect }).await {
        return api::Rejection::from(service::Error::from(error)).into_response();
    }
    let address = redirect_to.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\"></head>\
         <body><p><a href=\"{address}\">Continue to {}</a></p></body></html>",
        provider.label().replace('&', "&amp;").replace('<', "&lt;")
    );
    (
        [(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        )],
        Html(html),
    )
        .into_response()
}

/// Where the provider sends the browser back to.
pub(crate) async fn come_back(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    session: Session,
    Query(callback): Query<Callback>,
) -> Response {
    // Taken out first: a second answer to the same question finds nothing.
    let away: Option<Away> = match session.remove(AWAY).await {
        Ok(away) => away,
        Err(error) => return api::Rejection::from(service::Error::from(error)).into_response(),
    };
    // An answer that nobody asked for writes nothing.
    if away.is_some()
        && let Err(error) = session.save().await
    {
        return api::Rejection::from(service::Error::from(error)).into_response();
    }
    let connect = away.as_ref().is_some_and(|away| away.connect.is_some());
    let page = if connect { "/account" } else { "/sign-in" };
    match arrive(&forms, &actor, &session, &id, away, callback).await {
        Ok(to) => to,
        Err(error) => Answer::refused(page, page, Sent::of([]), error).respond(&forms),
    }
}

async fn arrive(
    forms: &Forms,
    actor: &Actor,
    session: &Session,
    id: &str,
    away: Option<Away>,
    callback: Callback,
) -> Result<Response, Error> {
    let Away { pending, invitation, connect } = away.ok_or_else(|| told(&Failure::State))?;
    let provider = forms.providers.get(id).ok_or_else(|| Error::not_found("provider"))?;
    let identity = provider.complete(pending, callback).await.map_err(|failure| told(&failure))?;
    let proven = ProvenIdentity {
        provider: id.to_owned(),
        issuer: identity.issuer,
        subject: identity.subject,
        verified_email: identity.email.filter(|_| identity.email_verified),
        name: identity.name,
    };
    let accounts = forms.services.accounts();
    if let Some(owner) = connect {
        // Somebody else may have signed in since.
        if actor.person().is_none_or(|person| person.id != owner) {
            return Err(told(&Failure::State));
        }
        accounts.connect(actor, proven).await.map_err(service::Error::expose)?;
        return Ok(Answer::done("/account", "/account", "The provider is connected.").respond(forms));
    }
    let arrival = accounts
        .arrive(actor, proven.clone(), invitation.as_deref())
        .await
        .map_err(service::Error::expose)?;
    match arrival {
        Arrival::SignedIn(newcomer) => {
            who::begin(&forms.services, session, &newcomer).await.map_err(refused)?;
            let to =
                invitation.map(|token| format!("/invitation?token={}", encoded(&token))).unwrap_or_default();
            let is_member = forms.services.orgs().home(&newcomer).await.is_ok_and(|home| home.is_some());
            Ok(Redirect::to(if to.is_empty() || is_member { "/" } else { &to }).into_response())
        }
        Arrival::ProveAccount { email } => {
            if actor.person().is_none() {
                session.set_expiry(Some(Expiry::OnInactivity(WAIT)));
            }
            session.insert(WAITING, proven).await.map_err(|error| service::Error::from(error).expose())?;
            let notice = format!(
                "There is an account for {email} already. Sign in to it the way you did before, and {} is connected to it.",
                provider.label()
            );
            Ok(Answer::done("/sign-in", "/sign-in", &notice).respond(forms))
        }
    }
}

/// Gives the identity that waits, if one does, to whoever has just proven the account with its address.
pub(crate) async fn connect_waiting(forms: &Forms, actor: &Actor, session: &Session) {
    let Ok(Some(proven)) = session.remove::<ProvenIdentity>(WAITING).await else { return };
    let own = actor.person().map(|person| person.email.to_lowercase());
    if proven.verified_email.as_ref().map(|email| email.to_lowercase()) != own {
        return;
    }
    // Whoever signed in is signed in, whatever becomes of this.
    if let Err(error) = forms.services.accounts().connect(actor, proven).await {
        tracing::warn!(error.causes = service::causes(&error), "a waiting identity was not connected");
    }
}

/// What a failure is to whoever sees it; its causes are logged.
fn told(failure: &Failure) -> Error {
    tracing::warn!(error.causes = service::causes(failure), "signing in through a provider failed");
    Error::Forbidden { reason: failure.to_string() }
}
