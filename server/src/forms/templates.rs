//! A project's templates: their names, their end.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::orgs::ProjectRef;
use domain::templates::{DeleteTemplate, UpdateTemplate};
use domain::{Error, TemplateKey};
use service::Actor;

use super::project::{named, page};
use super::sent::encoded;
use super::{Answer, Forms, Sent};

/// What the page knows the forms by.
const FORM: &str = "templates";

/// The part of the list that the form was in.
fn list(of: &Result<ProjectRef, Error>, sent: &Sent) -> String {
    let cursor = sent.text("cursor").map(|cursor| format!("?cursor={}", encoded(cursor)));
    page(of, &format!("templates{}", cursor.unwrap_or_default()))
}

/// The template in it, where a form is that was refused.
fn row(of: &Result<ProjectRef, Error>, sent: &Sent) -> String {
    let row = template(sent).map(|key| format!("#template-{key}"));
    format!("{}{}", list(of, sent), row.unwrap_or_default())
}

fn template(sent: &Sent) -> Result<TemplateKey, Error> {
    let key = sent.text("template").and_then(|key| key.parse().ok());
    key.ok_or_else(|| Error::not_found("template"))
}

pub(crate) async fn rename(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let renamed = async {
        let text = |name| Some(sent.text(name).unwrap_or_default().to_owned());
        let command =
            UpdateTemplate { name: text("name"), description: text("description"), ..Default::default() };
        let (project, key) = (of.clone()?, template(&sent)?);
        let renamed = forms.services.templates().update(&actor, &project, key, command).await;
        renamed.map_err(service::Error::expose)
    };
    match renamed.await {
        Ok(template) => {
            Answer::done(list(&of, &sent), FORM, &format!("The template “{}” is changed.", template.key))
        }
        Err(error) => Answer::refused(row(&of, &sent), FORM, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let deleted = async {
        let confirm = sent.text("confirm").unwrap_or_default().to_owned();
        let (project, key) = (of.clone()?, template(&sent)?);
        let command = DeleteTemplate { confirm };
        let deleted = forms.services.templates().delete(&actor, &project, key.clone(), command).await;
        deleted.map(|()| key).map_err(service::Error::expose)
    };
    match deleted.await {
        Ok(key) => {
            Answer::done(list(&of, &sent), FORM, &format!("The template “{key}” is deleted. Its flags stay."))
        }
        Err(error) => Answer::refused(row(&of, &sent), FORM, sent, error),
    }
    .respond(&forms)
}
