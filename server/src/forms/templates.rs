//! A project's templates.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::templates::{CreateTemplate, DeleteTemplate, UpdateTemplate};
use domain::{Error, InvalidKey, TemplateKey};
use service::Actor;

use super::project::{named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const CREATE: &str = "templates/new";
const UPDATE: &str = "templates/update";
const DELETE: &str = "templates/delete";

const LIST: &str = "templates";

/// A template of a project.
type Named = Path<(String, String, String)>;

/// Makes a template of what a flag is, and does in an environment.
pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let created = async {
        let wrong = |field: &'static str| move |error: InvalidKey| Error::invalid(field, error.to_string());
        let flag = sent.text("from_flag").ok_or_else(|| Error::invalid("from_flag", "is needed"))?;
        let environment = sent.text("environment").unwrap_or_default();
        let command = CreateTemplate {
            key: sent.text("key").map(|key| key.parse().map_err(wrong("key"))).transpose()?,
            name: sent.text("name").unwrap_or_default().to_owned(),
            description: sent.text("description").unwrap_or_default().to_owned(),
            shape: None,
            from_flag: Some(flag.parse().map_err(wrong("from_flag"))?),
            environment: Some(environment.parse().map_err(wrong("environment"))?),
        };
        let made = forms.services.templates().create(&actor, &of.clone()?, command).await;
        made.map_err(|error| placed(error.expose()))
    };
    match created.await {
        Ok(made) => {
            let notice = format!("The template `{}` is made.", made.key);
            Answer::done(page(&of, LIST), CREATE, &notice)
        }
        // What is wrong stands in the form, which is at the end of the page.
        Err(error) => Answer::refused(format!("{}#new", page(&of, LIST)), CREATE, sent, error),
    }
    .respond(&forms)
}

/// Changes what a template is called.
pub(crate) async fn update(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let updated = async {
        let command = UpdateTemplate {
            name: Some(sent.text("name").unwrap_or_default().to_owned()),
            description: Some(sent.text("description").unwrap_or_default().to_owned()),
            ..UpdateTemplate::default()
        };
        let updated = forms.services.templates().update(&actor, &of.clone()?, template(&key)?, command).await;
        updated.map_err(service::Error::expose)
    };
    let to = one(&of, &key);
    match updated.await {
        Ok(_) => Answer::done(to, UPDATE, "The template is changed."),
        Err(error) => Answer::refused(to, UPDATE, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let deleted = async {
        let command = DeleteTemplate { confirm: sent.text("confirm").unwrap_or_default().to_owned() };
        let deleted = forms.services.templates().delete(&actor, &of.clone()?, template(&key)?, command).await;
        deleted.map_err(service::Error::expose)
    };
    match deleted.await {
        Ok(()) => {
            let notice = format!("The template `{key}` is deleted.");
            Answer::done(page(&of, LIST), DELETE, &notice)
        }
        Err(error) => Answer::refused(one(&of, &key), DELETE, sent, error),
    }
    .respond(&forms)
}

/// A refusal in the terms of the form: what it names and is not there, and a key that is taken.
fn placed(error: Error) -> Error {
    match error {
        Error::NotFound { what } if what.starts_with("flag") => {
            Error::invalid("from_flag", format!("there is no {what}"))
        }
        Error::Conflict { message, .. } => Error::invalid("key", message),
        other => other,
    }
}

/// The template that an address names.
fn template(key: &str) -> Result<TemplateKey, Error> {
    key.parse().map_err(|_| Error::not_found("template"))
}

/// The page of a template. What cannot be a key is not put into an address.
fn one(of: &Result<domain::orgs::ProjectRef, Error>, key: &str) -> String {
    match template(key) {
        Ok(key) => page(of, &format!("{LIST}/{key}")),
        Err(_) => page(of, LIST),
    }
}
