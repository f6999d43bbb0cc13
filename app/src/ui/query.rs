//! Addresses whose queries are the fields of forms.

use leptos::wasm_bindgen::JsValue;
use leptos_router::params::ParamsMap;
use web_sys::{FormData, UrlSearchParams};

/// What is filled into a form, as a query. Fields that are empty are left out. In the browser only.
pub(crate) fn filled(form: &web_sys::HtmlFormElement) -> Option<String> {
    let fields = FormData::new_with_form(form).ok()?;
    let sent = UrlSearchParams::new_with_str_sequence_sequence(&JsValue::from(fields)).ok()?;
    let all = String::from(sent.to_string());
    let said = all.split('&').filter(|field| !field.ends_with('='));
    Some(said.collect::<Vec<_>>().join("&"))
}

/// The address of the same page where some fields say something else; none says nothing. With its path, because a link
/// to nothing would lead to the query that is there.
pub(crate) fn changed(path: &str, query: &ParamsMap, fields: &[(&'static str, Option<&str>)]) -> String {
    let mut query = query.clone();
    for (name, value) in fields {
        query.remove(name);
        if let Some(value) = value {
            query.insert(*name, (*value).to_owned());
        }
    }
    format!("{path}{}", query.to_query_string())
}
