//! A flag's copy, its archive, and its end.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use domain::flags::{ArchiveFlag, CopyFlag, DeleteFlag, FlagCopy};
use domain::orgs::ProjectRef;
use domain::{Error, InvalidKey};
use service::Actor;

use super::super::project::page;
use super::{Flag, Named};
use crate::forms::{Answer, Forms, Sent};

// What the pages know the forms by.
const COPY: &str = "flag/copy";
const ARCHIVE: &str = "flag/archive";
const DELETE: &str = "flag/delete";

/// Copies a flag, and goes to the copy.
pub(crate) async fn copy(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let copied = async {
        let (project, key) = flag.both()?;
        let wrong = |error: InvalidKey| Error::invalid("key", error.to_string());
        let copy = FlagCopy {
            key: sent.text("key").unwrap_or_default().parse().map_err(wrong)?,
            project: sent.text("project").map(str::to_owned),
            name: sent.text("name").map(str::to_owned),
            keep_state: sent.text("keep_state").is_some(),
            comment: sent.comment(),
        };
        let to = match &copy.project {
            Some(other) => ProjectRef {
                organization: project.organization.clone(),
                project: other.parse().map_err(|_| Error::not_found("project"))?,
            },
            None => project.clone(),
        };
        let command = CopyFlag { project, key, copy };
        let made = forms.services.flags().copy(&actor, command).await.map_err(service::Error::expose)?;
        Ok((to, made.key))
    };
    match copied.await {
        Ok((to, key)) => {
            let notice = format!("{key} is made: this is the copy.");
            Answer::done(page(&Ok(to), &format!("flags/{key}")), COPY, &notice)
        }
        Err(error) => Answer::refused(flag.page("/settings#copy"), COPY, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn archive(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    shelve(&forms, &actor, &Flag::of(named), sent, true).await
}

pub(crate) async fn restore(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    shelve(&forms, &actor, &Flag::of(named), sent, false).await
}

/// Archives a flag, or restores it.
async fn shelve(forms: &Forms, actor: &Actor, flag: &Flag, sent: Sent, archives: bool) -> Response {
    let shelved = async {
        let (project, key) = flag.both()?;
        let command = ArchiveFlag { project, key, comment: sent.comment() };
        let flags = forms.services.flags();
        let shelved = match archives {
            true => flags.archive(actor, command).await,
            false => flags.restore(actor, command).await,
        };
        shelved.map_err(service::Error::expose)
    };
    match shelved.await {
        Ok(view) => {
            let notice = match archives {
                true => format!("{} is archived: no environment serves it any more.", view.key),
                false => format!("{} is restored: every environment serves it as before.", view.key),
            };
            Answer::done(flag.page("/settings"), ARCHIVE, &notice)
        }
        Err(error) => Answer::refused(flag.page("/settings#archive"), ARCHIVE, sent, error),
    }
    .respond(forms)
}

pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    named: Named,
    sent: Sent,
) -> Response {
    let flag = Flag::of(named);
    let deleted = async {
        let (project, key) = flag.both()?;
        let confirm = sent.text("confirm").unwrap_or_default().to_owned();
        let command = DeleteFlag { project, key: key.clone(), confirm, comment: sent.comment() };
        forms.services.flags().delete(&actor, command).await.map_err(service::Error::expose)?;
        Ok(key)
    };
    match deleted.await {
        Ok(key) => Answer::done(page(&flag.of, "flags"), DELETE, &format!("The flag {key} is deleted.")),
        Err(error) => Answer::refused(flag.page("/settings#delete"), DELETE, sent, error),
    }
    .respond(&forms)
}
