use leptos::prelude::*;
use leptos_router::location::Url;

use super::api::{Invited, State, load_invitation};
use super::query;
use crate::error::UiError;
use crate::flash::{Message, flash};
use crate::organization::article;
use crate::ui::frame::Narrow;
use crate::ui::loaded::Loaded;
use crate::ui::time::{exact, until};
use crate::ui::waiting::awaited;

const FORM: &str = "/invitations/accept";

/// Where the link of an invitation leads. Looking at it accepts nothing.
#[component]
pub(crate) fn InvitationPage() -> impl IntoView {
    let token = query("token");
    let asked = token.clone();
    let invited = Loaded::blocking(move || asked.clone(), load_invitation);
    let flash = flash();
    view! {
        <Suspense>
            {awaited(move || {
                let (token, flash) = (token.clone(), flash.clone());
                Suspend::new(async move {
                    match invited.await {
                        Ok(invited) => page(invited, token, flash),
                        Err(error) => unknown(&error).into_any(),
                    }
                })
            })}
        </Suspense>
    }
    .into_any()
}

fn page(invited: Invited, token: String, flash: crate::flash::Flash) -> AnyView {
    let Invited { invitation, state, person, now } = invited;
    let organization = invitation.organization_name.clone();
    if let (State::Open, Some(person)) = (state, &person)
        && person.email.to_lowercase() != invitation.email.to_lowercase()
    {
        return of_another(person.email.clone(), &token).into_any();
    }
    let gone = |why: &'static str| {
        view! { <p class="mt-4 text-muted">{why}</p> <a class="button mt-6 self-start" href="/" rel="external">"Go to Togglebit"</a> }
            .into_any()
    };
    let body = match (state, person) {
        (State::Expired, _) => gone("This invitation has expired. Ask whoever sent it for another one."),
        (State::Revoked, _) => gone("This invitation was taken back."),
        (State::Accepted, _) => gone("This invitation was accepted already."),
        (State::Open, None) => {
            let (sign_up, sign_in) = (
                format!("/sign-up?invitation={token}&email={}", Url::escape(&invitation.email)),
                format!("/sign-in?next={}", Url::escape(&format!("/invitation?token={token}"))),
            );
            view! {
                <p class="mt-6">"It is for " <strong class="[overflow-wrap:anywhere]">{invitation.email.clone()}</strong> "."</p>
                <a class="button button-primary mt-4 h-10 justify-center" href=sign_up rel="external">"Create an account"</a>
                <a class="button mt-2 h-10 justify-center" href=sign_in rel="external">"Sign in"</a>
            }
            .into_any()
        }
        (State::Open, Some(_)) => view! {
            <Message flash form=FORM fields=&[] />
            <form method="post" action=FORM class="mt-6">
                <input type="hidden" name="token" value=token />
                <button class="button button-primary h-10 w-full justify-center">"Accept"</button>
            </form>
        }
        .into_any(),
    };
    let verb = if state == State::Open { "are" } else { "were" };
    let at = invitation.expires_at;
    let end = (state == State::Open).then(|| {
        view! { " The invitation ends " <time title=exact(at)>{until(now, at)}</time> "." }
    });
    view! {
        <Narrow title=format!("Join {organization}")>
            <p class="mt-2 text-muted">
                "You " {verb} " invited as " {article(invitation.role)} " " {invitation.role.as_str()} "." {end}
            </p>
            {body}
        </Narrow>
    }
    .into_any()
}

/// What somebody sees who is signed in with another address than the invited one.
fn of_another(email: String, token: &str) -> impl IntoView + use<> {
    let sign_out = format!("/sign-out?next={}", Url::escape(&format!("/invitation?token={token}")));
    view! {
        <Narrow title="This invitation is not for you">
            <p class="mt-4 text-muted">
                "It was sent to another address. You are signed in as "
                <strong class="text-ink [overflow-wrap:anywhere]">{email}</strong> "."
            </p>
            <form method="post" action=sign_out class="mt-6">
                <button class="button button-primary h-10 w-full justify-center">"Sign out and use another account"</button>
            </form>
            <a class="button mt-2 h-10 justify-center" href="/" rel="external">"Go to your flags"</a>
        </Narrow>
    }
}

fn unknown(error: &UiError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::set_status(404);
    let text = match error {
        UiError::Rejected(domain::Error::NotFound { .. }) => {
            "This link leads to no invitation. It may be mistyped, or a newer one has replaced it.".to_owned()
        }
        error => error.to_string(),
    };
    view! {
        <Narrow title="No such invitation">
            <p class="mt-4 text-muted">{text}</p>
            <p class="mt-4 text-sm"><a class="link" href="/sign-in">"Sign in"</a></p>
        </Narrow>
    }
}
