//! A project's segments.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::history::RollBack;
use domain::orgs::ProjectRef;
use domain::segments::{CreateSegment, DeleteSegment, SegmentPlace, UpdateSegment, UploadKeys, Uploaded};
use domain::{EnvironmentKey, Error, SegmentKey};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::Actor;
use service::segments::KeyFormat;

use super::project::{environment, named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const CREATE: &str = "segments/new";
const UPDATE: &str = "segments/update";
const DELETE: &str = "segments/delete";
const KEYS: &str = "segments/keys";
const ROLL_BACK: &str = "segments/roll-back";

/// A segment of a project.
type Named = Path<(String, String, String)>;

/// Creates a segment, and goes to its page.
pub(crate) async fn create(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let created = async {
        let key = sent.text("key").map(str::parse).transpose();
        let text = |name| sent.text(name).unwrap_or_default().to_owned();
        let lines = sent.text("included").unwrap_or_default().lines().map(str::trim);
        let command = CreateSegment {
            key: key.map_err(|error: domain::InvalidKey| Error::invalid("key", error.to_string()))?,
            name: text("name"),
            description: text("description"),
            by: sent.text("by").map(str::to_owned),
            included: lines.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            excluded: Vec::new(),
            when: None,
        };
        forms.services.segments().create(&actor, &of.clone()?, command).await.map_err(service::Error::expose)
    };
    match created.await {
        Ok(made) => Redirect::to(&one(&of, made.key.as_str(), sent.text("environment"))).into_response(),
        Err(error) => Answer::refused(page(&of, "segments/new"), CREATE, sent, listed(error)).respond(&forms),
    }
}

/// Changes a segment's name and description.
pub(crate) async fn update(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let updated = async {
        let text = |name| Some(sent.text(name).unwrap_or_default().to_owned());
        let command = UpdateSegment {
            name: text("name"),
            description: text("description"),
            version: sent.number("version")?,
        };
        let (project, key) = (of.clone()?, segment(&key)?);
        forms.services.segments().update(&actor, &project, key, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &key, sent.text("environment"));
    match updated.await {
        Ok(_) => Answer::done(to, UPDATE, "The segment is changed."),
        Err(error) => Answer::refused(format!("{to}#settings"), UPDATE, sent, error),
    }
    .respond(&forms)
}

/// Changes one of a segment's lists by a text with a key in each line.
pub(crate) async fn keys(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let changed = async {
        let command = UploadKeys {
            list: word(&sent, "list")?,
            mode: word(&sent, "mode")?,
            column: None,
            header: false,
            version: sent.number("version")?,
            comment: sent.comment(),
        };
        let place = place(&of, &key, &sent)?;
        let text = sent.text("keys").unwrap_or_default();
        let upload = forms.services.segments().upload(&actor, place, KeyFormat::Text, command).await;
        let mut upload = upload.map_err(service::Error::expose)?;
        upload.push(text.as_bytes()).map_err(service::Error::expose)?;
        upload.finish().await.map_err(service::Error::expose)
    };
    let to = one(&of, &key, sent.text("environment"));
    match changed.await {
        Ok(Uploaded { added, removed, total, .. }) => {
            let notice = format!("The list is changed: {added} new, {removed} gone, {total} in it now.");
            Answer::done(to, KEYS, &notice)
        }
        Err(error) => Answer::refused(to, KEYS, sent, error),
    }
    .respond(&forms)
}

/// Lets a segment contain what it did in an old version.
pub(crate) async fn roll_back(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let rolled_back = async {
        let to = sent.number("to")?.ok_or_else(|| Error::invalid("to", "is needed"))?;
        let comment = sent.comment();
        let command = RollBack { to, version: sent.number("version")?, comment };
        let place = place(&of, &key, &sent)?;
        let done = forms.services.history().roll_back_segment(&actor, place, command).await;
        done.map(|view| (to, view)).map_err(service::Error::expose)
    };
    let page = one(&of, &key, sent.text("environment"));
    match rolled_back.await {
        Ok((to, view)) => {
            let notice =
                format!("Version {} in {} says what version {to} said.", view.version, view.environment);
            Answer::done(page, ROLL_BACK, &notice)
        }
        Err(error) => Answer::refused(page, ROLL_BACK, sent, error),
    }
    .respond(&forms)
}

/// Deletes a segment that nothing uses.
pub(crate) async fn delete(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project, key)): Named,
    sent: Sent,
) -> Response {
    let of = named(&organization, &project);
    let deleted = async {
        let confirm = sent.text("confirm").unwrap_or_default().to_owned();
        let command = DeleteSegment { confirm, comment: None };
        let (project, key) = (of.clone()?, segment(&key)?);
        forms.services.segments().delete(&actor, &project, key, command).await.map_err(service::Error::expose)
    };
    let to = one(&of, &key, sent.text("environment"));
    match deleted.await {
        Ok(()) => Answer::done(page(&of, "segments"), DELETE, &format!("The segment “{key}” is deleted.")),
        Err(error) => Answer::refused(format!("{to}#delete"), DELETE, sent, error),
    }
    .respond(&forms)
}

/// The page of a segment in an environment. What cannot be a key is not put into an address.
fn one(of: &Result<ProjectRef, Error>, key: &str, environment: Option<&str>) -> String {
    let environment = environment.and_then(|key| key.parse::<EnvironmentKey>().ok());
    let query = environment.map(|key| format!("?env={key}")).unwrap_or_default();
    match segment(key) {
        Ok(key) => page(of, &format!("segments/{key}{query}")),
        Err(_) => page(of, "segments"),
    }
}

/// The segment that an address names.
fn segment(key: &str) -> Result<SegmentKey, Error> {
    key.parse().map_err(|_| Error::not_found("segment"))
}

fn place(of: &Result<ProjectRef, Error>, key: &str, sent: &Sent) -> Result<SegmentPlace, Error> {
    let environment = environment(sent.text("environment").unwrap_or_default())?;
    Ok(SegmentPlace { project: of.clone()?, segment: segment(key)?, environment })
}

/// One of a few words.
fn word<T: DeserializeOwned>(sent: &Sent, field: &str) -> Result<T, Error> {
    let text = sent.text(field).unwrap_or_default();
    serde_json::from_value(Value::from(text)).map_err(|error| Error::invalid(field, error.to_string()))
}

/// What is wrong with a key of the list is wrong with its field.
fn listed(error: Error) -> Error {
    match error {
        Error::Invalid { mut details } => {
            for detail in &mut details {
                let place = detail.path.strip_prefix("included[").and_then(|rest| rest.strip_suffix(']'));
                if let Some(place) = place.and_then(|place| place.parse::<usize>().ok()) {
                    detail.message = format!("key {} {}", place + 1, detail.message);
                    "included".clone_into(&mut detail.path);
                }
            }
            Error::Invalid { details }
        }
        error => error,
    }
}
