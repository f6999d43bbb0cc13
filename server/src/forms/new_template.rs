//! A new template.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::templates::CreateTemplate;
use domain::{Error, InvalidKey};
use service::Actor;

use super::project::{named, page};
use super::{Answer, Forms, Sent};

/// What the page knows the form by.
const FORM: &str = "templates/new";

const LIST: &str = "templates";

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
            let notice = format!("The template “{}” is made.", made.key);
            Answer::done(page(&of, LIST), FORM, &notice)
        }
        // What is wrong stands in the form, which is at the end of the page.
        Err(error) => Answer::refused(format!("{}#new", page(&of, LIST)), FORM, sent, error),
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
