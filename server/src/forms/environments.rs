//! A project's environments.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::environments::{
    Color, CreateEnvironment, DeleteEnvironment, EnvironmentChanges, OrderEnvironments, ProtectEnvironment,
    UpdateEnvironment,
};
use domain::flags::PurgeCaches;
use domain::orgs::ProjectRef;
use domain::projects::suggest_key;
use domain::{EnvironmentKey, Error, InvalidKey};
use service::Actor;

use super::project::{environment, named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const CREATE: &str = "environments/new";
const MOVE: &str = "environments/move";
const UPDATE: &str = "environments/update";
const PROTECT: &str = "environments/protect";
const PURGE: &str = "environments/purge";
const DELETE: &str = "environments/delete";

const LIST: &str = "environments";

/// An environment of a project.
type Named = Path<(String, String, String)>;

pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let created = async {
        let name = sent.text("name").unwrap_or_default().to_owned();
        let key = sent.text("key").map_or_else(|| suggest_key(&name, "environment"), str::to_owned);
        let command = CreateEnvironment {
            project: of.clone()?,
            key: typed_key("key", &key)?,
            name,
            color: color(&sent)?,
            protected: sent.text("protected").is_some(),
            copy_from: sent.text("copy_from").map(|key| typed_key("copy_from", key)).transpose()?,
        };
        forms.services.environments().create(&actor, command).await.map_err(service::Error::expose)
    };
    match created.await {
        Ok(made) => {
            let notice =
                format!("The environment “{}” is made. Its applications need an API key of it.", made.key);
            Answer::done(page(&of, LIST), CREATE, &notice)
        }
        // What is wrong stands in the form, which is at the end of the page.
        Err(error) => Answer::refused(format!("{}#new", page(&of, LIST)), CREATE, sent, error),
    }
    .respond(&forms)
}

/// Moves an environment one place up or down.
pub(crate) async fn shift(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let moved = async {
        let (project, key) = (of.clone()?, environment(&key)?);
        let environments = forms.services.environments();
        let list = environments.list(&actor, &project).await.map_err(service::Error::expose)?;
        let mut order: Vec<_> = list.into_iter().map(|environment| environment.key).collect();
        let at = order.iter().position(|other| *other == key);
        let at = at.ok_or_else(|| Error::not_found(format!("environment `{key}`")))?;
        let to = match sent.text("to") {
            Some("up") => at.saturating_sub(1),
            Some("down") => (at + 1).min(order.len() - 1),
            _ => return Err(Error::invalid("to", "is “up” or “down”")),
        };
        order.swap(at, to);
        let command = OrderEnvironments { project, order };
        environments.order(&actor, command).await.map(|_| key).map_err(service::Error::expose)
    };
    let to = page(&of, LIST);
    match moved.await {
        Ok(key) => Answer::done(to, MOVE, &format!("The environment “{key}” is moved.")),
        Err(error) => Answer::refused(to, MOVE, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn update(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let updated = async {
        let changes = EnvironmentChanges {
            name: Some(sent.text("name").unwrap_or_default().to_owned()),
            color: Some(color(&sent)?),
            protected: None,
        };
        let command = UpdateEnvironment { project: of.clone()?, environment: environment(&key)?, changes };
        forms.services.environments().update(&actor, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &key);
    match updated.await {
        Ok(_) => Answer::done(to, UPDATE, "The environment is changed."),
        Err(error) => Answer::refused(to, UPDATE, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn protect(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let protected = async {
        let protected = sent.text("protected").and_then(|text| text.parse().ok());
        let protected = protected.ok_or_else(|| Error::invalid("protected", "is “true” or “false”"))?;
        let command = ProtectEnvironment { project: of.clone()?, environment: environment(&key)?, protected };
        forms.services.environments().protect(&actor, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &key);
    match protected.await {
        Ok(environment) if environment.protected => {
            Answer::done(to, PROTECT, "The environment is protected from now on.")
        }
        Ok(_) => Answer::done(to, PROTECT, "The environment is no longer protected."),
        Err(error) => Answer::refused(to, PROTECT, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn purge(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let purged = async {
        let command = PurgeCaches { flag: None, comment: sent.comment() };
        let (project, environment) = (of.clone()?, environment(&key)?);
        let purged = forms.services.flags().purge(&actor, &project, environment, command).await;
        purged.map_err(service::Error::expose)
    };
    let to = one(&of, &key);
    match purged.await {
        Ok(purged) => {
            let told = match purged.streams {
                0 => "no stream is open that could be told".to_owned(),
                1 => "1 open stream is told".to_owned(),
                count => format!("{count} open streams are told"),
            };
            let notice = format!("Caches are purged: the revision is {} now, and {told}.", purged.revision);
            Answer::done(to, PURGE, &notice)
        }
        Err(error) => Answer::refused(to, PURGE, sent, error),
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
        let confirm = sent.text("confirm").unwrap_or_default().to_owned();
        let command = DeleteEnvironment { project: of.clone()?, environment: environment(&key)?, confirm };
        forms.services.environments().delete(&actor, command).await.map_err(service::Error::expose)
    };
    match deleted.await {
        Ok(()) => {
            let notice = format!("The environment “{key}” is deleted.");
            Answer::done(page(&of, LIST), DELETE, &notice)
        }
        Err(error) => Answer::refused(one(&of, &key), DELETE, sent, error),
    }
    .respond(&forms)
}

/// The page of an environment. What cannot be a key is not put into an address.
fn one(of: &Result<ProjectRef, Error>, key: &str) -> String {
    match environment(key) {
        Ok(key) => page(of, &format!("{LIST}/{key}")),
        Err(_) => page(of, LIST),
    }
}

/// The environment that an address names.
fn typed_key(field: &str, key: &str) -> Result<EnvironmentKey, Error> {
    key.parse().map_err(|error: InvalidKey| Error::invalid(field, error.to_string()))
}

fn color(sent: &Sent) -> Result<Color, Error> {
    let color = sent.text("color").and_then(Color::from_name);
    color.ok_or_else(|| Error::invalid("color", "is none of the colours"))
}
