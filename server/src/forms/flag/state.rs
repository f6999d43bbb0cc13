//! What a flag does: off at once, on again, and as it was.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use domain::flags::{FlagAt, SwitchFlag};
use domain::history::RollBack;
use domain::{EnvironmentKey, Error};
use service::Actor;

use super::super::sent::own_page;
use super::{Flag, Named};
use crate::forms::project::environment;
use crate::forms::{Answer, Forms, Sent};

// What the pages know the forms by.
const KILL: &str = "flag/kill";
const ENABLE: &str = "flag/enable";
const ROLL_BACK: &str = "flag/rollback";

/// Switches a flag off in each environment that is chosen. One that fails keeps none of the others on.
pub(crate) async fn kill(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    mut sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let next = sent.take("next").map_or_else(|| flag.page(""), |next| own_page(Some(next)));
    let mut done = Vec::new();
    let killed = async {
        let (project, key) = flag.both()?;
        let chosen: Vec<EnvironmentKey> =
            sent.all("environment").map(environment).collect::<Result<_, _>>()?;
        if chosen.is_empty() {
            return Err(Error::invalid("environment", "choose at least one"));
        }
        let mut failed = None;
        for environment in chosen {
            let at = FlagAt { project: project.clone(), key: key.clone(), environment: environment.clone() };
            match forms.services.flags().kill(&actor, at, sent.comment()).await {
                Ok(_) => done.push(environment.to_string()),
                Err(error) => failed = failed.or(Some(error.expose())),
            }
        }
        failed.map_or(Ok(key), Err)
    };
    let killed = killed.await;
    let places = done.join(" and ");
    match killed {
        Ok(key) => Answer::done(next, KILL, &format!("{key} is off in {places}.")),
        Err(error) if done.is_empty() => Answer::refused(next, KILL, sent, error),
        Err(error) => {
            let told = Error::conflict(format!("it is off in {places}, but not elsewhere: {error}"));
            Answer::refused(next, KILL, sent, told)
        }
    }
    .respond(&forms)
}

/// Switches a flag on again, as it was before.
pub(crate) async fn enable(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    mut sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let next = sent.take("next").map_or_else(|| flag.page(""), |next| own_page(Some(next)));
    let enabled = async {
        let (project, key) = flag.both()?;
        let command = SwitchFlag {
            project,
            key,
            environment: environment(sent.text("environment").unwrap_or_default())?,
            enabled: true,
            version: sent.number("version")?,
            comment: sent.comment(),
        };
        let at = command.environment.clone();
        let row = forms.services.flags().switch(&actor, command).await.map_err(service::Error::expose)?;
        Ok(format!("{} is on again in {at}.", row.key))
    };
    match enabled.await {
        Ok(notice) => Answer::done(next, ENABLE, &notice),
        Err(error) => Answer::refused(next, ENABLE, sent, error),
    }
    .respond(&forms)
}

/// Makes a new version that does what an old one did.
pub(crate) async fn roll_back(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let at = environment(sent.text("environment").unwrap_or_default());
    let history = match &at {
        Ok(at) => flag.page(&format!("/history?env={at}")),
        Err(_) => flag.page("/history"),
    };
    let to = sent.number::<i64>("to");
    let rolled = async {
        let (project, key) = flag.both()?;
        let to = to.clone()?.ok_or_else(|| Error::invalid("to", "is needed"))?;
        let command = RollBack { to, version: sent.number("version")?, comment: sent.comment() };
        let history = forms.services.history();
        let rolled = history.roll_back_flag(&actor, &project, key, at.clone()?, command).await;
        let rolled = rolled.map_err(service::Error::expose)?;
        Ok(format!("It does again what version {to} did. That is version {} now.", rolled.version))
    };
    match rolled.await {
        Ok(notice) => Answer::done(history, ROLL_BACK, &notice),
        Err(error) => {
            // What was looked at stays, compared with what is there now.
            let version = to
                .ok()
                .flatten()
                .filter(|_| at.is_ok())
                .map(|to| format!("&version={to}"))
                .unwrap_or_default();
            Answer::refused(format!("{history}{version}"), ROLL_BACK, sent, error)
        }
    }
    .respond(&forms)
}
