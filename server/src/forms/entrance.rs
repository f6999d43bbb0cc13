//! The ways in and out.

use api::manage::who;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{ResetPassword, SignIn, SignUp};
use domain::orgs::{CreateOrganization, OrganizationView, suggest_slug};
use domain::{Error, InvitationId, Result};
use service::{Actor, Services};
use tower_sessions::Session;

use super::providers::connect_waiting;
use super::sent::{encoded, own_page};
use super::{Answer, Forms, Sent};
use crate::session::refused;

pub(crate) async fn sign_in(
    State(forms): State<Forms>,
    Extension(asker): Extension<Actor>,
    session: Session,
    mut sent: Sent,
) -> Response {
    let next = sent.take("next").map(|next| own_page(Some(next)));
    let services = &forms.services;
    let attempt = async {
        let command: SignIn = sent.command()?;
        let actor =
            services.accounts().check_password(&asker, command).await.map_err(service::Error::expose)?;
        who::begin(services, &session, &actor).await.map_err(refused)?;
        connect_waiting(&forms, &actor, &session).await;
        Ok(())
    };
    match attempt.await {
        Ok(()) => Redirect::to(&own_page(next)).into_response(),
        Err(error) => {
            let to = next.map_or("/sign-in".to_owned(), |next| format!("/sign-in?next={}", encoded(&next)));
            Answer::refused(to, "/sign-in", sent, error).respond(&forms)
        }
    }
}

pub(crate) async fn sign_up(
    State(forms): State<Forms>,
    Extension(asker): Extension<Actor>,
    session: Session,
    mut sent: Sent,
) -> Response {
    let invitation = sent.take("invitation");
    let services = &forms.services;
    let attempt = async {
        let command = SignUp { invitation: invitation.clone(), ..sent.command()? };
        let person = services.accounts().sign_up(&asker, command).await.map_err(service::Error::expose)?;
        let actor = services.accounts().actor(person.id).await.map_err(service::Error::expose)?;
        who::begin(services, &session, &actor.from_where(&asker)).await.map(drop).map_err(refused)
    };
    match attempt.await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => {
            let query =
                invitation.map(|token| format!("?invitation={}", encoded(&token))).unwrap_or_default();
            Answer::refused(format!("/sign-up{query}"), "/sign-up", sent, error).respond(&forms)
        }
    }
}

/// Ends the session, and leads to the page of ours that the address names.
pub(crate) async fn sign_out(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Response {
    let mut fields = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let next = fields.find(|(name, _)| name == "next").map(|(_, next)| own_page(Some(next.into_owned())));
    let next = next.unwrap_or_else(|| "/sign-in".to_owned());
    match who::end(&forms.services, &session, &actor).await {
        Ok(()) => (crate::session::removal(forms.secure), Redirect::to(&next)).into_response(),
        Err(rejection) => rejection.into_response(),
    }
}

pub(crate) async fn reset_password(
    State(forms): State<Forms>,
    Extension(asker): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let token = sent.take("token").unwrap_or_default();
    let attempt = async {
        let password = domain::accounts::Password(sent.take("password").unwrap_or_default());
        let command = ResetPassword { token: token.clone(), password };
        forms.services.accounts().reset_password(&asker, command).await.map_err(service::Error::expose)
    };
    match attempt.await {
        Ok(_) => {
            Answer::done("/sign-in", "/sign-in", "Your password is changed. Sign in with it.").respond(&forms)
        }
        Err(error) => {
            let to = format!("/reset-password?token={}", encoded(&token));
            Answer::refused(to, "/reset-password", sent, error).respond(&forms)
        }
    }
}

/// Accepts the invitation of a link, by its token, or one for one's own address, by its id.
pub(crate) async fn accept_invitation(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let (token, id) = (sent.take("token"), sent.take("invitation"));
    match accept(&forms.services, &actor, token.as_deref(), id).await {
        Ok(organization) => Redirect::to(&flags(&organization)).into_response(),
        Err(error) => {
            let to =
                token.map_or("/welcome".to_owned(), |token| format!("/invitation?token={}", encoded(&token)));
            Answer::refused(to, "/invitations/accept", sent, error).respond(&forms)
        }
    }
}

async fn accept(
    services: &Services,
    actor: &Actor,
    token: Option<&str>,
    id: Option<String>,
) -> Result<OrganizationView> {
    let accepted = match (token, id.and_then(|id| id.parse().ok())) {
        (Some(token), _) => services.orgs().accept_link(actor, token).await,
        (None, Some(id)) => services.orgs().accept_mine(actor, InvitationId(id)).await,
        (None, None) => return Err(Error::not_found("invitation")),
    };
    accepted.map_err(service::Error::expose)
}

pub(crate) async fn create_organization(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    mut sent: Sent,
) -> Response {
    let attempt = async {
        let name = sent.take("name").unwrap_or_default().trim().to_owned();
        let slug = sent.take("slug").map_or_else(|| suggest_slug(&name), |slug| slug.trim().to_owned());
        let kept = [("name".to_owned(), name.clone()), ("slug".to_owned(), slug.clone())];
        let owner = actor.person().ok_or(Error::Unauthenticated);
        let command = owner.and_then(|owner| {
            let slug = slug
                .parse()
                .map_err(|error: domain::InvalidKey| Error::invalid("slug", error.to_string()))?;
            Ok(CreateOrganization { slug, name, owner: owner.id })
        });
        let created = match command {
            Ok(command) => {
                forms.services.orgs().create(&actor, command).await.map_err(service::Error::expose)
            }
            Err(error) => Err(error),
        };
        created.map_err(|error| (kept, error))
    };
    match attempt.await {
        Ok(organization) => Redirect::to(&flags(&organization)).into_response(),
        Err((kept, error)) => {
            Answer::refused("/welcome", "/organizations", Sent::of(kept), error).respond(&forms)
        }
    }
}

fn flags(organization: &OrganizationView) -> String {
    format!("/o/{}/default/flags", organization.slug)
}
