//! Documents that are pasted into a form. With script a page sends them to the API instead, which tells more of what it does.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::orgs::ProjectRef;
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

/// Imports a document, or says what that would do. What was typed comes back until it is imported, however long it is.
pub(crate) async fn bring(
    State(forms): State<Forms>,
    Extension(actor): Extension<Actor>,
    Path((organization, project)): Path<(String, String)>,
    request: Request,
) -> Response {
    let of = named(&organization, &project);
    if actor.person().is_none() {
        return Redirect::to("/sign-in").into_response();
    }
    let (asked, body) = request.into_parts();
    let Ok(sent) = Sent::up_to(Request::from_parts(asked.clone(), body), LIMIT).await else {
        let (to, error) = (page(&of, "settings?tab=transfer"), Error::TooLarge { limit: LIMIT as u64 });
        return Answer::refused(to, IMPORT, Sent::of([]), error).respond(&forms);
    };
    let (form, part, imported) = match sent.text("import") {
        Some(LAUNCHDARKLY) => (LAUNCHDARKLY, "launchdarkly", launchdarkly(&forms, &actor, &of, &sent).await),
        _ => (IMPORT, "import", project_of(&forms, &actor, &of, &sent).await),
    };
    let to = page(&of, &format!("settings?tab=transfer#{part}"));
    let answer = match imported {
        Ok((summary, true)) => {
            let notice = format!("Nothing is changed yet. It would be: {summary}.");
            Answer::looked(to, form, &notice, sent)
        }
        Ok((summary, false)) => Answer::done(to, form, &format!("It is imported: {summary}.")),
        Err(error) => Answer::refused(to, form, sent, error),
    };
    answer.respond_in_place(&forms, asked).await
}

/// What became of a document, and whether it was only looked at.
type Imported = Result<(String, bool), Error>;

async fn project_of(forms: &Forms, actor: &Actor, of: &Result<ProjectRef, Error>, sent: &Sent) -> Imported {
    let options = ImportOptions {
        dry_run: sent.text("dry_run").is_some(),
        mode: choice::<Mode>(sent, "mode")?,
        comment: sent.comment(),
    };
    let import = forms.services.transfer().import(actor, &of.clone()?, options).await;
    let import = import.map_err(service::Error::expose)?;
    let document = sent.text("document").unwrap_or_default().to_owned();
    let document = api::manage::read_project(document).await.map_err(|error| error.below("document"))?;
    let plan = import.apply(document).await.map_err(service::Error::expose)?;
    Ok((plan.summary(), plan.dry_run))
}

async fn launchdarkly(forms: &Forms, actor: &Actor, of: &Result<ProjectRef, Error>, sent: &Sent) -> Imported {
    let import = forms.services.transfer().import_launchdarkly(actor, &of.clone()?).await;
    let import = import.map_err(service::Error::expose)?;
    let environment = sent.text("environment").unwrap_or_default().parse::<EnvironmentKey>();
    let command = ImportLaunchDarkly {
        environment: environment
            .map_err(|error: InvalidKey| Error::invalid("environment", error.to_string()))?,
        flags: read(sent.text("document").unwrap_or_default())?,
        conflict: choice::<OnConflict>(sent, "conflict")?,
        client_side: sent.text("client_side").is_some(),
        dry_run: sent.text("dry_run").is_some(),
        comment: sent.comment(),
    };
    let flags = import.apply(command).await.map_err(service::Error::expose)?;
    Ok((flags.summary(), flags.dry_run))
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
