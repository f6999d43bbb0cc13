//! Sends documents to the API, which takes large ones and tells in full what they do. In the browser only.

use domain::FieldError;
use domain::orgs::ProjectRef;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::flash::sentence;
use crate::told::plain;
use crate::ui::leave_for_sign_in;

/// What kind of document is sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Json,
    Yaml,
}

/// An error, as the API tells it.
#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

#[derive(Deserialize)]
struct Body {
    message: String,
    #[serde(default)]
    details: serde_json::Value,
}

/// Posts a document in the name of whoever is signed in. What is refused is told in sentences.
pub(super) async fn post<T: DeserializeOwned>(
    of: &ProjectRef,
    address: &str,
    kind: Kind,
    body: &str,
) -> Result<T, Vec<String>> {
    let (status, text) =
        send(of, address, kind, body).await.map_err(|_| vec!["The server cannot be reached.".to_owned()])?;
    match status {
        200 => {
            serde_json::from_str(&text).map_err(|error| vec![format!("The answer cannot be read: {error}.")])
        }
        401 => {
            leave_for_sign_in();
            Err(Vec::new())
        }
        _ => Err(refusal(&text)),
    }
}

async fn send(of: &ProjectRef, address: &str, kind: Kind, body: &str) -> Result<(u16, String), JsValue> {
    let headers = Headers::new()?;
    let kind = match kind {
        Kind::Json => "application/json",
        Kind::Yaml => "application/yaml",
    };
    headers.set("content-type", kind)?;
    headers.set("x-org-id", of.organization.as_str())?;
    headers.set("x-project", of.project.as_str())?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    let response: Response =
        JsFuture::from(window().fetch_with_str_and_init(address, &init)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}

/// What an error says: each place that is wrong, or that it is wrong as a whole.
fn refusal(text: &str) -> Vec<String> {
    let Ok(Envelope { error }) = serde_json::from_str(text) else {
        return vec!["The server's answer cannot be read.".to_owned()];
    };
    let fields: Vec<FieldError> = serde_json::from_value(error.details).unwrap_or_default();
    let line = |field: FieldError| match field.path.as_str() {
        "" => sentence(&field.message),
        path => format!("{path}: {}", plain(&field.message)),
    };
    match fields.is_empty() {
        true => vec![sentence(&error.message)],
        false => fields.into_iter().map(line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn refusals_are_told_by_their_places() {
        for (text, lines) in [
            (
                r#"{"error":{"code":"invalid","message":"m","details":[{"path":"flags.a","message":"missing field `name`"},{"path":"","message":"no document"}]}}"#,
                vec!["flags.a: “name” is missing", "No document."],
            ),
            (
                r#"{"error":{"code":"conflict","message":"it changed","details":{"seen":1,"current":2}}}"#,
                vec!["It changed."],
            ),
            ("<html>", vec!["The server's answer cannot be read."]),
        ] {
            assert_eq!(refusal(text), lines);
        }
    }
}
