//! Many keys at once: as a text with a key in each line, or by a file. A plain form, which needs script for the file alone.

use domain::environments::EnvironmentView;
use domain::orgs::ProjectRef;
use domain::segments::{KeyList, Uploaded};
use domain::{Error, SegmentKey};
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, Headers, RequestInit, Response, UrlSearchParams};

use super::KEYS;
use super::draft::Draft;
use super::text_area::TextArea;
use super::words::counted;
use crate::error::UiError;
use crate::flash::{Flash, Message};
use crate::ui::icon::Icon;
use crate::ui::toast::toasts;
use crate::ui::why::Why;

/// So many bytes of keys are in the field from the beginning. What is longer would not fit into a plain form.
const PREFILLED: usize = 20_000;

/// What is asked before a list is nothing any more.
const EMPTY: &str = "There is no key in it: the list will be empty. Go on?";

/// What becomes of a list.
const MODES: [(&str, &str); 3] = [
    ("replace", "The list is these keys from now on"),
    ("add", "These keys are in it too"),
    ("remove", "These keys are in it no more"),
];

/// What the forms of both lists share.
#[derive(Clone)]
pub(super) struct Upload {
    pub(super) of: ProjectRef,
    pub(super) key: SegmentKey,
    pub(super) environment: EnvironmentView,
    /// What the addresses of the segment's forms begin with.
    pub(super) base: String,
    pub(super) flash: Flash,
    /// Whether whoever looks may not change the lists.
    pub(super) is_refused: bool,
    /// Counted up to load the page's data anew.
    pub(super) again: RwSignal<u32>,
}

#[component]
pub(super) fn Many(upload: Upload, draft: Draft, list: KeyList, is_changed: Memo<bool>) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let pending = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let (name, words) = match list {
        KeyList::Included => ("included", "included keys"),
        KeyList::Excluded => ("excluded", "excluded keys"),
    };
    let Upload { environment, base, flash, is_refused, .. } = upload.clone();
    let is_own = flash.form == KEYS && flash.typed("list") == name;
    let own = if is_own { flash.of(KEYS) } else { Flash::default() };
    let refused =
        (is_own && own.error.is_some()).then(|| view! { <Message flash=own.clone() form=KEYS fields=&[] /> });
    // The list as it is saved, so that what is sent is never an older one; nothing where it is long.
    let text = Memo::new(move |_| {
        let text = draft.saved.read().list(list).join("\n");
        (draft.hidden(list) == 0 && text.len() <= PREFILLED).then_some(text)
    });
    let value = match own.typed("keys") {
        typed if typed.is_empty() => Signal::derive(move || text.get().unwrap_or_default()),
        typed => Signal::stored(typed),
    };
    let typed = StoredValue::new(own.typed("mode"));
    let is_chosen = move |mode: &str| match typed.read_value().as_str() {
        "" => mode == if text.read().is_some() { "replace" } else { "add" },
        typed => mode == typed,
    };
    let modes = MODES.into_iter().map(|(mode, shown)| {
        view! { <option value=mode selected=move || is_chosen(mode)>{shown}</option> }
    });
    let (environment_key, is_protected) = (environment.key.to_string(), environment.protected);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(sent) = form.get_untracked().and_then(|form| FormData::new_with_form(&form).ok()) else {
            return;
        };
        let has_file = sent.get("file").dyn_into::<File>().is_ok_and(|file| file.size() > 0.0);
        let has_keys = has_file || sent.get("keys").as_string().is_some_and(|text| !text.trim().is_empty());
        let replaces = sent.get("mode").as_string().as_deref() == Some("replace");
        if !has_keys && !replaces {
            return wrong.set(Some("There is no key in it.".to_owned()));
        }
        if !has_keys && !window().confirm_with_message(EMPTY).unwrap_or(true) {
            return;
        }
        pending.set(true);
        wrong.set(None);
        let (upload, toasts) = (upload.clone(), toasts());
        spawn_local(async move {
            let answer = send(&upload, &sent).await;
            pending.try_set(false);
            match answer {
                Ok(Uploaded { added, removed, total, .. }) => {
                    let gone = if removed > 0 {
                        format!(", {} gone", counted(removed, "key"))
                    } else {
                        String::new()
                    };
                    let text =
                        format!("{} new{gone}, {} in the list", counted(added, "key"), counted(total, "key"));
                    toasts.done(text, None);
                    upload.again.try_update(|again| *again = again.wrapping_add(1));
                }
                Err(UiError::Rejected(Error::Unauthenticated)) => crate::ui::leave_for_sign_in(),
                Err(error) => drop(wrong.try_set(Some(error.to_string()))),
            }
        });
    };
    let waits = move || is_changed.get().then_some("Save or discard your other changes first.");
    let id = |field: &str| format!("many-{name}-{field}");
    view! {
        <details class="mt-2 rounded-md border border-line" open=is_own>
            <summary class="cursor-pointer px-3 py-2 text-sm text-accent">{format!("Many {words} at once")}</summary>
            <form
                node_ref=form
                method="post"
                action=format!("{base}/keys")
                class="border-t border-line p-3"
                on:submit=submit
            >
                <input type="hidden" name="environment" value=environment_key />
                <input type="hidden" name="list" value=name />
                <input type="hidden" name="version" value=move || draft.version.get().to_string() />
                {refused}
                <fieldset disabled=is_refused class="grid min-w-0 gap-3">
                    <div>
                        <label class="block text-sm font-medium" for=id("mode")>"What becomes of the list"</label>
                        <select id=id("mode") name="mode" class="input mt-1">{modes.collect_view()}</select>
                    </div>
                    <TextArea
                        id=id("keys")
                        name="keys"
                        label=format!("The {words}, one in each line")
                        value
                        rows=6
                        class="font-mono text-sm"
                    />
                    <div class="scripted">
                        <label class="block text-sm font-medium" for=id("file")>"Or a file"</label>
                        <input id=id("file") name="file" type="file" accept=".txt,.csv,text/plain,text/csv" class="mt-1 block w-full text-sm" />
                        <label class="mt-2 block text-sm font-medium" for=id("column")>"Column of a CSV file (optional)"</label>
                        <input id=id("column") name="column" class="input mt-1" maxlength="200" autocomplete="off" placeholder="the first one" />
                        <p class="mt-1 text-sm text-muted">"A key in each line, or CSV: up to 32 MiB. A file goes before the text."</p>
                    </div>
                    <Why id=id("comment") is_needed=is_protected />
                    <p role="alert" class="text-sm text-danger [overflow-wrap:anywhere] empty:hidden">{wrong}</p>
                    <p class="text-sm text-muted empty:hidden">{waits}</p>
                    <button class="button justify-self-start" disabled=move || pending.get() || is_changed.get()>
                        <Icon of=icondata_lu::LuUpload />
                        {move || if pending.get() { "Sending…" } else { "Change the list" }}
                    </button>
                </fieldset>
            </form>
        </details>
    }
    .into_any()
}

/// Sends what the form holds to the API, which reads it while it arrives: a file need not fit into the page's memory.
async fn send(upload: &Upload, sent: &FormData) -> Result<Uploaded, UiError> {
    let lost = |_: JsValue| UiError::Transport("The server cannot be reached.".to_owned());
    let file = sent.get("file").dyn_into::<File>().ok().filter(|file| file.size() > 0.0);
    let is_csv = file.as_ref().is_some_and(|file| file.name().to_lowercase().ends_with(".csv"));
    let query = UrlSearchParams::new().map_err(lost)?;
    for name in ["list", "mode", "version", "comment", "column"] {
        let text = sent.get(name).as_string().unwrap_or_default();
        if !text.trim().is_empty() && (is_csv || name != "column") {
            query.append(name, text.trim());
        }
    }
    let Upload { of: ProjectRef { organization, project }, key, environment, .. } = upload;
    let headers = Headers::new().map_err(lost)?;
    let kind = if is_csv { "text/csv" } else { "text/plain" };
    for (name, value) in
        [("X-Org-Id", organization.as_str()), ("X-Project", project.as_str()), ("Content-Type", kind)]
    {
        headers.append(name, value).map_err(lost)?;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&file.map_or_else(|| sent.get("keys"), JsValue::from));
    let address = format!(
        "/api/v1/manage/segments/{key}/environments/{}/upload?{}",
        environment.key,
        String::from(query.to_string())
    );
    let answer = JsFuture::from(window().fetch_with_str_and_init(&address, &request)).await.map_err(lost)?;
    let answer: Response = answer.dyn_into().map_err(lost)?;
    let text = JsFuture::from(answer.text().map_err(lost)?).await.map_err(lost)?;
    let text = text.as_string().unwrap_or_default();
    match answer.status() {
        401 => Err(UiError::Rejected(Error::Unauthenticated)),
        _ if answer.ok() => {
            serde_json::from_str(&text).map_err(|error| UiError::Transport(error.to_string()))
        }
        _ => Err(UiError::Transport(told(&text))),
    }
}

/// What an answer of the API says went wrong.
fn told(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let message = answer.pointer("/error/message").and_then(Value::as_str);
    message.unwrap_or("The keys did not arrive. Try again.").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told() {
        let answer = r#"{"error": {"code": "invalid", "message": "line 3: is not UTF-8", "details": []}}"#;
        assert_eq!(told(answer), "line 3: is not UTF-8");
        assert_eq!(told("<html>"), "The keys did not arrive. Try again.");
    }
}
