//! What a form's answer has to say on the page that it leads to: once, in a cookie that scripts cannot read.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::told::{faults, plain};
use crate::ui::capital;

/// What happened to a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The form that it is about, by the address that it was sent to.
    pub form: String,
    /// Why it was refused.
    pub error: Option<domain::Error>,
    /// What was done.
    pub notice: Option<String>,
    /// What is shown once and never again: a token, or a link.
    pub secret: Option<String>,
    /// What was typed, without passwords, so that it need not be typed again.
    pub fields: BTreeMap<String, String>,
}

impl Flash {
    /// What was said of one form; of the others nothing.
    pub(crate) fn of(&self, form: &str) -> Self {
        match self.form == form {
            true => self.clone(),
            false => Self { form: form.to_owned(), ..Self::default() },
        }
    }

    /// What was typed into a field.
    pub(crate) fn typed(&self, field: &str) -> String {
        self.fields.get(field).cloned().unwrap_or_default()
    }

    /// What is wrong with a field.
    pub(crate) fn wrong(&self, field: &str) -> Option<String> {
        let Some(domain::Error::Invalid { details }) = &self.error else { return None };
        details.iter().find(|detail| detail.path == field).map(|detail| plain(&detail.message))
    }

    /// What is wrong with the form as a whole, or with fields that it does not show.
    fn wrong_elsewhere(&self, fields: &[&str]) -> Option<String> {
        match self.error.as_ref()? {
            domain::Error::Invalid { details } => {
                let others = details.iter().filter(|detail| !fields.contains(&detail.path.as_str()));
                Some(faults(others)).filter(|text| !text.is_empty())
            }
            error => Some(sentence(&error.to_string())),
        }
    }
}

/// An error begins in lower case; a sentence does not.
pub(crate) fn sentence(text: &str) -> String {
    format!("{}.", capital(plain(text).trim_end_matches('.')))
}

/// What the form before this page has to say; nothing on a page that one came to otherwise.
pub(crate) fn flash() -> Flash {
    #[cfg(feature = "ssr")]
    let on_server = crate::server::take_flash;
    #[cfg(not(feature = "ssr"))]
    let on_server = Flash::default;
    SharedValue::new(on_server).into_inner()
}

/// What a form has to say that no field of it says.
#[component]
pub(crate) fn Message(flash: Flash, form: &'static str, fields: &'static [&'static str]) -> impl IntoView {
    let is_own = flash.form == form;
    let wrong = is_own.then(|| flash.wrong_elsewhere(fields)).flatten().map(|text| {
        view! { <p role="alert" class="mt-4 rounded-md border border-danger px-3 py-2 text-danger">{text}</p> }
    });
    let done = flash.notice.filter(|_| is_own).map(|text| {
        view! { <p role="status" class="mt-4 rounded-md border border-on px-3 py-2">{text}</p> }
    });
    view! { {wrong} {done} }
}
