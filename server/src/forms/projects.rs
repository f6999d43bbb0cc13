//! Projects: a new one, its name, its end.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::environments::EnvironmentView;
use domain::orgs::{ProjectRef, ProjectView};
use domain::projects::{CreateProject, DeleteProject, NewEnvironment, RenameProject, suggest_key};
use domain::{Error, InvalidKey, OrgSlug, ProjectKey};
use service::Actor;

use super::project::{named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const CREATE: &str = "projects/new";
const RENAME: &str = "project/rename";
const DELETE: &str = "project/delete";

const PAGE: &str = "settings";

pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path(organization): Path<String>,
    mut sent: Sent,
) -> Response {
    let from = sent.take("project").and_then(|key| key.parse::<ProjectKey>().ok());
    let organization = organization.parse::<OrgSlug>().map_err(|_| Error::not_found("organization"));
    let created = async {
        let organization = organization.clone()?;
        let name = sent.text("name").unwrap_or_default().to_owned();
        let key = sent.text("key").map_or_else(|| suggest_key(&name, "project"), str::to_owned);
        let key = key.parse().map_err(|error: InvalidKey| Error::invalid("key", error.to_string()))?;
        let environments = match sent.text("like") {
            None => None,
            Some(like) => {
                let like = like.parse().map_err(|_| Error::invalid("like", "is no project"))?;
                let of = ProjectRef { organization: organization.clone(), project: like };
                Some(same_environments(&forms, &actor, &of).await?)
            }
        };
        let command = CreateProject { organization, key, name, environments };
        forms.services.projects().create(&actor, command).await.map_err(service::Error::expose)
    };
    match (created.await, organization) {
        (Ok(ProjectView { key, .. }), Ok(organization)) => {
            let to = format!("/o/{organization}/{key}/{PAGE}");
            Answer::done(to, CREATE, &format!("The project “{key}” is made, and this is it."))
        }
        (Ok(_), Err(error)) | (Err(error), Err(_)) => Answer::refused("/", CREATE, sent, error),
        (Err(error), Ok(organization)) => {
            let page = match from {
                Some(key) => format!("{key}/{PAGE}?tab=organization"),
                None => PAGE.to_owned(),
            };
            Answer::refused(format!("/o/{organization}/{page}#new-project"), CREATE, sent, error)
        }
    }
    .respond(&forms)
}

/// New environments that are called, look and are protected as those of a project.
async fn same_environments(
    forms: &Forms,
    actor: &Actor,
    of: &ProjectRef,
) -> Result<Vec<NewEnvironment>, Error> {
    let list = forms.services.environments().list(actor, of).await.map_err(service::Error::expose)?;
    let same =
        |EnvironmentView { key, name, color, protected, .. }| NewEnvironment { key, name, color, protected };
    Ok(list.into_iter().map(same).collect())
}

pub(crate) async fn rename(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let renamed = async {
        let name = sent.text("name").unwrap_or_default().to_owned();
        let command = RenameProject { project: of.clone()?, name };
        forms.services.projects().rename(&actor, command).await.map_err(service::Error::expose)
    };
    let to = page(&of, PAGE);
    match renamed.await {
        Ok(_) => Answer::done(to, RENAME, "The project's name is changed."),
        Err(error) => Answer::refused(to, RENAME, sent, error),
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
        let command = DeleteProject { project: of.clone()?, confirm };
        forms.services.projects().delete(&actor, command).await.map_err(service::Error::expose)
    };
    match (deleted.await, &of) {
        (Ok(()), Ok(of)) => {
            let notice = format!("The project “{}” is deleted.", of.project);
            Answer::done(format!("/o/{}/{PAGE}", of.organization), DELETE, &notice)
        }
        (Ok(()), Err(_)) => Answer::done("/", DELETE, "The project is deleted."),
        (Err(error), _) => Answer::refused(page(&of, &format!("{PAGE}#delete-project")), DELETE, sent, error),
    }
    .respond(&forms)
}
