//! Documents that are pasted into a form. With script a page sends them to the API instead, which tells more of what it does.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::transfer::launchdarkly::{ImportLaunchDarkly, LaunchDarklyFlag};
use domain::transfer::{ImportOptions, Mode, OnConflict};
use domain::{EnvironmentKey, Error, FlagKey, InvalidKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::Actor;

use super::project::{named, page};
use super::{Answer, Forms, Sent};

// What the pages know the forms by.
const IMPORT: &str = "import";
const LAUNCHDARKLY: &str = "import/launchdarkly";

/// The largest form that brings a document, in bytes. What is larger is for the API.
const LIMIT: usize = 4 * 1024 * 1024;

pub(crate) async fn project(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    request: Request,
) -> Response {
    let of = named(&organization, &project);
    let to = page(&of, "settings#import");
    let (sent, document) = match received(&forms, &actor, request, &to, IMPORT).await {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let imported = async {
        let options = ImportOptions {
            dry_run: sent.text("dry_run").is_some(),
            mode: choice::<Mode>(&sent, "mode")?,
            comment: sent.comment(),
        };
        let import = forms.services.transfer().import(&actor, &of.clone()?, options).await;
        let import = import.map_err(service::Error::expose)?;
        let document = api::manage::read_project(document).await.map_err(|error| error.below("document"))?;
        import.apply(document).await.map_err(service::Error::expose)
    };
    match imported.await {
        Ok(plan) => {
            let summary = plan.summary();
            let notice = match plan.dry_run {
                true => format!("Nothing is changed yet. It would be: {summary}."),
                false => format!("The document is imported: {summary}."),
            };
            Answer::done(to, IMPORT, &notice)
        }
        Err(error) => Answer::refused(to, IMPORT, sent, error),
    }
    .respond(&forms)
}

pub(crate) async fn launchdarkly(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    request: Request,
) -> Response {
    let of = named(&organization, &project);
    let to = page(&of, "settings#launchdarkly");
    let (sent, document) = match received(&forms, &actor, request, &to, LAUNCHDARKLY).await {
        Ok(received) => received,
        Err(refusal) => return refusal,
    };
    let imported = async {
        let import = forms.services.transfer().import_launchdarkly(&actor, &of.clone()?).await;
        let import = import.map_err(service::Error::expose)?;
        let environment = sent.text("environment").unwrap_or_default().parse::<EnvironmentKey>();
        let command = ImportLaunchDarkly {
            environment: environment
                .map_err(|error: InvalidKey| Error::invalid("environment", error.to_string()))?,
            flags: read(&document)?,
            conflict: choice::<OnConflict>(&sent, "conflict")?,
            client_side: sent.text("client_side").is_some(),
            dry_run: sent.text("dry_run").is_some(),
            comment: sent.comment(),
        };
        import.apply(command).await.map_err(service::Error::expose)
    };
    match imported.await {
        Ok(flags) => {
            let summary = flags.summary();
            let notice = match flags.dry_run {
                true => format!("Nothing is changed yet. It would be: {summary}."),
                false => format!("The flags are imported: {summary}."),
            };
            Answer::done(to, LAUNCHDARKLY, &notice)
        }
        Err(error) => Answer::refused(to, LAUNCHDARKLY, sent, error),
    }
    .respond(&forms)
}

/// What was sent, and the document in it; the answer to whoever may not send that much.
async fn received(
    forms: &Forms,
    actor: &Actor,
    request: Request,
    to: &str,
    form: &str,
) -> Result<(Sent, String), Response> {
    if actor.person().is_none() {
        return Err(Redirect::to("/sign-in").into_response());
    }
    let Ok(mut sent) = Sent::up_to(request, LIMIT).await else {
        let error = Error::TooLarge { limit: LIMIT as u64 };
        return Err(Answer::refused(to, form, Sent::of([]), error).respond(forms));
    };
    let document = sent.take("document").unwrap_or_default();
    Ok((sent, document))
}

/// One of the values that a field may have; the usual one where it is not sent.
fn choice<T: DeserializeOwned + Default>(sent: &Sent, field: &str) -> Result<T, Error> {
    let Some(text) = sent.text(field) else { return Ok(T::default()) };
    serde_json::from_value(Value::from(text)).map_err(|_| Error::invalid(field, "is none of the choices"))
}

/// A file in LaunchDarkly's format.
#[derive(Deserialize)]
struct File(#[serde(deserialize_with = "domain::unique_map")] BTreeMap<FlagKey, LaunchDarklyFlag>);

fn read(document: &str) -> Result<BTreeMap<FlagKey, LaunchDarklyFlag>, Error> {
    let mut json = serde_json::Deserializer::from_str(document);
    let File(flags) = domain::read(&mut json).map_err(|error| error.below("document"))?;
    json.end().map_err(|error| Error::invalid("document", error.to_string()))?;
    Ok(flags)
}
